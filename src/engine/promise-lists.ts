// Promises of everybody: those that run, those that ended lately, and how promises end by their length.
import type { Currency } from "../kernel/money.ts";
import { promiseOutcomes, promisesIn, type PromiseListed } from "../store/console.ts";
import type { Engine } from "./engine.ts";

const SHOWN = 200;

export async function promiseLists(engine: Engine): Promise<{
  running: PromiseListed[];
  ended: PromiseListed[];
  outcomes: Awaited<ReturnType<typeof promiseOutcomes>>;
  currency: Currency;
}> {
  const { db } = engine;
  const { currency } = await engine.settings.load(db, engine.clock.now());
  return {
    running: await promisesIn(db, "running", SHOWN),
    ended: await promisesIn(db, "ended", SHOWN),
    outcomes: await promiseOutcomes(db),
    currency,
  };
}
