// What the rules decide for one customer: edges to emit, levels to hold, whom to ask, and when to look again.
import type { Id } from "../kernel/ids.ts";
import type { Lang } from "../kernel/lang.ts";
import type { Cents, Currency } from "../kernel/money.ts";
import type { Day, Instant } from "../kernel/time.ts";
import type { Channel, PromiseKind } from "./facts.ts";

/** The rules that can be the reason of something. Sentences for people are in the words room. */
export type Rule =
  | "step_due" // a rung is reached
  | "step_not_yet" // its day has not come
  | "gap" // the rung below is too recent
  | "quiet_hours"
  | "closed_calendar" // no suspension at this time of the week or year
  | "awaiting_delivery" // the message is on its way
  | "warning_not_accepted" // no channel accepted the warning: a person is asked
  | "no_channel"
  | "promise_running"
  | "clearing"
  | "collection_hold"
  | "claim_under_review"
  | "claim_release"
  | "small_remainder"
  | "settled"
  | "hold_expired"
  | "service_not_linked"
  | "no_service"
  | "overdue_hold"
  | "other_hold"
  | "no_hold"
  | "suspended_by_other"
  | "account_absent"
  | "promise_kept"
  | "promise_broken"
  | "promise_due"
  | "claim_expired"
  | "claim_confirmed"
  | "claim_contradicted"
  | "claim_refused"
  | "second_person"
  | "sign_of_life" // money, a promise or a claim too recent for a termination
  | "access_changed"
  | "ladder_done";

/** One reason, with the numbers it rests on. Stored in the evidence as it is. */
export interface Because {
  rule: Rule;
  invoice?: string;
  service?: string;
  step?: string;
  promise?: string;
  hold?: string;
  /** Days past the effective due date. */
  days?: number;
  cents?: Cents;
  at?: Instant;
  until?: Instant;
  detail?: string;
}

/** What a step does. */
export type StepAct = "notify" | "warn" | "suspend" | "warn_termination" | "terminate";

/** The messages there are; each has a text in every language. */
export type Template =
  | "issued"
  | "before_due"
  | "due"
  | "reminder"
  | "warning"
  | "suspended"
  | "termination_warning"
  | "reactivated"
  | "promise_granted"
  | "promise_due"
  | "promise_broken"
  | "promise_kept"
  | "claim_released"
  | "claim_scheduled"
  | "claim_in_review"
  | "claim_confirmed"
  | "claim_contradicted"
  | "claim_refused"
  | "claim_expired";

/** A notice to be recorded: it happens once, under its key. */
export interface NoticeIntent {
  key: string;
  step: string;
  warning: boolean;
  invoiceId: Id | null;
  invoiceRef: string | null;
  serviceId: Id | null;
  /** The service's access count it announces. */
  accessSeq: number | null;
  promiseId: Id | null;
  claimId: Id | null;
  because: readonly Because[];
}

/** One message to one customer: all notices that fall together, written at the gravest of them. */
export interface MessageIntent {
  channel: Channel;
  to: string;
  template: Template;
  notices: readonly NoticeIntent[];
  content: MessageContent;
}

/** An invoice as a message lists it. */
export interface ListedInvoice {
  id: Id;
  ref: string;
  service: string | null;
  dueOn: Day;
  /** After moving to the next banking day; fine and interest count from it. */
  effectiveDueOn: Day;
  open: Cents;
  currency: Currency;
  /** What it can be paid with by itself. Absent or null: by what the provider says to everybody. */
  pixCode?: string | null;
  boletoLine?: string | null;
  payUrl?: string | null;
}

/** Everything a text needs, so that writing it is a pure function too. */
export interface MessageContent {
  lang: Lang;
  customerName: string;
  customerRef: string;
  today: Day;
  /** Open invoices, oldest due first. */
  invoices: readonly ListedInvoice[];
  /** What comes next if nothing is paid, and when; null when nothing is planned. */
  next: { act: StepAct; at: Instant } | null;
  /** Services the message is about. */
  services: readonly string[];
  promise: { protocol: string; kind: PromiseKind; until: Instant } | null;
  /** The payment proof it is about: whose invoice's, and until when it is waited for or the service is up. */
  claim: { invoice: string; until: Instant | null } | null;
}

export interface HoldIntent {
  serviceId: Id;
  serviceRef: string;
  invoiceId: Id;
  invoiceRef: string;
  step: string;
  because: readonly Because[];
}

export interface LiftIntent {
  holdId: Id;
  serviceId: Id | null;
  because: readonly Because[];
}

/** The level an account should be at. */
export interface AccessIntent {
  serviceId: Id;
  serviceRef: string;
  desired: "active" | "suspended";
  /** For a suspension, the invoice or hold that causes it. */
  cause: string | null;
  /** Tell the customer when it is done. */
  announce: boolean;
  because: readonly Because[];
}

/** What a linked service should be, and why. */
export interface AccessLevel {
  serviceId: Id;
  desired: "active" | "suspended";
  cause: string | null;
  because: readonly Because[];
}

export interface PromiseEnd {
  promiseId: Id;
  protocol: string;
  end: "kept" | "broken";
  because: readonly Because[];
}

export interface ClaimEnd {
  claimId: Id;
  end: "expired";
  because: readonly Because[];
}

export interface TerminationIntent {
  serviceId: Id;
  serviceRef: string;
  invoiceId: Id;
  invoiceRef: string;
  because: readonly Because[];
}

/** Something only a person can settle. */
export interface Attention {
  key: string;
  kind:
    | "warning_undeliverable"
    | "no_channel"
    | "service_not_linked"
    | "no_service"
    | "termination_waits"
    | "account_absent"
    | "suspended_by_other";
  because: readonly Because[];
}

/** Why nothing happens yet, and until when; the earliest `until` is when to look again. */
export interface Wait {
  invoice: string | null;
  service: string | null;
  step: string | null;
  /** Null: until something happens (an answer, a payment, a person). */
  until: Instant | null;
  because: Because;
}

export interface Decision {
  policyVersion: string;
  at: Instant;
  messages: readonly MessageIntent[];
  place: readonly HoldIntent[];
  lift: readonly LiftIntent[];
  /** One per linked service whose panel must be called. */
  access: readonly AccessIntent[];
  /** The access every linked service should have now, changed or not. */
  levels: readonly AccessLevel[];
  promises: readonly PromiseEnd[];
  claims: readonly ClaimEnd[];
  /** Ended claims of which there is nothing (more) to tell. */
  claimsTold: readonly Id[];
  terminations: { propose: readonly TerminationIntent[]; withdraw: readonly Id[] };
  attention: readonly Attention[];
  waits: readonly Wait[];
  nextCheckAt: Instant | null;
}
