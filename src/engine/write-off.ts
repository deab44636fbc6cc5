// An invoice given up, or voided, by two persons: one proposes with a reason, another approves, and access follows in the same transaction.
import { ReguaError } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";
import type { Cents } from "../kernel/money.ts";
import type { Trx } from "../store/database.ts";
import { markVoid, readInvoice, type InvoiceRecord } from "../store/records.ts";
import {
  endWriteOff,
  insertWriteOff,
  markWrittenOff,
  openWriteOffs,
  readWriteOff,
  type WriteOffKind,
  type WriteOffProposal,
  type WriteOffRow,
} from "../store/write-offs.ts";
import { changeCustomer, type Unit } from "./change.ts";
import { withdrawClaims } from "./end-claim.ts";
import type { Engine } from "./engine.ts";
import { invoiceNamed } from "./save-invoice.ts";
import { required, whoIs, type Who } from "./who.ts";
import { invoiceStateIn } from "../words/inserts.ts";

/** What a person may propose: `void` for an invoice that should not have been, `write_off` for money that is given up. */
export interface WriteOffAsk {
  invoice: string;
  kind: WriteOffKind;
  reason: string;
  by: string;
}

/**
 * Proposes it; nothing changes for the customer yet.
 * @throws ReguaError `invoice_unknown`, `invoice_not_open`, `write_off_waits`, `words_missing`
 */
export async function proposeWriteOff(engine: Engine, ask: WriteOffAsk): Promise<{ id: Id; customer: string; openCents: Cents }> {
  const by = required("by", ask.by);
  const reason = required("reason", ask.reason);
  const { customerId, id: invoiceId } = await invoiceNamed(engine, ask.invoice);
  const id = (await engine.ids.take(1)).next();
  return changeCustomer(engine, customerId, async (unit) => {
    const invoice = await openInvoice(unit.trx, customerId, invoiceId, ask.kind);
    const row = { customerId, id, invoiceId, kind: ask.kind, reason, by, at: unit.now };
    if (!(await insertWriteOff(unit.trx, row))) throw new ReguaError("write_off_waits", { value: ask.invoice });
    const openCents = invoice.amount - invoice.paid;
    unit.record(customerId, "write_off.proposed", by, { invoice: invoice.ref, kind: ask.kind, amount_cents: openCents, reason });
    return { id, customer: invoice.customerRef, openCents };
  });
}

/** @throws ReguaError `invoice_not_open` */
async function openInvoice(trx: Trx, customerId: Id, id: Id, kind: WriteOffKind): Promise<InvoiceRecord> {
  const invoice = await readInvoice(trx, customerId, id);
  const state = invoice?.state ?? "gone";
  if (!invoice || state !== "open") throw new ReguaError("invoice_not_open", { value: invoice?.ref ?? id, state: invoiceStateIn(state) });
  if (kind === "void" && invoice.paid > 0)
    throw new ReguaError("invoice_not_open", { value: invoice.ref, state: invoiceStateIn("partly paid") });
  return invoice;
}

/**
 * Approves it under another name than the proposer's: the invoice owes nothing more. What was paid meanwhile is booked; only the rest is
 * given up, and the evidence names the amount and both persons.
 * @throws ReguaError `write_off_unknown`, `write_off_of_oneself`, `invoice_not_open`
 */
export async function approveWriteOff(engine: Engine, ask: { customer: Who; id: Id; by: string }): Promise<{ givenUpCents: Cents }> {
  return ofProposal(engine, ask, async (unit, customerId, proposal) => {
    if (proposal.proposedBy === ask.by) throw new ReguaError("write_off_of_oneself", { by: ask.by });
    const { invoiceId, kind, reason, proposedBy } = proposal;
    const invoice = await openInvoice(unit.trx, customerId, invoiceId, kind);
    const mark = kind === "void" ? markVoid : markWrittenOff;
    if (!(await mark(unit.trx, customerId, invoiceId, unit.now)))
      throw new ReguaError("invoice_not_open", { value: invoice.ref, state: invoiceStateIn("partly paid") });
    await endWriteOff(unit.trx, customerId, ask.id, { state: "approved", by: ask.by, at: unit.now });
    const givenUpCents = invoice.amount - invoice.paid;
    const body = { invoice: invoice.ref, reason, proposed_by: proposedBy, approved_by: ask.by };
    if (kind === "void") unit.record(customerId, "invoice.voided", ask.by, body);
    else unit.record(customerId, "invoice.written_off", ask.by, { ...body, amount_cents: givenUpCents });
    await withdrawClaims(unit, customerId, invoiceId, ask.by);
    return { givenUpCents };
  });
}

/** Takes a proposal back, by its maker or by who will not sign it. @throws ReguaError `write_off_unknown` */
export async function withdrawWriteOff(engine: Engine, ask: { customer: Who; id: Id; by: string }): Promise<void> {
  await ofProposal(engine, ask, async (unit, customerId, proposal) => {
    const invoice = await readInvoice(unit.trx, customerId, proposal.invoiceId);
    await endWriteOff(unit.trx, customerId, ask.id, { state: "withdrawn", by: ask.by, at: unit.now });
    unit.record(customerId, "write_off.withdrawn", ask.by, { invoice: invoice?.ref ?? null, proposed_by: proposal.proposedBy });
  });
}

async function ofProposal<T>(
  engine: Engine,
  ask: { customer: Who; id: Id; by: string },
  work: (unit: Unit, customerId: Id, proposal: WriteOffProposal) => Promise<T>,
): Promise<T> {
  required("by", ask.by);
  const customerId = await whoIs(engine.db, ask.customer);
  return changeCustomer(engine, customerId, async (unit) => {
    const proposal = await readWriteOff(unit.trx, customerId, ask.id);
    if (!proposal) throw new ReguaError("write_off_unknown", { value: ask.id });
    return work(unit, customerId, proposal);
  });
}

/** More than a person signs in a sitting. */
const LISTED_MAX = 200;

/** Those that wait for a second person: of one customer, or of all. */
export async function writeOffsWaiting(engine: Engine, customer: Who | null): Promise<WriteOffRow[]> {
  return openWriteOffs(engine.db, customer === null ? null : await whoIs(engine.db, customer), LISTED_MAX);
}
