// The configuration: one file and the environment, one schema, unknown keys refused.
import { existsSync, readFileSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { gatewaySettings } from "../adapters/gateways/open.ts";
import { panelSettings } from "../adapters/panels/open.ts";
import { whmcsSettings } from "../adapters/whmcs/settings.ts";
import { channelSettings, inboundSettings, mailSettings } from "./config-mail.ts";
import { alike, inEach, joined, ReguaError, type InEach } from "../kernel/errors.ts";
import { issuesIn } from "../kernel/issues.ts";
import { KEY_VARIABLE, openSealed, readKeys } from "./secrets.ts";

const secret = z.string().min(1).describe("Secret; printed as ***.");

export const configSchema = z.strictObject({
  host: z.string().default("127.0.0.1").describe("Address the server listens on. Loopback by default: put a proxy with TLS before it."),
  port: z.int().min(0).max(65535).default(8350).describe("Port of the server; 0 takes a free one."),
  portal_url: z
    .url({ protocol: /^https?$/u, error: "it is not a web address" })
    .transform((url) => url.replace(/\/+$/u, ""))
    .optional()
    .describe(
      "Public address of the customers' portal, /portal included, for example https://clientes.example.com.br/portal: messages then carry a link. Absent: they carry none.",
    ),
  database_url: secret.optional().describe("postgres://… of a PostgreSQL 15 or later. Absent: our own server in the data folder."),
  database_port: z.int().min(1).max(65535).optional().describe("Port of our own PostgreSQL; by default a free one, remembered."),
  connections: z.int().min(2).max(200).default(12).describe("Connections to the database of one process."),
  parallel: z.int().min(1).max(200).default(8).describe("Calls to panels and mail servers at the same time, of one process."),
  log_level: z.enum(["debug", "info", "warn", "error", "silent"]).default("info"),
  mail: mailSettings.optional().describe("Mail server for messages. In the sandbox nothing is sent, whatever stands here."),
  inbound: inboundSettings,
  channels: channelSettings,
  panels: z
    .record(z.string().regex(/^[a-z][a-z0-9-]*$/u), panelSettings)
    .default({})
    .describe("Control panels by the name that services carry."),
  gateways: z
    .record(z.string().regex(/^[a-z][a-z0-9-]{0,39}$/u), gatewaySettings)
    .default({})
    .describe("Payment gateways by name: the source of their receipts, and the end of their webhooks' address."),
  charges: z
    .strictObject({
      gateway: z.string().describe("The gateway, by its name under `gateways`, that makes one charge for each invoice."),
      methods: z
        .array(z.enum(["pix", "boleto", "card"]))
        .min(1)
        .default(["pix", "boleto"])
        .describe("What a charge may be paid with; what the gateway does not have is left out."),
      ahead_days: z.int().min(0).max(90).default(10).describe("Days before an invoice is due at which its charge is made."),
    })
    .optional()
    .describe("Charges made for invoices, whose Pix code, boleto line and page stand in every message. Absent: none are made."),
  whmcs: whmcsSettings.optional().describe("The WHMCS that this installation stands beside: docs/whmcs.md. Absent: none."),
  clamav: z
    .union([
      z.strictObject({ path: z.string().min(1).describe("Socket of clamd.") }),
      z.strictObject({
        host: z.string().min(1).describe("Machine that clamd runs on."),
        port: z.int().min(1).max(65535).default(3310).describe("Its TCP port."),
      }),
    ])
    .optional()
    .describe("Virus scanner that payment proofs pass before they are read; absent: none."),
});

export type Config = z.infer<typeof configSchema>;

/** Environment variables that stand for a key of the file; they win over it. */
export const ENV: Readonly<Record<string, { key: keyof Config; number?: true }>> = {
  HOST: { key: "host" },
  PORT: { key: "port", number: true },
  DATABASE_URL: { key: "database_url" },
  REGUA_PORTAL_URL: { key: "portal_url" },
  REGUA_DATABASE_PORT: { key: "database_port", number: true },
  REGUA_CONNECTIONS: { key: "connections", number: true },
  REGUA_PARALLEL: { key: "parallel", number: true },
  REGUA_LOG_LEVEL: { key: "log_level" },
};

/** Secrets of the section `whmcs`, for systems that hand secrets to programs. */
const WHMCS_ENV: ReadonlyMap<string, string> = new Map([
  ["REGUA_WHMCS_IDENTIFIER", "identifier"],
  ["REGUA_WHMCS_SECRET", "secret"],
  ["REGUA_WHMCS_ACCESS_KEY", "access_key"],
  ["REGUA_WHMCS_HOOK_SECRET", "hook_secret"],
]);

/** Variables that are ours but no key: where things lie, who acts, and the secrets of the file's sections. */
const OTHER_ENV = new Set([
  "REGUA_DATA",
  "REGUA_CONFIG",
  "REGUA_ACTOR",
  "REGUA_LANG",
  "REGUA_MAIL_PASSWORD",
  ...WHMCS_ENV.keys(),
  "REGUA_INBOX_PASSWORD",
  KEY_VARIABLE,
]);

export interface Loaded {
  config: Config;
  dataDir: string;
  /** The file read; null when there is none. */
  file: string | null;
}

/**
 * Reads `--config FILE`, `REGUA_CONFIG`, or `regua.yaml` in the data folder, and the environment over it.
 * @throws ReguaError `config_invalid` naming each key and what is wrong with it
 */
export function loadConfig(
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
  options: { data?: string; config?: string },
): Loaded {
  const dataDir = resolve(cwd, options.data ?? env.REGUA_DATA ?? ".regua");
  const named = options.config ?? env.REGUA_CONFIG;
  const file = named === undefined ? join(dataDir, "regua.yaml") : isAbsolute(named) ? named : resolve(cwd, named);
  if (named !== undefined && !existsSync(file))
    throw new ReguaError("config_invalid", { problems: inEach(`the file ${file} is not there`, `o arquivo ${file} não existe`) });
  const fromFile = existsSync(file) ? readYaml(file) : {};
  const merged: Record<string, unknown> = { ...fromFile };
  for (const [name, { key, number }] of Object.entries(ENV)) {
    const value = env[name];
    if (value !== undefined && value !== "") merged[key] = number ? Number(value) : value;
  }
  for (const name of Object.keys(env))
    if (name.startsWith("REGUA_") && !(name in ENV) && !OTHER_ENV.has(name))
      throw new ReguaError("config_invalid", {
        problems: inEach(`the environment variable ${name} is not known`, `a variável de ambiente ${name} não é conhecida`),
      });
  if (env.REGUA_MAIL_PASSWORD && typeof merged.mail === "object") merged.mail = { ...merged.mail, password: env.REGUA_MAIL_PASSWORD };
  for (const [name, key] of WHMCS_ENV)
    if (env[name] && typeof merged.whmcs === "object") merged.whmcs = { ...merged.whmcs, [key]: env[name] };
  if (env.REGUA_INBOX_PASSWORD) merged.inbound = withPassword(merged.inbound, env.REGUA_INBOX_PASSWORD);
  const problems: InEach[] = [];
  const opened = openSealed(merged, readKeys(env, dataDir), problems);
  if (problems.length > 0) throw new ReguaError("config_invalid", { problems: joined(problems) });
  const parsed = configSchema.safeParse(opened);
  if (!parsed.success) throw new ReguaError("config_invalid", { problems: issuesIn(parsed.error.issues) });
  return { config: parsed.data, dataDir, file: existsSync(file) ? file : null };
}

/** The password of every mailbox that has none of its own. What is not as it should be is left to the schema. */
function withPassword(inbound: unknown, password: string): unknown {
  const { inboxes } = (inbound ?? {}) as { inboxes?: Record<string, object> };
  if (inboxes === undefined || typeof inboxes !== "object") return inbound;
  const given = Object.fromEntries(Object.entries(inboxes).map(([name, each]) => [name, { password, ...each }]));
  return { ...(inbound as object), inboxes: given };
}

function readYaml(file: string): Record<string, unknown> {
  try {
    const value: unknown = parse(readFileSync(file, "utf8"));
    if (value === null || value === undefined) return {};
    if (typeof value === "object" && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch (error) {
    throw new ReguaError("config_invalid", { problems: alike(`${file}: ${error instanceof Error ? error.message : String(error)}`) });
  }
  throw new ReguaError("config_invalid", {
    problems: inEach(`${file}: a list of keys and values is expected`, `${file}: espera-se uma lista de chaves e valores`),
  });
}

/** The configuration with secrets hidden, as `config check` prints it. */
export function hideSecrets(value: unknown, key = "", parent = ""): unknown {
  if (
    typeof value === "string" &&
    (parent === "headers" || /password|secret|identifier|access_key|login_key|^token$|^key$|database_url/u.test(key))
  )
    return "***";
  if (Array.isArray(value)) return value.map((item) => hideSecrets(item));
  if (value !== null && typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, hideSecrets(member, name, key)]));
  return value;
}
