// The section of docs/PROMISE.md with the figures of the last full run: read from what the runs printed with --json, said in plain words.
import { z } from "zod";
import { inWords } from "./figures-words.ts";

export const BEGIN = "<!-- figures: begin. Written by `node sim/figures.ts`; what is changed here by hand is lost. -->";
export const END = "<!-- figures: end -->";

const count = z.number().int().nonnegative();
const violation = z.looseObject({ invariant: z.string().min(1), text: z.string() });

const rangeSchema = z.looseObject({
  /** The first seed of the range, where the run said it. */
  first: count.optional(),
  seeds: count.min(1),
  serviceDays: count,
  faults: z.record(z.string(), count),
  crashes: count,
  notices: count,
  suspensions: count,
  violations: z.array(violation.extend({ seed: count })),
  /** What seeds and people brought with them; kinds that the run never met. */
  occasions: z.record(z.string(), count).default({}),
  neverDrawn: z.array(z.string()).default([]),
  minutes: z.number().nonnegative(),
  commit: z.string().min(7).nullable().optional(),
});

const mutantsSchema = z
  .array(
    z.looseObject({
      mutant: z.string().min(1),
      caught: z.boolean(),
      seed: count.nullable(),
      /** "known seed": it was tried first, and says nothing of the first seed that would show it. */
      found: z.string().nullable().optional(),
      breaks: z.array(z.string()).min(1),
      /** Kinds of fault of which its histories had as many as may be. */
      needs: z.array(z.string()).optional(),
      seeds: count,
      seconds: z.number().nonnegative(),
    }),
  )
  .min(1);

const chaosSchema = z.looseObject({
  minutes: z.number().positive(),
  processes: count,
  kills: count,
  stops: count,
  stopsPastLease: count,
  backendsTerminated: count,
  postgresRestarts: count,
  mailsAccepted: count,
  mailsRepeated: count,
  panelCalls: count,
  payments: count,
  notices: count,
  suspensions: count,
  secondsToConverge: z.number().nonnegative().nullable(),
  violations: z.array(violation),
});

const worldsSchema = z.looseObject({
  worlds: count.min(1),
  pairs: count,
  suspensions: count,
  breaches: z.array(z.string()),
  seconds: z.number(),
});

const KINDS = {
  ranges: { schema: rangeSchema, mark: "serviceDays", command: "npm run sim -- --seeds N --json" },
  mutants: { schema: mutantsSchema, mark: null, command: "npm run sim -- --mutant all --json" },
  chaos: { schema: chaosSchema, mark: "kills", command: "npm run chaos -- --minutes M --json" },
  worlds: { schema: worldsSchema, mark: "worlds", command: "node sim/worlds.ts --json" },
} as const;
type Kind = keyof typeof KINDS;

/** What the runs of all kinds came to. */
export interface Runs {
  ranges: z.infer<typeof rangeSchema>[];
  mutants: z.infer<typeof mutantsSchema>[];
  chaos: z.infer<typeof chaosSchema>[];
  worlds: z.infer<typeof worldsSchema>[];
}

/** Said to whoever runs the command; nothing was written. */
export class FiguresRefused extends Error {
  override name = "FiguresRefused";
}

/** Reads what runs printed, a file each; every kind of run must be there. @throws FiguresRefused with the file and what is wrong with it */
export function readRuns(files: readonly { name: string; text: string }[]): Runs {
  const runs: Runs = { ranges: [], mutants: [], chaos: [], worlds: [] };
  for (const { name, text } of files) {
    const value = jsonOf(name, text);
    const kind = kindOf(name, value);
    const read = KINDS[kind].schema.safeParse(value);
    if (!read.success) {
      const [issue] = read.error.issues;
      throw new FiguresRefused(
        `${name}: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "unreadable"}. It should be what \`${KINDS[kind].command}\` prints.`,
      );
    }
    (runs[kind] as unknown[]).push(read.data);
  }
  for (const kind of Object.keys(KINDS) as Kind[])
    if (runs[kind].length === 0)
      throw new FiguresRefused(`No file holds what \`${KINDS[kind].command}\` prints. The figures are published whole or not at all.`);
  for (const kind of ["mutants", "worlds"] as const)
    if (runs[kind].length > 1) throw new FiguresRefused(`Two files hold what \`${KINDS[kind].command}\` prints: which one counts?`);
  refuseOverlap(runs.ranges);
  return runs;
}

