// Answers recorded from a real Virtualmin, replayed byte for byte through the adapter's own connection.
import { X509Certificate } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:tls";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { makeCertificate } from "../../../test/support/certificate.ts";
import { ample } from "../../../test/support/panels/panel-server.ts";
import { openVirtualmin } from "./virtualmin.ts";

const FOLDER = join(import.meta.dirname, "../../../../shared/realdata/panels/virtualmin-recorded");
const present = existsSync(FOLDER);
if (!present) console.warn(`skipped: recorded Virtualmin answers are not at ${FOLDER}`);

function recorded(number: string): string {
  const file = readdirSync(FOLDER).find((name) => name.startsWith(`${number}-`)) ?? "";
  return readFileSync(join(FOLDER, file), "utf8").split("\n------\n")[1] ?? "";
}

/** No sub-servers: an empty list in the shape of the recorded ones. */
const NONE =
  'HTTP/1.0 200 Document follows\nContent-type: application/json\n\n{"data" : [], "status" : "success", "command" : "list-domains"}';

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

/** Serves these answers, one per connection, in the order given. */
async function replay(...answers: readonly string[]) {
  const { key, cert } = makeCertificate();
  const waiting = [...answers];
  const asked: string[] = [];
  const server = createServer({ key, cert }, (socket) => {
    let request = "";
    socket.on("error", () => undefined);
    socket.on("data", (chunk: Buffer) => {
      request += chunk.toString("utf8");
      const [head = "", body] = request.split("\r\n\r\n");
      if (body === undefined || Buffer.byteLength(body) < Number(/content-length: (\d+)/iu.exec(head)?.[1])) return;
      asked.push(new URLSearchParams(body).get("program") ?? "");
      // The files hold bare line feeds; on the wire the head had CRLF.
      const raw = waiting.shift() ?? "";
      const end = raw.indexOf("\n\n");
      socket.end(`${raw.slice(0, end).replace(/\n/gu, "\r\n")}\r\n\r\n${raw.slice(end + 2)}`);
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  opened.push(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  const { port } = server.address() as AddressInfo;
  const fingerprint = new X509Certificate(cert).fingerprint256;
  return { asked, panel: openVirtualmin({ host: "127.0.0.1", port, fingerprint, user: "root", password: "secret" }) };
}

describe.skipIf(!present)("answers recorded from a real Virtualmin", () => {
  it("list the servers, and none of the warnings between them", async () => {
    const { panel } = await replay(recorded("02"), NONE);
    expect(await panel.list(ample())).toEqual({
      outcome: "done",
      value: ["carol.test", "dave.test"].map((name) => ({ name, access: { access: "active" } })),
    });
  });

  it("tell servers that are up, though a warning took half of one's fields", async () => {
    const { panel } = await replay(recorded("01"), NONE, recorded("01"), NONE, recorded("01"));
    for (const name of ["carol.test", "dave.test"])
      expect(await panel.read(name, ample())).toEqual({ outcome: "done", value: { access: "active" } });
    expect((await panel.read("nobody.test", ample())).outcome).toBe("unknown");
  });

  it("tell a server that is down, and why", async () => {
    const { panel } = await replay(recorded("05"), NONE);
    expect(await panel.read("carol.test", ample())).toEqual({
      outcome: "done",
      value: { access: "suspended", by: "other", reason: "Fatura 123 vencida" },
    });
  });

  it("suspend: read, act, read, with the server's complaints in the answer to the act", async () => {
    const ours = recorded("05").replace("Fatura 123 vencida", "Régua: Fatura 123 vencida");
    const { panel, asked } = await replay(recorded("01"), NONE, recorded("03"), ours, NONE);
    expect(await panel.suspend("carol.test", { text: "Régua: Fatura 123 vencida" }, ample())).toMatchObject({
      outcome: "done",
      value: { access: "suspended", by: "us" },
    });
    expect(asked).toEqual(["list-domains", "list-domains", "disable-domain", "list-domains", "list-domains"]);
  });

  it.each([
    ["unsuspend", "06"],
    ["take “is not disabled” for done", "07"],
  ])("%s", async (_name, number) => {
    const ours = recorded("05").replace("Fatura 123 vencida", "Régua: Fatura 123 vencida");
    const { panel } = await replay(ours, NONE, recorded(number), recorded("01"), NONE);
    expect(await panel.unsuspend("carol.test", ample())).toEqual({ outcome: "done", value: { access: "active" } });
  });

  it("take “is already disabled”, answered with HTTP 200 like everything, for what is read after it", async () => {
    const { panel } = await replay(recorded("01"), NONE, recorded("04"), recorded("05"), NONE);
    expect(await panel.suspend("carol.test", { text: "Régua: x" }, ample())).toMatchObject({ value: { access: "suspended", by: "other" } });
  });

  it("refuse where the panel says failure with HTTP 200, or error as plain text", async () => {
    for (const number of ["08", "09"]) {
      const { panel } = await replay(recorded("01"), NONE, recorded(number), recorded("01"), NONE);
      expect(await panel.suspend("carol.test", { text: "Régua: x" }, ample())).toMatchObject({ outcome: "refused" });
    }
  });

  it("take an act without JSON in its answer for unknown", async () => {
    const { panel } = await replay(recorded("01"), NONE, recorded("10"));
    expect((await panel.suspend("carol.test", { text: "Régua: x" }, ample())).outcome).toBe("unknown");
  });

  it("stop everything after a refused password", async () => {
    const { panel, asked } = await replay(recorded("12"));
    expect(await panel.read("carol.test", ample())).toMatchObject({ outcome: "refused", credentials: true });
    expect(await panel.read("carol.test", ample())).toMatchObject({ outcome: "refused", credentials: true });
    expect(asked).toHaveLength(1);
  });
});
