// The one charge of an invoice: taken under a lease, asked of the gateway by others with no transaction open, and recorded with its codes.
import { DAY_MS, formatDay, HOUR_MS, MINUTE_MS, type Instant } from "../kernel/time.ts";
import type { Outcome } from "../ports/outcome.ts";
import type { ChargeRequest, GatewayCharge, PaymentMethod } from "../ports/payment-gateway.ts";
import { insertCodes } from "../store/charge-codes.ts";
import {
  chargesDue,
  chargeSubject,
  endCharge,
  NO_CHARGE,
  setPayWith,
  takeCharge,
  type ChargedInvoice,
  type ChargeEnd,
  type ChargeSubject,
  type PayWith,
  type TakenCharge,
} from "../store/charges.ts";
import { inTransaction } from "../store/retry.ts";
import { changeCustomer } from "./change.ts";
import type { Engine } from "./engine.ts";
import { codesOf } from "./record-charge.ts";
import { invoiceNamed } from "./save-invoice.ts";

/** Where charges are made, and for which invoices. */
export interface ChargePlan {
  /** The gateway's name in the configuration. */
  gateway: string;
  methods: readonly PaymentMethod[];
  /** Made so many days before they are due; for what is past due at once. */
  aheadDays: number;
}

/** One charge in hand. */
export interface ChargeTask extends ChargedInvoice {
  token: string;
  /** The charge as we last knew it. */
  before: TakenCharge;
  /** What it should be. */
  wanted: ChargeRequest;
  /** False: nothing is owed any more, and no charge should stand. */
  owed: boolean;
  /** Where it should be. */
  gateway: string;
  invoiceRef: string;
}

/** How a task ended. `charge` null: the invoice has none now, and none is wanted. */
export type ChargeOutcome = Outcome<{ charge: GatewayCharge | null; phase: "open" | "paid" | "cancelled" }>;

/** Longer than the three calls of a task together. */
const LEASE_MS = 3 * MINUTE_MS;
/** A request that was given up may be carried out late: until then a search would not find it, and a second charge would follow. */
const LANDED_BY_MS = 5 * MINUTE_MS;
const FIRST_RETRY_MS = MINUTE_MS;
/** What a gateway refuses for good (no tax id) is asked again as seldom: somebody may have filled it in. */
const REFUSED_MS = DAY_MS;

/** Invoices whose charge wants looking at, at most so many. */
export async function dueCharges(engine: Engine, plan: ChargePlan, limit: number): Promise<ChargedInvoice[]> {
  const now = engine.clock.now();
  const { zone } = await engine.settings.load(engine.db, now);
  return chargesDue(engine.db, { now, motorNow: engine.motorClock.now(), until: zone.dayOf(now) + plan.aheadDays, limit });
}

/** @throws ReguaError `invoice_unknown` */
export async function chargeNamed(engine: Engine, ref: string): Promise<ChargedInvoice> {
  const { customerId, id } = await invoiceNamed(engine, ref);
  return { customerId, invoiceId: id };
}

/** Takes an invoice's charge; null: another worker has it in hand. The lease is what keeps two of them from charging the same invoice twice. */
export async function takeChargeTask(engine: Engine, at: ChargedInvoice, plan: ChargePlan, token: string): Promise<ChargeTask | null> {
  const now = engine.clock.now();
  const motorNow = engine.motorClock.now();
  const { policy, provider } = await engine.settings.load(engine.db, now);
  return inTransaction(engine.db, async (trx) => {
    const subject = await chargeSubject(trx, at);
    if (!subject) return null;
    const { open, dueOn, invoiceRef } = subject;
    const lease = { token, until: motorNow + LEASE_MS, now, motorNow, gateway: plan.gateway, amount: Math.max(open, 1), dueOn };
    const before = await takeCharge(trx, at, lease);
    if (!before) return null;
    const fee = policy.doc.late_fee;
    const lateFee = fee.collect === true ? { finePercent: fee.fine_percent, interestPercentMonth: fee.interest_percent_month } : null;
    const owed = subject.state === "open";
    const wanted = requestOf(owed ? subject : { ...subject, open: before.amount }, plan, provider.name, lateFee);
    return { ...at, token, before, wanted, owed, gateway: plan.gateway, invoiceRef };
  });
}

function requestOf(subject: ChargeSubject, { methods }: ChargePlan, provider: string, lateFee: ChargeRequest["lateFee"]): ChargeRequest {
  const { invoiceRef, open, currency, dueOn, name, taxId, email, address } = subject;
  return {
    invoiceRef,
    amountCents: open,
    currency,
    dueOn,
    description: `Fatura ${invoiceRef} – ${provider}`,
    methods,
    payer: { name, taxId: taxId?.replace(/[^0-9A-Za-z]/gu, "").toUpperCase() || null, email, address },
    lateFee,
  };
}

