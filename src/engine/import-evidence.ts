// What the evidence keeps of an import: every value that was written, so that the rows can be made again from it.
import type { Json } from "../kernel/hash.ts";
import { formatDay } from "../kernel/time.ts";
import type { CustomerRow, InvoiceRow, Merged, MergedCustomer, ServiceRow } from "./import-merge.ts";

/** Rows in one entry: a customer of many years must not make an entry of many megabytes. */
const ENTRY_ROWS = 1000;

/** The entries of one customer, usually one; none when nothing of it was written. */
export function entriesOf(merged: MergedCustomer, from: string): Json[] {
  const { customer } = merged;
  const services = merged.services.map((one) => sayChange(one, sayService(one.row)));
  const invoices = merged.invoices.map((one) => sayChange(one, sayInvoice(one.row)));
  const entries: Json[] = [];
  const rest = [
    ...services.map((row) => ({ list: "services" as const, row })),
    ...invoices.map((row) => ({ list: "invoices" as const, row })),
  ];
  const changed = Object.keys(customer.changes).length > 0;
  for (let at = 0; at === 0 || at < rest.length; at += ENTRY_ROWS) {
    const part = rest.slice(at, at + ENTRY_ROWS);
    const of = (list: "services" | "invoices"): Json[] | undefined => {
      const rows = part.filter((item) => item.list === list).map((item) => item.row);
      return rows.length > 0 ? rows : undefined;
    };
    entries.push({
      from,
      customer: at === 0 && customer.was === null ? sayCustomer(customer.row) : undefined,
      changed: at === 0 && changed ? customer.changes : undefined,
      services: of("services"),
      invoices: of("invoices"),
    });
  }
  return entries;
}

/** A new row whole; a changed one by its number and what is different. */
function sayChange(merged: Merged<{ ref: string }, unknown>, whole: Json): Json {
  return merged.was === null ? whole : { ref: merged.row.ref, changed: merged.changes };
}

function sayCustomer(row: CustomerRow): Json {
  const { ref, name, email, phone, taxId, lang, since, tags } = row;
  return { ref, name, email, phone, tax_id: taxId, lang, since: formatDay(since), tags };
}

function sayService(row: ServiceRow): Json {
  const { ref, name, plan, price, panel, account } = row;
  return { ref, name, plan, price_cents: price, panel, account };
}

function sayInvoice(row: InvoiceRow): Json {
  const { ref, serviceRef, issuedOn, dueOn, amount, currency } = row;
  return { ref, service: serviceRef, issued_on: formatDay(issuedOn), due_on: formatDay(dueOn), amount_cents: amount, currency };
}
