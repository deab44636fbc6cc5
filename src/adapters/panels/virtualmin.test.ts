// The Virtualmin adapter against a server that behaves as the real one did: the suite, and each of its traps.
import { afterEach, describe, expect, it } from "vitest";
import { FakeVirtualmin, VIRTUALMIN } from "../../../test/support/panels/fake-virtualmin.ts";
import { ample, closeFakePanels, REASON, worldOf } from "../../../test/support/panels/panel-server.ts";
import { controlPanelConformance } from "../../ports/conformance/control-panel.ts";
import { openVirtualmin, type VirtualminOptions } from "./virtualmin.ts";

afterEach(closeFakePanels);

async function open(more: Partial<VirtualminOptions> = {}) {
  const fake = await new FakeVirtualmin().start();
  const options = { ...fake.address, ...VIRTUALMIN, terminate: true, ...more };
  return { fake, options, panel: openVirtualmin(options) };
}

controlPanelConformance("Virtualmin", async () => {
  const { fake, panel } = await open();
  return worldOf(fake, panel);
});

describe("the traps of Virtualmin", () => {
  it("reads that a server is down though a warning took its fields", async () => {
    const { fake, panel } = await open();
    fake.add("loja.test");
    fake.suspendByHand("loja.test");
    expect(await panel.read("loja.test", ample())).toEqual({
      outcome: "done",
      value: { access: "suspended", by: "other", reason: "spam" },
    });
    fake.warns = false;
    expect(await panel.read("loja.test", ample())).toMatchObject({ value: { by: "other" } });
  });

  it("never takes an answer with lost fields for an account that is up", async () => {
    const { fake, panel } = await open();
    fake.add("loja.test");
    fake.instead = {
      on: ({ form }) => form.has("multiline"),
      answer: { text: JSON.stringify({ status: "success", data: [{ name: "loja.test", values: {} }] }) },
    };
    expect((await panel.read("loja.test", ample())).outcome).toBe("unknown");
  });

  it("keeps the customer's password through suspensions asked for at the same time, over all accounts of the server", async () => {
    const { fake, panel } = await open();
    for (const name of ["loja.test", "padaria.test"]) fake.add(name);
    fake.slowMs = 10;
    await Promise.all(["loja.test", "padaria.test", "loja.test", "padaria.test"].map((name) => panel.suspend(name, REASON, ample())));
    await Promise.all(["loja.test", "padaria.test"].map((name) => panel.unsuspend(name, ample())));
    expect([...fake.servers.values()].map(({ hash }) => hash)).toEqual(["$y$loja.test", "$y$padaria.test"]);
    const programs = fake.calls.map((call) => /program=([a-z-]+)/u.exec(call)?.[1]);
    expect(programs.filter((program) => program === "disable-domain")).toHaveLength(2);
    expect(fake.mostActsAtOnce).toBe(1);
  });

  it("takes sub-servers down with their server, and leaves down what was down for another cause", async () => {
    const { fake, panel } = await open();
    fake.add("loja.test");
    fake.add("blog.loja.test", "loja.test");
    fake.add("spam.loja.test", "loja.test");
    fake.suspendByHand("spam.loja.test");
    expect(await panel.suspend("loja.test", REASON, ample())).toMatchObject({ value: { access: "suspended", by: "us" } });
    expect(fake.truth("blog.loja.test")).toBe("suspended");
    expect(await panel.unsuspend("loja.test", ample())).toEqual({ outcome: "done", value: { access: "active" } });
    expect(["blog.loja.test", "spam.loja.test"].map((name) => fake.truth(name))).toEqual(["active", "suspended"]);
  });

  it("ends what stopped half-way: a sub-server that stayed down after a release is opened by the next", async () => {
    const { fake, panel } = await open();
    fake.add("loja.test");
    fake.add("blog.loja.test", "loja.test");
    await panel.suspend("loja.test", REASON, ample());
    fake.loses = true;
    expect((await panel.unsuspend("loja.test", ample())).outcome).toBe("unknown");
    expect(fake.truth("blog.loja.test")).toBe("suspended");
    await panel.unsuspend("loja.test", ample());
    expect(fake.truth("blog.loja.test")).toBe("active");
  });

  it("does not believe the success that skipped a protected server", async () => {
    const { fake, panel } = await open();
    fake.add("loja.test");
    const server = fake.servers.get("loja.test");
    if (server) server.protected = true;
    expect(await panel.suspend("loja.test", REASON, ample())).toMatchObject({ outcome: "refused", retry: true });
  });

  it("tries a wrong password once, so that the address is never shut out", async () => {
    const { fake, panel, options } = await open({ password: "another" });
    fake.add("loja.test");
    for (let night = 0; night < 10; night += 1)
      expect(await panel.read("loja.test", ample())).toMatchObject({ outcome: "refused", retry: false, credentials: true });
    expect(fake.failures).toBe(1);
    expect(await openVirtualmin({ ...options, password: VIRTUALMIN.password }).read("loja.test", ample())).toMatchObject({
      outcome: "done",
    });
  });

  it("takes somebody else's faster suspension for what it is, though it is answered as a failure", async () => {
    const { fake, panel } = await open();
    fake.add("loja.test");
    fake.hand = { on: ({ form }) => form.get("program") === "disable-domain", act: () => fake.suspendByHand("loja.test") };
    expect(await panel.suspend("loja.test", REASON, ample())).toMatchObject({ outcome: "done", value: { by: "other" } });
  });

  it("takes an answer without JSON for unknown, whatever its HTTP code", async () => {
    const { fake, panel } = await open();
    fake.add("loja.test");
    fake.instead = { on: ({ form }) => form.get("program") === "disable-domain", answer: { type: "text/plain", text: "Exit status: 0" } };
    expect((await panel.suspend("loja.test", REASON, ample())).outcome).toBe("unknown");
  });
});
