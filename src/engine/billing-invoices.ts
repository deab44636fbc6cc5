// Invoices of the billing system beside us with what was paid on them: each reading makes ours say the same, and money counts once.
import type { Cents } from "../kernel/money.ts";
import { formatInstant, HOUR_MS, type Day } from "../kernel/time.ts";
import { clearingUntil } from "../policy/clearing.ts";
import type { BilledInvoice, BilledPayment, WholeInvoice } from "../ports/billing-system.ts";
import type { InvoiceRecord, PaymentRecord, RefusedLine } from "../ports/customer-source.ts";
import {
  keepRefusals,
  markThere,
  openThoughPaid,
  receivedElsewhere,
  wholeReceipts,
  type BillingRow,
  type SeenRow,
  knownRows,
  markClearing,
  paidHere,
} from "../store/billing.ts";
import { byKey, keyName } from "../store/money-keys.ts";
import { readInvoice } from "../store/records.ts";
import { receiptNow } from "../store/receipts.ts";
import { inTransaction } from "../store/retry.ts";
import { takeRows, WHMCS, type BesideTerms } from "./billing-rows.ts";
import { changeCustomer } from "./change.ts";
import type { Engine } from "./engine.ts";
import type { ImportResult } from "./import-customers.ts";
import { recordReceipts } from "./record-receipts.ts";
import { refundReceipt } from "./reverse-receipt.ts";
import { voidInvoice } from "./void-invoice.ts";

/** An invoice as it was read, with what is known of it. `whole` null: only the list was asked. */
export interface ReadInvoice {
  head: BilledInvoice;
  whole: WholeInvoice | null;
  known: BillingRow | null;
}

const PENDING = "Payment Pending";
const OPEN = new Set(["Unpaid", PENDING]);
const WITHDRAWN = new Set(["Cancelled", "Collections", "Refunded"]);

/** An invoice that WHMCS waits for is read again every minute, and waited for anew when less than this is left. */
const LOOKED_AT_AGAIN_MS = 12 * HOUR_MS;

/** Since when a payment may reach us by a gateway of our own as well: a gateway's first poll looks back a week. */
const TOLD_TWICE_DAYS = 10;

/** Another mark than the one kept means that something changed. */
export const invoiceMark = ({ state, total, credit, dueOn, issuedOn }: BilledInvoice): string =>
  [state, total, credit, dueOn, issuedOn].join("\n");

/** Whether the list alone does not say enough of an invoice: what it bills, and which money paid it. */
export function wantsWhole(head: BilledInvoice, known: BillingRow | null, today: Day): boolean {
  if (OPEN.has(head.state)) return true;
  if (head.state !== "Paid" || head.total <= 0) return false;
  return (known !== null && known.state !== "Paid") || (head.paidOn ?? 0) >= today - TOLD_TWICE_DAYS;
}

/** Takes invoices whose customers are known. Refused ones are kept with their reason. */
export async function takeInvoices(engine: Engine, terms: BesideTerms, read: readonly ReadInvoice[], refused: readonly RefusedLine[]) {
  const now = engine.clock.now();
  const { zone } = await engine.settings.load(engine.db, now);
  const today = zone.dayOf(now);
  for (const each of read) if (each.known && each.whole && OPEN.has(each.head.state)) await reopen(engine, each.known, each.head);
  const fresh = read.filter(({ known }) => known === null).map(({ head }) => String(head.id));
  const before = await paidHere(engine.db, fresh);
  const invoices: InvoiceRecord[] = [];
  const payments: PaymentRecord[] = [];
  const seen: SeenRow[] = [];
  const withdrawn: ReadInvoice[] = [];
  for (const one of read) {
    const { head, whole, known } = one;
    if (known && WITHDRAWN.has(head.state)) withdrawn.push(one);
    else if (isOurs(one)) {
      const place = { file: "invoices", line: head.id };
      const [service, ...others] = whole?.serviceIds ?? [];
      invoices.push({
        place,
        ref: String(head.id),
        customerRef: String(head.clientId),
        // One that bills several is the whole account's.
        serviceRef: service === undefined || others.length > 0 ? null : String(service),
        issuedOn: head.issuedOn,
        dueOn: head.dueOn,
        amount: head.total + head.credit,
        currency: head.currency,
      });
      // Imported here in another way before: what paid it is booked already, and a rest is settled below.
      if (!before.has(String(head.id))) payments.push(...(await paymentsOf(engine, terms, one, today)));
      seen.push(seenInvoice(head, whole !== null));
    }
  }
  const result = await takeRows(engine, { invoices, payments, refused }, seen);
  for (const { head, whole } of read) if (whole && OPEN.has(head.state)) await returnRefunds(engine, whole);
  await settleTheRest(
    engine,
    read.filter(({ head }) => head.state === "Paid").map(({ head }) => head),
    today,
  );
  for (const one of withdrawn) await withdraw(engine, one);
  await awaitMoney(
    engine,
    read.filter(({ head }) => head.state === PENDING).map(({ head }) => head.id),
  );
  return result satisfies ImportResult;
}

