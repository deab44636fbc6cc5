// What an import says of one customer against what is known: new rows, changed rows, payments, and the lines that contradict. Pure.
import type { Id } from "../kernel/ids.ts";
import type { Lang } from "../kernel/lang.ts";
import type { Currency } from "../kernel/money.ts";
import { formatDay, type Day } from "../kernel/time.ts";
import type { CustomerRecord, InvoiceRecord, PaymentRecord, Place, RefusedLine, ServiceRecord } from "../ports/customer-source.ts";
import type { CustomerNow, InvoiceNow, KnownRef, ReceiptNow, RefKind, ServiceNow } from "../store/imports.ts";
import { contradiction, sameInvoice, samePayment } from "./import-contradictions.ts";
import * as words from "./import-words.ts";

/** Everything an import says of one customer. */
export interface Told {
  ref: string;
  customers: CustomerRecord[];
  services: ServiceRecord[];
  invoices: InvoiceRecord[];
  payments: PaymentRecord[];
}

/** What is known of the numbers that a batch of an import names. */
export interface Known {
  refs: ReadonlyMap<string, KnownRef>;
  customers: ReadonlyMap<Id, CustomerNow>;
  services: ReadonlyMap<Id, ServiceNow>;
  invoices: ReadonlyMap<Id, InvoiceNow>;
  receipts: ReadonlyMap<string, ReceiptNow>;
}

/** What the lines of the same batch have taken already. */
export interface Claimed {
  refs: Map<string, string>;
  receipts: Map<string, PaymentRecord>;
}

export interface Terms {
  mode: "sandbox" | "live";
  currency: Currency;
  lang: Lang;
  today: Day;
  /** Services without a panel are linked to this one, under their own number; null: they stay unlinked. */
  linkTo: string | null;
}

export type Changes = Record<string, { from: string | number | null; to: string | number | null }>;

export interface Merged<Row, Now> {
  row: Row;
  was: Now | null;
  changes: Changes;
}

export type CustomerRow = Omit<CustomerNow, "id" | "version" | "evidenceSeq" | "evidenceHash">;
export type ServiceRow = Omit<ServiceNow, "id" | "customerId">;
export type InvoiceRow = Omit<InvoiceNow, "id" | "customerId" | "serviceId" | "paid" | "state"> & { serviceRef: string | null };

export interface MergedCustomer {
  customer: Merged<CustomerRow, CustomerNow>;
  /** New and changed ones. */
  services: Merged<ServiceRow, ServiceNow>[];
  invoices: Merged<InvoiceRow, InvoiceNow>[];
  /** New ones, oldest first. */
  payments: (PaymentRecord & { currency: Currency })[];
}

export type Refuse = (line: RefusedLine) => void;

export const refKey = (kind: RefKind, ref: string): string => `${kind} ${ref}`;
export const receiptKey = (receipt: { source: string; externalId: string }): string => `${receipt.source}\n${receipt.externalId}`;

/** Null when nothing of it can be taken. Every line that is not taken goes to `refuse`. */
export function mergeCustomer(told: Told, known: Known, claimed: Claimed, terms: Terms, refuse: Refuse): MergedCustomer | null {
  return new Merge(told, known, claimed, terms, refuse).run();
}

class Merge {
  readonly #told: Told;
  readonly #known: Known;
  readonly #claimed: Claimed;
  readonly #terms: Terms;
  readonly #say: Refuse;
  readonly #now: CustomerNow | null;

  constructor(told: Told, known: Known, claimed: Claimed, terms: Terms, refuse: Refuse) {
    this.#told = told;
    this.#known = known;
    this.#claimed = claimed;
    this.#terms = terms;
    this.#say = refuse;
    const found = known.refs.get(refKey("customer", told.ref));
    this.#now = (found && known.customers.get(found.customerId)) ?? null;
  }

  run(): MergedCustomer | null {
    const { ref, customers, services, invoices, payments } = this.#told;
    if (!this.#now && customers.length === 0) {
      for (const { place } of [...services, ...invoices, ...payments]) this.#refuse(place, ref, words.noCustomer(ref));
      return null;
    }
    const mergedServices = this.#services();
    const mergedInvoices = this.#invoices();
    return { customer: this.#customer(), services: mergedServices, invoices: mergedInvoices, payments: this.#payments() };
  }

  #refuse(place: Place, value: string, why: words.Why): void {
    this.#say({ ...place, value, ...why });
  }

