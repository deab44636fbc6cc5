// The day's money compared: captured at gateways with what is booked, bank lines with what explains them, and what was declared and never seen.
import type { Id } from "../kernel/ids.ts";
import type { Cents, Currency } from "../kernel/money.ts";
import type { Day } from "../kernel/time.ts";
import { returned } from "../ledger/told.ts";
import type { GatewayPayment } from "../ports/payment-gateway.ts";
import {
  bookedUnder,
  declaredReceipts,
  forgedOfDay,
  linesOfDay,
  receiptsFrom,
  rememberedPayments,
  waitingTotal,
  type BookedMoney,
  type LineSeen,
  type ToldPayment,
} from "../store/reconcile.ts";
import type { Engine } from "./engine.ts";
import { DECLARED_DAYS } from "./unseen-money.ts";

/** What a gateway answered when it was asked again for the day; null: it was not asked, and counts by what it told before. */
export type AskedAgain = { payments: readonly GatewayPayment[] } | { failed: string };

export interface GatewayDifference {
  externalId: string;
  problem:
    /** The gateway has it, and the books have not. */
    | "not_booked"
    /** The books have it, and the gateway has not. */
    | "not_told"
    | "amount_differs"
    | "returned_differs";
  /** Cents at the gateway and in the books; null where there is none. */
  told: Cents | null;
  booked: Cents | null;
  customer: string | null;
}

export interface GatewayDay {
  gateway: string;
  /** Asked now, or remembered from webhooks and polls; with the reason where asking failed. */
  source: "asked" | "remembered" | "failed";
  failure: string | null;
  payments: number;
  capturedCents: Cents;
  bookedCents: Cents;
  /** Part of it has no owner yet. */
  waitingCents: Cents;
  differences: GatewayDifference[];
}

export interface LineListed {
  key: string;
  amountCents: Cents;
  currency: Currency;
  memo: string;
  payer: string | null;
  problem:
    /** Waits for its owner. */
    | "waiting"
    /** Its receipt is over another amount. */
    | "amount_differs"
    /** Its import was cut off: import the file again. */
    | "unfinished";
  money: Id | null;
  bookedCents: Cents | null;
  customer: string | null;
}

export interface AccountDay {
  account: string;
  lines: number;
  inCents: Cents;
  outCents: Cents;
  explained: number;
  /** Put aside by a person, with a reason: explained too. */
  dismissed: number;
  listed: LineListed[];
}

export interface Reconciliation {
  day: Day;
  /** Every payment at a gateway is booked or waits, to the cent, and every line of a statement is explained. */
  balanced: boolean;
  gateways: GatewayDay[];
  accounts: AccountDay[];
  /** Said to be paid a week ago or longer, and seen in no account. For finance. */
  declared: {
    total: number;
    receipts: { source: string; externalId: string; customer: string; amountCents: Cents; paidOn: Day; days: number }[];
  };
  /** Money without an owner, of any day. */
  waiting: { count: number; amountCents: Cents; oldestOn: Day | null };
  forged: { gateway: string; forged: number }[];
  currency: Currency;
}

const DECLARED_SHOWN = 200;

/** Compares a day; changes nothing. `asked`: gateways that were read again, by name. */
export async function reconcileDay(engine: Engine, ask: { day: Day; asked?: ReadonlyMap<string, AskedAgain> }): Promise<Reconciliation> {
  const { db } = engine;
  const { day, asked = new Map<string, AskedAgain>() } = ask;
  const { currency } = await engine.settings.load(db, engine.clock.now());
  const remembered = Map.groupBy(await rememberedPayments(db, day), (payment) => payment.gateway);
  const gateways: GatewayDay[] = [];
  for (const gateway of [...new Set([...asked.keys(), ...remembered.keys()])].sort())
    gateways.push(await gatewayDay(engine, gateway, day, asked.get(gateway) ?? null, remembered.get(gateway) ?? []));
  const accounts = [...Map.groupBy(await linesOfDay(db, day), (line) => line.account)].map(([account, lines]) =>
    accountDay(account, lines),
  );
  const declared = await declaredReceipts(db, day - DECLARED_DAYS, DECLARED_SHOWN);
  const waiting = await waitingTotal(db);
  return {
    day,
    balanced:
      gateways.every((each) => each.source !== "failed" && each.differences.length === 0) &&
      accounts.every((each) => each.listed.length === 0),
    gateways,
    accounts,
    declared: {
      total: declared.total,
      receipts: declared.receipts.map(({ amount, currency: _, ...receipt }) => ({
        ...receipt,
        amountCents: amount,
        days: day - receipt.paidOn,
      })),
    },
    waiting: { count: waiting.count, amountCents: waiting.amount, oldestOn: waiting.oldestOn },
    forged: await forgedOfDay(db, day),
    currency,
  };
}

