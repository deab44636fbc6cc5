// Writes a message to a customer: the same facts give the same text, byte for byte, so the stored text is the one sent.
import { formatMoney } from "../kernel/money.ts";
import type { Lang } from "../kernel/lang.ts";
import type { Day, Zone } from "../kernel/time.ts";
import type { ListedInvoice, MessageContent, Template } from "../policy/decision.ts";
import { cut, greetingName, oneLine } from "./clean.ts";
import { sayDay, sayMoment, sayOnDay, sayOnMoment, sayShortDay } from "./dates.ts";
import { EN } from "./messages.en.ts";
import { PT_BR } from "./messages.pt-BR.ts";
import { portalAddress } from "./portal.ts";
import type { Provider } from "./provider.ts";
import type { InvoiceView, Texts, View } from "./texts.ts";

const TEXTS: Readonly<Record<Lang, Texts>> = { "pt-BR": PT_BR, en: EN };

/** Some mail servers and most lists of messages cut longer ones. */
const SUBJECT_MAX = 120;
const REF_MAX = 40;
const NAME_MAX = 60;
const LINE_MAX = 300;
/** Services named in a sentence; the others are counted, and listed with their invoices. */
const NAMED_SERVICES = 3;

/** The line that parts the message from the supplier's identity. */
export const RULE = "---";

export interface Message {
  /** One line of at most 120 characters. */
  subject: string;
  /** Lines end with `\n`. */
  text: string;
}

/**
 * Writes a template in the customer's language. Every message carries the supplier's name, address and CPF/CNPJ
 * (CDC art. 42-A), what is open, the next step with its date and how to avoid it, how to pay, and how to ask for time.
 */
export function writeMessage(template: Template, content: MessageContent, provider: Provider, zone: Zone): Message {
  const texts = TEXTS[content.lang];
  const view = viewOf(content, zone);
  const closing = [afterPromise(template) ? "changed" : "moreTime", "proof"] as const;
  return compose({ subject: texts.subject[template](view), lead: texts.lead[template](view), closing }, view, content, provider, zone);
}

/** What differs between messages of one form. */
interface Frame {
  subject: string;
  /** Whole paragraphs. */
  lead: string;
  /** What is said below the ways to pay. */
  closing: readonly ("changed" | "moreTime" | "proof")[];
  /** The portal is named though nothing is open. */
  portal?: boolean;
}

function compose(frame: Frame, view: View, content: MessageContent, provider: Provider, zone: Zone): Message {
  const texts = TEXTS[content.lang];
  const fixed = fixedParts(provider, content.lang);
  let text = opening(frame.lead, view, content);
  if (view.invoices.length > 0) {
    text += `${openList(view, content.lang)}\n${fixed.portal}${paymentOf(content.invoices, texts, fixed)}\n`;
    for (const part of frame.closing) text += fixed[part];
  } else if (frame.portal === true && fixed.portal !== "") text += `\n${fixed.portal.trimEnd()}\n`;
  text += `\n${RULE}\n${fixed.identity}${texts.customer(oneLine(content.customerRef, REF_MAX))}\n${texts.zone(zone.id)}\n${fixed.rehearsal}`;
  return { subject: cut(frame.subject, SUBJECT_MAX), text };
}

/** The greeting, what it is about, and what comes next. */
function opening(lead: string, view: View, { lang, customerName }: MessageContent): string {
  const texts = TEXTS[lang];
  return `${texts.greeting(greetingName(customerName))}\n\n${lead}\n${view.next ? `\n${texts.next[view.next.act](view, view.next)}\n` : ""}`;
}

/** Every open invoice on its line, and the total. */
function openList(view: View, lang: Lang): string {
  const texts = TEXTS[lang];
  let text = `\n${texts.openInvoices}\n`;
  for (const invoice of view.invoices) text += `- ${texts.invoiceLine(invoice)}\n`;
  return `${text}${texts.total(view.total)}\n`;
}

