// panels reconcile | differences: what the panels hold beside what should be, told, and repaired where it is ours to repair.
import type { Command } from "commander";
import { emptyTally } from "../engine/evaluate.ts";
import { dispatch } from "../jobs/dispatch.ts";
import { reconcilePanels, rehearseRound } from "../jobs/reconcile.ts";
import { inEach, ReguaError } from "../kernel/errors.ts";
import { DAY_MS, HOUR_MS, formatInstant } from "../kernel/time.ts";
import { dueNow, listDifferences, type DifferenceKind } from "../store/panel-rounds.ts";
import type { App } from "./app.ts";
import { banner } from "./banner.ts";
import { makeLog } from "./log.ts";
import { table, wrap } from "./table.ts";
import type { Run, Tools } from "./tools.ts";

const SHOWN_MAX = 1_000;

export function reconcileCommands(panels: Command, run: Run): void {
  panels
    .command("reconcile")
    .argument("[name]", "only this panel")
    .description(
      "Compare every account with what it should be, now; repair what is ours. What another party suspended is told, never opened.",
    )
    .option("--dry-run", "read and tell; write and repair nothing")
    .addHelpText("after", "\nExamples:\n  regua panels reconcile --dry-run\n  regua panels reconcile web1")
    .action(
      run(async (tools, name: string | undefined, options: { dryRun?: boolean }) =>
        tools.withApp((app) => reconcile(tools, app, name, options.dryRun === true)),
      ),
    );
  panels
    .command("differences")
    .argument("[name]", "only this panel")
    .description("Accounts that are not as they should be, each with its cause and since when.")
    .option("--ended", "those that have ended too")
    .addHelpText("after", "\nExample:\n  regua panels differences --ended")
    .action(
      run(async (tools, name: string | undefined, options: { ended?: boolean }) =>
        tools.withApp((app) => differences(tools, app, name, options.ended === true)),
      ),
    );
}

function chosenOf(app: App, name: string | undefined): Map<string, Parameters<typeof rehearseRound>[2]> {
  const { panels } = app.dispatcher.outside;
  const chosen = new Map([...panels].filter(([one]) => name === undefined || one === name));
  if (name !== undefined && chosen.size === 0)
    throw new ReguaError("panel_unknown", { value: name, names: [...panels.keys()].join(", ") || inEach("none", "nenhum") });
  return chosen;
}

async function reconcile(tools: Tools, app: App, name: string | undefined, dryRun: boolean): Promise<void> {
  const { io } = tools;
  const chosen = chosenOf(app, name);
  const options = { engine: app.engine, panels: chosen, log: makeLog(io.host, "error") };
  if (dryRun) return rehearse(tools, app, options);
  for (const panel of chosen.keys()) await dueNow(app.database.db, panel, app.engine.motorClock.now());
  await reconcilePanels(options);
  const moved = await dispatch(app.dispatcher, { tally: emptyTally() });
  const found = await listDifferences(app.database.db, { panel: name ?? null, ended: false, limit: SHOWN_MAX });
  const { suspended, reactivated } = moved;
  io.result({ suspended, reactivated, differences: forMachines(found) }, () =>
    [
      banner(app),
      io.lang === "en"
        ? `Repaired: ${suspended} suspended, ${reactivated} reactivated.`
        : `Corrigido: ${suspended} suspensos, ${reactivated} reativados.`,
      ...sayDifferences(tools, app, found),
    ].join("\n"),
  );
}

