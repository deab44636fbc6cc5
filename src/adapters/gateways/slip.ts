// Boletos made by a gateway: the day to ask for, what the payer must have said, and the code checked before anybody is told to pay it.
import { readBoleto } from "../../codes/boleto.ts";
import type { Cents } from "../../kernel/money.ts";
import { formatDay } from "../../kernel/time.ts";
import type { Day } from "../../kernel/time.ts";
import { done, refused } from "../../ports/outcome.ts";
import type { Outcome } from "../../ports/outcome.ts";
import type { Payer, PaymentMethod, PostalAddress } from "../../ports/payment-gateway.ts";
import { decimalOf } from "./money-text.ts";

/** A slip for what is past due: long enough for the message that shows it to be read, and for a bank that is closed at a week-end. */
const PAST_DUE_DAYS = 10;

/** The day a slip is asked to be due, where the gateway takes the slip back after it: the invoice's own, as far as it allows. */
export function slipDay(dueOn: Day, today: Day, mostDays: number): Day {
  return Math.min(dueOn > today ? dueOn : today + PAST_DUE_DAYS, today + mostDays);
}

/** A payer whom a slip can be made out to. */
export interface SlipPayer {
  name: string;
  taxId: string;
  email: string;
  address: PostalAddress;
}

/** Gateways that want all of it refuse a slip without: said before they are asked, and what is missing by its name. */
export function slipPayer(gateway: string, { name, taxId, email, address }: Payer): Outcome<SlipPayer> {
  if (taxId !== null && email !== null && address) return done({ name, taxId, email, address });
  const missing = [
    ...(taxId === null ? ["CPF or CNPJ"] : []),
    ...(email === null ? ["e-mail"] : []),
    ...(address ? [] : ["postal address"]),
  ];
  return refused(
    `${gateway} makes a boleto only with the payer's CPF or CNPJ, e-mail and postal address; not known: ${missing.join(", ")}.`,
  );
}

/**
 * The method of a charge where it can have only one: the first that is wanted, and the next one where a slip cannot be made out to this
 * payer. The refusal is the slip's when nothing else is wanted.
 */
export function slipOr<T extends Exclude<PaymentMethod, "boleto">>(
  methods: readonly PaymentMethod[],
  others: readonly T[],
  payer: Outcome<SlipPayer>,
): Outcome<{ method: "boleto"; payer: SlipPayer } | { method: T } | null> {
  const known = methods.filter((method) => method === "boleto" || (others as readonly string[]).includes(method));
  const other = known.find((method): method is T => method !== "boleto");
  if (known[0] !== "boleto") return done(other === undefined ? null : { method: other });
  if (payer.outcome === "done") return done({ method: "boleto", payer: payer.value });
  return other === undefined ? payer : done({ method: other });
}

/** The day that a slip's code must say: the very day; at the latest that day, where only the end of its payment is told; null: not told. */
export type SlipDue = { on: Day } | { by: Day } | null;

/**
 * The digit line of a gateway's code, which may be the bar code's 44 digits. Refused when it is not a boleto's, or says another amount or
 * day than the charge: somebody would pay what nobody waits for.
 */
export function checkedLine(gateway: string, code: string, charge: { amountCents: Cents; due: SlipDue }, today: Day): Outcome<string> {
  const reading = readBoleto(code, today);
  if (!reading.ok)
    return refused(`${gateway} answered a boleto whose code cannot be right (${reading.problem.code}). Nobody is told to pay it.`);
  const { amountCents, due, digitLine } = reading.boleto;
  const says = (what: string, there: string | null, here: string): Outcome<string> =>
    refused(
      `${gateway} answered a boleto whose code says another ${what} (${there ?? "none"}) than its charge (${here}). Nobody is told to pay it.`,
    );
  if (amountCents !== charge.amountCents)
    return says("amount", amountCents === null ? null : decimalOf(amountCents), decimalOf(charge.amountCents));
  const day = due.day === null ? null : formatDay(due.day);
  if (charge.due && "on" in charge.due && due.day !== charge.due.on) return says("due date", day, formatDay(charge.due.on));
  if (charge.due && "by" in charge.due && due.day !== null && due.day > charge.due.by)
    return says("due date", day, `until ${formatDay(charge.due.by)}`);
  return done(digitLine);
}
