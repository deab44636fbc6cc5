// What is known of one customer when a decision is made: the only input of the rules besides the policy and the time.
import type { Id } from "../kernel/ids.ts";
import type { Lang } from "../kernel/lang.ts";
import type { Cents, Currency } from "../kernel/money.ts";
import type { Day, Instant } from "../kernel/time.ts";

/** A way to reach a customer. E-mail is built in; the others are switched on where an adapter for them is set up. */
export const CHANNELS = ["email", "whatsapp", "sms"] as const;
export type Channel = (typeof CHANNELS)[number];

export interface CustomerFacts {
  id: Id;
  /** The provider's own number for the customer. */
  ref: string;
  name: string;
  lang: Lang;
  /** First day as a customer. */
  since: Day;
  tags: readonly string[];
  /** Where messages go, only for channels that are set up. */
  addresses: Readonly<Partial<Record<Channel, string>>>;
  /** Last time money, a promise or a claim was seen; termination keeps its distance from each. */
  lastSignOfLifeAt: Instant | null;
  services: readonly ServiceFacts[];
  /** Open invoices only; an invoice that is not here is settled, void or written off. */
  invoices: readonly InvoiceFacts[];
  /** Holds not yet lifted. */
  holds: readonly HoldFacts[];
  /** Promises still running. */
  promises: readonly PromiseFacts[];
  /** Claims under review. */
  claims: readonly ClaimFacts[];
  /** Claims whose review is over, and of whose end the customer has still to be told. */
  endedClaims: readonly EndedClaimFacts[];
  /** Termination proposals neither withdrawn nor carried out. */
  terminations: readonly TerminationFacts[];
  /** Notices about open invoices, running promises and the present access of each service. */
  notices: readonly NoticeFact[];
  /** Matters already waiting for a person, by key. */
  attention: readonly string[];
}

/** What the panel was last seen to say. `unknown`: never read, or the last answer was lost. */
export type ActualAccess = "active" | "suspended" | "absent" | "unknown";

export interface ServiceFacts {
  id: Id;
  ref: string;
  name: string;
  plan: string | null;
  /** Tied to an account on a panel. A service that is not linked is never touched. */
  linked: boolean;
  desired: "active" | "suspended";
  actual: ActualAccess;
  /** The suspension seen on the panel is ours. What another party suspended we never lift. */
  suspendedByUs: boolean;
  /** Counts the changes of access we made; a change is announced once per count. */
  accessSeq: number;
  /** The present access is worth a message (a release on trust has its own). */
  announce: boolean;
  /** A panel call for it waits in the outbox or is in flight. */
  callOpen: boolean;
  /** Asked to be cancelled, on this day. */
  cancelOn: Day | null;
}

export interface InvoiceFacts {
  id: Id;
  ref: string;
  /** The service billed; null for an invoice of the whole account. */
  serviceId: Id | null;
  issuedOn: Day;
  dueOn: Day;
  amount: Cents;
  /** What is still owed. */
  open: Cents;
  currency: Currency;
  /** Money known to be on its way (a boleto paid, not yet credited) is waited for until then. */
  clearingUntil: Instant | null;
  /** It was settled, and the money went back then. Absent or null: never. */
  reopenedAt?: Instant | null;
  /** The text of its Pix code, where a charge stands for it. */
  pixCode?: string | null;
  /** The digits of its boleto. */
  boletoLine?: string | null;
  /** Page where it is paid. */
  payUrl?: string | null;
}

export type HoldKind = "overdue" | "dispute" | "manual" | "legal" | "abuse";

export interface HoldFacts {
  id: Id;
  kind: HoldKind;
  /** `access`: takes the service down. `collection`: stops the ladder. */
  effect: "access" | "collection";
  /** Null: the whole account. */
  serviceId: Id | null;
  /** The cause of an overdue hold; for a dispute, the invoice disputed (null: all of them). */
  invoiceId: Id | null;
  /** Why, in words; for an overdue hold the invoice's own number. */
  reason: string;
  placedAt: Instant;
  /** An exception ends by itself. */
  until: Instant | null;
}

export type PromiseKind = "release" | "postponement" | "courtesy";

export interface PromiseFacts {
  id: Id;
  protocol: string;
  kind: PromiseKind;
  invoiceIds: readonly Id[];
  grantedAt: Instant;
  /** The deadline: money must be received before it. */
  until: Instant;
}

export interface ClaimFacts {
  id: Id;
  invoiceId: Id;
  receivedAt: Instant;
  /** Access is given back until then while the bank confirms; null: a person looks first. */
  releaseUntil: Instant | null;
  /** The review ends by itself. */
  reviewUntil: Instant;
  /** The customer is told of it; absent: a claim from before there were such messages. */
  announce?: boolean;
  /** The proof showed a payment that is only scheduled. */
  scheduled?: boolean;
}

/** How a claim's review ends: by the bank's word or a person's; expired: by time. */
export type ClaimEndState = "confirmed" | "contradicted" | "refused" | "expired";

export interface EndedClaimFacts {
  id: Id;
  invoiceId: Id;
  invoiceRef: string;
  receivedAt: Instant;
  end: ClaimEndState;
}

export interface TerminationFacts {
  id: Id;
  serviceId: Id;
  invoiceId: Id;
  approved: boolean;
}

export type NoticeState = "pending" | "accepted" | "undeliverable" | "superseded";

export interface NoticeFact {
  /** Unique for the customer: see `noticeKey`. */
  key: string;
  invoiceId: Id | null;
  step: string;
  channel: Channel;
  /** It announced a suspension that would follow. */
  warning: boolean;
  state: NoticeState;
  decidedAt: Instant;
  /** When the channel accepted it, or gave it up. */
  endedAt: Instant | null;
  /** The outbox row that carries it. */
  outboxId: Id;
}
