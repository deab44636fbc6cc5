// The section of docs/PROMISE.md with the figures of the last full run, said in plain words.
import { FiguresRefused, type Runs } from "./figures-runs.ts";
import { inWords } from "./figures-words.ts";

export const BEGIN = "<!-- figures: begin. Written by `node sim/figures.ts`; what is changed here by hand is lost. -->";
export const END = "<!-- figures: end -->";

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

/** Which seeds they were; ranges that follow one another are said as one. */
function spans(ranges: Runs["ranges"]): string {
  const joined: { first: number; last: number }[] = [];
  for (const { first = 0, seeds } of ranges.toSorted((a, b) => (a.first ?? 0) - (b.first ?? 0))) {
    const before = joined.at(-1);
    if (before?.last === first - 1) before.last += seeds;
    else joined.push({ first, last: first + seeds - 1 });
  }
  return joined.map(({ first, last }) => (first === last ? `${first}` : `${first} to ${last}`)).join("; ");
}

function simulated(ranges: Runs["ranges"]): string {
  const seeds = sum(ranges, (run) => run.seeds);
  const minutes = sum(ranges, (run) => run.minutes);
  const violations = ranges.flatMap((run) => run.violations);
  const which = ranges.every(({ first }) => first !== undefined) ? ` (${spans(ranges)})` : "";
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
