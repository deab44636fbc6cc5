// The reasons in English, for the provider's staff and for the customer who asks why.
import type { StepAct } from "../policy/decision.ts";
import type { HoldKind } from "../policy/facts.ts";
import type { Reasons, ReasonView } from "./texts.ts";

export const ACTS_EN = {
  notify: "reminder",
  warn: "suspension warning",
  suspend: "suspension",
  warn_termination: "termination warning",
  terminate: "termination",
} satisfies Record<StepAct, string>;

/** The names of the steps in the policies that come with the program, and of the notices outside a ladder. */
export const STEPS_EN: Readonly<Record<string, string>> = {
  issued: "invoice issued",
  "before-due": "reminder before the due date",
  due: "notice on the due date",
  reminder: "reminder",
  warning: "suspension warning",
  suspend: "suspension",
  suspension: "suspension",
  "termination-warning": "termination warning",
  terminate: "termination",
  termination: "termination",
  suspended: "notice that the service was suspended",
  reactivated: "notice that the service is back",
  "promise-granted": "confirmation of the promise",
  "promise-due": "reminder of the promise",
  "promise-kept": "notice of a promise kept",
  "promise-broken": "notice of a promise ended",
  "claim-received": "confirmation that the proof came",
  "claim-confirmed": "notice that the payment is confirmed",
  "claim-contradicted": "notice that the payment was not found",
  "claim-refused": "notice that the proof was not used",
  "claim-expired": "notice that the bank has not confirmed",
};

export const HOLDS_EN = {
  overdue: "invoice past due",
  dispute: "dispute",
  manual: "decision of the staff",
  legal: "legal order",
  abuse: "abuse",
} satisfies Record<HoldKind, string>;

const CLOSED: Readonly<Record<string, string>> = {
  weekend: "weekend",
  weekday: "closed hours of the week",
  holiday: "holiday",
  eve: "eve of a holiday",
};

/** `invoice 1042`, `invoices 1042, 1043`. */
const invoice = (r: ReasonView): string =>
  r.invoice === null ? "the invoice" : r.invoice.includes(", ") ? `invoices ${r.invoice}` : `invoice ${r.invoice}`;
const ofInvoice = (r: ReasonView): string => (r.invoice === null ? "" : ` of ${invoice(r)}`);
const forInvoice = (r: ReasonView): string => (r.invoice === null ? "" : ` for ${invoice(r)}`);
const service = (r: ReasonView): string => (r.service === null ? "the service" : `service ${r.service}`);
const promise = (r: ReasonView): string => (r.promise === null ? "the promise to pay" : `the promise to pay (reference ${r.promise})`);
const step = (r: ReasonView): string => (r.step === null ? "the next step" : `the step ${r.step}`);
const hold = (r: ReasonView): string => (r.hold === null ? "" : ` (${r.hold})`);
const until = (r: ReasonView): string => (r.until === null ? "" : ` until ${r.until}`);
const detail = (r: ReasonView): string => (r.detail === null ? "" : ` (${r.detail})`);
const start = (sentence: string): string => sentence.charAt(0).toUpperCase() + sentence.slice(1);

function since(r: ReasonView): string {
  if (r.days === null) return "is open";
  const count = `${Math.abs(r.days)} ${Math.abs(r.days) === 1 ? "day" : "days"}`;
  return r.days === 0 ? "is due today" : r.days > 0 ? `was due ${count} ago` : `is due in ${count}`;
}

/** `weekend`, `holiday:2026-12-25` in words. */
function closed(r: ReasonView): string {
  if (r.detail === null) return "";
  const [, kind = "", day] = /^([a-z_]+)(?::(\d{4}-\d{2}-\d{2}))?$/u.exec(r.detail) ?? [];
  const name = CLOSED[kind];
  if (name === undefined) return detail(r);
  return ` (${name}${day === undefined ? "" : `, ${day}`})`;
}

