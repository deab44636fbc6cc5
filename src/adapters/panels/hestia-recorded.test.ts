// Answers recorded from a real HestiaCP, replayed byte for byte through the adapter's own connection.
import { existsSync } from "node:fs";
import { readFile, readdir } from "node:fs/promises";
import { X509Certificate } from "node:crypto";
import { createServer } from "node:tls";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeCertificate } from "../../../test/support/fake-hestia.ts";
import type { CallContext, Outcome } from "../../ports/outcome.ts";
import { HestiaApi, readAnswer, saysNoSuchUser } from "./hestia-api.ts";
import type { HestiaAnswer } from "./hestia-api.ts";
import { parseBackups, parseSuspended, parseUser } from "./hestia-answers.ts";
import { HestiaPanel } from "./hestia.ts";
import { InMemoryPanelMemory } from "./memory.ts";

const FOLDER = join(import.meta.dirname, "../../../../shared/realdata/panels/hestia-recorded");
const present = existsSync(FOLDER);
if (!present) console.warn(`skipped: recorded HestiaCP answers are not at ${FOLDER}`);

const context = (): CallContext => ({ signal: AbortSignal.timeout(10_000) });

interface Recorded {
  /** Command and arguments of the request. */
  asked: string;
  /** Status line, headers and body as they came. */
  raw: string;
}

async function recorded(number: string): Promise<Recorded> {
  const file = (await readdir(FOLDER)).find((name) => name.startsWith(`${number}-`)) ?? "";
  const [request = "", raw = ""] = (await readFile(join(FOLDER, file), "utf8")).split("\n------\n");
  return { asked: /cmd=(.*)/u.exec(request)?.[1] ?? "", raw };
}

/** The recorded answer as the adapter's reader sees it. */
async function answerOf(number: string): Promise<Outcome<HestiaAnswer>> {
  const { raw } = await recorded(number);
  const [head = "", ...body] = raw.split("\n\n");
  return readAnswer(Number(head.split(" ")[1]), /^Hestia-Exit-Code: (.*)$/mu.exec(head)?.[1], body.join("\n\n"));
}