function jsonOf(name: string, text: string): unknown {
  if (text.trim() === "") throw new FiguresRefused(`${name} is empty: the run it was to hold did not end, or printed elsewhere.`);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new FiguresRefused(`${name} is not JSON: run the command with --json, and keep its standard output only.`);
  }
}

function kindOf(name: string, value: unknown): Kind {
  if (Array.isArray(value)) return "mutants";
  for (const kind of Object.keys(KINDS) as Kind[]) {
    const { mark } = KINDS[kind];
    if (mark !== null && value !== null && typeof value === "object" && mark in value) return kind;
  }
  throw new FiguresRefused(
    `${name} is of no known run. Known are: ${Object.values(KINDS)
      .map(({ command }) => `\`${command}\``)
      .join(", ")}.`,
  );
}

/** A seed that is counted twice makes the run look larger than it was. */
function refuseOverlap(ranges: Runs["ranges"]): void {
  const known = ranges
    .flatMap(({ first, seeds }) => (first === undefined ? [] : [{ first, last: first + seeds - 1 }]))
    .sort((a, b) => a.first - b.first);
  for (const [i, range] of known.entries()) {
    const before = known[i - 1];
    if (before && range.first <= before.last)
      throw new FiguresRefused(
        `Seeds ${range.first} to ${Math.min(range.last, before.last)} are in two files: they would be counted twice.`,
      );
  }
}

/** The commit whose ranges these are. @throws FiguresRefused where they are of several, or nobody knows */
export function commitThatRan({ ranges }: Runs): string {
  const [commit, ...others] = new Set(ranges.map((run) => run.commit ?? ""));
  if (others.length > 0)
    throw new FiguresRefused(
      `The ranges ran at ${[commit, ...others].join(", ")}: figures of several commits are no figures. Run them again, or say --commit.`,
    );
  if (!commit) throw new FiguresRefused("No range says at which commit it ran: say it with --commit.");
  return commit;
}

const number = (value: number, digits = 0): string => value.toLocaleString("en-US", { maximumFractionDigits: digits });
const many = (value: number, one: string, more = `${one}s`): string => `${number(value)} ${value === 1 ? one : more}`;

/** The whole section, markers included. */
export function section(runs: Runs, stamp: { date: string; commit: string }): string {
  const parts = [
    BEGIN,
    "",
    "## Figures of the last full run",
    "",
    `${stamp.date}, commit \`${stamp.commit}\`. How to repeat them: [simulator.md](simulator.md).`,
    "",
    simulated(runs.ranges),
    "",
    countTable(
      "fault",
      runs.ranges.map((run) => run.faults),
    ),
    "",
    ...(runs.ranges.some((run) => Object.keys(run.occasions).length > 0)
      ? [
          countTable(
            "occasion",
            runs.ranges.map((run) => run.occasions),
          ),
          "",
        ]
      : []),
    ...unmet(runs.ranges),
    ...mutantLines(runs.mutants.flat()),
    "",
    ...runs.chaos.flatMap((run) => [chaosWords(run), ""]),
    worldsWords(runs.worlds),
    "",
    END,
  ];
  return parts.join("\n");
}

function sum(list: Runs["ranges"], of: (run: Runs["ranges"][number]) => number): number {
  return list.reduce((total, run) => total + of(run), 0);
}

function simulated(ranges: Runs["ranges"]): string {
  const seeds = sum(ranges, (run) => run.seeds);
  const minutes = sum(ranges, (run) => run.minutes);
  const violations = ranges.flatMap((run) => run.violations);
  const spans = ranges.map(({ first, seeds: n }) => (first === undefined ? null : n === 1 ? `${first}` : `${first} to ${first + n - 1}`));
  const which = spans.every((span) => span !== null) ? ` (${spans.join("; ")})` : "";
  const faults = sum(ranges, (run) => Object.values(run.faults).reduce((a, b) => a + b, 0));
  const pace = minutes > 0 ? `, ${number(seeds / minutes)} a minute` : "";
  return [
    `**Simulated histories.** ${many(seeds, "seed")}${which}${pace}: ${number(sum(ranges, (r) => r.serviceDays))} service-days,`,
    `${many(faults, "fault")}, ${many(
      sum(ranges, (r) => r.crashes),
      "crash",
      "crashes",
    )} of a process,`,
    `${many(
      sum(ranges, (r) => r.notices),
      "notice",
    )}, ${many(
      sum(ranges, (r) => r.suspensions),
      "suspension",
    )}.`,
    verdict(violations.map((each) => `${each.invariant} (seed ${each.seed})`)),
  ].join(" ");
}

