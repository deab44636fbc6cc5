// Requests for more time in English: reasons without blame, what would change them, conditions without threats.
import type { PromiseTexts, PromiseView } from "./promise-texts.ts";

const HOLDS: Readonly<Record<string, string>> = {
  overdue: "invoice past due",
  dispute: "dispute",
  manual: "decision of the staff",
  legal: "legal order",
  abuse: "use against the terms",
};

const number = (count: number | null, one: string, many: string): string => `${count ?? 0} ${count === 1 ? one : many}`;
const days = (count: number | null): string => number(count, "day", "days");
const bracket = (text: string | null): string => (text === null ? "" : ` (${text})`);
const reference = (v: PromiseView): string => (v.promise === null ? "" : ` (reference ${v.promise})`);
const invoices = (v: PromiseView): string =>
  v.invoices.length === 0 ? "" : ` (${v.invoices.length === 1 ? "invoice" : "invoices"} ${v.invoices.join(", ")})`;

export const PROMISE_EN: PromiseTexts = {
  reasons: {
    disabled: () => "At present there are no releases and no extra time here.",
    nothing_due: (v) =>
      v.day === null
        ? "No open invoice needs more time."
        : `The next open invoice is due ${v.onDay}, after the latest deadline possible today.`,
    promise_running: (v) => `A promise to pay is already running${reference(v)}.`,
    cancellation_open: (v) => `There is an open request to end ${v.detail === null ? "a service" : `service ${v.detail}`}.`,
    proof_contradicted: (v) => `The payment proof reviewed${v.onDay === null ? "" : ` ${v.onDay}`} did not match the bank's data.`,
    barred: () => "For this account, each release is decided by a person of the team.",
    too_new: (v) => `The account is ${days(v.days)} old, and releases are possible from ${days(v.limit)}.`,
    courtesy_used: () => "The courtesy for new accounts has been used.",
    few_paid_on_time: (v) =>
      `A release counts on ${number(v.limit, "invoice", "invoices")} paid by the due date, and so far there ${v.count === 1 ? "is" : "are"} ${v.count ?? 0}.`,
    promises_broken: (v) => `The last deadline agreed${bracket(v.day)} was not kept.`,
    no_days_left: (v) =>
      v.count === null || v.count === 0
        ? "The present rules give no days of extra time."
        : "Deadlines that were not kept shorten the next ones, and this time no day is left.",
    too_soon: (v) =>
      `The last extra time was agreed${v.onDay === null ? " recently" : ` ${v.onDay}`}, and at least ${days(v.days)} pass between one and the next.`,
    amount_above: (v) => `The open amount${bracket(v.amount)} is above the limit for a release${bracket(v.limitAmount)}.`,
    weekend_pattern: (v) =>
      `An earlier release over a weekend ended without payment or with a request to end a service, so there is no other one near days without banks${v.amount === null ? "" : `; ${days(v.days)} cost ${v.amount}`}.`,
    no_deadline: (v) => `Within the next ${days(v.limit)} there is no banking day on which the extra time could end.`,
    beyond_max: (v) => `The ${days(v.days)} asked for are more than the ${days(v.limit)} allowed.`,
    beyond_ceiling: (v) => `No extra time is longer than ${days(v.limit)}, and ${days(v.days)} are asked for.`,
    tenure: (v) => `The account is ${days(v.days)} old.`,
    paid_on_time: (v) => `So far ${number(v.count, "invoice was", "invoices were")} paid by the due date.`,
    promises_kept: (v) => `So far ${number(v.count, "promise was", "promises were")} kept.`,
    courtesy: () => "This is the courtesy for new accounts, given once.",
    shortened_broken: (v) => `The extra time is ${days(v.days)} shorter because earlier deadlines were not kept.`,
    shortened_weekend: () => "The extra time ends before the weekend, because earlier extra time over a weekend was not kept.",
    shortened_max: (v) => `The day asked for${bracket(v.day)} is later than possible, so the extra time ends before it.`,
    weekend_charged: () =>
      "An earlier release over a weekend ended without payment or with a request to end a service, so the days are charged.",
  },
  changes: {
    pay: () => "A payment settles it.",
    pay_part: (v) => `A payment of at least ${v.amount ?? "a part"} changes this.`,
    pay_on_time: (v) => `With ${number(v.count, "more invoice", "more invoices")} paid by the due date, this changes.`,
    ask_from: (v) => `From ${v.day ?? "another day"} on, this no longer stands against a new request.`,
    ask_until: (v) => `Extra time until ${v.day ?? "an earlier day"} is within the rules.`,
    end_running: (v) => `The present one runs until ${v.day ?? "the day agreed"}.`,
    withdraw_cancellation: () => "Withdrawing that request changes this.",
    none_needed: () => "There is nothing to do.",
    staff: () => "A person of the team can look at it: just reply.",
  },
  conditions: {
    pay_by: (v) => `The payment${v.amount === null ? "" : ` of ${v.amount}`}${invoices(v)} arrives by ${v.until ?? "the day agreed"}.`,
    access_ends: (v) => `Without the payment by ${v.until ?? "the day agreed"}, the service is suspended again; the data stays stored.`,
    ladder_continues: (v) => `Without the payment by ${v.until ?? "the day agreed"}, the next steps go on from where they stopped.`,
    lowers_next: (v) => `A deadline that is not kept shortens the next one by ${days(v.days)}.`,
    released_days_charged: (v) =>
      `If the service is ended on request, the ${v.days === 1 ? "released day is" : `${days(v.days)} released are`} charged${bracket(v.amount)}.`,
    weekend_charged: (v) => `The ${v.days === 1 ? "released day is" : `${days(v.days)} released are`} charged${bracket(v.amount)}.`,
    late_fee_counts: (v) => {
      const parts = [v.fine === null ? null : `${v.fine} once`, v.interest === null ? null : `${v.interest} a month`];
      return `The late fees of the contract${bracket(parts.filter((part) => part !== null).join(" and ") || null)} go on counting from the due date.`;
    },
    other_hold_stays: (v) =>
      `The suspension for another reason${bracket(v.detail === null ? null : (HOLDS[v.detail] ?? v.detail))} stays: this extra time does not change it.`,
  },
  refused: {
    down: {
      lead: "This time we cannot release the service before the payment.",
      close: "As soon as the payment arrives, the service comes back by itself, within seconds, at any hour.",
    },
    up: { lead: "This time we cannot give more time.", close: "With the payment, the service stays up." },
  },
  granted: (v) => `More time is possible until ${v.until ?? "the day agreed"}, on these conditions:`,
  percent: (text) => `${text}%`,
};
