// What Mercado Pago is asked for: a payment by Pix, or by boleto. The boleto's fields, all of the address with them, are those that the page
// of other payment methods calls obligatory (developers/pt/docs/checkout-api/integration-configuration/other-payment-methods).
import { formatInstant } from "../../../kernel/time.ts";
import type { Instant } from "../../../kernel/time.ts";
import type { ChargeRequest } from "../../../ports/payment-gateway.ts";
import { brazilDayOf, brazilEndOf } from "../brazil.ts";
import { decimalNumber } from "../money-text.ts";
import { slipDay } from "../slip.ts";
import type { SlipPayer } from "../slip.ts";
import { SLIP } from "./messages.ts";

/** A payment of Mercado Pago can wait thirty days at most. */
const WAITS_DAYS = 29;

export function pixBody(request: ChargeRequest, email: string, now: Instant): object {
  // By the day, so that a repeat sends the same.
  const end = brazilEndOf(brazilDayOf(now) + WAITS_DAYS - 1);
  const { name, taxId } = request.payer;
  return { ...common(request, end), payment_method_id: "pix", payer: person(email, name, taxId) };
}

/** Due on its last day: what is paid later goes back to the payer (the same page, "Data de vencimento"). */
export function slipBody(request: ChargeRequest, { name, taxId, email, address }: SlipPayer, now: Instant): object {
  const { postalCode, street, number, neighborhood, city, state } = address;
  const end = brazilEndOf(slipDay(request.dueOn, brazilDayOf(now), WAITS_DAYS)) - 1000;
  const home = { zip_code: postalCode, street_name: street, street_number: number, neighborhood, city, federal_unit: state };
  return { ...common(request, end), payment_method_id: SLIP, payer: { ...person(email, name, taxId), address: home } };
}

const common = ({ invoiceRef, amountCents, description }: ChargeRequest, end: Instant): object => ({
  transaction_amount: decimalNumber(amountCents),
  description: description.slice(0, 250),
  external_reference: invoiceRef,
  date_of_expiration: formatInstant(end),
});

function person(email: string, name: string, taxId: string | null): object {
  const [first = "", ...rest] = name.split(" ");
  return {
    email,
    first_name: first,
    ...(rest.length === 0 ? {} : { last_name: rest.join(" ") }),
    ...(taxId === null ? {} : { identification: { type: taxId.length === 11 ? "CPF" : "CNPJ", number: taxId } }),
  };
}
