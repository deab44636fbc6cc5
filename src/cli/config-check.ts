// config check: the configuration as it holds, where each value came from, and what every key means.
import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { parse } from "yaml";
import { z } from "zod";
import { configSchema, ENV, hideSecrets, loadConfig, type Loaded } from "./config.ts";
import type { Run, Tools } from "./tools.ts";
import { wrap } from "./table.ts";

export function configCommands(program: Command, run: Run): void {
  const config = program.command("config").description("The configuration: where it runs, what it reaches.");
  config
    .command("check")
    .description("Check the configuration and show what holds, each value with where it came from. Secrets are shown as ***.")
    .option("--all", "every key there is, with its meaning, unit and default")
    .addHelpText("after", "\nExamples:\n  regua config check\n  regua config check --all")
    .action(run((tools, options: { all?: boolean }) => check(tools, options)));
}

interface Value {
  key: string;
  value: unknown;
  /** `default`, `file`, or `environment DATABASE_URL`. */
  from: string;
}

function check({ io, options }: Tools, { all }: { all?: boolean }): Promise<void> {
  const loaded = loadConfig(io.host.env, io.host.cwd, options);
  const values = valuesOf(loaded, io.host.env);
  const keys = documentedKeys();
  const { file, dataDir } = loaded;
  io.result({ dataDir, file, values, ...(all ? { keys } : {}) }, () =>
    [
      `Data folder    ${dataDir}`,
      `Configuration  ${file ?? "no file: the defaults hold"}`,
      "",
      ...sayValues(values),
      ...(all ? ["", "Every key:", ...keys.flatMap(sayKey)] : ["", "Every key with its meaning: regua config check --all"]),
    ].join("\n"),
  );
  return Promise.resolve();
}

const MAIL_PASSWORD = "REGUA_MAIL_PASSWORD";

function valuesOf({ config, file }: Loaded, env: Readonly<Record<string, string | undefined>>): Value[] {
  const written = new Set(leaves(file === null ? {} : parse(readFileSync(file, "utf8"))).map(([key]) => key));
  const byVariable = new Map<string, string>(
    Object.entries(ENV)
      .filter(([name]) => (env[name] ?? "") !== "")
      .map(([name, { key }]) => [key, name]),
  );
  if (env[MAIL_PASSWORD] && config.mail) byVariable.set("mail.password", MAIL_PASSWORD);
  return leaves(hideSecrets(config)).map(([key, value]) => {
    const variable = byVariable.get(key);
    return { key, value, from: variable !== undefined ? `environment ${variable}` : written.has(key) ? "file" : "default" };
  });
}

/** Values by their dotted names; a list is one value. */
function leaves(value: unknown, name = ""): [string, unknown][] {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return [[name, value]];
  return Object.entries(value).flatMap(([key, member]) => leaves(member, name === "" ? key : `${name}.${key}`));
}

function sayValues(values: readonly Value[]): string[] {
  const rows = values.map(({ key, value, from }) => [key, sayValue(value), from] as const);
  const wide = (column: 0 | 1, most: number): number => Math.min(most, Math.max(...rows.map((row) => row[column].length)));
  const [keys, texts] = [wide(0, 34), wide(1, 36)];
  return rows.map(([key, text, from]) => `  ${key.padEnd(keys)}  ${text.padEnd(texts)}  ${from}`);
}

function sayValue(value: unknown): string {
  if (!Array.isArray(value)) return String(value);
  return value.map((member: unknown) => (typeof member === "string" ? member : JSON.stringify(member))).join(" ");
}

export interface DocumentedKey {
  /** `mail.host`; `panels.NAME.port (hestia)`. */
  key: string;
  /** What may stand there. */
  takes: string;
  /** Null: there is none. */
  default: string | number | boolean | object | null;
  required: boolean;
  meaning: string;
  /** The environment variable that wins over the file. */
  variable: string | null;
}

interface SchemaNode {
  type?: string;
  const?: string;
  enum?: string[];
  description?: string;
  default?: string | number | boolean | object;
  minimum?: number;
  maximum?: number;
  properties?: Record<string, SchemaNode>;
  additionalProperties?: SchemaNode | boolean;
  required?: string[];
  oneOf?: SchemaNode[];
  anyOf?: SchemaNode[];
  items?: SchemaNode;
}