/** What a person is offered to send: without the identity, which every message has below it when it leaves. `below`: what follows the lead. */
export function writeBody(
  lead: string,
  below: "nothing" | "open" | "ways",
  content: MessageContent,
  provider: Provider,
  zone: Zone,
): string {
  const view = viewOf(below === "nothing" ? { ...content, next: null, invoices: [] } : content, zone);
  const fixed = fixedParts(provider, content.lang);
  let text = opening(lead, view, content);
  if (view.invoices.length > 0) text += openList(view, content.lang);
  if (below !== "nothing" && fixed.portal !== "") text += `\n${fixed.portal.trimEnd()}\n`;
  if (below === "ways" && view.invoices.length > 0) text += `\n${paymentOf(content.invoices, TEXTS[content.lang], fixed)}`;
  return text.trimEnd();
}

/** An answer by rule to a mail: what was understood and the next step, then what every message says. */
export function writeAnswer(lead: string, subject: string, content: MessageContent, provider: Provider, zone: Zone): Message {
  return compose({ subject: replySubject(subject), lead, closing: [], portal: true }, viewOf(content, zone), content, provider, zone);
}

/** What staff wrote, with the supplier's identity below it. */
export function writeStaffReply(words: string, subject: string, provider: Provider, lang: Lang): Message {
  const { identity, rehearsal } = fixedParts(provider, lang);
  return { subject: replySubject(subject), text: `${words.trim()}\n\n${RULE}\n${identity}${rehearsal}` };
}

/** `Re: …`, once, however often it went to and fro. */
function replySubject(subject: string): string {
  const bare = oneLine(subject, SUBJECT_MAX - 4).replace(/^(?:(?:re|res|enc|fw|fwd|aw) *: *)+/iu, "");
  return cut(`Re: ${bare}`.trim(), SUBJECT_MAX);
}

/** The ways of each invoice's own charge, before those of everybody; the codes stand alone on their lines, to be copied whole. */
function paymentOf(invoices: readonly ListedInvoice[], texts: Texts, fixed: FixedParts): string {
  let own = "";
  for (const { ref: number, pixCode, boletoLine, payUrl } of invoices) {
    const ref = oneLine(number, REF_MAX);
    if (isCode(pixCode)) own += `- ${texts.payByPix(ref)}\n${pixCode}\n`;
    if (isCode(boletoLine)) own += `- ${texts.payByBoleto(ref)}\n${boletoLine}\n`;
    if (isCode(payUrl)) own += `- ${texts.payOnPage(ref)}\n${payUrl}\n`;
  }
  return own === "" ? fixed.payment : `${texts.howToPay}\n${own}${fixed.ways}`;
}

/** Cut or altered it would pay nobody, or somebody else: one that does not fit a line whole is left out. */
function isCode(code: string | null | undefined): code is string {
  return typeof code === "string" && /^[\x20-\x7e]{1,600}$/u.test(code);
}

const afterPromise = (template: Template): boolean => template === "promise_granted" || template === "promise_due";

function viewOf(content: MessageContent, zone: Zone): View {
  const { lang, today } = content;
  const invoices = content.invoices.map((invoice) => invoiceView(invoice, lang, today));
  const [first] = content.invoices;
  let total = 0;
  for (const invoice of content.invoices) total += invoice.open;
  const names = content.services.map((name) => oneLine(name, NAME_MAX));
  const { next, promise, claim } = content;
  return {
    invoices,
    total: invoices.length === 1 ? (invoices[0]?.amount ?? "") : first ? formatMoney(total, first.currency, lang) : "",
    // Naming all but one would be longer than naming all.
    services:
      names.length > NAMED_SERVICES ? { names: names.slice(0, NAMED_SERVICES), more: names.length - NAMED_SERVICES } : { names, more: 0 },
    next: next && { act: next.act, at: sayMoment(next.at, lang, zone, today), on: sayOnMoment(next.at, lang, zone, today) },
    promise: promise && {
      protocol: oneLine(promise.protocol, REF_MAX),
      kind: promise.kind,
      until: sayMoment(promise.until, lang, zone, today),
      on: sayOnMoment(promise.until, lang, zone, today),
    },
    claim: claim && {
      invoice: oneLine(claim.invoice, REF_MAX),
      until: claim.until === null ? "" : sayMoment(claim.until, lang, zone, today),
    },
  };
}

