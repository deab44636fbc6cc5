// Invoices entered by a person or another system: the customer is decided anew with what is owed now.
import { inEach, ReguaError } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";
import type { Cents, Currency } from "../kernel/money.ts";
import { formatDay, type Day } from "../kernel/time.ts";
import { findRef } from "../store/customers.ts";
import { insertInvoice, readInvoice, takeRef, type InvoiceRecord } from "../store/records.ts";
import { useCredit } from "./apply-credit.ts";
import { changeCustomer } from "./change.ts";
import type { Engine } from "./engine.ts";
import { required, whoIs, type Who } from "./who.ts";
import { kindIn } from "../words/inserts.ts";

export interface NewInvoiceAsk {
  customer: Who;
  ref: string;
  /** The service it bills, by the provider's number; absent: the whole account. */
  service?: string | null;
  /** Absent: today. */
  issuedOn?: Day;
  dueOn: Day;
  amount: Cents;
  currency: Currency;
  by: string;
}

/** Later than any term of payment: a misread year must not wait unseen for a century. */
const DUE_AFTER_MAX_DAYS = 3_660;

/** @throws ReguaError `ref_taken`, `currency_differs`, `field_invalid`, `service_unknown`, `customer_unknown`, `words_missing` */
export async function createInvoice(engine: Engine, ask: NewInvoiceAsk): Promise<{ id: Id }> {
  const by = required("by", ask.by);
  const ref = required("ref", ask.ref);
  const customerId = await whoIs(engine.db, ask.customer);
  const id = (await engine.ids.take(1)).next();
  return changeCustomer(engine, customerId, async (unit, { facts }) => {
    const { currency, zone } = unit.setting;
    if (ask.currency !== currency) throw new ReguaError("currency_differs", { value: ask.currency, currency });
    if (ask.amount <= 0)
      throw new ReguaError("field_invalid", {
        field: "amount",
        problem: inEach("an invoice is over more than nothing", "uma fatura é de mais do que zero"),
      });
    const issuedOn = ask.issuedOn ?? Math.min(zone.dayOf(unit.now), ask.dueOn);
    if (ask.dueOn < issuedOn)
      throw new ReguaError("field_invalid", {
        field: "dueOn",
        problem: inEach(`it lies before the day of issue, ${formatDay(issuedOn)}`, `fica antes do dia de emissão, ${formatDay(issuedOn)}`),
      });
    if (ask.dueOn > issuedOn + DUE_AFTER_MAX_DAYS)
      throw new ReguaError("field_invalid", {
        field: "dueOn",
        problem: inEach("it lies more than ten years after the day of issue", "fica mais de dez anos depois do dia de emissão"),
      });
    const named = ask.service ?? null;
    const service = named === null ? null : facts.services.find((each) => each.ref === named);
    if (service === undefined) throw new ReguaError("service_unknown", { value: named ?? "" });
    if (!(await takeRef(unit.trx, "invoice", ref, { customerId, id })))
      throw new ReguaError("ref_taken", { kind: kindIn("invoice"), value: ref });
    const row = { id, customerId, serviceId: service?.id ?? null, ref, issuedOn, dueOn: ask.dueOn, amount: ask.amount, currency };
    await insertInvoice(unit.trx, row, unit.now);
    unit.record(customerId, "invoice.issued", by, {
      invoice: ref,
      service: service?.ref ?? null,
      issued_on: formatDay(issuedOn),
      due_on: formatDay(ask.dueOn),
      amount_cents: ask.amount,
      currency,
    });
    if (unit.setting.policy.doc.receipts?.use_credit === "when_issued")
      await useCredit(engine, unit, customerId, null, `policy:${unit.setting.policy.version}`);
    return { id };
  });
}

/** @throws ReguaError `invoice_unknown` */
export async function invoiceNamed(engine: Engine, ref: string): Promise<InvoiceRecord> {
  const found = await findRef(engine.db, "invoice", ref);
  const row = found && (await readInvoice(engine.db, found.customerId, found.id));
  if (!row) throw new ReguaError("invoice_unknown", { value: ref });
  return row;
}
