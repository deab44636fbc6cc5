// Refusals as people meet them: in Portuguese no word of ours is left in English, whichever part of the program refused.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { z } from "zod";
import { openHttp } from "../adapters/gateways/options.ts";
import { readDkimKey } from "../adapters/mail/dkim-key.ts";
import { InMemoryPanelMemory } from "../adapters/panels/memory.ts";
import { openPanel, panelSettings } from "../adapters/panels/open.ts";
import { AmountEvidence } from "../adapters/sources/csv/amounts.ts";
import { Columns } from "../adapters/sources/csv/cells.ts";
import { DateEvidence } from "../adapters/sources/csv/dates.ts";
import { parseMap } from "../adapters/sources/csv/map.ts";
import { readStatementFile } from "../adapters/statements/read.ts";
import { HttpWebhookSender } from "../adapters/webhooks/sender.ts";
import { PERMISSIONS } from "../api/admin/permissions.ts";
import { makeBoleto } from "../codes/boleto.ts";
import { makeStaticBrCode } from "../codes/make-br-code.ts";
import { checkSettings } from "../cli/config-file.ts";
import { configSchema, loadConfig } from "../cli/config.ts";
import { SAID, ReguaError } from "../kernel/errors.ts";
import { SCHEMA_WORDS } from "../kernel/issues.ts";
import { errorWords } from "./errors.ts";
import { operationIn } from "./operations.ts";
import { ENGLISH } from "./testing/english.ts";