function seenInvoice(head: BilledInvoice, whole: boolean): SeenRow {
  const { id, clientId, state, credit } = head;
  return { kind: "invoice", billingId: id, clientId, state, mark: invoiceMark(head), whole, creditCents: credit };
}

/** Money put aside, gathered payments, drafts and gifts are nobody's debt; what was withdrawn before we came never was ours. */
function isOurs({ head, whole, known }: ReadInvoice): boolean {
  if (head.total + head.credit <= 0) return false;
  if (head.state !== "Paid" && !OPEN.has(head.state)) return false;
  return known !== null || whole === null || whole.debt;
}

/** What paid it, each under a name of its own for ever. */
async function paymentsOf(engine: Engine, terms: BesideTerms, { head, whole, known }: ReadInvoice, today: Day): Promise<PaymentRecord[]> {
  const base = {
    place: { file: "invoices", line: head.id },
    customerRef: String(head.clientId),
    invoiceRef: String(head.id),
    currency: null,
  };
  const on = (day: Day | null): Day => Math.min(day === null || day === 0 ? today : day, today);
  const payments: PaymentRecord[] = [];
  const credit = head.credit - (known?.creditCents ?? 0);
  if (credit > 0)
    payments.push({ ...base, source: WHMCS, externalId: `credit-${head.id}-${head.credit}`, paidOn: on(head.paidOn), amount: credit });
  if (!whole) {
    // Paid long before we came: one receipt stands for what paid it.
    if (head.state === "Paid" && head.total > 0 && !known)
      payments.push({ ...base, source: WHMCS, externalId: `paid-${head.id}`, paidOn: on(head.paidOn), amount: head.total });
    return payments;
  }
  const elsewhere = known ? await ownMoney(engine, known, whole.payments) : new Set<string>();
  for (const { payment, amount } of applied(whole)) {
    if (amount <= 0 || elsewhere.has(payment.transid)) continue;
    const gateway = terms.gateways[payment.gateway];
    const name =
      gateway !== undefined && payment.transid !== ""
        ? { source: gateway, externalId: payment.transid }
        : { source: WHMCS, externalId: `txn-${payment.id}` };
    payments.push({ ...base, ...name, paidOn: on(payment.on), amount, reference: payment.transid });
  }
  return payments;
}

/** Numbers of transactions that are money told here first: by a gateway, a bank or staff, and perhaps booked there by us. */
function ownMoney(engine: Engine, known: BillingRow, payments: readonly BilledPayment[]): Promise<Set<string>> {
  const names = payments.map(({ transid }) => transid).filter((transid) => transid !== "");
  return receivedElsewhere(engine.db, known.customerId, names, WHMCS);
}

/** What each payment paid of the invoice, in order: what is over became the client's credit there, and comes back to us as credit when it is used. */
function applied({ total, payments }: WholeInvoice): { payment: BilledPayment; amount: Cents; returned: Cents }[] {
  let left = total;
  const rows: { payment: BilledPayment; amount: Cents; returned: Cents }[] = [];
  for (const payment of [...payments].sort((a, b) => a.id - b.id)) {
    const amount = Math.max(0, Math.min(payment.amountIn, left));
    left -= amount;
    if (payment.amountIn > 0) rows.push({ payment, amount, returned: 0 });
    if (payment.amountOut <= 0) continue;
    const was = rows.find((row) => row.payment.id === payment.refundOf) ?? rows.findLast((row) => row.amount > row.returned);
    const back = was ? Math.min(payment.amountOut, was.amount - was.returned) : 0;
    if (was) was.returned += back;
    left += back;
  }
  return rows;
}

