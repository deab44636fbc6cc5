// serve and start: the installation at work, with the service API unless it is a worker only.
import { readFileSync } from "node:fs";
import { InvalidArgumentError, type Command } from "commander";
import type { Api } from "../api/api.ts";
import { makeMetrics } from "../api/metrics.ts";
import { buildApi } from "../api/server.ts";
import { startComing } from "../jobs/coming.ts";
import { startMail } from "../jobs/mail-in.ts";
import { startMoney } from "../jobs/money.ts";
import { JOBS, startMotor } from "../jobs/motor.ts";
import { startRounds } from "../jobs/reconcile.ts";
import { startUpkeep } from "../jobs/upkeep.ts";
import { startWebhooks } from "../jobs/webhooks.ts";
import { deadline } from "../kernel/clock.ts";
import { inEach, ReguaError, type InEach } from "../kernel/errors.ts";
import { recall, remember } from "../store/panel-memory.ts";
import { readProvider } from "../store/provider.ts";
import { resetData } from "../store/reset.ts";
import { welcomeTexts } from "../words/welcome.ts";
import type { App, Opened } from "./app.ts";
import { startWhmcs } from "./beside.ts";
import { banner } from "./banner.ts";
import { firstLink, openConsole, type OpenedConsole } from "./console.ts";
import { fillSample, install } from "./init.ts";
import { makeLog } from "./log.ts";
import type { Run, Tools } from "./tools.ts";
import { SAMPLE_PROVIDER } from "./provider-file.ts";
import { greet } from "./welcome.ts";

interface ServeOptions {
  worker?: boolean;
  port?: number;
  host?: string;
}

/** What is in flight at the end gets this long; what is cut off is found by its lease, and done by another. */
const STOP_MS = 20_000;

export function serveCommands(program: Command, run: Run): void {
  const address = (command: Command): Command =>
    command
      .option("--port <port>", "port of the service API; 0 takes a free one (default: `port` of the configuration, 8350)", port)
      .option("--host <address>", "address to listen on (default: `host` of the configuration, 127.0.0.1)");
  address(program.command("start"))
    .description("Serve; where nothing is set up yet, with a sandbox of sample customers. This is what `npm start` runs.")
    .addHelpText("after", "\nExample:\n  regua start")
    .action(run(start));
  address(program.command("serve"))
    .description("Do the work, and answer the service API.")
    .option("--worker", "only do the work; any number of workers on any number of machines share one DATABASE_URL")
    .addHelpText("after", "\nExamples:\n  regua serve\n  DATABASE_URL=postgres://… regua serve --worker")
    .action(run(async (tools, options: ServeOptions) => tools.withApp((app) => serve(tools, app, options))));
}

function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535) throw new InvalidArgumentError("Give a port, 0 to 65535.");
  return value;
}

async function start(tools: Tools, options: ServeOptions): Promise<void> {
  await tools.withData((opened) => beginUnlessBegun(tools, opened));
  await tools.withApp((app) => serve(tools, app, options, (listening, first) => greet(tools, app, listening, first)));
}

/** Where the database says that a sample is being built: it goes with everything else when the sandbox is reset. */
const HALF_BUILT = ["sandbox", "sample", "half-built"] as const;

/** A sample whose building was cut off is begun again: half of it would tell half a story. */
async function beginUnlessBegun(tools: Tools, opened: Opened): Promise<void> {
  const { db } = opened.database;
  if ((await recall(db, ...HALF_BUILT)) !== null) await resetData(opened.url);
  if (await readProvider(db)) return;
  tools.io.line(welcomeTexts(tools.io.lang).building);
  await remember(db, ...HALF_BUILT, "yes");
  await install(tools, opened, { sandbox: true, provider: SAMPLE_PROVIDER });
  await fillSample(tools, {});
  await remember(db, ...HALF_BUILT, null);
}

