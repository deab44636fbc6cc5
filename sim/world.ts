// The world outside the program, with its own truth: accounts on the panel, what the mail server took, what people paid.
import { formatInstant, type Instant } from "../src/kernel/time.ts";
import type { ManualClock } from "../src/kernel/clock.ts";
import type { AccountState } from "../src/ports/control-panel.ts";

export interface Account {
  access: "active" | "suspended";
  by: "us" | "other" | null;
  /** Not to be found on the panel: for a while (a migration, a renaming), or ended for good. */
  gone: "missing" | "ended" | null;
  /** When somebody other than the program last changed it: a person, a migration, a call that was given up and landed later. */
  touchedAt: Instant;
  /** When the program last read it. */
  readAt: Instant;
}

/** A message as it came over the wire. */
export interface Wire {
  order: number;
  /** Where in the order its claim was taken, and when: what the program could know of it. */
  claimedAt: number;
  claimedOn: Instant;
  at: Instant;
  messageId: string;
  to: string;
  accepted: boolean;
  /** For good: trying again is useless. */
  refused: boolean;
  /** The program never heard how it ended. */
  uncertain: () => boolean;
}

/** A process in the middle of a call, and until when its lease keeps others from the account at least. */
export interface UnderWay {
  process: string;
  until: Instant;
}

/** A suspension that the program started on the panel. */
export interface Suspension {
  at: Instant;
  service: string;
  /** The unprotected debts that could explain it, by invoice. */
  because: readonly string[];
}

/** A service that the program ended. */
export interface Termination {
  at: Instant;
  service: string;
  because: readonly string[];
}

export class World {
  readonly clock: ManualClock;
  /** Whether the panel keeps a reason beside a suspension; if not, nobody can tell whose it is. */
  readonly keepsReason: boolean;
  readonly accounts = new Map<string, Account>();
  /** Nothing reaches the panel before. */
  panelDownUntil: Instant = 0;
  /** Calls whose answer is still on its way, by account. */
  readonly underWay = new Map<string, UnderWay>();
  readonly wire: Wire[] = [];
  /** Processes that went, or lost their line or their lease, in the middle of their work. */
  deaths = 0;
  readonly suspensions: Suspension[] = [];
  readonly terminations: Termination[] = [];
  readonly releases: { at: Instant; service: string }[] = [];
  /** What the bank holds, by the number of the payment. */
  readonly paid = new Map<string, number>();
  /** Stretches in which nothing of the program ran: dead, asleep, or a clock that leapt over them. In the order they began. */
  readonly absences: { from: Instant; to: Instant }[] = [];
  readonly log: string[] = [];
  /** Payments so far, by customer. */
  readonly #payments = new Map<string, number>();

  constructor(clock: ManualClock, keepsReason: boolean) {
    this.clock = clock;
    this.keepsReason = keepsReason;
  }

  say(text: string): void {
    this.log.push(`${formatInstant(this.clock.now()).slice(0, 19)} ${text}`);
  }

  /** Money leaves a customer; its number. */
  take(customer: string, amount: number): string {
    const number = (this.#payments.get(customer) ?? 0) + 1;
    this.#payments.set(customer, number);
    const id = `${customer}R${number}`;
    this.paid.set(id, amount);
    return id;
  }

  open(name: string): void {
    this.accounts.set(name, { access: "active", by: null, gone: null, touchedAt: 0, readAt: 0 });
  }

  state(name: string): AccountState {
    const account = this.accounts.get(name);
    if (!account || account.gone !== null) return { access: "absent" };
    if (account.access === "active") return { access: "active" };
    return { access: "suspended", by: this.keepsReason ? (account.by ?? "other") : "unknown", reason: null };
  }

  /** A person at the panel. */
  toggle(name: string): void {
    const account = this.accounts.get(name);
    if (!account || account.gone !== null) return;
    const down = account.access === "active";
    Object.assign(account, { access: down ? "suspended" : "active", by: down ? "other" : null, touchedAt: this.clock.now() });
    this.say(`operator ${down ? "suspends" : "reactivates"} ${name} by hand`);
  }

  /** How much of a stretch of time the program was not there. */
  absent(from: Instant, to: Instant): number {
    let sum = 0;
    let after = from;
    for (const absence of this.absences) {
      const begin = Math.max(after, absence.from);
      const end = Math.min(to, absence.to);
      if (begin >= end) continue;
      sum += end - begin;
      after = end;
    }
    return sum;
  }
}
