// Opens an installation for a command: database, clock, engine and the adapters its configuration names.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { startEmbeddedServer, type EmbeddedServer } from "../adapters/postgres/embedded.ts";
import { openGateway } from "../adapters/gateways/open.ts";
import type { ChargePlan } from "../engine/charge-invoice.ts";
import type { Charger } from "../jobs/charges.ts";
import { SANDBOX, sandboxGateway } from "./sandbox-gateway.ts";
import { openPanel, type PanelSettings } from "../adapters/panels/open.ts";
import type { PanelMemory } from "../adapters/panels/memory.ts";
import { SandboxPanel, type SandboxAccounts } from "../adapters/panels/sandbox.ts";
import { FolderBlobStore } from "../adapters/blobs/folder.ts";
import { ClamdScan } from "../adapters/proofs/clamd.ts";
import { dnsKeys, storedKeys } from "../adapters/proofs/dkim-keys.ts";
import { ChildProofReader } from "../adapters/proofs/reader.ts";
import { SandboxMailer } from "../adapters/mail/sandbox.ts";
import type { Engine } from "../engine/engine.ts";
import type { ProofTools } from "../engine/submit-claim.ts";
import { PortalLinks } from "../engine/portal-links.ts";
import { Settings, type Identity } from "../engine/setting.ts";
import type { MailDesk } from "../engine/take-mail.ts";
import type { WebhookDesk } from "../engine/webhooks.ts";
import type { Outside } from "../jobs/call.ts";
import type { Dispatcher } from "../jobs/dispatch.ts";
import type { Postman } from "../jobs/mail-out.ts";
import { GuardedPanel } from "../jobs/panels/guarded.ts";
import { ManualClock, systemClock, type Clock } from "../kernel/clock.ts";
import { ReguaError } from "../kernel/errors.ts";
import type { AccountState, ControlPanel } from "../ports/control-panel.ts";
import type { MailSource } from "../ports/mail-source.ts";
import type { PaymentGateway } from "../ports/payment-gateway.ts";
import { openDatabase, type Database } from "../store/database.ts";
import { SequenceIds } from "../store/ids.ts";
import { APP_ROLE, hasAppRole, installationMode, migrate } from "../store/migrate.ts";
import {
  listSandboxAccounts,
  readSandboxAccount,
  recall,
  remember,
  writeSandboxAccount,
  type SandboxAccountRow,
} from "../store/panel-memory.ts";
import { readProvider, type ProviderRow } from "../store/provider.ts";
import { loadConfig, type Config } from "./config.ts";
import { channelNames, deskOf, mailersOf, senderRulesOf, sourcesOf } from "./mail-wiring.ts";
import type { Host } from "./io.ts";
import { whmcsPanel } from "./open-whmcs.ts";
import { webhookDesk } from "./webhook-wiring.ts";

/** The database of a data folder, migrated. */
export interface Opened {
  config: Config;
  dataDir: string;
  url: string;
  database: Database;
  /** Our own server; null with DATABASE_URL. */
  server: EmbeddedServer | null;
  close(): Promise<void>;
}

/** An installation with a provider in it, ready to work. */
export interface App extends Opened {
  provider: ProviderRow;
  engine: Engine;
  dispatcher: Dispatcher;
  clock: Clock;
  /** The sandbox's clock; null when live. */
  sandboxClock: ManualClock | null;
  /** Links that open the customers' portal. */
  links: PortalLinks;
  /**
   * The gateways of the configuration by name, opened when they are first asked for; in the sandbox its own alone, `sandbox`.
   * @throws ReguaError `gateway_option_invalid`
   */
  gateways(): ReadonlyMap<string, PaymentGateway>;
  /** What makes the one charge of each invoice. @throws ReguaError `charges_off` where no gateway is named for it */
  charger(): Charger;
  /** What deals with mail that comes in, the mailboxes it is read from, and what sends the answers. @throws ReguaError `mail_option_invalid` */
  mail(): { desk: MailDesk; sources: ReadonlyMap<string, MailSource>; postman: Postman | null };
  /** What tells other systems of events. */
  webhooks(): WebhookDesk;
  /** What reads payment proofs and keeps their files, in the folder `files` of the data folder. */
  proofs(): ProofTools;
}

