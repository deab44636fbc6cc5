// The world outside the program, with its own truth: accounts on the panel, what the mail server took, what people paid.
import { formatInstant, type Instant } from "../src/kernel/time.ts";
import type { ManualClock } from "../src/kernel/clock.ts";
import type { AccountState } from "../src/ports/control-panel.ts";

export interface Account {
  access: "active" | "suspended";
  by: "us" | "other" | null;
  /** When a person last changed it by hand. */
  touchedAt: Instant;
  /** When the program last read it. */
  readAt: Instant;
}

/** A message as it came over the wire. */
export interface Wire {
  order: number;
  /** Where in the order its claim was taken: what the program could know of it. */
  claimedAt: number;
  at: Instant;
  messageId: string;
  to: string;
  accepted: boolean;
  /** The program never heard how it ended. */
  uncertain: () => boolean;
}

/** A suspension that the program started on the panel. */
export interface Suspension {
  at: Instant;
  service: string;
  /** The unprotected debts that could explain it, by invoice. */
  because: readonly string[];
}

export class World {
  readonly clock: ManualClock;
  /** Whether the panel keeps a reason beside a suspension; if not, nobody can tell whose it is. */
  readonly keepsReason: boolean;
  readonly accounts = new Map<string, Account>();
  readonly wire: Wire[] = [];
  readonly suspensions: Suspension[] = [];
  readonly releases: { at: Instant; service: string }[] = [];
  /** What the bank holds, by the number of the payment. */
  readonly paid = new Map<string, number>();
  readonly log: string[] = [];

  constructor(clock: ManualClock, keepsReason: boolean) {
    this.clock = clock;
    this.keepsReason = keepsReason;
  }

  say(text: string): void {
    this.log.push(`${formatInstant(this.clock.now()).slice(0, 19)} ${text}`);
  }

  state(name: string): AccountState {
    const account = this.accounts.get(name);
    if (!account) return { access: "absent" };
    if (account.access === "active") return { access: "active" };
    return { access: "suspended", by: this.keepsReason ? (account.by ?? "other") : "unknown", reason: null };
  }

  /** A person at the panel. */
  toggle(name: string): void {
    const account = this.accounts.get(name);
    if (!account) return;
    const down = account.access === "active";
    Object.assign(account, { access: down ? "suspended" : "active", by: down ? "other" : null, touchedAt: this.clock.now() });
    this.say(`operator ${down ? "suspends" : "reactivates"} ${name} by hand`);
  }
}