async function serve(tools: Tools, app: App, options: ServeOptions, say = plain(tools, app)): Promise<void> {
  const { io } = tools;
  // A person in front of the terminal reads the greeting; each request as a line of JSON would push it away.
  const quiet = io.host.isTerminal && app.config.log_level === "info";
  const log = makeLog(io.host, quiet ? "warn" : app.config.log_level);
  const metrics = makeMetrics(app.engine);
  const gateways = app.gateways();
  const motor = await startMotor({ url: app.url, log });
  app.engine.wake = (trx, wake) => motor.wake(trx, wake);
  let state: "starting" | "working" | "stopping" = "starting";
  const takesWork = (): void => {
    if (state === "starting") state = "working";
  };
  const { mode } = app.provider;
  const upkeep = await startUpkeep({ engine: app.engine, mode, sandboxClock: app.sandboxClock, log, files: app.proofs().files });
  // The engine as the motor wakes it: a payment taken in is carried out at once.
  const charger = app.provider.mode === "sandbox" || app.config.charges ? app.charger() : null;
  const money = startMoney({ engine: app.engine, gateways, log, charger });
  const rounds = mode === "live" ? startRounds({ engine: app.engine, panels: app.dispatcher.outside.panels, log }) : null;
  const beside = startWhmcs(app, log, io.host.newToken);
  const mail = startMail({ engine: app.engine, ...app.mail(), newToken: io.host.newToken, log });
  const hooks = startWebhooks({ ...app.webhooks(), newToken: io.host.newToken, log });
  const coming = startComing({ engine: app.engine, newToken: io.host.newToken, log });
  let api: Api | null = null;
  let staff: OpenedConsole | null = null;
  let working = Promise.resolve();
  try {
    if (options.worker !== true) {
      const proofs = (): ReturnType<App["proofs"]> => app.proofs();
      staff = await openConsole(app, io.host, { gateways, version: version() });
      const console = staff.options;
      const mailer = app.dispatcher.outside.mailers.get("email") ?? null;
      const portal = { links: app.links, newSecret: io.host.newSecret, mailer, url: app.config.portal_url ?? null };
      const parts = {
        engine: app.engine,
        console,
        intake: money.intake,
        beside: beside?.hooks ?? null,
        charger,
        proofs,
        portal,
        panels: [...app.dispatcher.outside.panels.keys()],
        mode,
        metrics,
        motor: () => state,
      };
      api = await buildApi({ ...parts, version: version(), log, newToken: io.host.newToken });
      await listen(api, options.host ?? app.config.host, options.port ?? app.config.port);
    }
    const onTally: Parameters<typeof motor.work>[1]["onTally"] = (tally) => {
      takesWork();
      metrics.count(tally);
    };
    working = motor
      .work(app.dispatcher, { parallel: JOBS, onTally })
      .then(takesWork)
      .catch((error: unknown) => log.error({ err: error }, "motor"));
    await say(addressOf(api), api === null ? null : await firstLink(app.engine, io.host));
    log.info({ mode, worker: api === null }, "working");
    const why = await Promise.race([io.host.untilStopped(), upkeep.gone.then(() => "gone")]);
    if (why === "gone") io.line(welcomeTexts(io.lang).gone);
    log.info({ why }, "stopping");
  } finally {
    state = "stopping";
    await inTime(async () => {
      await api?.close();
      await staff?.close();
      await upkeep.stop();
      await money.stop();
      await beside?.stop();
      await mail.stop();
      await hooks.stop();
      await rounds?.stop();
      await coming.stop();
      await motor.stop();
      await working;
    });
  }
  log.info({}, "stopped");
}

/** The kernel's deadline keeps no process alive, as a timer would. */
async function inTime(work: () => Promise<void>): Promise<void> {
  const late = deadline(STOP_MS);
  await Promise.race([work(), new Promise<void>((resolve) => late.addEventListener("abort", () => resolve()))]);
}

const WHY_NOT: Readonly<Record<string, InEach>> = {
  EADDRINUSE: inEach("another program has it", "outro programa a ocupa"),
  EACCES: inEach("this user may not", "este usuário não tem permissão"),
};

async function listen(api: Api, host: string, listenOn: number): Promise<void> {
  try {
    await api.listen({ host, port: listenOn });
  } catch (error) {
    const { code } = error as { code?: unknown };
    const why = WHY_NOT[String(code)] ?? null;
    if (why === null && code !== "EADDRNOTAVAIL" && code !== "ENOTFOUND") throw error;
    const said = why ?? inEach("this machine has no such address", "esta máquina não tem esse endereço");
    throw new ReguaError("address_in_use", { host, port: listenOn, why: said }, { cause: error });
  }
}

function addressOf(api: Api | null): string | null {
  const [found] = api?.addresses() ?? [];
  if (!found || typeof found === "string") return null;
  return `http://${found.family === "IPv6" ? `[${found.address}]` : found.address}:${found.port}`;
}

function plain({ io }: Tools, app: App): (address: string | null, first: string | null) => Promise<void> {
  const texts = welcomeTexts(io.lang);
  return async (address, first) => {
    io.result({ mode: app.provider.mode, address, console: first }, () =>
      [banner(app), ...(address === null ? [texts.working] : [texts.listening(address), ...texts.console(address, first)])].join("\n"),
    );
  };
}

function version(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