export interface OpenOptions {
  data?: string;
  config?: string;
}

/** Opens the database: our own server in the data folder, or the one DATABASE_URL names. */
export async function openData(host: Host, options: OpenOptions): Promise<Opened> {
  const { config, dataDir } = loadConfig(host.env, host.cwd, options);
  const server = config.database_url === undefined ? await ownServer(host, config, dataDir) : null;
  const url = config.database_url ?? server?.url ?? "";
  try {
    await migrate(url);
    const role = (await hasAppRole(url)) ? APP_ROLE : null;
    const durable = (await installationMode(url)) !== "sandbox";
    const database = openDatabase({ url, max: config.connections, role, durable });
    const close = async (): Promise<void> => {
      await database.close();
      await server?.stop();
    };
    return { config, dataDir, url, database, server, close };
  } catch (error) {
    await server?.stop();
    throw error;
  }
}

async function ownServer(host: Host, config: Config, dataDir: string): Promise<EmbeddedServer> {
  // 0711: the database's own user passes through when the program runs as root.
  mkdirSync(dataDir, { recursive: true, mode: 0o711 });
  return startEmbeddedServer({
    dataDir,
    newSecret: host.newSecret,
    ...(config.database_port === undefined ? {} : { port: config.database_port }),
    log: (line) => host.err(line),
  });
}