/** Whether all is as it should be, so that nothing need be asked. */
export function stands({ before, wanted, owed, gateway }: ChargeTask, now: Instant): boolean {
  const { phase, amount, dueOn, expiresAt, mayExist } = before;
  if (!owed) return phase !== "open" && !mayExist;
  const same = before.gateway === gateway && amount === wanted.amountCents && dueOn === wanted.dueOn;
  return phase === "open" && same && (expiresAt === null || expiresAt > now);
}

/** Gives a charge back of which nothing had to be asked. */
export async function leaveCharge(engine: Engine, task: ChargeTask): Promise<void> {
  const { before, owed } = task;
  const now = engine.clock.now();
  const phase = !owed && before.phase === "wanted" ? "cancelled" : before.phase;
  await inTransaction(engine.db, (trx) => endCharge(trx, task, task.token, { ...before, phase, notBefore: now, answer: null }, now));
}

/** Records what the gateway answered. A worker that lost its lease changes nothing: its successor looks the charge up by our reference. */
export async function recordChargeTask(engine: Engine, task: ChargeTask, outcome: ChargeOutcome): Promise<void> {
  const { before, owed, gateway, token, invoiceRef } = task;
  await changeCustomer(engine, task.customerId, async (unit) => {
    const end = endOf(task, outcome, unit.now);
    if (!(await endCharge(unit.trx, task, token, end, unit.now))) return;
    const open = outcome.outcome === "done" && end.phase === "open" ? outcome.value.charge : null;
    // Where it failed too: what was asked about is not what is owed, and nobody is told to pay it.
    await setPayWith(unit.trx, task, open ? payWith(open) : NO_CHARGE);
    if (outcome.outcome !== "done") return;
    if (before.phase === "open" && (end.phase === "cancelled" || before.chargeId !== end.chargeId))
      unit.record(task.customerId, "charge.cancelled", `gateway:${before.gateway}`, {
        invoice: invoiceRef,
        gateway: before.gateway,
        charge: before.chargeId,
        because: !owed ? "the invoice is not open any more" : "the invoice has another amount or due date, or the charge expired",
      });
    if (!open || open.chargeId === before.chargeId) return;
    const codes = codesOf(gateway, open, unit.now).map((code) => ({ ...code, customerId: task.customerId, invoiceId: task.invoiceId }));
    await insertCodes(unit.trx, codes);
    unit.record(task.customerId, "charge.made", `gateway:${gateway}`, {
      invoice: invoiceRef,
      gateway,
      charge: open.chargeId,
      amount_cents: open.amountCents,
      due_on: formatDay(end.dueOn),
      pix_code: open.brCode,
      boleto_line: open.digitLine,
      pay_url: open.url,
      slip_url: open.slipUrl ?? undefined,
      card_url: open.card?.url,
    });
  });
}

const payWith = ({ brCode, digitLine, url, slipUrl, card }: GatewayCharge): PayWith => ({
  ...{ pixCode: brCode, boletoLine: digitLine, payUrl: url, slipUrl },
  ...{ cardUrl: card?.url ?? null, cardAddsFee: card?.addsLateFee ?? false },
});

function endOf({ before, wanted: { dueOn }, gateway }: ChargeTask, outcome: ChargeOutcome, now: Instant): ChargeEnd {
  if (outcome.outcome === "done") {
    const { charge, phase } = outcome.value;
    const known = { ...before, mayExist: false, attempts: 0, answer: null };
    // Paid, and something is owed all the same: asked about once a day, since a charge whose money went back counts as none there.
    const notBefore = phase === "paid" ? now + DAY_MS : now;
    if (!charge) return { ...known, phase, expiresAt: null, notBefore };
    return {
      ...known,
      gateway,
      chargeId: charge.chargeId,
      phase,
      amount: charge.amountCents,
      dueOn,
      expiresAt: charge.expiresAt,
      notBefore,
    };
  }
  const { reason } = outcome;
  const again = Math.min(FIRST_RETRY_MS * 2 ** Math.min(before.attempts - 1, 10), HOUR_MS);
  const final = outcome.outcome === "refused" && !outcome.retry;
  const wait = outcome.outcome === "unknown" ? Math.max(again, LANDED_BY_MS) : final ? REFUSED_MS : again;
  return { ...before, mayExist: before.mayExist || outcome.outcome === "unknown", notBefore: now + wait, answer: reason };
}
