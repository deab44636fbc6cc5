// How the installation is doing: what waits and since when, whether the breaker stands, and whether the database answers.
import type { Instant } from "../kernel/time.ts";
import { readBreaker } from "../store/breaker.ts";
import { appliedMigrations, countDue, outboxLoad, type OutboxLoad } from "../store/metrics.ts";
import type { Engine } from "./engine.ts";

export interface Vitals {
  outbox: OutboxLoad[];
  /** Customers whose time has come. */
  due: number;
  breakerTrippedAt: Instant | null;
  now: Instant;
}

export async function readVitals(engine: Engine): Promise<Vitals> {
  const now = engine.clock.now();
  const breaker = await readBreaker(engine.db);
  return { outbox: await outboxLoad(engine.db, now), due: await countDue(engine.db, now), breakerTrippedAt: breaker.trippedAt, now };
}

/** The names of the migrations the database has; throws when it does not answer. */
export async function readSchema(engine: Engine): Promise<string[]> {
  return appliedMigrations(engine.db);
}