async function rehearse({ io }: Tools, app: App, options: Parameters<typeof rehearseRound>[0]): Promise<void> {
  const en = io.lang === "en";
  const rows: { panel: string; account: string; service: string; kind: string; cause: string; would: string }[] = [];
  let read = 0;
  for (const [name, panel] of options.panels) {
    const bar = io.progress(en ? `Reading ${name}` : `Lendo ${name}`, 0);
    const found = await rehearseRound(options, name, panel, (count) => bar.update(count));
    bar.stop();
    read += found.length;
    for (const { service, comparison, unread } of found) {
      const kind = comparison?.difference?.kind ?? (unread === null ? null : "unread");
      if (kind === null) continue;
      const would = service.busy ? "call_under_way" : (comparison?.repair ?? "nothing");
      rows.push({
        panel: name,
        account: service.account,
        service: service.ref,
        kind,
        cause: comparison?.difference?.cause ?? unread ?? "",
        would,
      });
    }
  }
  const woulds: Readonly<Record<string, string>> = en
    ? {
        suspend: "suspend, when the calendar allows",
        unsuspend: "reactivate at once",
        nothing: "nothing: a person looks",
        call_under_way: "nothing: a call is under way",
      }
    : {
        suspend: "suspender, quando o calendário permitir",
        unsuspend: "reativar na hora",
        nothing: "nada: uma pessoa olha",
        call_under_way: "nada: há uma chamada em andamento",
      };
  io.result({ read, found: rows }, () =>
    [
      banner(app),
      en
        ? `${read} accounts read; ${rows.length} differ. Nothing was written.`
        : `${read} contas lidas; ${rows.length} diferem. Nada foi gravado.`,
      ...rows.flatMap((row) => [
        `${row.panel}/${row.account}  ${row.service}: ${sayKind(row.kind as DifferenceKind, en)}`,
        ...wrap(`${row.cause} → ${woulds[row.would] ?? row.would}`, "    "),
      ]),
    ].join("\n"),
  );
}

async function differences(tools: Tools, app: App, name: string | undefined, ended: boolean): Promise<void> {
  chosenOf(app, name);
  const found = await listDifferences(app.database.db, { panel: name ?? null, ended, limit: SHOWN_MAX });
  tools.io.result({ differences: forMachines(found) }, () => [banner(app), ...sayDifferences(tools, app, found)].join("\n"));
}

type Found = Awaited<ReturnType<typeof listDifferences>>;

const forMachines = (found: Found): unknown[] =>
  found.map((each) => ({
    ...each,
    foundAt: formatInstant(each.foundAt),
    seenAt: formatInstant(each.seenAt),
    endedAt: each.endedAt === null ? null : formatInstant(each.endedAt),
  }));

function sayDifferences({ io }: Tools, app: App, found: Found): string[] {
  const en = io.lang === "en";
  if (found.length === 0) return [en ? "Every account that was read is as it should be." : "Toda conta que foi lida está como deveria."];
  const now = app.engine.clock.now();
  return table(
    (en ? ["Panel", "Account", "Service", "Found", "For", "Cause"] : ["Painel", "Conta", "Serviço", "Achado", "Há", "Causa"]).map(
      (head, i) => ({ head, shrinks: i === 5 || i === 1 }),
    ),
    found.map((each) => [
      each.panel,
      each.account,
      each.serviceRef,
      sayKind(each.kind, en),
      sayAge((each.endedAt ?? now) - each.foundAt) + (each.endedAt === null ? "" : en ? ", ended" : ", encerrado"),
      each.cause,
    ]),
  );
}

function sayKind(kind: DifferenceKind, en: boolean): string {
  const texts: Readonly<Record<DifferenceKind, readonly [string, string]>> = {
    suspended_by_other: ["suspended by another", "suspensa por outro"],
    open_though_suspended: ["open, should be suspended", "aberta, deveria estar suspensa"],
    down_though_active: ["down, should be up", "fora do ar, deveria estar no ar"],
    absent: ["not on the panel", "não está no painel"],
    unread: ["could not be read", "não pôde ser lida"],
  };
  return texts[kind][en ? 0 : 1];
}

const sayAge = (ms: number): string =>
  ms < HOUR_MS ? `${Math.floor(ms / 60_000)} min` : ms < 2 * DAY_MS ? `${Math.floor(ms / HOUR_MS)} h` : `${Math.floor(ms / DAY_MS)} d`;