/** Every key of the schema. A key without a meaning would be a key nobody can set: a test holds that none is. */
export function documentedKeys(): DocumentedKey[] {
  return keysOf(z.toJSONSchema(configSchema, { io: "input" }) as SchemaNode, "", "", true);
}

function keysOf(node: SchemaNode, name: string, of: string, required: boolean): DocumentedKey[] {
  if (node.properties) {
    return Object.entries(node.properties).flatMap(([key, member]) =>
      keysOf(member, name === "" ? key : `${name}.${key}`, of, node.required?.includes(key) ?? false),
    );
  }
  const kinds = node.oneOf ?? node.anyOf;
  if (kinds) return kinds.flatMap((kind) => keysOf(kind, name, kind.properties?.kind?.const ?? "", true));
  const each = node.additionalProperties;
  // Plain values under names of one's own choice mean what their list means.
  if (typeof each === "object") return keysOf({ description: node.description, ...each }, `${name}.NAME`, of, true);
  const variable = Object.entries(ENV).find(([, { key }]) => key === name)?.[0] ?? (name === "mail.password" ? MAIL_PASSWORD : null);
  return [
    {
      key: of === "" ? name : `${name} (${of})`,
      takes: takesOf(node),
      default: node.default ?? null,
      required: required && node.default === undefined,
      meaning: node.description ?? MEANINGS[name] ?? "",
      variable,
    },
  ];
}

function takesOf(node: SchemaNode): string {
  if (node.const !== undefined) return node.const;
  if (node.enum) return node.enum.join(" | ");
  if (node.type === "boolean") return "true | false";
  if (node.type === "array") return "a list of texts";
  if (node.type === "integer") return `${node.minimum ?? ""} to ${node.maximum ?? ""}`;
  return "a text";
}

/** Meanings of keys whose schema does not carry one. */
const MEANINGS: Readonly<Record<string, string>> = {
  log_level: "Least weight of what is logged; silent logs nothing.",
  "mail.host": "Name of the server that takes messages for sending (submission).",
  "mail.port": "TCP port: 587 for starttls, 465 for tls, 25 for a relay of your own.",
  "mail.secure": "tls from the first byte, starttls required, or none for a relay on this machine or a private network.",
  "mail.user": "Name to sign in with. Left out: no sign-in.",
  "mail.from_name": "Name that customers see as the sender.",
  "mail.from_address": "Address that customers see as the sender; its domain needs SPF and DKIM for this server.",
  "mail.reply_to": "Address that answers go to. Left out: to from_address.",
  "mail.envelope_from": "Address that bounces go to. Left out: from_address.",
  "mail.connections": "Connections to the mail server at once.",
  "panels.NAME.kind":
    "What the panel is: sandbox, command (programs of your own), hestia, virtualmin, directadmin, cpanel, plesk, ispconfig or proxmox.",
  "panels.NAME.suspend": "Program and arguments that suspend {account}.",
  "panels.NAME.unsuspend": "Program and arguments that lift the suspension of {account}.",
  "panels.NAME.terminate": "Program that removes {account}. Left out: nothing is terminated there.",
  "panels.NAME.list": "Program that prints all accounts, one a line. Left out: accounts are not compared.",
  "panels.NAME.test": "Program that ends with 0 when the panel answers, for `regua doctor`.",
  "panels.NAME.keeps_reason": "The panel keeps our reason beside the suspension, so that whose it is can be told.",
  "panels.NAME.serial": "Calls that may not run side by side: of one account, or of the whole server.",
  "gateways.NAME.kind": "What the gateway is: asaas, efi, mercadopago, stripe, or pix-api for any bank's API Pix.",
};

function sayKey({ key, takes, default: fallback, required, meaning, variable }: DocumentedKey): string[] {
  const without = required
    ? "needed"
    : fallback === null
      ? "may be left out"
      : `default ${typeof fallback === "object" ? "empty" : String(fallback)}`;
  const head = wrap(`${key}  (${takes}; ${without}${variable === null ? "" : `; ${variable}`})`, "  ");
  return ["", ...head, ...wrap(meaning, "      ")];
}