/** @throws ReguaError `not_initialised` */
export async function openApp(host: Host, options: OpenOptions): Promise<App> {
  const opened = await openData(host, options);
  try {
    return await appOf(host, opened);
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/** Makes an opened database an installation: the provider's clock, and the adapters. */
export async function appOf(host: Host, opened: Opened): Promise<App> {
  const { database, config, url } = opened;
  const provider = await readProvider(database.db);
  if (!provider) throw new ReguaError("not_initialised");
  const sandboxClock = provider.mode === "sandbox" ? new ManualClock(provider.sandboxNow ?? host.now()) : null;
  const clock = sandboxClock ?? systemClock;
  // Ids have a connection of their own: units of work ask for them while they hold one.
  const idDatabase = openDatabase({ url, max: 1, role: (await hasAppRole(url)) ? APP_ROLE : null });
  const engine: Engine = {
    db: database.db,
    settings: new Settings({
      portal: config.portal_url ?? null,
      senders: senderRulesOf(config),
      channels: provider.mode === "live" ? channelNames(config) : [],
    }),
    ids: new SequenceIds(idDatabase.db),
    clock,
    motorClock: systemClock,
    wake: null,
  };
  const links = new PortalLinks(engine, host.newSecret);
  const outside: Outside = { ...outsideOf(host, opened, provider), links };
  let gateways: ReadonlyMap<string, PaymentGateway> | null = null;
  let proofs: ProofTools | null = null;
  const close = async (): Promise<void> => {
    for (const mailer of outside.mailers.values()) await mailer.close();
    for (const gateway of gateways?.values() ?? []) await gateway.close();
    await idDatabase.close();
    await opened.close();
  };
  const dispatcher: Dispatcher = { engine, outside, newToken: host.newToken, parallel: config.parallel, steady: sandboxClock !== null };
  const proofsHere = (): ProofTools => (proofs ??= proofsOf(opened, provider));
  const gatewaysHere = (): ReadonlyMap<string, PaymentGateway> => (gateways ??= gatewaysOf(opened, provider, clock));
  return {
    ...opened,
    provider,
    engine,
    dispatcher,
    clock,
    sandboxClock,
    links,
    gateways: gatewaysHere,
    charger: () => ({ engine, gateways: gatewaysHere(), plan: planOf(config, provider), newToken: host.newToken }),
    proofs: proofsHere,
    webhooks: () => webhookDesk(host, opened.dataDir, engine, provider.mode),
    mail: () => {
      const mailer = outside.mailers.get("email");
      return {
        desk: deskOf(opened, provider.mode, (provider.identity as Identity).email, proofsHere),
        sources: provider.mode === "live" ? sourcesOf(opened) : new Map(),
        postman: mailer ? { engine, mailer, links, newToken: host.newToken } : null,
      };
    },
    close,
  };
}

/** In the sandbox no gateway outside is asked and no webhook believed, whatever the configuration names: it has one of its own. */
function gatewaysOf({ config, dataDir, database }: Opened, provider: ProviderRow, clock: Clock): ReadonlyMap<string, PaymentGateway> {
  if (provider.mode === "sandbox") return new Map([[SANDBOX, sandboxGateway(database, provider, clock)]]);
  return new Map(
    Object.entries(config.gateways).map(([name, settings]) => [name, openGateway(settings, { clock: systemClock, folder: dataDir })]),
  );
}

/** @throws ReguaError `charges_off` */
function planOf({ charges }: Config, { mode }: ProviderRow): ChargePlan {
  if (mode === "sandbox") return { gateway: SANDBOX, methods: ["pix", "boleto"], aheadDays: 10 };
  if (!charges) throw new ReguaError("charges_off");
  return { gateway: charges.gateway, methods: charges.methods, aheadDays: charges.ahead_days };
}

/** In the sandbox no name server is asked for the keys of a bank's mail: its signature is then neither held nor broken. */
function proofsOf({ config, dataDir }: Opened, { mode }: ProviderRow): ProofTools {
  const reader = new ChildProofReader({ keys: mode === "sandbox" ? storedKeys({}) : dnsKeys() });
  return {
    reader,
    files: new FolderBlobStore(join(dataDir, "files"), systemClock),
    scan: config.clamav ? new ClamdScan(config.clamav) : null,
  };
}

/** In the sandbox nothing goes outside, whatever the configuration names. */
function outsideOf(host: Host, { config, dataDir, database }: Opened, provider: ProviderRow): Outside {
  const panels = new Map<string, ControlPanel>();
  const sandbox = new SandboxPanel({ accounts: databaseAccounts(database) });
  if (provider.mode === "sandbox") {
    panels.set("sandbox", sandbox);
    return { mailers: new Map([["email", new SandboxMailer()]]), panels };
  }
  const mailers = mailersOf({ config, dataDir });
  for (const [name, settings] of Object.entries(config.panels)) {
    const memory: PanelMemory = {
      recall: (account, key) => recall(database.db, name, account, key),
      remember: (account, key, value) => remember(database.db, name, account, key, value),
    };
    const report = (account: string, detail: string): void => host.err(`panel ${name}, account ${account}: ${detail}`);
    const panel = openPanel(settings, { memory, sandbox: () => sandbox, folder: dataDir, report });
    panels.set(name, guarded(host, database, name, settings, panel));
  }
  const acting = whmcsPanel(config.whmcs, dataDir);
  const whole = { db: database.db, clock: systemClock, newToken: host.newToken, parallel: 4, callMs: 25_000 };
  if (acting) panels.set(acting.name, new GuardedPanel({ ...acting, ...whole }));
  return { mailers, panels };
}

function guarded({ newToken }: Host, { db }: Database, name: string, settings: PanelSettings, panel: ControlPanel): ControlPanel {
  if (settings.kind === "sandbox") return panel;
  const limits =
    settings.kind === "command"
      ? { parallel: 8, callMs: 29_000 }
      : { parallel: settings.parallel, callMs: settings.timeout_seconds * 1000 };
  return new GuardedPanel({ name, panel, db, clock: systemClock, newToken, ...limits });
}

function databaseAccounts({ db }: Database): SandboxAccounts {
  const stateOf = (row: SandboxAccountRow): AccountState =>
    row.access === "suspended" ? { access: "suspended", by: row.by === "us" ? "us" : "other", reason: row.reason } : { access: row.access };
  return {
    read: async (account) => {
      const row = await readSandboxAccount(db, account);
      return row ? stateOf(row) : null;
    },
    write: (account, state) =>
      writeSandboxAccount(db, {
        account,
        access: state.access,
        by: state.access === "suspended" && state.by !== "unknown" ? state.by : null,
        reason: state.access === "suspended" ? state.reason : null,
      }),
    list: async () => (await listSandboxAccounts(db)).map((row) => ({ name: row.account, access: stateOf(row) })),
  };
}
