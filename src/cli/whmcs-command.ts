// whmcs add | test | sync | status | tickets: the WHMCS beside us tried, written with its secrets sealed, read now, and how we stand with it.
import type { Command } from "commander";
import { WHMCS_SECRETS, whmcsSettings } from "../adapters/whmcs/settings.ts";
import { customerTickets } from "../engine/billing-tickets.ts";
import { WHMCS } from "../engine/billing-rows.ts";
import { syncBilling } from "../jobs/beside/sync.ts";
import { workTasks } from "../jobs/beside/tasks.ts";
import { ReguaError } from "../kernel/errors.ts";
import { beginAgain } from "../store/billing.ts";
import { besideCounts } from "../store/billing-views.ts";
import { oneLine } from "../words/clean.ts";
import { outsideIn } from "../words/inserts.ts";
import type { App } from "./app.ts";
import { banner } from "./banner.ts";
import { checkSettings, editConfig, loadFor, readSettings } from "./config-file.ts";
import type { Progress } from "./io.ts";
import { besideOf } from "./beside.ts";
import { whmcsPanel } from "./open-whmcs.ts";
import { testWhmcs, tried } from "./test-whmcs.ts";
import { ensureKey, keyFile, sealFor } from "./secrets.ts";
import { wrap } from "./table.ts";
import type { Run, Tools } from "./tools.ts";
import { whmcsStatus } from "./whmcs-status.ts";

export function whmcsCommands(program: Command, run: Run): void {
  const whmcs = program.command("whmcs").description("The WHMCS that this installation stands beside: docs/whmcs.md.");
  whmcs
    .command("add")
    .argument("<file>", "its settings as YAML, or - to read them from standard input, so that no key is on a command line")
    .description("Try the settings, and write them into the configuration, secrets sealed, when WHMCS answers.")
    .option("--fingerprint <sha256>", "believe this certificate, and no other: for one that nobody vouches for")
    .option("--replace", "a WHMCS is set up: take the new settings for it")
    .option("--untested", "write them without trying")
    .addHelpText(
      "after",
      "\nExample:\n  regua whmcs add whmcs.yaml\nEvery setting: regua config check --all; the whole path: docs/whmcs.md",
    )
    .action(run((tools, file: string, options: AddOptions) => add(tools, file, options)));
  whmcs
    .command("test")
    .description(
      "Whether WHMCS answers with the least privilege that is needed. Nothing is changed there; one that refused our key is asked again.",
    )
    .addHelpText("after", "\nExample:\n  regua whmcs test")
    .action(run(async (tools) => tools.withApp((app) => test(tools, app))));
  whmcs
    .command("sync")
    .description(
      "Read what there is now, the first time everything, and write there what is to be written. Cut off, it goes on where it stopped.",
    )
    .option("--all", "read everything again, from the first client on")
    .option("--write", "write there what is to be written, as `regua serve` does: payments, suspensions held off, answers")
    .addHelpText("after", "\nExamples:\n  regua whmcs sync\n  regua whmcs sync --all\n  regua whmcs sync --write")
    .action(run(async (tools, options: SyncFlags) => tools.withApp((app) => sync(tools, app, options))));
  whmcs
    .command("status")
    .description("How far WHMCS was read, what could not be read or written, and where it is about to suspend what we keep up.")
    .addHelpText("after", "\nExample:\n  regua whmcs status")
    .action(run(async (tools) => tools.withApp((app) => whmcsStatus(tools, app))));
  whmcs
    .command("tickets")
    .argument("<customer>", "the customer's number")
    .description("A customer's tickets in WHMCS, as far as they were read, the newest first.")
    .addHelpText("after", "\nExample:\n  regua whmcs tickets 1042")
    .action(run(async (tools, customer: string) => tools.withApp((app) => tickets(tools, app, customer))));
}

interface AddOptions {
  fingerprint?: string;
  replace?: boolean;
  untested?: boolean;
}