  #customer(): Merged<CustomerRow, CustomerNow> {
    const { ref, customers, invoices } = this.#told;
    const { lang, today } = this.#terms;
    const now = this.#now;
    // Lines that say different things of one customer: the last word holds, and a blank says nothing.
    const last = <K extends "name" | "email" | "phone" | "taxId" | "lang" | "since" | "tags">(key: K): CustomerRecord[K] =>
      customers.reduce<CustomerRecord[K]>((value, record) => record[key] ?? value, null as CustomerRecord[K]);
    const firstIssue = invoices.reduce<Day | null>((first, i) => (first === null || i.issuedOn < first ? i.issuedOn : first), null);
    const row: CustomerRow = {
      ref,
      name: last("name") ?? now?.name ?? ref,
      email: last("email") ?? now?.email ?? null,
      phone: last("phone") ?? now?.phone ?? null,
      taxId: last("taxId") ?? now?.taxId ?? null,
      lang: last("lang") ?? now?.lang ?? lang,
      since: last("since") ?? now?.since ?? Math.min(firstIssue ?? today, today),
      tags: [...(last("tags") ?? now?.tags ?? [])],
    };
    const changes: Changes = {};
    if (now) {
      for (const key of ["name", "email", "phone", "taxId", "lang"] as const) note(changes, key, now[key], row[key]);
      note(changes, "since", formatDay(now.since), formatDay(row.since));
      note(changes, "tags", [...now.tags].sort().join(", "), [...row.tags].sort().join(", "));
    }
    return { row, was: now, changes };
  }

  /** Whose number it is: ours and known, new, or somebody else's. */
  #owner(kind: "service" | "invoice", ref: string): "new" | "ours" | "foreign" {
    const key = refKey(kind, ref);
    const known = this.#known.refs.get(key);
    if (known) return known.customerId === this.#now?.id ? "ours" : "foreign";
    const claimed = this.#claimed.refs.get(key);
    return claimed === undefined || claimed === this.#told.ref ? "new" : "foreign";
  }

  #services(): Merged<ServiceRow, ServiceNow>[] {
    const byRef = new Map<string, ServiceRecord[]>();
    for (const record of this.#told.services) {
      if (this.#owner("service", record.ref) === "foreign") {
        this.#refuse(record.place, record.ref, words.serviceOfAnother(record.ref));
        continue;
      }
      this.#claimed.refs.set(refKey("service", record.ref), this.#told.ref);
      const records = byRef.get(record.ref);
      if (records) records.push(record);
      else byRef.set(record.ref, [record]);
    }
    return [...byRef].map(([ref, records]) => this.#service(ref, records)).filter(isNews);
  }

  #service(ref: string, records: readonly ServiceRecord[]): Merged<ServiceRow, ServiceNow> {
    const found = this.#known.refs.get(refKey("service", ref));
    const now = (found && this.#known.services.get(found.rowId)) ?? null;
    const last = <K extends "name" | "plan" | "price" | "panel" | "account">(key: K): ServiceRecord[K] =>
      records.reduce<ServiceRecord[K]>((value, record) => record[key] ?? value, null as ServiceRecord[K]);
    const { linkTo, mode } = this.#terms;
    const panel = mode === "live" ? last("panel") : null;
    const account = mode === "live" ? last("account") : null;
    const made = linkTo !== null && !now?.panel ? { panel: linkTo, account: ref } : null;
    const link = panel !== null && account !== null ? { panel, account } : made;
    const row: ServiceRow = {
      ref,
      name: last("name") ?? now?.name ?? ref,
      plan: last("plan") ?? now?.plan ?? null,
      price: last("price") ?? now?.price ?? null,
      panel: link?.panel ?? now?.panel ?? null,
      account: link?.account ?? now?.account ?? null,
    };
    const changes: Changes = {};
    if (now) for (const key of ["name", "plan", "price", "panel", "account"] as const) note(changes, key, now[key], row[key]);
    return { row, was: now, changes };
  }

  #invoices(): Merged<InvoiceRow, InvoiceNow>[] {
    const taken = new Map<string, { record: InvoiceRecord; merged: Merged<InvoiceRow, InvoiceNow> }>();
    for (const record of this.#told.invoices) {
      const before = taken.get(record.ref);
      if (before) {
        if (!sameInvoice(before.record, record))
          this.#refuse(record.place, record.ref, words.invoiceSaidTwice(record.ref, before.record.place));
        continue;
      }
      const why = this.#whyNot(record);
      if (why) this.#refuse(record.place, record.ref, why);
      else taken.set(record.ref, { record, merged: this.#invoice(record) });
    }
    return [...taken.values()].map(({ merged }) => merged).filter(isNews);
  }

  /** Reason and cure when an invoice contradicts what is known. */
  #whyNot(record: InvoiceRecord): words.Why | null {
    const { ref } = record;
    const { currency } = this.#terms;
    if ((record.currency ?? currency) !== currency) return words.invoiceInAnotherCurrency(record.currency, currency);
    if (this.#owner("invoice", ref) === "foreign") return words.invoiceOfAnother(ref);
    if (record.serviceRef !== null && this.#owner("service", record.serviceRef) === "foreign")
      return words.billedServiceOfAnother(record.serviceRef);
    if (record.serviceRef !== null && !this.#hasService(record.serviceRef)) return words.noService(record.serviceRef);
    const now = this.#invoiceNow(ref);
    if (!now) return null;
    const serviceNow = now.serviceId === null ? null : (this.#known.services.get(now.serviceId)?.ref ?? "");
    return contradiction(record, now, serviceNow);
  }

  #hasService(ref: string): boolean {
    const key = refKey("service", ref);
    return this.#known.refs.has(key) || this.#claimed.refs.get(key) === this.#told.ref;
  }

  #invoiceNow(ref: string): InvoiceNow | null {
    const found = this.#known.refs.get(refKey("invoice", ref));
    return (found && this.#known.invoices.get(found.rowId)) ?? null;
  }

  #invoice(record: InvoiceRecord): Merged<InvoiceRow, InvoiceNow> {
    this.#claimed.refs.set(refKey("invoice", record.ref), this.#told.ref);
    const { ref, issuedOn, dueOn, amount, serviceRef } = record;
    const row: InvoiceRow = { ref, issuedOn, dueOn, amount, serviceRef, currency: this.#terms.currency };
    const was = this.#invoiceNow(ref);
    const changes: Changes = {};
    if (was) {
      note(changes, "issued_on", formatDay(was.issuedOn), formatDay(issuedOn));
      note(changes, "due_on", formatDay(was.dueOn), formatDay(dueOn));
      note(changes, "amount_cents", was.amount, amount);
      // A settled invoice bills what it billed.
      if (was.serviceId === null && serviceRef !== null && was.state === "open") note(changes, "service", null, serviceRef);
    }
    return { row, was, changes };
  }

  #payments(): MergedCustomer["payments"] {
    const news: MergedCustomer["payments"] = [];
    for (const record of this.#told.payments) {
      const why = this.#whyNotPaid(record);
      if (why === "known") continue;
      if (why) {
        this.#refuse(record.place, record.externalId, why);
        continue;
      }
      this.#claimed.receipts.set(receiptKey(record), record);
      news.push({ ...record, currency: this.#terms.currency });
    }
    return news.sort((a, b) => a.paidOn - b.paidOn);
  }

  #whyNotPaid(record: PaymentRecord): words.Why | "known" | null {
    const { currency, mode, today } = this.#terms;
    if ((record.currency ?? currency) !== currency) return words.paymentInAnotherCurrency(record.currency, currency);
    if (record.invoiceRef !== null && !this.#hasInvoice(record.invoiceRef)) return words.noSuchInvoiceOfTheirs(record.invoiceRef);
    if (mode === "live" && record.paidOn > today) return words.notPaidYet(record.paidOn);
    const known = this.#known.receipts.get(receiptKey(record));
    const claimed = this.#claimed.receipts.get(receiptKey(record));
    if (known || claimed) {
      const ours = known ? known.customerId === this.#now?.id : claimed?.customerRef === this.#told.ref;
      const before = known ?? claimed;
      if (ours && before && samePayment(before, record)) return "known";
      return words.paymentKnownOtherwise(record.externalId);
    }
    return null;
  }

  #hasInvoice(ref: string): boolean {
    const key = refKey("invoice", ref);
    const known = this.#known.refs.get(key);
    return known ? known.customerId === this.#now?.id : this.#claimed.refs.get(key) === this.#told.ref;
  }
}

function note(changes: Changes, key: string, from: string | number | null, to: string | number | null): void {
  if (from !== to) changes[key] = { from, to };
}

function isNews(merged: { was: unknown; changes: Changes }): boolean {
  return merged.was === null || Object.keys(merged.changes).length > 0;
}
