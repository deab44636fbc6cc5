// Judges the program at the act: what it knew when it called the outside. Written from the promise; no rule of the program is used here.
import { formatInstant, type Instant } from "../src/kernel/time.ts";
import type { Known, KnownInvoice } from "./known.ts";
import type { World } from "./world.ts";

export interface Violation {
  /** Of the invariants in docs/PROMISE.md and the table behind it. */
  invariant: string;
  text: string;
}

const FRIDAY = 5;
const NOON = 12 * 60;

export class Oracle {
  readonly violations: Violation[] = [];
  readonly known: Known;
  readonly world: World;

  constructor(known: Known, world: World) {
    this.known = known;
    this.world = world;
  }

  fault(invariant: string, text: string): void {
    this.violations.push({ invariant, text: `${formatInstant(this.world.clock.now())} ${text}` });
    this.world.say(`*** ${invariant}: ${text}`);
  }

  /** The debts known when the panel is first called for a task. */
  debts(account: string): { service: string; overdue: KnownInvoice[]; free: KnownInvoice[]; at: Instant } | null {
    for (const [service, name] of this.known.accounts)
      if (name === account) return { service, at: this.world.clock.now(), ...this.known.debts(service, this.world.clock.now()) };
    return null;
  }

  /** S1, S9, S12 and the closed times, as a suspension starts. `seen`: what was known when its task began. */
  suspends(account: string, seen: ReturnType<Oracle["debts"]>): void {
    if (!seen) return this.fault("S12", `suspends ${account}, which is tied to no service`);
    if (seen.overdue.length === 0) this.fault("S1", `suspends ${seen.service}, of which nothing overdue was known`);
    else if (seen.free.length === 0) this.fault("S9", `suspends ${seen.service}, whose debts are all promised, held or under review`);
    const closed = this.#closed(seen.at);
    if (closed) this.fault("S6", `suspends ${seen.service} ${closed}`);
    this.world.suspensions.push({ at: seen.at, service: seen.service, because: seen.free.map((i) => i.ref) });
  }

  /** S12, as a suspension is lifted. */
  releases(account: string, seen: ReturnType<Oracle["debts"]>): void {
    const state = this.world.accounts.get(account);
    if (!seen || !state) return this.fault("S12", `releases ${account}, which is tied to no service`);
    // What was seen a moment ago is all that anybody can go by.
    if (state.access === "suspended" && state.by === "other" && state.touchedAt < state.readAt)
      this.fault("S12", `releases ${account}, which another party suspended`);
    this.world.releases.push({ at: this.world.clock.now(), service: seen.service });
  }

  /** S4, as a message reaches the server. */
  sends(messageId: string, repeat: boolean): void {
    const before = this.world.wire.filter((w) => w.messageId === messageId);
    const accepted = before.filter((w) => w.accepted);
    if (accepted.some((w) => !w.uncertain())) this.fault("S4", `sends ${messageId} again after its acceptance was heard`);
    if (accepted.length > 0 && !repeat) this.fault("S4", `sends ${messageId} again without the mark of a repeat`);
  }

  /** The hours of the week that the policy keeps free of suspensions; holidays are the calendar's own tests. */
  #closed(at: Instant): string | null {
    const { day, minute } = this.known.zone.local(at);
    const weekday = ((((day + 3) % 7) + 7) % 7) + 1;
    if (weekday > FRIDAY) return "at a weekend";
    return weekday === FRIDAY && minute >= NOON ? "on a Friday afternoon" : null;
  }
}