async function add(tools: Tools, file: string, { fingerprint, replace, untested }: AddOptions): Promise<void> {
  const { io } = tools;
  const loaded = loadFor(tools);
  if (loaded.config.whmcs && !replace) throw new ReguaError("whmcs_there_already");
  const read = readSettings(tools, file);
  const written = fingerprint === undefined || typeof read !== "object" ? read : { ...read, fingerprint };
  const settings = checkSettings(whmcsSettings, written, file);
  const detail = untested ? null : await tried(settings, loaded.dataDir, whmcsPanel(settings, loaded.dataDir)?.panel ?? null);
  const key = ensureKey(io.host, loaded.dataDir);
  const sealed = Object.fromEntries(
    Object.entries(written as Record<string, unknown>).map(([field, value]) => [
      field,
      WHMCS_SECRETS.has(field) && typeof value === "string" ? sealFor(io.host, key, `whmcs.${field}`, value) : value,
    ]),
  );
  const target = editConfig(tools, loaded, (document) => document.setIn(["whmcs"], document.createNode(sealed)));
  io.result({ acts: settings.acts, file: target, detail }, () =>
    io.lang === "en"
      ? [
          detail ?? "Not tried yet: `regua whmcs test` does it.",
          `WHMCS is in ${target}, its secrets sealed under the key in ${keyFile(loaded.dataDir)} (keep a copy of that file elsewhere).`,
          "Next: `regua whmcs sync` reads it; nothing leaves before `regua serve` runs. `regua rehearse` says what would.",
        ].join("\n")
      : [
          detail ?? "Ainda não testado: `regua whmcs test` faz isso.",
          `O WHMCS está em ${target}, com os segredos lacrados pela chave de ${keyFile(loaded.dataDir)} (guarde uma cópia desse arquivo em outro lugar).`,
          "Em seguida: `regua whmcs sync` faz a leitura; nada sai antes de `regua serve`. `regua rehearse` diz o que sairia.",
        ].join("\n"),
  );
}

async function test({ io }: Tools, app: App): Promise<void> {
  const detail = await testWhmcs(app);
  io.result({ answers: true, detail }, () => `✓ ${detail}`);
}

interface SyncFlags {
  all?: boolean;
  write?: boolean;
}

async function sync({ io }: Tools, app: App, { all, write }: SyncFlags): Promise<void> {
  const beside = besideOf(app);
  const { db } = app.database;
  if (all) await beginAgain(db, WHMCS, app.engine.motorClock.now());
  const log = { info: () => undefined, error: () => undefined };
  const { newToken } = io.host;
  const bar: { phase: string; progress: Progress | null } = { phase: "", progress: null };
  const synced = await syncBilling({
    ...beside,
    log,
    newToken,
    hurry: true,
    onProgress: ({ phase, done, total }) => {
      if (bar.phase !== phase) {
        bar.progress?.stop();
        Object.assign(bar, { phase, progress: io.progress(phase, total) });
      }
      bar.progress?.update(done);
    },
  }).finally(() => bar.progress?.stop());
  if (synced.state === "busy") throw new ReguaError("whmcs_busy");
  if (synced.state === "failed") throw new ReguaError("whmcs_not_reached", { reason: outsideIn(synced.reason) });
  const written = write ? await workTasks({ ...beside, log, newToken }) : 0;
  const counts = Object.fromEntries((await besideCounts(db)).map(({ kind, rows }) => [kind, rows]));
  const { client = 0, service = 0, invoice = 0 } = counts;
  io.result({ clients: client, services: service, invoices: invoice, written }, () =>
    [
      banner(app),
      ...wrap(
        io.lang === "en"
          ? `Read: ${client} clients, ${service} services, ${invoice} invoices are known here.${write ? ` ${written} things were to be written in WHMCS.` : ""}`
          : `Leitura feita: ${client} clientes, ${service} serviços e ${invoice} faturas conhecidos aqui.${write ? ` ${written} registros a gravar no WHMCS.` : ""}`,
        "",
      ),
    ].join("\n"),
  );
}

async function tickets({ io }: Tools, app: App, customer: string): Promise<void> {
  const kept = await customerTickets(app.engine, customer);
  io.result({ customer, tickets: kept }, () =>
    [
      banner(app),
      ...(kept.length === 0 ? [io.lang === "en" ? "No ticket was read." : "Nenhum chamado foi lido."] : []),
      ...kept.flatMap(({ number, subject, state, messages }) => [
        "",
        `#${number} · ${oneLine(subject, 80)} · ${state}`,
        ...messages.flatMap(({ author, name, writtenAt, text }) => [
          `  ${writtenAt} · ${oneLine(name, 40)} (${author})`,
          ...text.split("\n").flatMap((line) => wrap(line, "    ")),
        ]),
      ]),
    ].join("\n"),
  );
}