/** Never silent about a violation: the page says what the runs said. */
function verdict(violations: readonly string[]): string {
  if (violations.length === 0) return "No violation.";
  return `**${many(violations.length, "violation")}**: ${[...new Set(violations)].slice(0, 20).join(", ")}.`;
}

/** How often each kind happened in all ranges, the most frequent first. */
function countTable(title: string, counts: readonly Readonly<Record<string, number>>[]): string {
  const totals = new Map<string, number>();
  for (const each of counts) for (const [kind, n] of Object.entries(each)) totals.set(kind, (totals.get(kind) ?? 0) + n);
  const rows = [...totals].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return [`| ${title} | times |`, "|---|---:|", ...rows.map(([kind, n]) => `| ${inWords(kind)} | ${number(n)} |`)].join("\n");
}

/** What no range met; nothing is known of it. */
function unmet(ranges: Runs["ranges"]): string[] {
  const [first, ...others] = ranges;
  const never = (first?.neverDrawn ?? []).filter((kind) => others.every((run) => run.neverDrawn.includes(kind)));
  return never.length === 0 ? [] : [`Never met in this run: ${never.map(inWords).join(", ")}.`, ""];
}

function mutantLines(mutants: readonly Runs["mutants"][number][number][]): string[] {
  const survivors = mutants.filter((mutant) => !mutant.caught);
  const seconds = mutants.reduce((total, mutant) => total + mutant.seconds, 0);
  const head = `**Planted defects.** ${mutants.length - survivors.length} of ${mutants.length} caught, in ${number(seconds / 60, 1)} minutes of work.`;
  const rest = survivors.length === 0 ? "" : ` **Not caught: ${survivors.map((mutant) => mutant.mutant).join(", ")}.**`;
  return [
    head + rest,
    "",
    "| defect | breaks | first seed that shows it |",
    "|---|---|---:|",
    ...mutants.map(({ mutant, breaks, seed, found, needs = [] }) => {
      const which = seed === null ? "none" : found === "known seed" ? `${seed} (tried first)` : String(seed);
      const shown = needs.length === 0 ? which : `${which}, with more of: ${needs.map(inWords).join("; ")}`;
      return `| ${mutant.replaceAll("-", " ")} | ${breaks.join(", ")} | ${shown} |`;
    }),
  ];
}

function chaosWords(run: Runs["chaos"][number]): string {
  const rest =
    run.secondsToConverge === null
      ? "**It never came to rest.**"
      : `At rest ${number(run.secondsToConverge, 1)} s after the trouble ended.`;
  return [
    `**Chaos.** ${number(run.minutes, 1)} minutes on real processes, PostgreSQL, SMTP and a panel over HTTP: ${many(run.processes, "process", "processes")},`,
    `${many(run.kills, "SIGKILL")}, ${many(run.stops, "stop")} (${number(run.stopsPastLease)} past the lease),`,
    `${many(run.backendsTerminated, "database session")} cut, ${many(run.postgresRestarts, "immediate restart")} of PostgreSQL;`,
    `${many(run.mailsAccepted, "message")} accepted, ${many(run.mailsRepeated, "copy", "copies")} of them after a lost answer, ${many(run.panelCalls, "panel call")}, ${many(run.payments, "payment")},`,
    `${many(run.notices, "notice")}, ${many(run.suspensions, "suspension")}. ${rest}`,
    verdict(run.violations.map((each) => each.invariant)),
  ].join(" ");
}

function worldsWords([run]: Runs["worlds"]): string {
  if (!run) return "";
  const verdictWords =
    run.breaches.length === 0 ? "No breach." : `**${many(run.breaches.length, "breach", "breaches")}**: ${run.breaches[0] ?? ""}`;
  return [
    `**Small worlds, all of them.** ${number(run.worlds)} combinations of facts decided (${number(run.suspensions)} start a suspension), and ${number(run.pairs)} pairs`,
    `compared in which one has more help, or knows less. ${verdictWords}`,
  ].join(" ");
}

/** The page with its section replaced. @throws FiguresRefused when the markers are not there, once each and in order */
export function publish(page: string, text: string): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin || page.indexOf(BEGIN, begin + 1) >= 0 || page.indexOf(END, end + 1) >= 0)
    throw new FiguresRefused(`The page needs these two lines, once each and in this order, where the figures belong:\n${BEGIN}\n${END}`);
  return page.slice(0, begin) + text + page.slice(end + END.length);
}