export const REASONS_EN = {
  step_due: (r) => `${start(invoice(r))} ${since(r)}${r.amount === null ? "" : ` (${r.amount})`}: ${step(r)} is next.`,
  step_not_yet: (r) => `The day of ${step(r)}${forInvoice(r)} ${r.until === null ? "has not come yet" : `is ${r.until}`}.`,
  gap: (r) =>
    r.until !== null
      ? `The step before is recent: ${step(r)}${forInvoice(r)} comes ${r.onUntil} at the earliest.`
      : `The gap before ${step(r)} was kept${r.onAt === null ? "" : `: the warning was accepted ${r.onAt}`}.`,
  quiet_hours: (r) => `No message is sent at this hour${r.until === null ? "" : `: the next possible time is ${r.until}`}.`,
  closed_calendar: (r) =>
    `The calendar lets no suspension start now${closed(r)}${r.until === null ? "" : `: the next possible time is ${r.until}`}.`,
  awaiting_delivery: (r) => `The message of ${step(r)} is on its way: the recipient's answer is still to come.`,
  warning_not_accepted: (r) => `No channel accepted the warning${forInvoice(r)}: nothing goes on until a person has looked.`,
  no_channel: (r) => `There is no working contact for the message of ${step(r)}: a person is asked to look.`,
  promise_running: (r) => `${start(promise(r))} holds${until(r)}: nothing goes on meanwhile.`,
  clearing: (r) => `A payment${ofInvoice(r)} is on its way through the bank: it is waited for${until(r)}.`,
  collection_hold: (r) => `The steps${ofInvoice(r)} are paused${hold(r)}${until(r)}.`,
  claim_under_review: (r) => `A payment proof${forInvoice(r)} is under review${until(r)}.`,
  claim_release: (r) => `${start(service(r))} stays up${until(r)} while the bank confirms the payment proof${forInvoice(r)}.`,
  small_remainder: (r) => `What is left${ofInvoice(r)}${r.amount === null ? "" : ` (${r.amount})`} is too little for a suspension.`,
  settled: (r) => `${start(invoice(r))} is not open any more.`,
  hold_expired: (r) => `The exception${hold(r)} holds${r.until === null ? " for a fixed time" : until(r)} and ends by itself.`,
  service_not_linked: (r) => `${start(service(r))} is not linked to an account on a panel, so it is not touched.`,
  no_service: (r) => `${start(invoice(r))} does not say which service it bills, so it suspends none.`,
  overdue_hold: (r) => `${start(service(r))} stays suspended because ${invoice(r)} is open.`,
  other_hold: (r) => `${start(service(r))} stays suspended for another reason${hold(r)}${until(r)}, which a payment does not settle.`,
  no_hold: (r) => `${start(service(r))} stays active: nothing suspends it.`,
  suspended_by_other: (r) => `${start(service(r))} was suspended by another party, and only that party lifts it.`,
  account_absent: (r) => `The account of ${service(r)} does not exist on the panel any more.`,
  promise_kept: (r) => `The payment came in: ${promise(r)} was kept.`,
  promise_broken: (r) => `${start(promise(r))} ended${r.onUntil === null ? "" : ` ${r.onUntil}`} without the payment${ofInvoice(r)}.`,
  promise_due: (r) => `${start(promise(r))} ends soon${r.onUntil === null ? "" : `, ${r.onUntil}`}: it is time for a reminder.`,
  claim_expired: (r) =>
    `The review of the payment proof${forInvoice(r)} ended${r.onUntil === null ? "" : ` ${r.onUntil}`} without the bank's confirmation.`,
  claim_confirmed: (r) => `The payment of the proof${forInvoice(r)} is confirmed.`,
  claim_contradicted: (r) => `The payment of the proof${forInvoice(r)} was not found in the account.`,
  claim_refused: (r) => `The payment proof${forInvoice(r)} was not used.`,
  second_person: (r) => `The termination${forInvoice(r)} waits for the approval of a second person.`,
  sign_of_life: (r) =>
    `There was a recent payment, promise or payment proof: there is no termination${r.until === null ? " for now" : ` before ${r.until}`}.`,
  access_changed: (r) => `The access of ${service(r)} changed${r.detail === null ? "" : ` to ${r.detail}`}: the customer is told once.`,
  ladder_done: (r) => `The ladder${ofInvoice(r)} has come to its end: there are no more steps.`,
} satisfies Reasons;
