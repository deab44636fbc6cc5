// Money reported by another system in the provider's own numbers: who it is of is found out, then it is booked, all or nothing.
import { assert } from "../kernel/assert.ts";
import { inEach, ReguaError } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";
import type { Cents, Currency } from "../kernel/money.ts";
import { formatDay, type Day } from "../kernel/time.ts";
import { knownRefs, receiptsNow } from "../store/imports.ts";
import type { NewReceipt } from "../store/receipts.ts";
import type { Engine } from "./engine.ts";
import { identitiesIn } from "./known-money.ts";
import { recordReceipts } from "./record-receipts.ts";
import { required } from "./who.ts";

export interface ReportedReceipt {
  /** Where it was seen, for example `api`, `pix`, `gateway-a`. */
  source: string;
  /** Its id there; (source, externalId) is booked once. */
  externalId: string;
  /** By the provider's number; absent: the customer of the invoice. */
  customer?: string | undefined;
  /** The invoice it names; absent: the oldest open one first. */
  invoice?: string | undefined;
  amount: Cents;
  currency: Currency;
  /** Absent: today. */
  paidOn?: Day | undefined;
  /** The day it was in the account; absent: declared, and to be seen in a statement. */
  settledOn?: Day | undefined;
  /** Of a Pix: the same Pix told by a gateway or a statement is then not booked twice. */
  endToEndId?: string | undefined;
  reason?: string | undefined;
}

/** As many as one transaction books. */
export const RECEIPTS_MAX = 500;

/**
 * Books receipts in one transaction; those known already change nothing.
 * @throws ReguaError `customer_unknown`, `invoice_unknown`, `currency_differs`, `field_invalid`, `receipt_differs`: then none is booked
 */
export async function reportReceipts(
  engine: Engine,
  reported: readonly ReportedReceipt[],
  by: string,
): Promise<{ booked: number; known: number }> {
  assert(reported.length <= RECEIPTS_MAX, "more receipts than one transaction books");
  const actor = required("by", by);
  const setting = await engine.settings.load(engine.db, engine.clock.now());
  const today = setting.zone.dayOf(engine.clock.now());
  const owner = await owners(engine, reported);
  const receipts = reported.map((receipt): NewReceipt => {
    const { source, externalId, amount, currency, paidOn = today } = receipt;
    if (currency !== setting.currency) throw new ReguaError("currency_differs", { value: currency, currency: setting.currency });
    if (amount <= 0)
      throw new ReguaError("field_invalid", {
        field: "amountCents",
        problem: inEach("a receipt is more than nothing", "um recebimento é de mais do que zero"),
      });
    if (paidOn > today)
      throw new ReguaError("field_invalid", {
        field: "paidOn",
        problem: inEach(`${formatDay(paidOn)} has not come yet`, `${formatDay(paidOn)} ainda não chegou`),
      });
    const { settledOn = null, endToEndId } = receipt;
    if (settledOn !== null && settledOn > today)
      throw new ReguaError("field_invalid", {
        field: "settledOn",
        problem: inEach(`${formatDay(settledOn)} has not come yet`, `${formatDay(settledOn)} ainda não chegou`),
      });
    const identities = identitiesIn(endToEndId ?? externalId);
    const base = { source, externalId, amount, currency, paidOn, settledOn, identities, actor };
    return { ...base, customerId: owner(receipt), invoiceRef: receipt.invoice ?? null, reason: receipt.reason ?? null };
  });
  await sameAsKnown(engine, receipts);
  const { booked, known, refused } = await recordReceipts(engine, receipts);
  assert(refused.length === 0, `a receipt that was looked at was refused: ${refused[0]?.reason ?? ""}`);
  return { booked, known };
}

/** Whose each receipt is, asked with one statement. */
async function owners(engine: Engine, reported: readonly ReportedReceipt[]): Promise<(receipt: ReportedReceipt) => Id> {
  const refs = await knownRefs(
    engine.db,
    reported.flatMap(({ customer, invoice }) => [
      ...(customer === undefined ? [] : [{ kind: "customer" as const, ref: customer }]),
      ...(invoice === undefined ? [] : [{ kind: "invoice" as const, ref: invoice }]),
    ]),
  );
  const known = new Map(refs.map(({ kind, ref, customerId }) => [`${kind} ${ref}`, customerId]));
  return ({ customer, invoice }) => {
    const byCustomer = customer === undefined ? undefined : known.get(`customer ${customer}`);
    if (customer !== undefined && byCustomer === undefined) throw new ReguaError("customer_unknown", { value: customer });
    const byInvoice = invoice === undefined ? undefined : known.get(`invoice ${invoice}`);
    const strange = byCustomer !== undefined && byInvoice !== byCustomer;
    if (invoice !== undefined && (byInvoice === undefined || strange)) throw new ReguaError("invoice_unknown", { value: invoice });
    const id = byCustomer ?? byInvoice;
    if (id === undefined)
      throw new ReguaError("field_invalid", {
        field: "customer",
        problem: inEach("name the customer, the invoice, or both", "indique o cliente, a fatura ou os dois"),
      });
    return id;
  };
}

/** The same id with other content is two receipts under one name: it must not pass for a repeat. */
async function sameAsKnown(engine: Engine, receipts: readonly NewReceipt[]): Promise<void> {
  const seen = new Map<string, { customerId: Id; amount: Cents }>();
  const name = ({ source, externalId }: { source: string; externalId: string }): string => `${source}\n${externalId}`;
  for (const known of await receiptsNow(engine.db, receipts)) seen.set(name(known), known);
  for (const receipt of receipts) {
    const known = seen.get(name(receipt));
    if (known && (known.customerId !== receipt.customerId || known.amount !== receipt.amount))
      throw new ReguaError("receipt_differs", { value: receipt.externalId, source: receipt.source });
    seen.set(name(receipt), receipt);
  }
}
