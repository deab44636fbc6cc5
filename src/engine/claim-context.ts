// What we know beside a payment proof: the invoice, who receives, which of its codes we gave out, and what was shown before.
import type { Findings } from "../proofs/findings.ts";
import type { ProofContext, Whose } from "../proofs/context.ts";
import { NO_TXID } from "../codes/txid.ts";
import { ReguaError } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";
import type { Reading } from "../ports/proof-reader.ts";
import { bookedPayments, marksSeen, type ClaimMark } from "../store/claim-proofs.ts";
import { findCodes, type ChargeCode } from "../store/charge-codes.ts";
import { feesPaid } from "../store/allocations.ts";
import type { OneCase } from "./one-case.ts";
import { feeDue } from "./fees.ts";

/** @throws ReguaError `invoice_unknown` */
export async function contextOf(
  { trx, found, setting, now }: OneCase,
  ref: string,
  reading: Reading,
  findings: Findings,
): Promise<ProofContext> {
  const { facts } = found;
  const invoice = facts.invoices.find((each) => each.ref === ref);
  if (!invoice) throw new ReguaError("invoice_unknown", { value: ref });
  const whoseInvoice = (customerId: Id, invoiceId: Id): Whose =>
    customerId !== facts.id ? "other_customer" : invoiceId === invoice.id ? "this_invoice" : "other_invoice";
  const codes: ChargeCode[] = [
    ...findings.boletos.map(({ barCode }) => ({ kind: "bar_code" as const, value: barCode })),
    ...findings.brCodes.flatMap(({ code }) =>
      code.txid === null || code.txid === NO_TXID ? [] : [{ kind: "txid" as const, value: code.txid }],
    ),
  ];
  const issued = await findCodes(trx, codes);
  const seen = await marksSeen(trx, marksOf(reading, findings), reading.proof.look);
  const booked = await bookedPayments(
    trx,
    findings.endToEnds.map(({ id }) => id.id),
  );
  const today = setting.zone.dayOf(now);
  const feePaid = (await feesPaid(trx, facts.id)).get(invoice.id) ?? 0;
  const withFee = feeDue(setting.policy, { ...invoice, feePaid }, today).total;
  const all = facts.invoices.reduce((sum, each) => sum + each.open, 0);
  return {
    now,
    local: (at) => setting.zone.local(at),
    invoice: { ref, issuedOn: invoice.issuedOn, amounts: [invoice.open, invoice.amount, withFee, all], open: invoice.open },
    receiver: receiverOf(setting.provider),
    issued: issued.flatMap(({ kind, value, customerId, invoiceId, invoiceRef }) =>
      kind === "bar_code" || kind === "txid" ? [{ kind, value, whose: whoseInvoice(customerId, invoiceId), invoice: invoiceRef }] : [],
    ),
    seen: seen.map(({ kind, value, customerId, invoiceId, distance }) => ({
      kind,
      value,
      distance,
      whose: whoseInvoice(customerId, invoiceId),
    })),
    booked: booked.map(({ endToEndId, customerId, invoices }) => ({
      endToEndId,
      whose: customerId !== facts.id ? "other_customer" : invoices.includes(ref) ? "this_invoice" : "other_invoice",
    })),
  };
}

/** By which the proof is known again; its look apart, which is compared and not looked up. */
export function marksOf(reading: Reading, findings: Findings): ClaimMark[] {
  return [
    ...reading.files.map((value) => ({ kind: "file" as const, value })),
    ...findings.endToEnds.map(({ id }) => ({ kind: "end_to_end" as const, value: id.id })),
    ...findings.authentications.map(({ code }) => ({ kind: "authentication" as const, value: code })),
  ];
}

/** Our own numbers and names; Pix keys as they stand in the payment lines that we show. */
function receiverOf(provider: {
  name: string;
  legalName: string;
  taxId: string;
  payment: Readonly<Record<string, readonly string[]>>;
  pix?: { key: string } | null;
}): ProofContext["receiver"] {
  const lines = Object.values(provider.payment).flat();
  const keys = lines.flatMap((line) =>
    [...line.matchAll(/[\w.+-]+@[\w.-]+\w|\+\d{10,14}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/giu)].map(([key]) => key),
  );
  return {
    taxIds: [provider.taxId.replace(/[^0-9A-Za-z]/gu, "").toUpperCase()],
    names: [provider.legalName, provider.name],
    pixKeys: [...new Set([...keys, ...(provider.pix ? [provider.pix.key] : [])])],
  };
}