const folder = mkdtempSync(join(tmpdir(), "regua-fragments-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function refusal(act: () => unknown): ReguaError {
  try {
    act();
  } catch (error) {
    if (error instanceof ReguaError) return error;
    throw error;
  }
  throw new Error("it was not refused");
}

function write(name: string, text: string, mode = 0o600): string {
  writeFileSync(join(folder, name), text, { mode });
  return join(folder, name);
}

const config = (text: string) => () => loadConfig({}, folder, { data: folder, config: write("regua.yaml", text) });
const map = (text: string) => () => parseMap(text, "map.yaml");
const panel = (settings: object) => () =>
  openPanel(panelSettings.parse("read" in settings ? settings : { host: "panel.example", ...settings }), {
    memory: new InMemoryPanelMemory(),
    sandbox: () => {
      throw new Error("not asked for here");
    },
    folder,
  });
const amounts = (...texts: string[]) => {
  const evidence = new AmountEvidence();
  for (const [i, text] of texts.entries()) evidence.add(text, i + 1);
  return () => evidence.decide("faturas.csv", undefined);
};
const dates = (...texts: string[]) => {
  const evidence = new DateEvidence();
  for (const [i, text] of texts.entries()) evidence.add(text, i + 1);
  return () => evidence.decide("faturas.csv", undefined);
};
const columns =
  (key: string | number, ...names: string[]) =>
  () =>
    new Columns("faturas.csv", names, true).at(key);
const ROW = "    customer: { ref: A }\n";

const CAUSES: readonly (readonly [string, () => unknown])[] = [
  ["a key of the wrong kind", config("port: many\n")],
  ["a key out of range", config("port: 99999\n")],
  ["a key that is not known", config("prot: 1\n")],
  ["a key of a few values", config("log_level: loud\n")],
  ["no web address", config("portal_url: ftp://x\n")],
  ["a panel of no known kind", config("panels:\n  web1: { kind: another }\n")],
  ["a panel that lacks a key", config("panels:\n  web1: { kind: cpanel, host: a }\n")],
  ["a panel with a name that cannot be", config("panels:\n  WEB 1: { kind: sandbox }\n")],
  ["a list", config("- a\n")],
  ["a section's file", () => checkSettings(panelSettings, { kind: "hestia", port: "x" }, "painel.yaml")],
  ["a host with a path", panel({ kind: "cpanel", host: "https://x/", user: "root", token: "t" })],
  ["a fingerprint that is none", panel({ kind: "cpanel", fingerprint: "abc", user: "root", token: "t" })],
  ["a user that is none", panel({ kind: "cpanel", user: "a b", token: "t" })],
  ["a token with blanks", panel({ kind: "cpanel", user: "root", token: "t t" })],
  ["a login with a bar", panel({ kind: "directadmin", user: "a|b", login_key: "k" })],
  ["a user with a colon", panel({ kind: "virtualmin", user: "a:b", password: "p" })],
  ["neither key nor user", panel({ kind: "plesk" })],
  ["a key beyond ASCII", panel({ kind: "plesk", key: "ç" })],
  ["a token without its realm", panel({ kind: "proxmox", token_name: "x", secret: "y" })],
  ["a secret that is no UUID", panel({ kind: "proxmox", token_name: "a@b!c", secret: "y" })],
  ["a command without its path", panel({ kind: "command", read: ["x"], suspend: ["/x"], unsuspend: ["/x"] })],
  ["a command without an account", panel({ kind: "command", read: ["/x"], suspend: ["/x"], unsuspend: ["/x"] })],
  ["a certificate that is not there", () => openHttp("https://gateway.example", { p12: "absent.p12" }, folder)],
  ["a signing key for all to read", () => readDkimKey({ domain: "a.example", selector: "s", file: write("open.pem", "x", 0o644) })],
  ["a signing key that is none", () => readDkimKey({ domain: "a.example", selector: "s", file: write("none.pem", "x") })],
  ["a signing key that is not there", () => readDkimKey({ domain: "a.example", selector: "s", file: join(folder, "absent.pem") })],
  ["an empty map", map("")],
  ["a map without files", map("map: a\n")],
  ["a map with a misspelt key", map(`map: a\nfiles:\n  - customr: 1\n${ROW}`)],
  ["a map whose lines are nothing", map("map: a\nfiles:\n  - file: x.csv\n")],
  ["a map with a cell of two sources", map("map: a\nfiles:\n  - customer: { ref: { column: A, constant: B } }\n")],
  ["a map with a bad name", map(`map: A B\nfiles:\n  - file: x.csv\n${ROW}`)],
  ["a map with a bad currency", map(`map: a\ncurrency: real\nfiles:\n  - file: x.csv\n${ROW}`)],
  ["a map with one file twice", map(`map: a\nfiles:\n  - file: x.csv\n${ROW}  - file: x.csv\n${ROW}`)],
  ["a map with files without names", map(`map: a\nfiles:\n  - header: true\n${ROW}  - file: x.csv\n${ROW}`)],
  ["a map with a service of nobody", map("map: a\nfiles:\n  - service: { ref: A }\n")],
  ["a map with a payment of nobody", map("map: a\nfiles:\n  - payment: { id: A, paid: B }\n")],
  ["a column that is not there", columns("Vencimento", "Cliente", "")],
  ["a column by a number too high", columns(3, "Cliente")],
  ["a column that is there twice", columns("Cliente", "Cliente", "Cliente")],
  ["amounts in two ways", amounts("1,20", "1.20")],
  ["amounts in neither", amounts("1.200")],
  ["dates in two orders", dates("13/01/2026", "01/13/2026")],
  ["dates in neither", dates("01/02/2026")],
  ["no bank file", () => readStatementFile(Buffer.from("hello"))],
  ["an OFX file without accounts", () => readStatementFile(Buffer.from("OFXHEADER:100\n\n<OFX><A>1</A></OFX>"))],
  [
    "a bank that answers with an error",
    () => readStatementFile(Buffer.from("OFXHEADER:100\n\n<OFX><STATUS><CODE>2000<SEVERITY>ERROR</STATUS></OFX>")),
  ],
  ["a boleto of no bank", () => makeBoleto({ bank: "800", freeField: "1".repeat(25), amountCents: 1, due: null })],
  ["a Pix key that is none", () => makeStaticBrCode({ key: "x", name: "Nome", city: "Natal", amountCents: null, txid: null })],
];

describe("in Portuguese", () => {
  it.each(CAUSES)("%s is refused without a word of English", (_, act) => {
    const error = refusal(act);
    const said = errorWords(error, "pt-BR");
    expect(`${said.message} ${said.cure}`).not.toMatch(ENGLISH);
    for (const name of SAID) if (name in error.details) expect(error.detailsIn("pt-BR")[name]).not.toBe(error.details[name]);
  });

  it.each([
    "hooks",
    "http://hooks.example/",
    "https://a:b@hooks.example/",
    "https://hooks.example/#a",
    "https://10.0.0.8/",
    `https://a.example/${"x".repeat(500)}`,
  ])("the webhook address %s is refused without a word of English", async (url) => {
    const vetted = await new HttpWebhookSender({ reach: "public" }).vet(url, { signal: new AbortController().signal });
    expect(vetted.outcome).toBe("refused");
    if (vetted.outcome === "done") return;
    expect(vetted.problem["pt-BR"]).not.toMatch(ENGLISH);
    expect(vetted.problem["pt-BR"]).not.toBe(vetted.problem.en);
  });

  it("every act that some role may not do has its words", () => {
    const everyone = 4;
    const closed = Object.entries(PERMISSIONS).flatMap(([operation, roles]) => (roles.length < everyone ? [operation] : []));
    expect(closed.filter((operation) => operationIn(operation)["pt-BR"] === operation)).toEqual([]);
  });

  it("every word that a schema of the configuration says itself is known", () => {
    const own = wordsOf(configSchema);
    expect(own).toContain("must begin with https://");
    expect([...own].filter((words) => !(words in SCHEMA_WORDS))).toEqual([]);
  });
});

/** The messages that stand in a schema, wherever in it. */
function wordsOf(schema: z.ZodType): Set<string> {
  const found = new Set<string>();
  const seen = new Set<unknown>();
  const walk = (value: unknown): void => {
    if (value === null || typeof value !== "object" || seen.has(value)) return;
    seen.add(value);
    const def = (value as { _zod?: { def?: Record<string, unknown> } })._zod?.def;
    if (typeof def?.error === "function") {
      const said: unknown = (def.error as (issue: object) => unknown)({ code: "custom", input: "", path: [] });
      if (typeof said === "string") found.add(said);
    }
    for (const part of Object.values(def ?? value)) walk(part);
  };
  walk(schema);
  return found;
}
