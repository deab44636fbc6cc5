// What runs printed with --json, read and refused where it is not what it says, is counted twice, or is of several commits.
import { z } from "zod";

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
