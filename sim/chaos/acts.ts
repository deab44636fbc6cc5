// Judges panel calls as they come, from the panel's own side of the wire: what the program had been told when it began to suspend.
import type { Instant } from "../../src/kernel/time.ts";
import type { Known } from "../known.ts";
import type { Violation } from "../oracle.ts";
import type { Matter } from "./crowd.ts";
import type { PanelCall } from "./panel.ts";
import type { Tape } from "./tape.ts";

/** What was known of a service's debts as an answer to a reading left. */
interface Seen {
  order: number;
  overdue: readonly string[];
  free: readonly string[];
}

/** A suspension as it stands on the panel, and what could explain it. */
export interface Down {
  service: string;
  account: string;
  at: Instant;
  order: number;
  /** Since when the program cannot say that it did not know. */
  lookedAt: number;
  because: readonly string[];
}

export class Acts {
  readonly violations: Violation[] = [];
  /** Every suspension asked for, whether it took effect or not. */
  readonly asked: Down[] = [];
  /** Those that took an account down, by account. */
  readonly took: Down[] = [];
  releases = 0;
  readonly #known: Known;
  readonly #tape: Tape;
  readonly #matters: readonly Matter[];
  /** The last answers to readings, by process and account: the newest, and the one before. */
  readonly #readings = new Map<string, { newest: Seen; before: Seen | null }>();
  readonly #down = new Map<string, Down>();
  readonly #services = new Map<string, string>();

  constructor(known: Known, matters: readonly Matter[], tape: Tape) {
    this.#known = known;
    this.#matters = matters;
    this.#tape = tape;
    for (const [service, account] of known.accounts) this.#services.set(account, service);
  }

  fault(invariant: string, text: string): void {
    this.violations.push({ invariant, text });
    this.#tape.say(`*** ${invariant}: ${text}`);
  }

  serviceOf(account: string): string | undefined {
    return this.#services.get(account);
  }

  /** As a request arrives; its work is not done yet. */
  arrives(call: PanelCall): void {
    if (call.command === "v-delete-user") this.fault("S11", `deletes ${call.account}, which nobody approved`);
    if (call.command !== "v-suspend-user") return;
    const service = this.#services.get(call.account);
    if (service === undefined) return this.fault("S12", `suspends ${call.account}, which is tied to no service`);
    // The program reads, looks at the facts once more, reads again inside the adapter, and suspends. What it was told before the first
    // of these answers left, it knew when it looked.
    const seen = this.#readings.get(keyOf(call))?.before;
    if (!seen) return this.fault("S1", `suspends ${service} without having looked`);
    if (seen.overdue.length === 0) this.fault("S1", `suspends ${service} (process ${call.door}), of which nothing overdue was known`);
    else if (seen.free.length === 0)
      this.fault("S9", `suspends ${service} (process ${call.door}), whose debts ${seen.overdue.join(", ")} are promised or held`);
    this.asked.push({
      service,
      account: call.account,
      at: call.at,
      order: call.order,
      lookedAt: seen.order,
      because: seen.free,
    });
  }

  /** When the work of a request is done, answered or not. */
  ended(call: PanelCall): void {
    if (call.command === "v-list-user" && call.answered) return this.#read(call);
    if (!call.changed) return;
    if (call.command === "v-suspend-user") {
      const down = this.asked.findLast((each) => each.order === call.order);
      if (!down) return;
      this.took.push(down);
      this.#down.set(call.account, down);
    }
    if (call.command === "v-unsuspend-user") this.#releases(call);
  }

  #read(call: PanelCall): void {
    const service = this.#services.get(call.account);
    if (service === undefined) return;
    const { overdue, free } = this.#known.debts(service, this.#tape.now());
    const newest: Seen = { order: call.answered?.order ?? 0, overdue: overdue.map((i) => i.ref), free: free.map((i) => i.ref) };
    this.#readings.set(keyOf(call), { newest, before: this.#readings.get(keyOf(call))?.newest ?? null });
  }

  /** S3 and S12 on the panel's side: an account comes up because something was told, else it would go down twice for one cause. */
  #releases(call: PanelCall): void {
    this.releases += 1;
    const down = this.#down.get(call.account);
    if (!down) return this.fault("S12", `releases ${call.account}, which the program did not suspend`);
    this.#down.delete(call.account);
    const customer = [...this.#known.invoices.values()].find((i) => i.service === down.service)?.customer;
    const told = this.#matters.some(
      (m) => m.customer === customer && m.sent.order < call.order && (m.heard === null || m.heard.order > down.lookedAt),
    );
    if (!told) this.fault("S3", `releases ${down.service} although nothing was told that speaks for it`);
  }
}

function keyOf(call: PanelCall): string {
  return `${call.door} ${call.account}`;
}
