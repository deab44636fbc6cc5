// The measurement: a run and its floor in turn, several times on the same server, each on customers built anew; medians count.
import { emptyTally } from "../src/engine/evaluate.ts";
import { sweep } from "../src/jobs/sweep.ts";
import { assert } from "../src/kernel/assert.ts";
import { build } from "./base.ts";
import { checkRun, written } from "./check.ts";
import { checkFloor, runFloor, takeSamples, type Samples } from "./floor.ts";
import { openPlace, type Place, type Start } from "./place.ts";
import { rowByRow, type RowByRow } from "./row-by-row.ts";
import { timed } from "./timed.ts";

export interface Options extends Start {
  customers: number;
  /** How often the run and its floor are measured in turn. */
  rounds: number;
  /** Batches at the same time. */
  parallel: number;
  onProgress: (done: number, doing: string) => void;
}

export interface Measured {
  customers: number;
  /** Median of the rounds. */
  seconds: number;
  statementsPerCustomer: number;
  customersPerSecond: number;
  /** The most memory the process had resident at any time, the driver and the job library included; the database server's is its own. */
  peakMemoryMb: number;
  /** Median of the rounds. */
  floorSeconds: number;
  ratio: number;
  rowByRow: RowByRow & { timesSlower: number };
  /** Each round, in order. */
  rounds: { seconds: number; floorSeconds: number }[];
  /** The server's folder lies in memory, where fsync costs nothing. */
  inMemory: boolean;
}

/** Parts of a measurement, for a progress bar. */
export function partsOf(rounds: number): number {
  return 2 + 4 * rounds;
}

const ROW_BY_ROW_CUSTOMERS = 1000;

export async function measure(options: Options): Promise<Measured> {
  let done = 0;
  const part = (doing: string): void => options.onProgress(done++, doing);
  part("starting a database server");
  const place = await openPlace(options);
  try {
    const rounds: Round[] = [];
    for (let round = 0; round < options.rounds; round += 1) rounds.push(await oneRound(place, options, part));
    part(`row by row, ${ROW_BY_ROW_CUSTOMERS} customers`);
    const [first] = rounds;
    assert(first, "nothing was measured");
    const slow = await rowByRow(place, ROW_BY_ROW_CUSTOMERS, first.samples);
    const seconds = median(rounds.map((round) => round.seconds));
    const floorSeconds = median(rounds.map((round) => round.floorSeconds));
    return {
      customers: options.customers,
      seconds,
      statementsPerCustomer: median(rounds.map((round) => round.statements)) / options.customers,
      customersPerSecond: options.customers / seconds,
      peakMemoryMb: process.resourceUsage().maxRSS / 1024,
      floorSeconds,
      ratio: seconds / floorSeconds,
      rowByRow: { ...slow, timesSlower: slow.perCustomerMs / ((seconds * 1000) / options.customers) },
      rounds: rounds.map((round) => ({ seconds: round.seconds, floorSeconds: round.floorSeconds })),
      inMemory: place.inMemory,
    };
  } finally {
    await place.close();
  }
}

interface Round {
  seconds: number;
  statements: number;
  floorSeconds: number;
  samples: Samples;
}

/** The run first, since the floor writes texts like the run's; both begin with built tables, vacuumed, and an empty log. */
async function oneRound(place: Place, options: Options, part: (doing: string) => void): Promise<Round> {
  const { owner, engine } = place;
  const { customers, parallel } = options;
  const counts = customers.toLocaleString("en");
  part(`building ${counts} customers`);
  await build(owner, customers);
  await place.checkpoint();
  part(`the day's run, ${counts} customers`);
  const before = place.statements();
  const tally = emptyTally();
  const seconds = await timed(() => sweep(engine, tally, { parallel }));
  const statements = place.statements() - before;
  assert(tally.customers === customers && tally.faults === 0, `${tally.customers} customers were decided, ${tally.faults} failed`);
  const ran = await checkRun(owner, customers);
  const samples = await takeSamples(owner);

  part(`building ${counts} customers`);
  await build(owner, customers);
  await place.checkpoint();
  part("the floor");
  const floorSeconds = await timed(() => runFloor(owner, samples));
  checkFloor(await written(owner), ran);
  return { seconds, statements, floorSeconds, samples };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low, high] = [sorted[sorted.length % 2 === 1 ? middle : middle - 1], sorted[middle]];
  assert(low !== undefined && high !== undefined, "a median of nothing");
  return (low + high) / 2;
}
