// What the program was told, in the order it was told: the oracle's own memory, kept without looking at the program's database.
import type { Id } from "../src/kernel/ids.ts";
import type { Cents } from "../src/kernel/money.ts";
import type { Day, Instant, Zone } from "../src/kernel/time.ts";
import { SMALL } from "./oracle-ladder.ts";

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

/** A hold that takes services down for another cause than money (abuse): nothing that is paid lifts it. */
export interface TakenDown {
  customer: string;
  /** Null: the whole account. */
  service: string | null;
  /** Null: until a person lifts it. */
  until: Instant | null;
  ended: boolean;
}

export interface Debts {
  overdue: KnownInvoice[];
  /** Those of them that nothing protects. */
  free: KnownInvoice[];
}

interface Applied {
  customer: string;
  named: string | null;
  credit: Cents;
  parts: { invoice: KnownInvoice; amount: Cents }[];
}

export class Known {
  /** Grows with everything that happens: two acts at one instant still have an order. */
  order = 0;
  readonly zone: Zone;
  readonly customers = new Map<string, Id>();
  /** Customers that no message can reach. */
  readonly unreachable = new Set<string>();
  /** Accounts on the panel by service; a service without one is not to be touched, and neither is one that was ended. */
  readonly accounts = new Map<string, string>();
  /** Whose each service is. */
  readonly owners = new Map<string, string>();
  readonly invoices = new Map<string, KnownInvoice>();
  readonly receipts = new Map<string, Cents>();
  /** What became of each: money that no invoice took, and what each took, in the order they were paid. */
  readonly applied = new Map<string, Applied>();
  /** How often the money that had settled an invoice went back. */
  readonly reopened = new Map<string, number>();
  readonly protections: Protection[] = [];
  readonly downs: TakenDown[] = [];
  /** Invoices of which a proof gave access once. */
  readonly released = new Set<string>();
  /** Customers of whom a proof was contradicted. */
  readonly contradicted = new Set<string>();
  /** The last receipt, promise or claim of each customer. */
  readonly life = new Map<string, Instant>();
  /** Who signed which proposal to end a service. */
  readonly signatures = new Map<string, Map<Id, Set<string>>>();

  constructor(zone: Zone) {
    this.zone = zone;
  }

  /**
   * A receipt: the invoice it names and no other, else the oldest due first (Código Civil, art. 352 and 355). `returned`: what had gone back
   * of it before anybody heard of it.
   */
  receipt(id: string, customer: string, named: string | null, amount: Cents, returned: Cents = 0): void {
    if (this.receipts.has(id)) return;
    this.receipts.set(id, amount);
    const applied: Applied = { customer, named, credit: 0, parts: [] };
    this.applied.set(id, applied);
    this.#apply(applied, amount - returned);
  }

  /** Money that had gone back is ours again: it pays as when it came. */
  reinstated(id: string, amount: Cents): void {
    const applied = this.applied.get(id);
    if (applied) this.#apply(applied, amount);
  }

  #apply(applied: Applied, amount: Cents): void {
    this.order += 1;
    const { customer, named, parts } = applied;
    const mine = [...this.invoices.values()].filter(
      (i) => i.customer === customer && i.settledAt === null && (named === null || i.ref === named),
    );
    let left = amount;
    for (const invoice of mine.sort((a, b) => a.dueOn - b.dueOn)) {
      const part = Math.min(left, invoice.open);
      invoice.open -= part;
      left -= part;
      const before = parts.find((each) => each.invoice === invoice && each.amount > 0);
      if (before) before.amount += part;
      else if (part > 0) parts.push({ invoice, amount: part });
      if (invoice.open === 0) invoice.settledAt = this.order;
    }
    applied.credit += left;
    this.#settle();
  }

  /** Money of a receipt went back: an overpayment before a debt is opened again, and the debt paid last is opened first. */
  returned(id: string, amount: Cents): void {
    const applied = this.applied.get(id);
    if (!applied) return;
    this.order += 1;
    let left = amount - Math.min(amount, applied.credit);
    applied.credit -= amount - left;
    for (const part of applied.parts.toReversed()) {
      const back = Math.min(left, part.amount);
      if (back === 0) continue;
      left -= back;
      part.amount -= back;
      part.invoice.open += back;
      if (part.invoice.settledAt === null) continue;
      part.invoice.settledAt = null;
      this.reopened.set(part.invoice.ref, (this.reopened.get(part.invoice.ref) ?? 0) + 1);
    }
  }

  /** A promise is kept, and a claim confirmed, when all that it names is settled; what is opened again later, it no longer covers. */
  #settle(): void {
    for (const p of this.protections)
      if (p.kind !== "hold" && p.invoices?.every((ref) => this.invoices.get(ref)?.settledAt !== null)) p.ended = true;
  }

  voided(ref: string): void {
    const invoice = this.invoices.get(ref);
    this.order += 1;
    if (invoice) invoice.settledAt = this.order;
    this.#settle();
  }

  protects(invoice: KnownInvoice, now: Instant): Protection | undefined {
    return this.protections.find(
      (p) => !p.ended && now < p.until && p.customer === invoice.customer && (p.invoices === null || p.invoices.includes(invoice.ref)),
    );
  }

  /** Whether a hold other than one for money keeps a service down. */
  takenDown(service: string, now: Instant): boolean {
    const customer = this.owners.get(service);
    return this.downs.some(
      (d) => !d.ended && d.customer === customer && (d.service === null || d.service === service) && (d.until === null || now < d.until),
    );
  }

  /** Invoices of a service past due and worth a suspension. */
  debts(service: string, now: Instant): Debts {
    const overdue = [...this.invoices.values()].filter(
      (i) => i.service === service && i.settledAt === null && i.open > SMALL && now >= this.zone.startOf(i.dueOn + 1),
    );
    return { overdue, free: overdue.filter((i) => !this.protects(i, now)) };
  }

  sign(service: string, proposal: Id, by: string): void {
    const proposals = this.signatures.get(service) ?? new Map<Id, Set<string>>();
    this.signatures.set(service, proposals);
    proposals.set(proposal, new Set([...(proposals.get(proposal) ?? []), by]));
  }
}
