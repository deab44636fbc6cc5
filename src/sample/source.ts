// The sample's customers and their invoices as a source to import, a day at a time.
import { civil, dayOf, type Day } from "../kernel/time.ts";
import type { CustomerSource, SourceBatch } from "../ports/customer-source.ts";
import { paymentsOf } from "./habits.ts";
import { PEOPLE, type Person } from "./people.ts";

/** Invoices are issued this many days before they are due. */
const ISSUED_BEFORE = 10;

interface Planned {
  person: Person;
  /** Counts the person's own invoices from 0. */
  month: number;
  dueOn: Day;
  issuedOn: Day;
  ref: string;
}

/** Every invoice that is issued from the first day to the last. */
export function plannedInvoices(first: Day, last: Day): Planned[] {
  const planned: Planned[] = [];
  for (const person of PEOPLE) {
    const { year, month } = civil(first);
    let count = 0;
    for (let k = 0; ; k += 1) {
      const dueOn = dayOf(year + Math.floor((month - 1 + k) / 12), ((month - 1 + k) % 12) + 1, person.dueDay);
      const issuedOn = dueOn - ISSUED_BEFORE;
      if (issuedOn > last) break;
      if (dueOn < first || issuedOn < sinceOf(person, last)) continue;
      planned.push({ person, month: count, dueOn, issuedOn: Math.max(issuedOn, first), ref: String(20_001 + planned.length) });
      count += 1;
    }
  }
  return planned;
}

/** First day as a customer; newcomers came lately. */
export function sinceOf(person: Person, last: Day): Day {
  return last - person.tenureDays - (person.habit === "newcomer" ? 0 : 150);
}

/** What the provider's own system would hand over on a day: who is new, and the invoices issued. */
export function sourceOf(day: Day, first: Day, last: Day, planned: readonly Planned[]): CustomerSource | null {
  const people = PEOPLE.filter((person) => Math.max(sinceOf(person, last), first) === day);
  const invoices = planned.filter((invoice) => invoice.issuedOn === day);
  if (people.length === 0 && invoices.length === 0) return null;
  const place = { file: "sample", line: 1 };
  const batch: SourceBatch = {
    customers: people.map((person) => ({
      place,
      ref: person.ref,
      name: person.name,
      email: `contato@${person.domain}`,
      phone: null,
      taxId: null,
      lang: person.lang,
      since: sinceOf(person, last),
      tags: [],
    })),
    services: people.map((person) => ({
      place,
      ref: `S${person.ref.slice(1)}`,
      customerRef: person.ref,
      name: person.domain,
      plan: person.plan,
      price: person.priceCents,
      panel: null,
      account: null,
    })),
    invoices: invoices.map(({ person, ref, issuedOn, dueOn }) => ({
      place,
      ref,
      customerRef: person.ref,
      serviceRef: `S${person.ref.slice(1)}`,
      issuedOn,
      dueOn,
      amount: person.priceCents,
      currency: "BRL",
    })),
    payments: invoices.flatMap(({ person, month, dueOn, ref }) =>
      paymentsOf(person, month, dueOn, person.priceCents).map((payment, i) => ({
        place,
        source: "pix",
        externalId: `${ref}-${i + 1}`,
        customerRef: person.ref,
        invoiceRef: ref,
        paidOn: payment.on,
        amount: payment.amount,
        currency: "BRL",
      })),
    ),
    refused: [],
    lines: people.length + invoices.length,
  };
  return {
    kind: "sample",
    lines: batch.lines,
    defaultLang: "pt-BR",
    read: async function* () {
      yield batch;
    },
  };
}