/** Serves recorded answers, one per connection, in the order given; says which key-bearing requests came. */
async function replay(numbers: readonly string[]) {
  const { key, cert } = await makeCertificate();
  const answers = await Promise.all(numbers.map(recorded));
  const asked: string[] = [];
  const server = createServer({ key, cert }, (socket) => {
    let request = "";
    socket.on("error", () => undefined);
    socket.on("data", (chunk: Buffer) => {
      request += chunk.toString("utf8");
      const [head = "", body] = request.split("\r\n\r\n");
      if (body === undefined || Buffer.byteLength(body) < Number(/content-length: (\d+)/iu.exec(head)?.[1])) return;
      const form = new URLSearchParams(body);
      asked.push([form.get("cmd"), form.get("arg1"), form.get("arg2")].filter((part) => part !== null).join(" "));
      // The files hold bare line feeds; on the wire the head had CRLF.
      const raw = answers.shift()?.raw ?? "";
      const end = raw.indexOf("\n\n");
      socket.end(`${raw.slice(0, end).replace(/\n/gu, "\r\n")}\r\n\r\n${raw.slice(end + 2)}`);
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const connection = {
    host: "127.0.0.1",
    port: (server.address() as AddressInfo).port,
    accessKey: "ACCESSKEYID",
    secretKey: "SECRET",
    fingerprint: new X509Certificate(cert).fingerprint256,
  };
  return {
    asked,
    connection,
    panel: new HestiaPanel({ ...connection, memory: new InMemoryPanelMemory() }),
    close: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  };
}

describe.skipIf(!present)("answers recorded from a real HestiaCP", () => {
  it.each([
    ["01", 0],
    ["02", 0],
    ["03", 0],
    ["04", 5],
    ["05", 5],
    ["06", 0],
    ["07", 0],
    ["08", 0],
    ["09", 3],
    ["10", 0],
    ["11", 1],
    ["12", 4],
    ["13", 4],
    ["14", 0],
    ["15", 0],
    ["16", 10],
    ["17", 9],
  ])("%s is read with exit code %i, whatever its HTTP code", async (number, exit) => {
    expect(await answerOf(number)).toMatchObject({ outcome: "done", value: { exit } });
  });

  it("tell active and suspended users, and count what is suspended in them", async () => {
    const text = async (number: string) => {
      const answer = await answerOf(number);
      return answer.outcome === "done" ? answer.value.text : "";
    };
    expect(parseUser(await text("02"), "alice")).toMatchObject({ suspended: false });
    const suspended = parseUser(await text("06"), "alice");
    expect(suspended?.suspended).toBe(true);
    expect(suspended?.count("SUSPENDED_WEB")).toBe(1);
    expect(suspended?.count("SUSPENDED_NOTHING")).toBeNull();
    expect(parseUser(await text("02"), "bob")).toBeNull();
    expect(parseSuspended(await text("01"))).toEqual(
      new Map([
        ["admin", false],
        ["alice", false],
      ]),
    );
    expect(parseSuspended(await text("15"))).toEqual(new Map([["alice.test", false]]));
  });

  it("tell when the newest backup was made, and that one waits already", async () => {
    const text = async (number: string) => {
      const answer = await answerOf(number);
      return answer.outcome === "done" ? answer.value.text : "";
    };
    expect(parseBackups(await text("14"))).toBe("2026-11-22 07:19:35");
    const { panel, close } = await replay(["02", "13", "14"]);
    expect(await panel.scheduleBackup("alice", context())).toEqual({
      outcome: "done",
      value: { pending: true, latest: "2026-11-22 07:19:35" },
    });
    await close();
  });

  it("say of an unknown user, and only of that, that it is absent", async () => {
    const answer = await answerOf("09");
    if (answer.outcome !== "done") throw new Error(answer.reason);
    expect(saysNoSuchUser(answer.value, "nobody1")).toBe(true);
    expect(saysNoSuchUser(answer.value, "nobody")).toBe(false);
  });

  it("suspend an active account: read, act, read", async () => {
    const { panel, asked, close } = await replay(["02", "03", "06"]);
    expect(await panel.suspend("alice", { text: "Régua: x" }, context())).toMatchObject({
      outcome: "done",
      value: { access: "suspended", by: "us" },
    });
    expect(asked).toEqual(["v-list-user alice json", "v-suspend-user alice", "v-list-user alice json"]);
    await close();
  });

  it.each(["04", "05"])("take %s, suspended meanwhile by somebody else, for done", async (again) => {
    const { panel, close } = await replay(["02", again, "06"]);
    expect(await panel.suspend("alice", { text: "Régua: x" }, context())).toMatchObject({ value: { access: "suspended", by: "unknown" } });
    await close();
  });

  it.each(["07", "08"])("unsuspend a suspended account with %s", async (answer) => {
    const { panel, close } = await replay(["06", answer, "02"]);
    expect(await panel.unsuspend("alice", context())).toEqual({ outcome: "done", value: { access: "active" } });
    await close();
  });

  it("do not believe the success that changes nothing", async () => {
    const { panel, close } = await replay(["02", "10", "02"]);
    expect(await panel.suspend("alice", { text: "Régua: x" }, context())).toMatchObject({ outcome: "refused", retry: false });
    await close();
  });

  it.each(["16", "17"])("stop everything after %s, and do not repeat the key's name", async (number) => {
    const { connection, asked, close } = await replay([number]);
    const api = new HestiaApi(connection);
    const first = await api.call("v-list-users", ["json"], context());
    expect(first).toMatchObject({ outcome: "refused", retry: false });
    expect(JSON.stringify(first)).not.toContain("ACCESSKEYID");
    expect(await api.call("v-list-users", ["json"], context())).toEqual(first);
    expect(asked).toHaveLength(1);
    await close();
  });
});
