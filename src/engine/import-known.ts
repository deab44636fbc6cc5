// A batch of staged rows as what is told of each customer, and what is known of the numbers it names.
import type { CustomerRecord, InvoiceRecord, PaymentRecord, ServiceRecord } from "../ports/customer-source.ts";
import type { Db } from "../store/database.ts";
import type { StagedRow } from "../store/import-stage.ts";
import { customersNow, invoicesNow, knownRefs, receiptsNow, servicesNow, type RefKind } from "../store/imports.ts";
import { receiptKey, refKey, type Known, type Told } from "./import-merge.ts";

/** Rows ordered by customer and kind, as what is told of each customer. */
export function toldBy(rows: readonly StagedRow[]): Told[] {
  const groups: Told[] = [];
  for (const row of rows) {
    const ref = row.customer ?? "";
    let group = groups.at(-1);
    if (group?.ref !== ref) {
      group = { ref, customers: [], services: [], invoices: [], payments: [] };
      groups.push(group);
    }
    if (row.kind === "customer") group.customers.push(JSON.parse(row.data) as CustomerRecord);
    else if (row.kind === "service") group.services.push(JSON.parse(row.data) as ServiceRecord);
    else if (row.kind === "invoice") group.invoices.push(JSON.parse(row.data) as InvoiceRecord);
    else group.payments.push({ ...(JSON.parse(row.data) as PaymentRecord), customerRef: ref });
  }
  return groups;
}

/** Asked of the database in a handful of statements, whatever the size of the batch. */
export async function readKnown(db: Db, told: readonly Told[]): Promise<Known> {
  const wanted = new Map<string, { kind: RefKind; ref: string }>();
  const want = (kind: RefKind, ref: string | null): void => {
    if (ref !== null) wanted.set(refKey(kind, ref), { kind, ref });
  };
  for (const one of told) {
    want("customer", one.ref);
    for (const service of one.services) want("service", service.ref);
    for (const invoice of one.invoices) {
      want("invoice", invoice.ref);
      want("service", invoice.serviceRef);
    }
    for (const payment of one.payments) want("invoice", payment.invoiceRef);
  }
  const refs = await knownRefs(db, [...wanted.values()]);
  const of = (kind: RefKind) => refs.filter((ref) => ref.kind === kind);
  const customers = await customersNow(
    db,
    of("customer").map((ref) => ref.customerId),
  );
  const services = await servicesNow(db, of("service"));
  const invoices = await invoicesNow(db, of("invoice"));
  const receipts = await receiptsNow(
    db,
    told.flatMap((one) => one.payments),
  );
  return {
    refs: new Map(refs.map((ref) => [refKey(ref.kind, ref.ref), ref])),
    customers: new Map(customers.map((row) => [row.id, row])),
    services: new Map(services.map((row) => [row.id, row])),
    invoices: new Map(invoices.map((row) => [row.id, row])),
    receipts: new Map(receipts.map((row) => [receiptKey(row), row])),
  };
}
