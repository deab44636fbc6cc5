// The messages in English: calm, exact, never a threat; the next step and how to avoid it are always said.
import { assert } from "../kernel/assert.ts";
import { CLAIMS_EN } from "./claims.en.ts";
import type { InvoiceView, Texts, View } from "./texts.ts";

const IGNORE_IF_PAID = "If you have already paid, please disregard this: the bank can take a business day to tell us.";

const several = (view: View): boolean => view.services.names.length + view.services.more > 1;

function named(view: View): string {
  const { names, more } = view.services;
  const all = more > 0 ? [...names, `${more} more`] : names;
  return all.length < 2 ? (all[0] ?? "") : `${all.slice(0, -1).join(", ")} and ${all.at(-1)}`;
}

/** `your service Hosting Plus is`, `your services A and B are`. */
function services(view: View, one: string, many: string): string {
  const names = named(view);
  if (several(view)) return `your services ${names} ${many}`;
  return `your service${names === "" ? "" : ` ${names}`} ${one}`;
}

const Services = (view: View, one: string, many: string): string => `Y${services(view, one, many).slice(1)}`;

/** What a payment does while the service is down. */
function back(view: View): string {
  return `As soon as the payment comes in, ${several(view) ? "they come" : "it comes"} back by ${several(view) ? "themselves" : "itself"}, within seconds, at any hour.`;
}

function due(invoice: InvoiceView): string {
  const grace = invoice.payableUntil && invoice.days <= 0 ? ` and can be paid until ${invoice.payableUntil.long} at no extra cost` : "";
  if (invoice.dueToday) return `is due today, ${invoice.dueDay}${grace === "" ? "" : `,${grace}`}`;
  return `${invoice.past ? "was" : "is"} due ${invoice.onDue}${grace === "" ? "" : `,${grace}`}`;
}

/** What is owed since when. */
function owed(view: View): string {
  const [oldest] = view.invoices;
  if (!oldest) return "Nothing is open.";
  if (view.invoices.length === 1) return `Your invoice of ${oldest.amount} ${due(oldest)}.`;
  return `There are ${view.invoices.length} open invoices, ${view.total} in all. The oldest one, of ${oldest.amount}, ${due(oldest)}.`;
}

const owedUnlessPaid = (view: View): string => `${owed(view)} ${IGNORE_IF_PAID}`;

function because(view: View): string {
  const [oldest] = view.invoices;
  if (!oldest) return "";
  return view.invoices.length === 1 ? ` because invoice ${oldest.ref} is open` : ` because ${view.invoices.length} invoices are open`;
}

function title(view: View): string {
  const [oldest] = view.invoices;
  if (!oldest) return "your invoices";
  if (view.invoices.length > 1) return `${view.invoices.length} open invoices, ${view.total}`;
  const when = oldest.dueToday ? "due today" : `due ${oldest.due}`;
  return `invoice ${oldest.ref} of ${oldest.amount}, ${when}`;
}

const Title = (view: View): string => title(view).replace(/^./u, (first) => first.toUpperCase());

function promiseOf(view: View): NonNullable<View["promise"]> {
  assert(view.promise, "a message about a promise carries the promise");
  return view.promise;
}

function claimOf(view: View): NonNullable<View["claim"]> {
  assert(view.claim, "a message about a payment proof carries the proof");
  return view.claim;
}

/** What the end of a promise brings; only where no exact next step is known, which would say it better. */
function atItsEnd(view: View): string {
  if (view.next) return "";
  if (promiseOf(view).kind === "postponement") return " Without a payment by then, the next steps go on from where they stopped.";
  return ` Without a payment by then, ${services(view, "is suspended again", "are suspended again")} at that time; your data is kept.`;
}

function granted(view: View): string {
  const { kind, until, protocol } = promiseOf(view);
  const said = {
    release: `Agreed: ${services(view, "comes back now and stays up", "come back now and stay up")} until ${until}.`,
    postponement: `Agreed: the new date is ${until}. Until then, ${services(view, "stays up", "stay up")}.`,
    courtesy: `Agreed: as a courtesy, ${services(view, "stays up", "stay up")} until ${until}.`,
  }[kind];
  return `${said} If you pay by then, there is nothing else to do.${atItsEnd(view)}\nReference: ${protocol}`;
}

function broken(view: View): string {
  const { kind, on, protocol } = promiseOf(view);
  const ended = `The time we agreed on (reference ${protocol}) ended ${on}, and the payment has not shown up yet. ${IGNORE_IF_PAID}`;
  if (kind === "postponement") return ended;
  return `${ended}\n\n${Services(view, "is suspended again", "are suspended again")}. Your data is kept. ${back(view)}`;
}

function reactivated(view: View): string {
  const up = `${Services(view, "is up again", "are up again")}.`;
  if (view.promise) return `${up} The time we agreed on runs until ${view.promise.until} (reference ${view.promise.protocol}).`;
  return view.invoices.length === 0 ? `${up} Nothing is open. Thank you.` : up;
}

function invoiceLine(invoice: InvoiceView): string {
  const service = invoice.service === null ? "" : `, ${invoice.service}`;
  const until = invoice.payableUntil ? `, payable until ${invoice.payableUntil.short}` : "";
  const count = Math.abs(invoice.days);
  const amountOfDays = `${count} ${count === 1 ? "day" : "days"}`;
  const days = count === 0 ? "" : invoice.days > 0 ? ` (${amountOfDays} ago)` : ` (in ${amountOfDays})`;
  const when = invoice.dueToday ? "due today," : invoice.past ? "was due" : "due";
  return `Invoice ${invoice.ref}${service}: ${invoice.amount}, ${when} ${invoice.due}${until}${days}`;
}

