// doctor: what is well and what needs a person, each with a cure; config check: what holds and where it came from.
import { existsSync } from "node:fs";
import type { Command } from "commander";
import { ReguaError } from "../kernel/errors.ts";
import { serverHealth } from "../store/health.ts";
import { appOf, openData, type App, type Opened } from "./app.ts";
import { banner } from "./banner.ts";
import { chargesCheck } from "./doctor-charges.ts";
import { loadConfig, type Loaded } from "./config.ts";
import {
  attempt,
  evidenceCheck,
  failure,
  faultCheck,
  mailCheck,
  outboxChecks,
  policyCheck,
  providerCheck,
  refusal,
} from "./doctor-installation.ts";
import { panelChecks } from "./doctor-panels.ts";
import { webhookChecks } from "./doctor-webhooks.ts";
import { whmcsChecks } from "./doctor-whmcs.ts";
import { configCheck, diskCheck, folderCheck, nodeCheck, rightsCheck, serverChecks } from "./doctor-machine.ts";
import { mailInChecks } from "./doctor-mail.ts";
import { moneyChecks } from "./doctor-money.ts";
import { proofChecks } from "./doctor-proofs.ts";
import { person, sayChecks, sayIn, unchecked, type Check, type Say } from "./doctor-report.ts";
import type { Run, Tools } from "./tools.ts";

interface DoctorOptions {
  deep?: boolean;
}

export function doctorCommands(program: Command, run: Run): void {
  program
    .command("doctor")
    .description("Check everything this installation rests on. Exit 1 when something needs a person.")
    .option("--deep", "verify the whole evidence, not a sample")
    .addHelpText("after", "\nExamples:\n  regua doctor\n  regua doctor --deep --json\nMarks: ✓ well · ! worth knowing · ✗ needs a person")
    .action(run((tools, options: DoctorOptions) => doctor(tools, options)));
}

/** What was found, and the line that tells a rehearsal from reality; null before there is an installation. */
interface Examined {
  checks: Check[];
  head: string | null;
  mode: "sandbox" | "live" | null;
}

async function doctor(tools: Tools, options: DoctorOptions): Promise<void> {
  const { io } = tools;
  const say = sayIn(io.lang);
  const { checks, head, mode } = await examine(tools, options, say);
  const waiting = checks.filter((each) => each.verdict === "person").length;
  io.result({ mode, ok: waiting === 0, checks }, () => [...(head === null ? [] : [head, ""]), sayChecks(checks, say)].join("\n"));
  if (waiting > 0) throw new ReguaError("doctor_found", { count: waiting, checks: checks.length });
}

async function examine(tools: Tools, options: DoctorOptions, say: Say): Promise<Examined> {
  const { host } = tools.io;
  const checks: Check[] = [nodeCheck(process.versions.node, say)];
  let loaded: Loaded | null = null;
  checks.push(
    ...(await attempt("config", say, () => {
      loaded = loadConfig(host.env, host.cwd, tools.options);
      return Promise.resolve(configCheck(loaded, say));
    })),
  );
  const config = loaded as Loaded | null;
  if (config === null) {
    checks.push(
      unchecked(
        "database",
        say("The rest was not checked: it needs the configuration.", "O resto não foi verificado: depende da configuração."),
      ),
    );
    return { checks, head: null, mode: null };
  }
  checks.push(folderCheck(config, say), ...diskCheck(config.dataDir, say));
  // Looking must not make a database where there is none.
  if (config.config.database_url === undefined && !existsSync(config.dataDir)) return { checks, head: null, mode: null };
  let opened: Opened;
  try {
    opened = await openData(host, tools.options);
  } catch (error) {
    checks.push(databaseFailure(error, say));
    return { checks, head: null, mode: null };
  }
  return examineOpened(tools, options, opened, checks, say);
}

function databaseFailure(error: unknown, say: Say): Check {
  if (error instanceof ReguaError) return refusal("database", error, say);
  // node-postgres tries each address of a name, and its error for all of them has no message of its own.
  const each = error instanceof AggregateError ? (error.errors as unknown[]) : [error];
  const why = each.map((one) => (one instanceof Error ? one.message : String(one))).join("; ");
  return person(
    "database",
    say(`The database does not answer: ${why}`, `O banco de dados não responde: ${why}`),
    say("Check that the server runs and that DATABASE_URL is right.", "Veja se o servidor está rodando e se DATABASE_URL está certa."),
  );
}

async function examineOpened(tools: Tools, options: DoctorOptions, opened: Opened, before: readonly Check[], say: Say): Promise<Examined> {
  const { host } = tools.io;
  const checks = [...before];
  let app: App | null = null;
  try {
    checks.push(
      ...(await attempt("database", say, async () => {
        const server = await serverHealth(opened.url, host.now);
        return [...serverChecks(server, opened.server !== null, say), await rightsCheck(opened.database.db, server, say)];
      })),
    );
    try {
      app = await appOf(host, opened);
    } catch (error) {
      const early = error instanceof ReguaError && error.code === "not_initialised";
      checks.push(failure(early ? "provider" : "config", error, say));
      checks.push(unchecked("installation", say("The rest was not checked: it needs that.", "O resto não foi verificado: depende disso.")));
      return { checks, head: null, mode: null };
    }
    checks.push(...(await examineApp(tools, options, app, say)));
    return { checks, head: banner(app), mode: app.provider.mode };
  } finally {
    await (app ?? opened).close();
  }
}

async function proofsCheck(app: App, say: Say): Promise<Check[]> {
  const { policy } = await app.engine.settings.load(app.engine.db, app.engine.clock.now());
  return proofChecks(app.proofs(), policy.doc.claims.accept, say);
}

async function examineApp({ io }: Tools, options: DoctorOptions, app: App, say: Say): Promise<Check[]> {
  const works: [string, () => Promise<Check | Check[]>][] = [
    ["provider", () => Promise.resolve(providerCheck(app, say))],
    ["policy", () => policyCheck(app, say)],
    ["mail", () => mailCheck(app, say)],
    ["mail_in", () => mailInChecks(app, say)],
    ["panel", () => panelChecks(app, say)],
    ["whmcs", () => whmcsChecks(app, say)],
    ["webhooks", () => webhookChecks(app, say)],
    ["proofs", () => proofsCheck(app, say)],
    ["money", () => moneyChecks(app, say)],
    ["charges", () => chargesCheck(app, say)],
    ["outbox", () => outboxChecks(app, say)],
    ["faults", () => faultCheck(app, say)],
  ];
  const progress = io.progress(say("Checking", "Verificando"), works.length);
  const checks: Check[] = [];
  try {
    for (const [i, [name, work]] of works.entries()) {
      progress.update(i, name);
      checks.push(...(await attempt(name, say, work)));
    }
  } finally {
    progress.stop();
  }
  // Last, and with a bar of its own: with --deep it reads everything.
  return [...checks, ...(await attempt("evidence", say, () => evidenceCheck(app, io, options.deep === true, say)))];
}
