// What the program was told, in the order it was told: the oracle's own memory, kept without looking at the program's database.
import type { Id } from "../src/kernel/ids.ts";
import type { Cents } from "../src/kernel/money.ts";
import type { Day, Instant, Zone } from "../src/kernel/time.ts";

export interface KnownInvoice {
  ref: string;
  customer: string;
  service: string;
  dueOn: Day;
  amount: Cents;
  open: Cents;
  /** Place in the order of all that happened; null while it is owed. */
  settledAt: number | null;
}

/** A promise, a hold on collection, or a claim under review: while it runs, no suspension starts because of its invoices. */
export interface Protection {
  kind: "promise" | "hold" | "claim";
  customer: string;
  /** Null: all of them. */
  invoices: readonly string[] | null;
  until: Instant;
  ended: boolean;
}

/** Debts up to this suspend nothing (`small_remainder` of the policy simulated). */
const SMALL: Cents = 100;

export class Known {
  /** Grows with everything that happens: two acts at one instant still have an order. */
  order = 0;
  readonly zone: Zone;
  readonly customers = new Map<string, Id>();
  /** Accounts on the panel by service. */
  readonly accounts = new Map<string, string>();
  readonly invoices = new Map<string, KnownInvoice>();
  readonly receipts = new Map<string, Cents>();
  readonly protections: Protection[] = [];

  constructor(zone: Zone) {
    this.zone = zone;
  }

  /** A receipt: the invoice it names and no other, else the oldest due first (Código Civil, art. 352 and 355). */
  receipt(id: string, customer: string, named: string | null, amount: Cents): void {
    if (this.receipts.has(id)) return;
    this.receipts.set(id, amount);
    this.order += 1;
    const mine = [...this.invoices.values()].filter(
      (i) => i.customer === customer && i.settledAt === null && (named === null || i.ref === named),
    );
    let left = amount;
    for (const invoice of mine.sort((a, b) => a.dueOn - b.dueOn)) {
      const part = Math.min(left, invoice.open);
      invoice.open -= part;
      left -= part;
      if (invoice.open === 0) invoice.settledAt = this.order;
    }
  }

  voided(ref: string): void {
    const invoice = this.invoices.get(ref);
    this.order += 1;
    if (invoice) invoice.settledAt = this.order;
  }

  protects(invoice: KnownInvoice, now: Instant): Protection | undefined {
    return this.protections.find(
      (p) => !p.ended && now < p.until && p.customer === invoice.customer && (p.invoices === null || p.invoices.includes(invoice.ref)),
    );
  }

  /** Invoices of a service past due and worth a suspension, and those of them that nothing protects. */
  debts(service: string, now: Instant): { overdue: KnownInvoice[]; free: KnownInvoice[] } {
    const overdue = [...this.invoices.values()].filter(
      (i) => i.service === service && i.settledAt === null && i.open > SMALL && now >= this.zone.startOf(i.dueOn + 1),
    );
    return { overdue, free: overdue.filter((i) => !this.protects(i, now)) };
  }
}