export const EN: Texts = {
  greeting: (name) => (name === null ? "Hello." : `Hello, ${name}.`),
  subject: {
    issued: Title,
    before_due: Title,
    due: Title,
    reminder: (view) => `Reminder: ${title(view)}`,
    warning: (view) =>
      view.next?.act === "suspend"
        ? `To keep your ${several(view) ? "services" : "service"} up, pay by ${view.next.at}`
        : `Notice: ${title(view)}`,
    suspended: (view) => Services(view, "is suspended: how it comes back", "are suspended: how they come back"),
    termination_warning: (view) =>
      view.next ? `Notice that your service will be closed: ${view.next.at}` : "Notice that your service will be closed",
    reactivated: (view) => Services(view, "is up", "are up"),
    promise_granted: (view) => `Agreed: until ${promiseOf(view).until}`,
    promise_due: (view) => `Reminder: the time we agreed on runs until ${promiseOf(view).until}`,
    promise_broken: (view) => `The time we agreed on has ended (reference ${promiseOf(view).protocol})`,
    promise_kept: (view) => `Payment received in the time we agreed on (reference ${promiseOf(view).protocol})`,
    claim_released: (view) => CLAIMS_EN.subject.received(claimOf(view).invoice),
    claim_scheduled: (view) => CLAIMS_EN.subject.received(claimOf(view).invoice),
    claim_in_review: (view) => CLAIMS_EN.subject.received(claimOf(view).invoice),
    claim_confirmed: (view) => CLAIMS_EN.subject.confirmed(claimOf(view).invoice),
    claim_contradicted: (view) => CLAIMS_EN.subject.contradicted(claimOf(view).invoice),
    claim_refused: (view) => CLAIMS_EN.subject.refused(claimOf(view).invoice),
    claim_expired: (view) => CLAIMS_EN.subject.expired(claimOf(view).invoice),
  },
  lead: {
    issued: owed,
    before_due: owedUnlessPaid,
    due: owedUnlessPaid,
    reminder: owedUnlessPaid,
    warning: owedUnlessPaid,
    suspended: (view) => `${Services(view, "is suspended", "are suspended")}${because(view)}. Your data is kept. ${back(view)}`,
    termination_warning: (view) =>
      `${Services(view, "is still suspended", "are still suspended")}${because(view)}. Your data is still kept. ${back(view)}`,
    reactivated,
    promise_granted: granted,
    promise_due: (view) =>
      `The time we agreed on (reference ${promiseOf(view).protocol}) runs until ${promiseOf(view).until}. If you pay by then, ${services(view, "stays up", "stay up")}.${atItsEnd(view)} ${IGNORE_IF_PAID}`,
    promise_broken: broken,
    promise_kept: (view) =>
      `We received the payment in the time we agreed on (reference ${promiseOf(view).protocol}). Thank you.${view.invoices.length === 0 ? " Nothing is open." : ""}`,
    claim_released: (view) => CLAIMS_EN.released(claimOf(view).invoice, claimOf(view).until),
    claim_scheduled: (view) => CLAIMS_EN.wait(claimOf(view).invoice, claimOf(view).until),
    claim_in_review: (view) => CLAIMS_EN.person(claimOf(view).invoice, claimOf(view).until),
    claim_confirmed: (view) => CLAIMS_EN.confirmed(claimOf(view).invoice),
    claim_contradicted: (view) => CLAIMS_EN.contradicted(claimOf(view).invoice),
    claim_refused: (view) => CLAIMS_EN.refused(claimOf(view).invoice),
    claim_expired: (view) => CLAIMS_EN.expired(claimOf(view).invoice),
  },
  next: {
    notify: (_view, { on }) => `The next step is a reminder, ${on}. If you pay before then, it is not sent.`,
    warn: (_view, { on }) => `The next step is a notice with the date of the suspension, ${on}. If you pay before then, it is not sent.`,
    suspend: (view, { at }) =>
      `To keep your ${several(view) ? "services" : "service"} up, pay by ${at}. Without a payment or a new date by then, the next step is the suspension; your data is kept.`,
    warn_termination: (_view, { on }) =>
      `The next step is a notice with the date on which the service will be closed, ${on}. If you pay before then, it is not sent.`,
    terminate: (_view, { at }) =>
      `The next step is to close the service and remove the data kept, planned for ${at}. To avoid this, pay before then or ask for more time.`,
  },
  openInvoices: "Open invoices:",
  invoiceLine,
  total: (amount) => `Total open: ${amount}`,
  portal: (address) => `See it, pay by Pix, send a proof or ask for more time:\n${address}`,
  howToPay: "How to pay:",
  payByPix: (ref) => `Invoice ${ref}, Pix copy and paste:`,
  payByBoleto: (ref) => `Invoice ${ref}, boleto:`,
  payOnPage: (ref) => `Invoice ${ref}, payment page:`,
  askHowToPay: "To learn how to pay, reply to this message.",
  moreTime: (email) => `Need more time? Reply to this message or write to ${email}; it takes a minute.`,
  changed: (email) => `Need another date? Reply to this message or write to ${email} before the time ends; it takes a minute.`,
  proof: (where) => `Already paid? Send the proof of payment to: ${where}`,
  customer: (ref) => `Your customer number: ${ref}`,
  zone: (id) => `Times are in ${id}`,
  rehearsal: "Rehearsal: this message was written in a rehearsal, and nothing was sent outside.",
};
