// Errors of the customer's portal: signing in, and what a customer asks for there.
import type { ErrorEntry } from "./entry.ts";

export const PORTAL_ERRORS = {
  portal_link_invalid: {
    http: 403,
    exit: 1,
    message: "The link does not open the portal: it was cut off, or it is not one of ours.",
    cure: "Open the whole link of the last message, or have a code sent by e-mail.",
  },
  portal_link_expired: {
    http: 403,
    exit: 1,
    message: "The link has served its time.",
    cure: "Open the link of a newer message, or have a code sent by e-mail.",
  },
  portal_code_wrong: {
    http: 403,
    exit: 1,
    message: "The code is not right, or its time is over.",
    cure: "Copy the six digits of the last e-mail, or have another code sent.",
  },
  portal_form_stale: {
    http: 403,
    exit: 1,
    message: "The page was open for too long, or the form was not sent from it.",
    cure: "Open the page again and send it once more. Nothing was changed.",
  },
  portal_session_over: {
    http: 401,
    exit: 1,
    message: "Nobody is signed in to the portal.",
    cure: "Open the link of the last message, or have a code sent by e-mail.",
  },
  portal_needs_tls: {
    http: 403,
    exit: 1,
    message: "The portal shows a customer's data, and this connection is not encrypted.",
    cure: "Open it over https. Provider: put a proxy with TLS before the server, and its address into `portal_url`.",
  },
  cancellation_not_open: {
    http: 409,
    exit: 1,
    message: "No end was asked for service {value}.",
    cure: "`regua show CUSTOMER` lists the services. Nothing was changed.",
  },
  cancellation_open: {
    http: 409,
    exit: 1,
    message: "An end was asked for service {value} already.",
    cure: "Withdraw that request first, if another day is meant.",
  },
  backup_refused: {
    http: 409,
    exit: 1,
    message: "No backup of service {value} can be had now: {rule}.",
    cure: "It is to be had once what is owed is paid, or from the day that the policy grants.",
  },
  backup_waits: {
    http: 409,
    exit: 1,
    message: "A backup of service {value} was asked for already, and is being prepared.",
    cure: "Wait for it; staff see the request.",
  },
  backup_unknown: {
    http: 404,
    exit: 1,
    message: "The customer has no backup request {value} that waits.",
    cure: "`regua inbox` lists those that wait.",
  },
  terms_missing: {
    http: 404,
    exit: 1,
    message: "No terms of service were published.",
    cure: "Publish them with `regua terms publish FILE`.",
  },
  terms_changed: {
    http: 409,
    exit: 1,
    message: "Newer terms were published meanwhile.",
    cure: "Read the present ones, and accept those.",
  },
  messages_spent: {
    http: 429,
    exit: 1,
    message: "{count} messages were written within a day.",
    cure: "They have arrived, and a person will answer. Write again tomorrow, or by e-mail.",
  },
} as const satisfies Record<string, ErrorEntry>;
