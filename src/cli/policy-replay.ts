// policy replay: a changed policy on the provider's own past, beside the one in force.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { InvalidArgumentError, Option, type Command } from "commander";
import { REPLAY_DAYS_MAX, REPLAY_MAX, replayAll, type Payers, type ReplayPiece } from "../engine/replay.ts";
import type { CustomerSide } from "../engine/replay-tally.ts";
import { inEach, ReguaError } from "../kernel/errors.ts";
import { formatDay } from "../kernel/time.ts";
import { presetNames, presetText } from "../policy/read.ts";
import { policySource } from "../store/policies.ts";
import { replayTexts } from "../words/replay.ts";
import type { App } from "./app.ts";
import { banner } from "./banner.ts";
import { Voice } from "./say.ts";
import { table, wrap } from "./table.ts";
import type { Run, Tools } from "./tools.ts";

interface ReplayOptions {
  days: number;
  payers: Payers;
  most: number;
}

export function replayCommand(policy: Command, run: Run): void {
  policy
    .command("replay")
    .description("A changed policy on your own past, beside the one in force: messages, suspensions, days down, money. Changes nothing.")
    .argument("<file|preset|name>", "a file, a preset, or a stored policy")
    .option("--days <n>", "so many days back, up to yesterday", whole(REPLAY_DAYS_MAX), 90)
    .addOption(
      new Option("--payers <how>", "people pay when they paid, or as long after the step they answered")
        .choices(["as_they_did", "answering"])
        .default("as_they_did"),
    )
    .option("--most <n>", "customers at most; of a larger base an even sample is taken", whole(1_000_000), REPLAY_MAX)
    .addHelpText(
      "after",
      "\nExamples:\n  regua policy replay my-policy.yaml\n  regua policy replay my-policy.yaml --days 180 --payers answering --json",
    )
    .action(run(async (tools, name: string, options: ReplayOptions) => tools.withApp((app) => replayed(tools, app, name, options))));
}

function whole(most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < 1 || value > most) throw new InvalidArgumentError(`Give a whole number from 1 to ${most}.`);
    return value;
  };
}

async function replayed(tools: Tools, app: App, name: string, options: ReplayOptions): Promise<void> {
  const { io } = tools;
  const source = await sourceOf(tools, app, name);
  let bar: ReturnType<typeof io.progress> | null = null;
  try {
    const found = await replayAll(app.engine, { source, ...options }, (done, total) => {
      bar ??= io.progress(inEach("Replaying", "Reprisando")[io.lang], total);
      bar.update(done);
    });
    const now = app.clock.now();
    const voice = new Voice(io.lang, await app.engine.settings.load(app.database.db, now), now);
    const { next: _, from, through, ...value } = found;
    const assumptions = replayTexts(io.lang).assumed(options.payers);
    io.result({ ...value, fromDay: formatDay(from), throughDay: formatDay(through), assumptions }, () =>
      [banner(app), ...page(found, assumptions, voice)].join("\n"),
    );
  } finally {
    (bar as ReturnType<typeof io.progress> | null)?.stop();
  }
}

/** @throws ReguaError `file_unreadable` */
async function sourceOf({ io }: Tools, app: App, name: string): Promise<string> {
  if (presetNames().includes(name)) return presetText(name);
  const stored = await policySource(app.database.db, name);
  if (stored) return stored.source;
  try {
    return readFileSync(resolve(io.host.cwd, name), "utf8");
  } catch (error) {
    throw new ReguaError(
      "file_unreadable",
      { file: name, why: inEach("it is no file, no preset and no stored policy", "não é arquivo, política pronta nem política guardada") },
      { cause: error },
    );
  }
}

function page(found: ReplayPiece, assumptions: readonly string[], voice: Voice): string[] {
  const texts = replayTexts(voice.lang);
  const { present, changed } = found.sides;
  const days = (value: number): string => value.toLocaleString(voice.lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const side = (each: CustomerSide): string => texts.down(each.suspensions, days(each.daysDown));
  const row = (label: string, of: (side: typeof present) => string): string[] => [label, of(present), of(changed)];
  return [
    ...wrap(texts.title(voice.day(found.from), voice.day(found.through)), ""),
    ...assumptions.flatMap((text) => wrap(`- ${text}`, "  ")),
    "",
    ...table(
      [{ head: "" }, { head: texts.present, right: true }, { head: texts.changed, right: true }],
      [
        ["", found.present, found.changed],
        row(texts.rows.messages, (each) => String(each.messages)),
        ...[...new Set([...Object.keys(present.notices), ...Object.keys(changed.notices)])].map((step) =>
          row(`  ${voice.step(step)}`, (each) => String(each.notices[step] ?? 0)),
        ),
        row(texts.rows.suspensions, (each) => String(each.suspensions)),
        row(texts.rows.releases, (each) => String(each.releases)),
        row(texts.rows.customersDown, (each) => String(each.customersDown)),
        row(texts.rows.daysDown, (each) => days(each.daysDown)),
        row(texts.rows.persons, (each) => String(each.persons)),
        row(texts.rows.received, (each) => voice.money(each.receivedCents)),
        row(texts.rows.receivedWhileDown, (each) => voice.money(each.receivedWhileDownCents)),
      ],
    ),
    "",
    texts.looked(found.looked, found.base),
    texts.real(found.real.messages, found.real.suspensions),
    ...(found.differing.length === 0 ? [texts.nobody] : ["", texts.differing(found.differingCount)]),
    ...found.differing
      .slice(0, 20)
      .flatMap((each) =>
        wrap(`  ${texts.row(voice.line(each.customer), voice.line(each.name), side(each.present), side(each.changed))}`, ""),
      ),
    ...(found.faults.length === 0
      ? []
      : ["", texts.faults(found.faults.length), ...found.faults.map((each) => `  ${each.customer}: ${each.fault}`)]),
  ];
}
