// What a language supplies: the sentences of messages and of reasons, given the facts already in words.
import type { Rule, StepAct, Template } from "../policy/decision.ts";
import type { PromiseKind } from "../policy/facts.ts";

/** One open invoice in words. */
export interface InvoiceView {
  ref: string;
  service: string | null;
  amount: string;
  /** Days past the effective due date; negative before it. */
  days: number;
  /** `23/11/2026`. */
  due: string;
  /** `segunda-feira, 23 de novembro`. */
  dueDay: string;
  /** `na segunda-feira, 23 de novembro`. */
  onDue: string;
  dueToday: boolean;
  /** Due dates on a non-banking day are payable on the next banking day without fine or interest (Lei 7.089/1983). */
  payableUntil: { short: string; long: string } | null;
  /** The due date as printed lies before today. */
  past: boolean;
}

/** The facts of one message, in words of its language and cleaned for one line each. */
export interface View {
  invoices: readonly InvoiceView[];
  /** What is open in all. */
  total: string;
  /** Names of the services the message is about, at most three and how many more. */
  services: { names: readonly string[]; more: number };
  next: { act: StepAct; at: string; on: string } | null;
  promise: { protocol: string; kind: PromiseKind; until: string; on: string } | null;
  /** A payment proof: the invoice it is for; until when it is waited for, or empty. */
  claim: { invoice: string; until: string } | null;
}

/** The sentences of a language. Each `lead` is whole paragraphs; none needs the list below it to be understood. */
export interface Texts {
  greeting(name: string | null): string;
  subject: Readonly<Record<Template, (view: View) => string>>;
  lead: Readonly<Record<Template, (view: View) => string>>;
  /** What comes next and how to avoid it. */
  next: Readonly<Record<StepAct, (view: View, next: NonNullable<View["next"]>) => string>>;
  openInvoices: string;
  invoiceLine(invoice: InvoiceView): string;
  total(amount: string): string;
  /** Where the customer sees and pays it all. */
  portal(address: string): string;
  howToPay: string;
  /** Ways to pay one invoice, each before its code. */
  payByPix(ref: string): string;
  payByBoleto(ref: string): string;
  payOnPage(ref: string): string;
  /** For a provider that has not said how. */
  askHowToPay: string;
  moreTime(email: string): string;
  /** After a promise: what to do when it cannot be kept. */
  changed(email: string): string;
  proof(where: string): string;
  customer(ref: string): string;
  zone(id: string): string;
  rehearsal: string;
}

/** A reason's facts in words; null where the reason does not carry them. */
export interface ReasonView {
  invoice: string | null;
  service: string | null;
  step: string | null;
  promise: string | null;
  /** `disputa`, `dispute`. */
  hold: string | null;
  days: number | null;
  amount: string | null;
  /** With its preposition: `na sexta-feira, 27 de novembro de 2026, às 9h`. */
  onAt: string | null;
  /** Without: `sexta-feira, …`, after “até” or “until”. */
  until: string | null;
  onUntil: string | null;
  detail: string | null;
}

export type Reasons = Readonly<Record<Rule, (reason: ReasonView) => string>>;
