// The sandbox mailer keeps to the port, and says plainly that it sends nothing.
import { expect, it } from "vitest";
import { mailerConformance } from "../../ports/conformance/mailer.ts";
import { refused, unknown } from "../../ports/outcome.ts";
import { SandboxMailer } from "./sandbox.ts";

mailerConformance("the sandbox", () => {
  let deferred = 0;
  const mailer = new SandboxMailer({
    refusals: (to) => {
      if (to === "gone@padaria.example") return refused("550 5.1.1 no such mailbox");
      if (to === "lost@padaria.example") return unknown("the answer was lost");
      if (to === "later@padaria.example" && deferred++ === 0) return refused("451 4.7.1 try again later", true);
      return null;
    },
  });
  return Promise.resolve({
    mailer,
    accepts: "cliente@padaria.example",
    refuses: "gone@padaria.example",
    defers: "later@padaria.example",
    loses: "lost@padaria.example",
    secrets: [],
    close: () => Promise.resolve(),
  });
});

it("the sandbox's answer cannot be taken for a delivery", async () => {
  const mail = { messageId: "<1@regua.example>", to: "a@b.example", subject: "s", text: "t", html: "h", repeat: false };
  expect(await new SandboxMailer().send(mail, { signal: new AbortController().signal })).toEqual({
    outcome: "done",
    value: { response: "250 sandbox: kept, not sent", server: "sandbox" },
  });
});
