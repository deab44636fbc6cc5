// What a running installation does by the clock: follows the sandbox's date, watches its own clock, anchors days, throws old counts away.
import { anchorDay } from "../engine/anchor-day.ts";
import type { Engine } from "../engine/engine.ts";
import { ANSWERS_KEPT_MS } from "../engine/once.ts";
import { expireFiles } from "../engine/expire-files.ts";
import { unseenMoney } from "../engine/unseen-money.ts";
import { readVitals } from "../engine/vitals.ts";
import { every, type ManualClock } from "../kernel/clock.ts";
import { DAY_MS, formatDay, HOUR_MS, MINUTE_MS, type Day, type Instant } from "../kernel/time.ts";
import type { BlobStore } from "../ports/blob-store.ts";
import { markClockJump, readProvider, seeClock } from "../store/provider.ts";
import { purgePortal } from "../store/portal-access.ts";
import { purgeRequests, purgeSuspensionStarts } from "../store/purge.ts";
import type { MotorLog } from "./motor.ts";

const FOLLOW_MS = 1_000;

/** The breaker looks back an hour; a day more lets a person count too. */
const STARTS_KEPT_MS = 2 * DAY_MS;

/**
 * Whether the clock cannot be trusted: it stands an hour or more before a time that some process saw, or this process saw it leap a
 * day ahead. `before` is what any process saw last, `own` what this one saw a minute ago; null at its first look, since a day or more
 * without any process is downtime.
 */
export function clockJumped(now: Instant, before: Instant | null, own: Instant | null): boolean {
  return (before !== null && now < before - HOUR_MS) || (own !== null && now - own > DAY_MS);
}

/** The date the sandbox should stand at. While another process moves it, ours stays: what is due is being lived there. */
export class Follower {
  #last: Instant | null = null;

  /** What the database says now, each second; answers the date to take over, or null to stay. */
  see(now: Instant): Instant | null {
    const still = this.#last === now;
    this.#last = now;
    return still ? now : null;
  }
}

/** Longer than a link lives: that a message was opened is told once. */
const SESSIONS_KEPT_MS = 30 * DAY_MS;

export interface UpkeepOptions {
  engine: Engine;
  mode: "sandbox" | "live";
  sandboxClock: ManualClock | null;
  log: MotorLog;
  /** Where the files of payment proofs lie; absent: none were ever taken here. */
  files?: BlobStore;
}

export interface Upkeep {
  /** Resolves when the installation is no longer there: a sandbox that was reset. */
  gone: Promise<void>;
  stop(): Promise<void>;
}

/** Looks at the clock before it answers, so that the breaker is strict before the first suspension goes out. */
export async function startUpkeep(options: UpkeepOptions): Promise<Upkeep> {
  let leave = (): void => undefined;
  const gone = new Promise<void>((resolve) => {
    leave = resolve;
  });
  // A look that fails is looked at again; it must never end the process.
  const calmly = (work: () => Promise<void>) => (): Promise<void> =>
    work().catch((error: unknown) => options.log.error({ err: error }, "upkeep"));
  const minutely = new Minutely(options);
  await calmly(() => minutely.begin())();
  const loops = [
    every(
      MINUTE_MS,
      calmly(() => minutely.look()),
    ),
  ];
  const { sandboxClock: clock } = options;
  if (clock) {
    const follower = new Follower();
    loops.push(
      every(
        FOLLOW_MS,
        calmly(() => follow(options.engine, clock, follower, leave)),
      ),
    );
  }
  return { gone, stop: async () => void (await Promise.all(loops.map((loop) => loop.stop()))) };
}

async function follow(engine: Engine, clock: ManualClock, follower: Follower, leave: () => void): Promise<void> {
  const provider = await readProvider(engine.db);
  if (!provider) return leave();
  if (provider.sandboxNow === null) return;
  const moved = follower.see(provider.sandboxNow);
  if (moved !== null) clock.set(moved);
}

/** What is looked at once a minute. */
export class Minutely {
  readonly #options: UpkeepOptions;
  #seen: Instant | null = null;
  #anchored: Day | null = null;
  #purgedAt: Instant | null = null;

  constructor(options: UpkeepOptions) {
    this.#options = options;
  }

  async begin(): Promise<void> {
    if (this.#options.mode === "live") await this.#watchClock();
  }

  async look(): Promise<void> {
    if (this.#options.mode === "live") {
      await this.#watchClock();
      await this.#anchor();
      await this.#beat();
    }
    await this.#purge();
  }

  async #watchClock(): Promise<void> {
    const { engine, log } = this.#options;
    const now = engine.clock.now();
    const before = await seeClock(engine.db, now);
    if (clockJumped(now, before, this.#seen)) {
      await markClockJump(engine.db, now);
      log.error({ seconds: Math.round((now - (this.#seen ?? before ?? now)) / 1000) }, "the clock jumped; the breaker is strict for a day");
    }
    this.#seen = now;
  }

  /** After local midnight, once a day; whoever comes first does it for all. */
  async #anchor(): Promise<void> {
    const { engine, log } = this.#options;
    const now = engine.clock.now();
    const { zone } = await engine.settings.load(engine.db, now);
    const yesterday = zone.dayOf(now) - 1;
    if (this.#anchored === yesterday) return;
    const made = await anchorDay(engine, yesterday);
    this.#anchored = yesterday;
    for (const anchor of made) log.info({ day: formatDay(anchor.day), hash: anchor.hash, leaves: anchor.leaves }, "anchored");
    await this.#tellFinance();
  }

  /** Once a day, where whoever reads the log is told what is wrong: such money was counted on, and is not there. */
  async #tellFinance(): Promise<void> {
    const { engine, log } = this.#options;
    const { declared, waiting } = await unseenMoney(engine);
    if (declared.count > 0 && declared.oldestOn !== null)
      log.error(
        { receipts: declared.count, cents: declared.amount, oldest: formatDay(declared.oldestOn) },
        "declared as paid a week ago or longer, and seen in no account: regua reconcile lists it",
      );
    if (waiting.count > 0)
      log.info({ count: waiting.count, cents: waiting.amount }, "money waits for its owner: regua money waiting lists it");
  }

  async #beat(): Promise<void> {
    const { engine, log } = this.#options;
    const { outbox, due, breakerTrippedAt } = await readVitals(engine);
    const open = outbox.reduce((sum, load) => sum + load.open, 0);
    log.info({ due, open, breaker: breakerTrippedAt !== null }, "heartbeat");
  }

  async #purge(): Promise<void> {
    const { engine, files, log } = this.#options;
    const now = engine.motorClock.now();
    if (this.#purgedAt !== null && now - this.#purgedAt < HOUR_MS) return;
    await purgeSuspensionStarts(engine.db, engine.clock.now() - STARTS_KEPT_MS);
    await purgeRequests(engine.db, now - ANSWERS_KEPT_MS);
    await purgePortal(engine.db, now, now - SESSIONS_KEPT_MS);
    const expired = files ? await expireFiles(engine, files) : 0;
    if (expired > 0) log.info({ documents: expired }, "files of payment proofs deleted");
    this.#purgedAt = now;
  }
}