/** Paid when we first saw it, and not paid any more: the receipt that stood for its payments goes back, and they are told one by one. */
async function reopen(engine: Engine, { customerId }: BillingRow, { id }: BilledInvoice): Promise<void> {
  for (const name of await wholeReceipts(engine.db, customerId, String(id), WHMCS))
    await giveBack(engine, name, null, "the invoice is open again in WHMCS");
}

/** Money that went back while the invoice stays open there. */
async function returnRefunds(engine: Engine, whole: WholeInvoice): Promise<void> {
  for (const { payment, returned } of applied(whole))
    if (returned > 0) await giveBack(engine, `txn-${payment.id}`, returned, "refunded in WHMCS");
}

/** `amount`: what has gone back of it by now, all in all; null: everything. Told again, it changes nothing. */
async function giveBack(engine: Engine, externalId: string, amount: Cents | null, reason: string): Promise<void> {
  const key = { source: WHMCS, externalId };
  const money = (await byKey(engine.db, [key])).get(keyName(key));
  if (!money || money.customerId === null) return;
  const { customerId, id } = money;
  const receipt = await inTransaction(engine.db, (trx) => receiptNow(trx, customerId, id));
  if (!receipt) return;
  const missing = Math.min(amount ?? receipt.amount, receipt.amount) - receipt.returned;
  if (missing > 0) await refundReceipt(engine, { ...key, amount: missing, reason, by: WHMCS });
}

const ROUNDS = 3;

/**
 * Paid there by whatever way (marked by hand, gathered with others, a transaction that names another invoice): nobody who paid is pursued
 * or stays down, so the rest is booked on the billing system's word. With late fees one round may leave a few cents.
 */
async function settleTheRest(engine: Engine, paid: readonly BilledInvoice[], today: Day): Promise<void> {
  const byId = new Map(paid.map((head) => [head.id, head]));
  for (let round = 0; round < ROUNDS; round += 1) {
    const open = await openThoughPaid(engine.db, [...byId.keys()], WHMCS);
    if (open.length === 0) return;
    await recordReceipts(
      engine,
      open.map(({ billingId, customerId, ref, open: amount, currency, before }) => {
        const paidOn = Math.min(byId.get(billingId)?.paidOn ?? today, today);
        const receipt = { customerId, source: WHMCS, externalId: `rest-${ref}-${before}`, amount, currency, paidOn, settledOn: paidOn };
        return { ...receipt, invoiceRef: ref, reason: "WHMCS says that it is paid", actor: WHMCS };
      }),
    );
  }
}

/** The payment was made, and WHMCS waits for it: nothing hardens meanwhile. Looked at again long before it ends. */
async function awaitMoney(engine: Engine, ids: readonly number[]): Promise<void> {
  for (const row of (await knownRows(engine.db, "invoice", ids)).values())
    await changeCustomer(engine, row.customerId, async (unit) => {
      const until = clearingUntil(unit.setting.policy, "boleto", unit.now);
      if (await markClearing(unit.trx, row, until, unit.now + LOOKED_AT_AGAIN_MS))
        unit.record(row.customerId, "invoice.clearing", WHMCS, { invoice: String(row.billingId), until: formatInstant(until) });
    });
}

/** Cancelled, refunded or handed on there: nobody is asked for it any more. One that is partly paid is put before a person. */
async function withdraw(engine: Engine, { head, known }: ReadInvoice): Promise<void> {
  if (!known) return;
  const ours = await readInvoice(engine.db, known.customerId, known.rowId);
  const now = engine.motorClock.now();
  if (ours?.state === "open") {
    if (ours.paid > 0) {
      const reason = `the invoice is ${head.state} in WHMCS, and partly paid here: give the payment back (regua refund), or pay the rest`;
      await markThere(engine.db, known, "invoice", head.state, invoiceMark(head), now);
      return keepRefusals(engine.db, [], [{ kind: "invoice", billingId: head.id, reason }], now);
    }
    await voidInvoice(engine, { invoice: ours.ref, reason: `${head.state} in WHMCS`, by: WHMCS });
  }
  await markThere(engine.db, known, "invoice", head.state, invoiceMark(head), now);
}
