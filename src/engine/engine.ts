// What the use cases work with: the database, time, ids, and how a finished unit of work wakes the dispatcher.
import type { Clock } from "../kernel/clock.ts";
import type { Id, IdSource } from "../kernel/ids.ts";
import type { Db, Trx } from "../store/database.ts";
import type { Settings } from "./setting.ts";

/** New outbox rows, by their range of ids: one wake-up for a whole batch. */
export interface Wake {
  from: Id;
  to: Id;
  /** Panel calls that let somebody up again: they stand in a line of their own, behind no message. */
  urgent?: boolean;
}

export interface Engine {
  db: Db;
  settings: Settings;
  ids: IdSource;
  /** The time the rules go by: the machine's, or the sandbox's. */
  clock: Clock;
  /** The machine's own time, for leases: a sandbox that stands still must not keep them for ever. */
  motorClock: Clock;
  /** Enqueues a wake-up in the same transaction; null where the caller dispatches by itself. */
  wake: ((trx: Trx, wake: Wake) => Promise<void>) | null;
}
