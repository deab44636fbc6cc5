// The codes of a charge, kept with its invoice: a payment that carries one of them, wherever it is seen, is known to be for that invoice.
import { readBoleto } from "../codes/boleto.ts";
import { readBrCode } from "../codes/br-code.ts";
import { isChargeTxid, NO_TXID } from "../codes/txid.ts";
import { DAY_MS, type Instant } from "../kernel/time.ts";
import type { GatewayCharge } from "../ports/payment-gateway.ts";
import { insertCodes, type ChargeCode } from "../store/charge-codes.ts";
import { inTransaction } from "../store/retry.ts";
import type { Engine } from "./engine.ts";
import { invoiceNamed } from "./save-invoice.ts";

/** A gateway numbers its charges for itself. */
export function chargeCode(gateway: string, chargeId: string): ChargeCode {
  return { kind: "charge", value: `${gateway} ${chargeId}` };
}

/**
 * Remembers what a charge was given out with; again for the same charge it changes nothing. A slip's number is told apart, since each
 * bank hides it in its own place of the digit line.
 * @throws ReguaError `invoice_unknown`
 */
export async function recordCharge(
  engine: Engine,
  ask: { gateway: string; invoice: string; charge: Pick<GatewayCharge, "chargeId" | "brCode" | "digitLine">; slipNumber?: string | null },
): Promise<void> {
  const { id: invoiceId, customerId } = await invoiceNamed(engine, ask.invoice);
  const codes: ChargeCode[] = [
    ...codesOf(ask.gateway, ask.charge, engine.clock.now()),
    ...(ask.slipNumber ? [{ kind: "slip" as const, value: ask.slipNumber.replace(/^0+/u, "") }] : []),
  ];
  await inTransaction(engine.db, (trx) =>
    insertCodes(
      trx,
      codes.map((code) => ({ ...code, customerId, invoiceId })),
    ),
  );
}

/** What names the invoice of a charge wherever it is seen: the gateway's number, the Pix txid, the bar code. */
export function codesOf(gateway: string, charge: Pick<GatewayCharge, "chargeId" | "brCode" | "digitLine">, now: Instant): ChargeCode[] {
  const txids = new Set([txidOf(charge.brCode), isChargeTxid(charge.chargeId) ? charge.chargeId : null]);
  return [
    chargeCode(gateway, charge.chargeId),
    ...[...txids].flatMap((txid) => (txid === null ? [] : [{ kind: "txid" as const, value: txid }])),
    ...barCodeOf(charge.digitLine, now),
  ];
}

/** By which a payment proof of the slip is known to be for this invoice. */
function barCodeOf(digitLine: string | null, now: Instant): ChargeCode[] {
  const read = digitLine === null ? null : readBoleto(digitLine, Math.floor(now / DAY_MS));
  return read?.ok ? [{ kind: "bar_code", value: read.boleto.barCode }] : [];
}

/** A dynamic code has none of its own: there the charge's number is it. */
function txidOf(brCode: string | null): string | null {
  const read = brCode === null ? null : readBrCode(brCode);
  const txid = read?.ok ? read.code.txid : null;
  return txid === NO_TXID ? null : txid;
}
