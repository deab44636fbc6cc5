// What we ask of a billing system that we stand beside: read it in pages, book there what we learned first, and hold its own suspensions off.
import type { Cents, Currency } from "../kernel/money.ts";
import type { Day, Instant } from "../kernel/time.ts";
import type { CustomerRecord, RefusedLine, ServiceRecord } from "./customer-source.ts";
import type { CallContext, Outcome } from "./outcome.ts";

/** Rows from an offset. `total`: all there are now; a list moves under whoever reads it, so a page may repeat or miss a row. */
export interface Page<T> {
  rows: readonly T[];
  total: number;
  /** Rows that could not be read; nothing of them was taken. */
  refused: readonly RefusedLine[];
}

export interface PageAt {
  start: number;
  count: number;
}

export interface BilledClient {
  /** Its number there, and our number of the customer. */
  id: number;
  record: CustomerRecord;
}

export interface BilledService {
  id: number;
  clientId: number;
  /** In the billing system's own word: Active, Suspended, Terminated … */
  state: string;
  /** Why it is suspended there; null: no reason is kept. */
  reason: string | null;
  record: ServiceRecord;
  /** Its own suspension counts from this day. */
  nextDueOn: Day | null;
  /** Whether its own suspension is held off, and until when (null: without end). */
  heldOff: { on: boolean; until: Day | null };
  /** How the account is known on its server. */
  username: string | null;
  domain: string | null;
  /** The server's name; null: the product is on none, and no module acts on it. */
  server: string | null;
}

export interface BilledInvoice {
  id: number;
  clientId: number;
  issuedOn: Day;
  dueOn: Day;
  /** What is to be paid with money. */
  total: Cents;
  /** What the client's credit there has paid of it, beside the total. */
  credit: Cents;
  currency: Currency | null;
  /** Draft, Unpaid, Paid, Cancelled, Refunded, Collections, Payment Pending. */
  state: string;
  paidOn: Day | null;
}

/** Money in or out, as it is booked there. */
export interface BilledPayment {
  id: number;
  invoiceId: number | null;
  /** The gateway's or the bank's own number; empty where none was given. */
  transid: string;
  /** The payment module's system name. */
  gateway: string;
  on: Day;
  amountIn: Cents;
  amountOut: Cents;
  /** The payment that went back. */
  refundOf: number | null;
}

/** An invoice with what it bills and what was paid on it. */
export interface WholeInvoice extends BilledInvoice {
  /** Services it bills. */
  serviceIds: readonly number[];
  /** False: it adds funds, or gathers other invoices for one payment. Nobody owes it. */
  debt: boolean;
  payments: readonly BilledPayment[];
}

export interface TicketHead {
  id: number;
  /** What clients see, for example `516757`. */
  number: string;
  clientId: number | null;
  department: number;
  subject: string;
  state: string;
  /** As it is written there; another text means that something was added. */
  lastReply: string;
}

export interface TicketMessage {
  /** 0: the ticket's first message. */
  replyId: number;
  author: "customer" | "staff";
  name: string;
  /** As it is written there, on its own clock. */
  writtenAt: string;
  text: string;
}

export interface Ticket extends TicketHead {
  messages: readonly TicketMessage[];
}

/** A payment to be booked there. */
export interface PaymentToBook {
  invoiceId: number;
  transid: string;
  amount: Cents;
  on: Day;
}

/**
 * A billing system. Reads are safe to repeat. Acts are not: {@link bookPayment} and {@link reply} are looked for before they are made, by
 * whoever asks for them. All honour the deadline and keep secrets out of reasons.
 */
export interface BillingSystem {
  readonly kind: string;
  /** Signs in and makes one call of each right that is needed; says what is missing. */
  test(context: CallContext): Promise<Outcome<{ detail: string }>>;
  clients(at: PageAt, context: CallContext): Promise<Outcome<Page<BilledClient>>>;
  /** With telephone, tax number and language, which the list does not have. Null: there is none. */
  client(id: number, context: CallContext): Promise<Outcome<BilledClient | null>>;
  services(at: PageAt & { clientId?: number }, context: CallContext): Promise<Outcome<Page<BilledService>>>;
  service(id: number, context: CallContext): Promise<Outcome<BilledService | null>>;
  invoices(at: PageAt & { state?: "Unpaid"; newestFirst?: boolean }, context: CallContext): Promise<Outcome<Page<BilledInvoice>>>;
  invoice(id: number, context: CallContext): Promise<Outcome<WholeInvoice | null>>;
  /** What is booked under a transaction's number. */
  paymentsNamed(transid: string, context: CallContext): Promise<Outcome<readonly BilledPayment[]>>;
  bookPayment(payment: PaymentToBook, context: CallContext): Promise<Outcome<null>>;
  /** Its own suspension leaves the service alone until that day. */
  holdOff(serviceId: number, until: Day, context: CallContext): Promise<Outcome<null>>;
  /** Writes what a service is, without acting on its account. */
  setState(serviceId: number, state: "Active" | "Suspended", reason: string, context: CallContext): Promise<Outcome<null>>;
  tickets(at: PageAt, context: CallContext): Promise<Outcome<Page<TicketHead>>>;
  ticket(id: number, context: CallContext): Promise<Outcome<Ticket | null>>;
  reply(ticketId: number, text: string, context: CallContext): Promise<Outcome<null>>;
}

/** A signed call of the billing system's hook, as it came in. */
export interface HookCall {
  rawBody: Uint8Array;
  /** Seconds since 1970, a word used once, and the seal over both and the body. */
  timestamp: string;
  nonce: string;
  signature: string;
}

/** `forged`: the reason is for the log. */
export type HookVerdict = { verdict: "verified"; nonce: string; body: unknown } | { verdict: "forged"; reason: string };

/** Pure. Constant-time in the secret; a call from outside its five minutes is refused. */
export type VerifyHook = (call: HookCall, now: Instant) => HookVerdict;
