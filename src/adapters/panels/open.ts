// Opens a control panel by its kind. The configuration holds the settings by the name that services carry.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";
import type { ControlPanel } from "../../ports/control-panel.ts";
import { CommandPanel } from "./command.ts";
import { openCpanel } from "./cpanel.ts";
import { openDirectAdmin } from "./directadmin.ts";
import { HestiaPanel } from "./hestia.ts";
import { openIspConfig } from "./ispconfig.ts";
import type { PanelMemory } from "./memory.ts";
import { unreadOption } from "./panel-http.ts";
import { openPlesk } from "./plesk.ts";
import { openProxmox } from "./proxmox.ts";
import { openVirtualmin } from "./virtualmin.ts";

const secret = (what: string) => z.string().min(1).describe(`${what} Secret; kept sealed, and printed as ***.`);
const argv = z.array(z.string().min(1)).min(1);
const flag = (meaning: string) => z.boolean().default(false).describe(meaning);

/** What every panel behind an address has. */
const reached = (port: number) => ({
  host: z.string().min(1).describe("Name or address of the panel's server, without https://."),
  port: z.int().min(1).max(65535).default(port).describe("TCP port of the panel's API."),
  fingerprint: z
    .string()
    .optional()
    .describe("SHA-256 of the panel's certificate, for a self-signed panel. Left out: verified as the web does."),
  ca_file: z.string().optional().describe("PEM file of a certificate authority of your own; a relative path counts from the data folder."),
  terminate: flag("Whether accounts may be removed there for good, after two persons signed."),
  parallel: z.int().min(1).max(32).default(4).describe("Calls to this panel at the same time, of one process."),
  timeout_seconds: z.int().min(5).max(29).default(25).describe("A call that takes longer is given up; what it did is read afterwards."),
});

export const panelSettings = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("sandbox") }),
  z.strictObject({
    kind: z.literal("command"),
    read: argv.describe("Program and arguments; {account} is replaced. Prints active, suspended or absent."),
    suspend: argv,
    unsuspend: argv,
    terminate: argv.optional(),
    list: argv.optional(),
    test: argv.optional(),
    keeps_reason: z.boolean().default(false),
    serial: z.enum(["account", "server"]).default("account"),
  }),
  z.strictObject({
    kind: z.literal("hestia"),
    ...reached(8083),
    access_key: secret("Access key of an administrator (v-add-access-key), 20 characters."),
    secret_key: secret("Its secret, 40 characters."),
  }),
  z.strictObject({
    kind: z.literal("virtualmin"),
    ...reached(10000),
    user: z.string().min(1).describe("Webmin user that may use the remote API for all domains."),
    password: secret("Its password."),
  }),
  z.strictObject({
    kind: z.literal("directadmin"),
    ...reached(2222),
    user: z.string().min(1).describe("Administrator or reseller whose login key it is."),
    login_key: secret("Login key limited to the commands that docs/panels.md names."),
    reseller: flag("The login is a reseller's: he sees his own users only."),
  }),
  z.strictObject({
    kind: z.literal("cpanel"),
    ...reached(2087),
    user: z.string().min(1).describe("WHM user whose token it is: a reseller, or root."),
    token: secret("API token with the privileges that docs/panels.md names."),
  }),
  z.strictObject({
    kind: z.literal("plesk"),
    ...reached(8443),
    key: secret("Secret key (plesk bin secret_key), instead of user and password.").optional(),
    user: z.string().min(1).optional().describe("Administrator or reseller, where there is no key."),
    password: secret("Password of that user.").optional(),
    reseller: flag("The login is a reseller's: his suspensions carry another number."),
  }),
  z.strictObject({
    kind: z.literal("ispconfig"),
    ...reached(8080),
    user: z.string().min(1).describe("Remote user (System > Remote Users)."),
    password: secret("Its password."),
  }),
  z.strictObject({
    kind: z.literal("proxmox"),
    ...reached(8006),
    token_name: z.string().min(1).describe("API token as user@realm!name."),
    secret: secret("The token's UUID."),
    customer_logins: flag("Customers sign in to Proxmox VE themselves: their right to start a guest is taken away while it is suspended."),
    backup_storage: z.string().min(1).optional().describe("Storage that takes the backups ordered here. Left out: none are ordered."),
    shutdown_seconds: z.int().min(1).max(20).default(15).describe("How long a guest may take to shut down before it is switched off."),
  }),
]);

export type PanelSettings = z.infer<typeof panelSettings>;

/** The settings that are kept sealed. */
export const PANEL_SECRETS: ReadonlySet<string> = new Set(["access_key", "secret_key", "password", "login_key", "token", "key", "secret"]);

export interface PanelSurroundings {
  /** What the panel cannot keep itself is remembered here. */
  memory: PanelMemory;
  /** The panel of the rehearsals. */
  sandbox: () => ControlPanel;
  /** Relative paths count from here. */
  folder: string;
  /** Told, for a person, of what a state cannot say. */
  report?: (account: string, detail: string) => void;
}

/**
 * Opens a panel. Nothing is sent yet.
 * @throws ReguaError `panel_option_invalid`
 */
export function openPanel(settings: PanelSettings, { memory, sandbox, folder, report }: PanelSurroundings): ControlPanel {
  if (settings.kind === "sandbox") return sandbox();
  if (settings.kind === "command") return openCommand(settings);
  const { host, port, fingerprint, terminate } = settings;
  const ca = settings.ca_file === undefined ? {} : { ca: readCa(resolve(folder, settings.ca_file)) };
  const base = { host, port, terminate, ...(fingerprint === undefined ? {} : { fingerprint }), ...ca };
  switch (settings.kind) {
    case "hestia":
      return new HestiaPanel({
        ...base,
        accessKey: settings.access_key,
        secretKey: settings.secret_key,
        memory,
        ...(report ? { report } : {}),
      });
    case "virtualmin":
      return openVirtualmin({ ...base, user: settings.user, password: settings.password });
    case "directadmin":
      return openDirectAdmin({ ...base, user: settings.user, loginKey: settings.login_key, reseller: settings.reseller });
    case "cpanel":
      return openCpanel({ ...base, user: settings.user, token: settings.token });
    case "plesk": {
      const { key, user, password, reseller } = settings;
      const login = {
        ...(key === undefined ? {} : { key }),
        ...(user === undefined ? {} : { user }),
        ...(password === undefined ? {} : { password }),
      };
      return openPlesk({ ...base, ...login, reseller });
    }
    case "ispconfig":
      return openIspConfig({ ...base, user: settings.user, password: settings.password, memory });
    case "proxmox": {
      const {
        token_name: token,
        secret: uuid,
        customer_logins: customerLogins,
        backup_storage: storage,
        shutdown_seconds: shutdownSeconds,
      } = settings;
      const backup = storage === undefined ? {} : { backupStorage: storage };
      return openProxmox({ ...base, token, secret: uuid, customerLogins, shutdownSeconds, memory, ...backup });
    }
  }
}

function openCommand({
  kind: _,
  keeps_reason: keepsReason,
  terminate,
  list,
  test,
  ...rest
}: Extract<PanelSettings, { kind: "command" }>): ControlPanel {
  return new CommandPanel({
    ...rest,
    keepsReason,
    ...(terminate ? { terminate } : {}),
    ...(list ? { list } : {}),
    ...(test ? { test } : {}),
  });
}

function readCa(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw unreadOption("ca_file", error);
  }
}