async function gatewayDay(
  engine: Engine,
  gateway: string,
  day: Day,
  again: AskedAgain | null,
  remembered: readonly ToldPayment[],
): Promise<GatewayDay> {
  const failure = again && "failed" in again ? again.failed : null;
  const told = again && "payments" in again ? again.payments.filter((payment) => payment.paidOn === day).map(toldOf) : remembered;
  const booked = await bookedUnder(
    engine.db,
    told.map(({ externalId }) => ({ source: gateway, externalId })),
  );
  const byId = new Map(booked.map((money) => [money.externalId, money]));
  const heard = new Set(told.map((payment) => payment.externalId));
  const orphans = failure === null ? (await receiptsFrom(engine.db, gateway, day)).filter((receipt) => !heard.has(receipt.externalId)) : [];
  return {
    gateway,
    source: failure !== null ? "failed" : again ? "asked" : "remembered",
    failure,
    payments: told.length,
    capturedCents: sum(told),
    bookedCents: sum(booked.filter((money) => money.customer !== null)),
    waitingCents: sum(booked.filter((money) => money.customer === null)),
    differences: [
      ...told.flatMap((payment) => difference(payment, byId.get(payment.externalId))),
      ...orphans.map(({ externalId, amount, customer }): GatewayDifference => ({
        externalId,
        problem: "not_told",
        told: null,
        booked: amount,
        customer,
      })),
    ],
  };
}

function toldOf(payment: GatewayPayment): ToldPayment {
  const { externalId, amountCents: amount, refundedCents: refunded, chargedBack, currency } = payment;
  return { externalId, amount, returned: returned({ amount, refunded, chargedBack }), currency };
}

function sum(money: readonly { amount: Cents; returned: Cents }[]): Cents {
  return money.reduce((total, each) => total + each.amount - each.returned, 0);
}

function difference(told: ToldPayment, booked: BookedMoney | undefined): GatewayDifference[] {
  const about = { externalId: told.externalId, customer: booked?.customer ?? null };
  if (!booked) return [{ ...about, problem: "not_booked", told: told.amount, booked: null }];
  if (booked.amount !== told.amount) return [{ ...about, problem: "amount_differs", told: told.amount, booked: booked.amount }];
  // More may have gone back than the gateway knows: staff return money by other ways.
  if (booked.returned < told.returned) return [{ ...about, problem: "returned_differs", told: told.returned, booked: booked.returned }];
  return [];
}

function accountDay(account: string, lines: readonly LineSeen[]): AccountDay {
  const day: AccountDay = { account, lines: lines.length, inCents: 0, outCents: 0, explained: 0, dismissed: 0, listed: [] };
  for (const line of lines) {
    if (line.amount < 0) {
      day.outCents -= line.amount;
      continue;
    }
    day.inCents += line.amount;
    const problem = problemOf(line);
    if (problem !== null) day.listed.push(listed(line, problem));
    else if (line.waiting === "dismissed") day.dismissed += 1;
    else day.explained += 1;
  }
  return day;
}

function problemOf(line: LineSeen): LineListed["problem"] | null {
  if (line.state === "new") return "unfinished";
  if (line.booked === null) return line.waiting === "waiting" ? "waiting" : null;
  return line.booked === line.amount ? null : "amount_differs";
}

function listed(line: LineSeen, problem: LineListed["problem"]): LineListed {
  const { key, amount, currency, memo, payerName, moneyId, booked, customer } = line;
  return { key, amountCents: amount, currency, memo, payer: payerName, problem, money: moneyId, bookedCents: booked, customer };
}
