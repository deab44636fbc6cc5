// What a run says: how far it is, each failing seed with its replay, and the figures at the end.
import { KINDS, neverDrawn, type FaultKind, type Occasion } from "./faults.ts";
import type { RunResult } from "./run.ts";
import type { Part } from "./seeds.ts";
import type { Shrunk } from "./shrink.ts";

const HISTORY_LINES = 60;
const BAR_WIDTH = 30;

export interface Failure {
  seed: number;
  violations: readonly { invariant: string; text: string }[];
  /** Lives it again as small as it was made. */
  replay: string;
  history: readonly string[];
}

export interface Total {
  /** The first seed; the others follow it. */
  first: number;
  seeds: number;
  serviceDays: number;
  faults: Partial<Record<FaultKind, number>>;
  /** What seeds and people brought with them. */
  occasions: Partial<Record<Occasion, number>>;
  /** Kinds of which nothing is known, since this run never met them. */
  neverDrawn: (FaultKind | Occasion)[];
  crashes: number;
  notices: number;
  suspensions: number;
  statements: number;
  violations: { seed: number; invariant: string; text: string }[];
  failed: number[];
  failures: Failure[];
  minutes: number;
  seedsPerMinute: number;
  /** Processor seconds of this program, without the database server. */
  cpuPerSeed: number;
  commit: string | null;
}

export function emptyTotal(first: number, commit: string | null): Total {
  const none = { faults: {}, occasions: {}, neverDrawn: [], violations: [], failed: [], failures: [], commit };
  return {
    ...none,
    first,
    seeds: 0,
    serviceDays: 0,
    crashes: 0,
    notices: 0,
    suspensions: 0,
    statements: 0,
    minutes: 0,
    seedsPerMinute: 0,
    cpuPerSeed: 0,
  };
}

export function add(total: Total, result: RunResult): void {
  total.seeds += 1;
  total.serviceDays += result.serviceDays;
  total.crashes += result.crashes;
  total.notices += result.notices;
  total.suspensions += result.suspensions;
  total.statements += result.statements;
  for (const [kind, count] of Object.entries(result.faults) as [FaultKind, number][])
    total.faults[kind] = (total.faults[kind] ?? 0) + count;
  for (const [kind, count] of Object.entries(result.occasions) as [Occasion, number][])
    total.occasions[kind] = (total.occasions[kind] ?? 0) + count;
  total.neverDrawn = neverDrawn({ ...total.faults, ...total.occasions });
  total.violations.push(...result.violations.map((violation) => ({ seed: result.seed, ...violation })));
  if (result.violations.length > 0) total.failed.push(result.seed);
}

export function page(total: Total): string {
  const counts = (of: Readonly<Record<string, number>>): string[] =>
    Object.entries(of)
      .map(([kind, count]) => `  ${kind.padEnd(22)} ${count}`)
      .sort();
  const lines = [
    `seeds                    ${total.seeds}`,
    `simulated service-days   ${total.serviceDays}`,
    `faults`,
    ...counts(total.faults),
    `occasions`,
    ...counts(total.occasions),
    `never drawn              ${total.neverDrawn.join(", ") || "none"}`,
    `crashes                  ${total.crashes}`,
    `notices                  ${total.notices}`,
    `suspensions              ${total.suspensions}`,
    `violations               ${total.violations.length}${total.failed.length > 0 ? ` in seeds ${total.failed.join(", ")}` : ""}`,
    `statements a seed        ${Math.round(total.statements / Math.max(1, total.seeds))}`,
    `CPU seconds a seed       ${total.cpuPerSeed.toFixed(2)} (this program, without the database)`,
    `seeds a minute           ${total.seedsPerMinute.toFixed(1)}`,
  ];
  return `${lines.join("\n")}\n`;
}

/** The command that lives a part of a seed again. */
export function replayOf(seed: number, part: Part): string {
  const kinds = Object.keys(KINDS) as FaultKind[];
  const only = kinds.filter((kind) => !part.without.includes(kind));
  const faults =
    part.without.length === 0
      ? []
      : part.without.length <= only.length
        ? ["--without", part.without.join(",")]
        : ["--only", only.join(",") || "none"];
  const people = part.people === null ? [] : ["--people", part.people.join(",")];
  return ["npm run sim -- --seed", seed, "--seeds 1 --days", part.days, ...people, ...faults, "--log"].join(" ");
}

/** A failing seed, for a person: what went wrong, the shortest history that shows it, and how to live it again. */
export function failureText(result: RunResult, whole: Part, shrunk: Shrunk<RunResult> | null, commit: string | null): [string, Failure] {
  const shown = shrunk?.shown ?? result;
  const part =
    shrunk === null
      ? whole
      : { ...shrunk.part, people: shrunk.part.people.length < result.people.length ? shrunk.part.people : whole.people };
  const wrong = shown.log.findIndex((line) => line.includes("***"));
  const history = shown.log.slice(0, wrong < 0 ? undefined : wrong + 1);
  const replay = replayOf(result.seed, part);
  const size = shrunk && `made small in ${shrunk.attempts} lives: ${sizeOf(shrunk.part, result)}`;
  const text = [
    `seed ${result.seed}: ${result.violations.length} violations`,
    ...result.violations.slice(0, 8).map(({ invariant, text: what }) => `  ${invariant}  ${what}`),
    ...(size ? ["", size] : []),
    "",
    ...(history.length > HISTORY_LINES ? [`(${history.length - HISTORY_LINES} lines before)`] : []),
    ...history.slice(-HISTORY_LINES),
    "",
    `replay${commit === null ? "" : ` at ${commit}`}: ${replay}`,
    "",
  ].join("\n");
  return [text, { seed: result.seed, violations: result.violations, replay, history }];
}

function sizeOf(part: Shrunk<RunResult>["part"], all: RunResult): string {
  const faults = part.faults.length === 0 ? "no faults" : `with ${part.faults.join(", ")}`;
  return `${part.people.length} of ${all.people.length} customers, ${part.days} days, ${faults}`;
}

/** Where a person watches, a line rewritten in place; elsewhere a line for every ten seeds. */
export class Progress {
  readonly #write: (text: string) => void;
  readonly #watched: boolean;
  readonly #seeds: number;
  readonly #minutes: () => number;

  constructor(options: { write: (text: string) => void; watched: boolean; seeds: number; minutes: () => number }) {
    this.#write = options.write;
    this.#watched = options.watched;
    this.#seeds = options.seeds;
    this.#minutes = options.minutes;
  }

  step(total: Total, result: RunResult): void {
    const pace = (total.seeds / this.#minutes()).toFixed(0);
    const wrong = total.failed.length === 0 ? "no violation" : `${total.failed.length} seeds fail`;
    const line = `${total.seeds} of ${this.#seeds} seeds, ${pace} a minute, ${wrong}`;
    if (this.#watched) {
      const filled = Math.round((total.seeds / this.#seeds) * BAR_WIDTH);
      this.#write(`\r\u001B[K${"█".repeat(filled)}${"░".repeat(BAR_WIDTH - filled)} ${line}`);
    } else if (this.#seeds <= 10) this.#write(`seed ${result.seed}: ${result.digest.slice(0, 12)}, ${result.notices} notices\n`);
    else if (total.seeds % 10 === 0) this.#write(`${line}\n`);
  }

  /** Says something that stays. */
  say(text: string): void {
    this.#write(this.#watched ? `\r\u001B[K${text}\n` : `${text}\n`);
  }

  end(): void {
    if (this.#watched) this.#write("\r\u001B[K");
  }
}
