// Signatures of mails: the public samples keep their verdicts, our own mails hold as signed, and every alteration is found and named.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bankMail, mailKeys, type Alteration } from "../../../test/support/proof-mail.ts";
import { parseInstant } from "../../kernel/time.ts";
import { verifySignatures, type KeySource } from "./signatures.ts";

const AT = parseInstant("2026-11-22T17:33:21Z");
const DOMAIN = "bancoexemplo.example";
const ATTACHMENT = { name: "comprovante.pdf", type: "application/pdf", bytes: Buffer.alloc(3_000, "%PDF-1.4 comprovante ") };
const MAIL = { domain: DOMAIN, at: AT, attachment: ATTACHMENT };
const stored = (records: Readonly<Record<string, readonly string[]>>): KeySource => {
  return (name) => Promise.resolve(records[name] ?? []);
};
const keys = stored(mailKeys(DOMAIN));

describe("a bank's mail", () => {
  it("as it was signed passes, by the domain of its From", async () => {
    const verdict = await verifySignatures(await bankMail(MAIL), AT, keys);
    expect(verdict).toEqual({ from: DOMAIN, leftOut: false, signatures: [{ domain: DOMAIN, result: "pass", reason: null }] });
  });

  it("saved with line feeds alone still passes", async () => {
    const mail = Buffer.from(await bankMail(MAIL))
      .toString("latin1")
      .replaceAll("\r\n", "\n");
    expect((await verifySignatures(Buffer.from(mail, "latin1"), AT, keys)).signatures).toMatchObject([{ result: "pass" }]);
  });

  it("without a signature has none, which is no verdict", async () => {
    expect(await verifySignatures(await bankMail({ ...MAIL, signed: false }), AT, keys)).toMatchObject({ from: DOMAIN, signatures: [] });
  });

  it.each<[Alteration, string]>([
    ["text", "body_changed"],
    ["attachment", "body_changed"],
    ["appended", "body_changed"],
    ["subject", "bad_signature"],
    ["second_from", "second_from"],
    ["length_tag", "part_only"],
  ])("altered (%s) fails as %s", async (altered, reason) => {
    const { signatures } = await verifySignatures(await bankMail({ ...MAIL, altered }), AT, keys);
    expect(signatures).toEqual([{ domain: DOMAIN, result: "fail", reason }]);
  });

  it("with a field twice that mails have once fails, though its signature is right", async () => {
    const twice = Buffer.concat([Buffer.from("Subject: Pague aqui\r\n"), await bankMail(MAIL)]);
    expect((await verifySignatures(twice, AT, keys)).signatures).toMatchObject([{ result: "fail", reason: "header_twice" }]);
  });

  it("signed by another domain than that of its From says both", async () => {
    const mail = await bankMail({ ...MAIL, from: "comprovantes@nubank.example" });
    expect(await verifySignatures(mail, AT, keys)).toMatchObject({
      from: "nubank.example",
      signatures: [{ domain: DOMAIN, result: "pass" }],
    });
  });

  it.each<[string, KeySource, string, string]>([
    ["the domain has no such key", stored({}), "fail", "no_key"],
    ["the key was revoked", stored({ [`teste._domainkey.${DOMAIN}`]: ["v=DKIM1; k=rsa; p="] }), "fail", "key_unusable"],
    [
      "another key stands there",
      stored({ [`teste._domainkey.${DOMAIN}`]: mailKeys("x.example")["teste._domainkey.x.example"] ?? [] }),
      "fail",
      "bad_signature",
    ],
    ["the name servers do not answer", () => Promise.resolve(null), "unknown", "no_answer"],
  ])("is %s", async (_, source, result, reason) => {
    expect((await verifySignatures(await bankMail(MAIL), AT, source)).signatures).toEqual([{ domain: DOMAIN, result, reason }]);
  });

  it("under a key that its domain only tries out is not relied on", async () => {
    const trial = Object.fromEntries(
      Object.entries(mailKeys(DOMAIN)).map(([name, [record = ""]]) => [name, [record.replace("k=rsa", "k=rsa; t=y")]]),
    );
    expect((await verifySignatures(await bankMail(MAIL), AT, stored(trial))).signatures).toMatchObject([
      { result: "unknown", reason: "testing" },
    ]);
  });

  it("with a thousand signatures makes us ask for ten keys at most", async () => {
    const asked: string[] = [];
    const source: KeySource = (name) => {
      asked.push(name);
      return Promise.resolve([]);
    };
    const signed = Buffer.from(await bankMail(MAIL)).toString("latin1");
    const own = /^DKIM-Signature:[\s\S]*?(?=\r\nFrom:)/u.exec(signed)?.[0] ?? "";
    const many = Array.from({ length: 1_000 }, (_, number) => own.replace("s=teste", `s=k${number}`)).join("\r\n");
    const verdict = await verifySignatures(Buffer.from(`${many}\r\n${signed}`, "latin1"), AT, source);
    expect(own).toContain("bh=");
    expect(asked).toHaveLength(10);
    expect([verdict.signatures.length, verdict.leftOut]).toEqual([10, true]);
  });

  it("under a header of a hundred thousand folded lines is not looked at, and costs nothing", async () => {
    const signed = Buffer.from(await bankMail(MAIL)).toString("latin1");
    const folded = Buffer.from(`X-Long: a${"\r\n ".repeat(100_000)}\r\n${signed}`, "latin1");
    const before = process.cpuUsage();
    expect(await verifySignatures(folded, AT, stored(mailKeys(DOMAIN)))).toEqual({ from: null, signatures: [], leftOut: true });
    expect(process.cpuUsage(before).user).toBeLessThan(500_000);
    // A body of as many lines is none of a header's.
    const long = Buffer.from(`${signed}${"\r\nlinha".repeat(100_000)}`, "latin1");
    expect((await verifySignatures(long, AT, stored(mailKeys(DOMAIN)))).signatures).toMatchObject([{ reason: "body_changed" }]);
  });
});

const SAMPLES = join(import.meta.dirname, "../../../../shared/realdata/dkim");
const absent = !existsSync(SAMPLES);
const read = (name: string): unknown => (absent ? {} : JSON.parse(readFileSync(join(SAMPLES, name), "utf8")));

describe("the samples of RFC 8463 and their alterations", () => {
  const results = (read("results.json") as { results?: Record<string, unknown[]> }).results ?? {};
  const dns = read("dns.json") as Record<string, { TXT: string[][] }>;
  const records = Object.fromEntries(Object.entries(dns).map(([name, { TXT }]) => [name, TXT.map((parts) => parts.join(""))]));
  const revoked = Object.fromEntries(
    Object.entries(records).map(([name, texts]) => [name, texts.map((text) => text.replace(/p=.*/u, "p="))]),
  );

  it.skipIf(absent)(`have the verdicts of another verifier (skipped where ${SAMPLES} is not there)`, async () => {
    const verdicts: Record<string, boolean[]> = {};
    for (const name of Object.keys(results)) {
      const [file = "", key] = name.split(" + ");
      const source = stored(key === undefined ? records : revoked);
      const { signatures } = await verifySignatures(readFileSync(join(SAMPLES, file)), null, source);
      verdicts[name] = signatures.map(({ result }) => result === "pass");
    }
    const expected = Object.fromEntries(Object.entries(results).map(([name, each]) => [name, each.map((one) => one === true)]));
    expect(verdicts).toEqual(expected);
    expect(Object.keys(verdicts).length).toBeGreaterThanOrEqual(8);
  });
});
