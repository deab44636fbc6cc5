// S2: who paid is given back, soon. Kept over the world's own times: who waits, since when, and when the panel was last asked.
import { MINUTE_MS, type Day, type Instant } from "../src/kernel/time.ts";
import type { Known } from "./known.ts";
import { SUSPEND_DAY } from "./oracle-ladder.ts";
import type { World } from "./world.ts";

/** From the payment being told to the panel being asked. */
const START_MS = 5 * MINUTE_MS;
/** From one question to the next while the panel does not answer: so soon is it known that it does again. */
const ASK_AGAIN_MS = 15 * MINUTE_MS;

/**
 * What is exempt, and why: time in which no process of the program lived (dead, asleep, leapt over by the clock), since nobody could act;
 * suspensions that are not ours or stand for abuse, since payment does not lift them; accounts that are not on the panel, from when they
 * vanish to when they come back; a service that still owes an invoice old enough to be suspended for. Nothing else.
 */
export class Waiting {
  readonly #told: { readonly earlier: number };
  readonly #known: Known;
  readonly #world: World;
  readonly #fault: (text: string) => void;
  readonly #waiting = new Map<string, { since: Instant; askedAt: Instant | null }>();
  /** When the panel was last asked to give a service back, and nothing else since. */
  readonly #tried = new Map<string, Instant>();

  /** `earlier`: days by which an edited policy brought the suspension forward. */
  constructor(told: { known: Known; world: World; earlier: number }, fault: (text: string) => void) {
    this.#told = told;
    this.#known = told.known;
    this.#world = told.world;
    this.#fault = fault;
  }

  /** Something was told about a customer, or changed on the panel: who should be up and is not begins to wait. */
  look(services: Iterable<string>): void {
    const now = this.#world.clock.now();
    for (const service of services) {
      if (!this.#shouldBeUp(service, now)) this.#waiting.delete(service);
      else if (!this.#waiting.has(service)) this.#waiting.set(service, { since: now, askedAt: this.#tried.get(service) ?? null });
    }
  }

  /** The panel is asked to give a service back, for whatever reason: who pays now waits from there, since that goes on. */
  tries(service: string): void {
    this.#tried.set(service, this.#world.clock.now());
  }

  /** It was asked for the contrary, or has done it. */
  triesNoMore(service: string): void {
    this.#tried.delete(service);
  }

  get anybody(): boolean {
    return this.#waiting.size > 0;
  }

  /** The panel is asked about a service. */
  asked(service: string): void {
    const wait = this.#judge(service);
    const now = this.#world.clock.now();
    if (wait) wait.askedAt = now;
    // The question is the first half of giving it back, though the panel may not answer to it: all that it owes is protected, or a hold
    // that kept it down ran out, of which nobody was told.
    else if (this.#shouldBeUp(service, now) || (this.#isDown(service) && this.#known.debts(service, now).free.length === 0))
      this.tries(service);
  }

  /** At rest nobody waits longer than that. */
  atRest(): void {
    for (const service of [...this.#waiting.keys()]) this.#judge(service);
  }

  #judge(service: string): { askedAt: Instant | null } | null {
    const wait = this.#waiting.get(service);
    if (!wait) return null;
    const now = this.#world.clock.now();
    // Since it began to wait another of its debts may have grown old enough.
    if (!this.#shouldBeUp(service, now)) {
      this.#waiting.delete(service);
      return null;
    }
    const { since, askedAt } = wait;
    const waited = this.#lived(since, now);
    if (askedAt === null && waited > START_MS)
      this.#fault(`${service} is paid, and the panel was not asked for ${minutesOf(waited)} minutes`);
    // Asked in vain before it was paid, it is owed the next question of that row, or the first of its own.
    if (askedAt !== null && this.#lived(askedAt, now) > ASK_AGAIN_MS && (askedAt >= since || waited > START_MS))
      this.#fault(
        `${service} is paid, and the panel was not asked again for ${minutesOf(this.#lived(Math.max(since, askedAt), now))} minutes`,
      );
    return wait;
  }

  /** Time in which a process of the program was there to act. */
  #lived(from: Instant, to: Instant): number {
    return to - from - this.#world.absent(from, to);
  }

  #isDown(service: string): boolean {
    const account = this.#world.accounts.get(this.#known.accounts.get(service) ?? "");
    return account?.access === "suspended" && account.by === "us" && account.gone === null;
  }

  #shouldBeUp(service: string, now: Instant): boolean {
    if (!this.#isDown(service)) return false;
    if (this.#known.takenDown(service, now)) return false;
    const today: Day = this.#known.zone.dayOf(now);
    return !this.#known.debts(service, now).overdue.some((invoice) => invoice.dueOn + SUSPEND_DAY - this.#told.earlier <= today);
  }
}

const minutesOf = (ms: number): number => Math.round(ms / MINUTE_MS);
