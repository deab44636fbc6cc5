// Payments as gateways tell them, bank lines as files have them, and a look at the books after each story.
import { expect } from "vitest";
import { recordGatewayPayment, type GatewayOutcome } from "../../src/engine/record-gateway-payment.ts";
import { exportBundle } from "../../src/evidence/bundle.ts";
import { writeBundle } from "../../src/evidence/format.ts";
import { verifyBundle } from "../../src/evidence/verify.ts";
import { parseDay, type Instant } from "../../src/kernel/time.ts";
import type { BankLine } from "../../src/ports/bank-statement.ts";
import type { GatewayPayment } from "../../src/ports/payment-gateway.ts";
import { booksBalance, type Balance } from "../../src/store/books.ts";
import type { Row, World } from "./engine.ts";

/** R$ 29,90 by Pix, settled at once, on 24 November 2026. */
export function aPayment(change: Partial<GatewayPayment> & { externalId: string }): GatewayPayment {
  return {
    paymentId: change.externalId,
    chargeId: null,
    invoiceRef: null,
    amountCents: 2990,
    currency: "BRL",
    phase: "settled",
    refundedCents: 0,
    chargedBack: false,
    method: "pix",
    paidOn: parseDay("2026-11-24"),
    paidAt: null,
    payer: { name: null, taxId: null },
    endToEndId: null,
    ...change,
  };
}

/** The gateway tells of a payment; `askedAt`: when it was asked, by default now. */
export function tell(world: World, payment: GatewayPayment, askedAt: Instant = world.clock.now()): Promise<GatewayOutcome> {
  return recordGatewayPayment(world.engine, "asaas", payment, askedAt);
}

/** Fails the test when a sum of the books is not the sum of its parts. */
export async function booksOf(world: World): Promise<Omit<Balance, "balanced" | "imbalances">> {
  const { balanced, imbalances, ...sums } = await booksBalance(world.engine.db);
  expect(imbalances).toEqual([]);
  expect(balanced).toBe(true);
  return sums;
}

export interface InvoiceSeen {
  state: string;
  paid: number;
  fees: number;
}

export async function invoiceOf(world: World, invoice: Row): Promise<InvoiceSeen> {
  const [row] = await world.rows<InvoiceSeen>(
    "SELECT state, paid_cents AS paid, fee_paid_cents AS fees FROM invoice WHERE invoice_id = $1",
    [invoice.id],
  );
  return row as InvoiceSeen;
}

/** A customer's evidence, exported and verified as an outsider would: what is wrong with it. */
export async function findingsOf(world: World, customer: Row): Promise<unknown[]> {
  const bundle = await exportBundle(world.engine.db, customer.ref, { now: world.clock.now() });
  return verifyBundle(Buffer.from(writeBundle(bundle), "utf8")).findings;
}

export const ACCOUNT = "341/1234/567890";

/** A credit of R$ 29,90 on 24 November 2026, of which the bank says nothing more. */
export function aLine(change: Partial<BankLine> & { externalId: string }): BankLine {
  return {
    account: ACCOUNT,
    bookedOn: parseDay("2026-11-24"),
    paidOn: parseDay("2026-11-24"),
    amountCents: 2990,
    currency: "BRL",
    memo: "PIX RECEBIDO",
    payer: { name: null, taxId: null },
    txid: null,
    endToEndId: null,
    slipNumber: null,
    documentNumber: null,
    ...change,
  };
}
