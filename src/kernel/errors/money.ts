// Errors about money in: refunds, money without an owner, gateways' deliveries.
import type { ErrorEntry } from "./entry.ts";

export const MONEY_ERRORS = {
  receipt_unknown: {
    http: 404,
    exit: 1,
    message: "There is no receipt “{value}” of {source}.",
    cure: "Use a receipt's source and id as `regua show CUSTOMER` lists them. Money that waits for its owner is dismissed, not refunded.",
  },
  refund_too_large: {
    http: 422,
    exit: 1,
    message: "{amount} cannot be given back of the receipt “{value}”, of which {left} is left.",
    cure: "Record at most what is left of it. Nothing was changed.",
  },
  money_unknown: {
    http: 404,
    exit: 1,
    message: "There is no waiting money {value}.",
    cure: "Use a number of the list of money that waits for its owner.",
  },
  money_not_waiting: {
    http: 409,
    exit: 1,
    message: "The money {value} does not wait any more: it is {state}.",
    cure: "Look at it again: somebody, or the gateway, was faster. Nothing was changed.",
  },
  money_may_be_booked: {
    http: 409,
    exit: 1,
    message: "The money {value} looks like the receipt “{receipt}” of {source}: the same amount, about the same day.",
    cure: "If it is that money, name the receipt. If it is another payment, say so (`apart`, on the command line --apart). Nothing was changed.",
  },
  gateway_unknown: {
    http: 404,
    exit: 1,
    message: "No payment gateway named “{value}” is set up.",
    cure: "Gateways are set up under `gateways` in regua.yaml; the address of a webhook ends in the name that stands there.",
  },
  webhook_forged: {
    http: 401,
    exit: 1,
    message: "The delivery does not prove that it comes from the gateway {value}.",
    cure: "Compare the webhook's secret at the gateway with the one in regua.yaml. Nothing was stored, and no money is lost: payments are polled too.",
  },
  charges_off: {
    http: 409,
    exit: 1,
    message: "No gateway is set up to make charges.",
    cure: "Name one under `charges` in regua.yaml: `charges: { gateway: asaas }`. It must be one of `gateways`.",
  },
  charge_in_hand: {
    http: 409,
    exit: 1,
    message: "The charge of the invoice “{value}” is being made at this moment.",
    cure: "Ask again in a minute. There will be one charge, whoever makes it.",
  },
  charge_failed: {
    http: 502,
    exit: 1,
    message: "The charge of the invoice “{value}” was not made at {gateway}: {reason}",
    cure: "Mend what it names. It is tried again by itself, and a charge whose answer was lost is found and not made anew.",
  },
  reconcile_future: {
    http: 422,
    exit: 1,
    message: "The day {day} has not come: today is {today}.",
    cure: "Give today or an earlier day.",
  },
} as const satisfies Record<string, ErrorEntry>;