function invoiceView(invoice: ListedInvoice, lang: Lang, today: Day): InvoiceView {
  const moved = invoice.effectiveDueOn !== invoice.dueOn;
  return {
    ref: oneLine(invoice.ref, REF_MAX),
    service: invoice.service === null ? null : oneLine(invoice.service, NAME_MAX),
    amount: formatMoney(invoice.open, invoice.currency, lang),
    days: today - invoice.effectiveDueOn,
    due: sayShortDay(invoice.dueOn, lang),
    dueDay: sayDay(invoice.dueOn, lang, today),
    onDue: sayOnDay(invoice.dueOn, lang, today),
    dueToday: invoice.dueOn === today,
    payableUntil: moved ? { short: sayShortDay(invoice.effectiveDueOn, lang), long: sayDay(invoice.effectiveDueOn, lang, today) } : null,
    past: invoice.dueOn < today,
  };
}

/** The parts of every message that depend on the provider alone, each ending with a line break or empty. */
interface FixedParts {
  portal: string;
  payment: string;
  /** The lines of `payment` alone, without what is said above them. */
  ways: string;
  moreTime: string;
  changed: string;
  proof: string;
  identity: string;
  rehearsal: string;
}

const prepared = new WeakMap<Provider, Partial<Record<Lang, FixedParts>>>();

function fixedParts(provider: Provider, lang: Lang): FixedParts {
  let byLang = prepared.get(provider);
  if (!byLang) prepared.set(provider, (byLang = {}));
  return (byLang[lang] ??= prepare(provider, lang));
}

function prepare(provider: Provider, lang: Lang): FixedParts {
  const texts = TEXTS[lang];
  const line = (text: string): string => oneLine(text, LINE_MAX);
  const email = line(provider.email);
  const payment = provider.payment[lang].map(line).filter((item) => item !== "");
  const [name, legalName] = [line(provider.name), line(provider.legalName)];
  const contact = [provider.email, provider.phone, provider.site]
    .filter((item) => item !== null && item !== "")
    .map((item) => line(item ?? ""));
  const ways = payment.map((item) => `- ${item}\n`).join("");
  return {
    ways,
    portal: provider.portal ? `${texts.portal(portalAddress(provider.portal))}\n\n` : "",
    payment: payment.length === 0 ? `${texts.askHowToPay}\n` : `${texts.howToPay}\n${ways}`,
    moreTime: `${texts.moreTime(email)}\n`,
    changed: `${texts.changed(email)}\n`,
    proof: provider.proof === null ? "" : `${texts.proof(line(provider.proof[lang]))}\n`,
    identity: `${name === legalName ? name : `${name} (${legalName})`}\n${taxLine(provider.taxId)}\n${line(provider.address)}\n${contact.join(" · ")}\n`,
    rehearsal: provider.sandbox ? `\n${texts.rehearsal}\n` : "",
  };
}

const CPF = /^\d{3}\.?\d{3}\.?\d{3}-?\d{2}$/u;
/** Letters may stand in the first twelve places from July 2026 (Instrução Normativa RFB 2.229/2024). */
const CNPJ = /^[0-9A-Z]{2}\.?[0-9A-Z]{3}\.?[0-9A-Z]{3}\/?[0-9A-Z]{4}-?\d{2}$/u;

/** `CNPJ 12.345.678/0001-90`; another country's number as it is. */
function taxLine(taxId: string): string {
  const line = oneLine(taxId, REF_MAX);
  if (CPF.test(line)) return `CPF ${line}`;
  return CNPJ.test(line) ? `CNPJ ${line}` : line;
}
