// Charges made, replaced and taken back at the gateway: each under its lease, with no transaction open, and in one of three outcomes.
import {
  chargeNamed,
  dueCharges,
  leaveCharge,
  recordChargeTask,
  stands,
  takeChargeTask,
  type ChargeOutcome,
  type ChargePlan,
  type ChargeTask,
} from "../engine/charge-invoice.ts";
import type { Engine } from "../engine/engine.ts";
import { deadline } from "../kernel/clock.ts";
import { ReguaError } from "../kernel/errors.ts";
import { done, refused, unknown, type Outcome } from "../ports/outcome.ts";
import type { ChargeRequest, GatewayCharge, PaymentGateway } from "../ports/payment-gateway.ts";
import type { ChargedInvoice } from "../store/charges.ts";
import { outsideIn } from "../words/inserts.ts";
import { withOwnPages } from "./charge-pages.ts";
import type { MotorLog } from "./motor.ts";

export interface Charger {
  engine: Engine;
  gateways: ReadonlyMap<string, PaymentGateway>;
  plan: ChargePlan;
  /** A new name for each charge taken. */
  newToken: () => string;
}

/** Each call's own; a task makes three at most, and its lease outlasts them. */
const CALL_MS = 30_000;
const BATCH = 200;
/** Side by side at one gateway: Asaas allows 50 questions at once, and others poll it too. */
const PARALLEL = 4;

/** Brings all charges to what they should be, as far as it can be done now. Answers how many were asked about. */
export async function workCharges(charger: Charger, log: MotorLog, stopping: () => boolean = () => false): Promise<number> {
  let asked = 0;
  for (;;) {
    const due = await dueCharges(charger.engine, charger.plan, BATCH);
    const queue = due.values();
    const worker = async (): Promise<void> => {
      for (const at of queue) {
        if (stopping()) return;
        const outcome = await oneCharge(charger, at, log);
        if (outcome && outcome.outcome !== "done") log.error({ reason: outcome.reason, gateway: charger.plan.gateway }, "charge");
      }
    };
    await Promise.all(Array.from({ length: PARALLEL }, worker));
    asked += due.length;
    if (due.length < BATCH || stopping()) return asked;
  }
}

/**
 * The charge of one invoice, made or used again, now: for who asks for it by hand.
 * @throws ReguaError `invoice_unknown`, `charge_in_hand`, `charge_failed`
 */
export async function chargeInvoice(charger: Charger, invoice: string, log: MotorLog): Promise<void> {
  const outcome = await oneCharge(charger, await chargeNamed(charger.engine, invoice), log);
  if (!outcome) throw new ReguaError("charge_in_hand", { value: invoice });
  if (outcome.outcome !== "done")
    throw new ReguaError("charge_failed", { value: invoice, gateway: charger.plan.gateway, reason: outsideIn(outcome.reason) });
}

/** Null: another worker has it in hand. */
async function oneCharge(charger: Charger, at: ChargedInvoice, log: MotorLog): Promise<ChargeOutcome | null> {
  const { engine, plan, newToken } = charger;
  const task = await takeChargeTask(engine, at, plan, newToken());
  if (!task) return null;
  if (stands(task, engine.clock.now())) {
    await leaveCharge(engine, task);
    return AS_IT_IS;
  }
  const outcome = await carryOut(charger, task, log);
  await recordChargeTask(engine, task, outcome);
  return outcome;
}

const AS_IT_IS: ChargeOutcome = done({ charge: null, phase: "open" });

async function carryOut(charger: Charger, task: ChargeTask, log: MotorLog): Promise<ChargeOutcome> {
  try {
    return await settle(charger, task, log);
  } catch (error) {
    return unknown(error instanceof Error ? error.message : String(error));
  }
}

async function settle(
  { gateways }: Charger,
  { before, wanted, owed, gateway: name, invoiceRef }: ChargeTask,
  log: MotorLog,
): Promise<ChargeOutcome> {
  if (before.chargeId !== null && before.phase === "open") {
    const there = gateways.get(before.gateway);
    if (!there) return refused(`the gateway “${before.gateway}”, which has the charge, is not set up any more`);
    const phase = await there.cancelCharge(before.chargeId, { signal: deadline(CALL_MS) });
    if (phase.outcome !== "done") return phase;
    // The money was faster than we: it is on its way here.
    if (phase.value === "paid") return done({ charge: null, phase: "paid" });
    if (phase.value === "open") return refused("the gateway answered, but the charge still stands", true);
    if (!owed) return done({ charge: null, phase: "cancelled" });
  }
  const gateway = gateways.get(name);
  if (!gateway) return refused(`no gateway named “${name}” is set up`);
  const why = unfit(wanted, gateway);
  if (why) return refused(why);
  if (owed) {
    const charge = await chargeAt(gateway, wanted);
    return made(charge.outcome === "done" ? done(withOwnPages(charge.value, gateway, log)) : charge, invoiceRef);
  }
  // An answer was lost before it was paid otherwise. Nothing but asking for the charge tells whether there is one, and then it goes.
  const found = await gateway.charge(wanted, { signal: deadline(CALL_MS) });
  if (found.outcome !== "done") return found;
  const phase = await gateway.cancelCharge(found.value.chargeId, { signal: deadline(CALL_MS) });
  if (phase.outcome !== "done") return phase;
  return done({ charge: null, phase: phase.value === "paid" ? "paid" : "cancelled" });
}

/** The charge found or made. One found that is over another amount is taken back first: made before the invoice changed, its answer lost. */
async function chargeAt(gateway: PaymentGateway, wanted: ChargeRequest): Promise<Outcome<GatewayCharge>> {
  const found = await gateway.charge(wanted, { signal: deadline(CALL_MS) });
  if (found.outcome !== "done" || found.value.phase !== "open" || found.value.amountCents === wanted.amountCents) return found;
  const phase = await gateway.cancelCharge(found.value.chargeId, { signal: deadline(CALL_MS) });
  if (phase.outcome !== "done") return phase;
  return phase.value === "paid" ? done({ ...found.value, phase: "paid" }) : gateway.charge(wanted, { signal: deadline(CALL_MS) });
}

function made(outcome: Outcome<GatewayCharge>, invoiceRef: string): ChargeOutcome {
  if (outcome.outcome !== "done") return outcome;
  const { value: charge } = outcome;
  if (charge.phase === "open") return done({ charge, phase: "open" });
  return charge.phase === "paid"
    ? done({ charge, phase: "paid" })
    : refused(`the charge of ${invoiceRef} was ${charge.phase} as soon as it was made`, true);
}

/** Why a gateway cannot be asked for this; null: it can. */
function unfit({ invoiceRef, currency, methods }: ChargeRequest, { capabilities, kind }: PaymentGateway): string | null {
  if (!/^[\x21-\x7e]{1,60}$/u.test(invoiceRef))
    return `the invoice's number ${invoiceRef} is longer than 60 or has other characters than a charge can carry`;
  if (!capabilities.currencies.includes(currency)) return `${kind} makes no charges in ${currency}`;
  if (!methods.some((method) => capabilities.methods.includes(method))) return `${kind} makes no charges for ${methods.join(", ")}`;
  return null;
}
