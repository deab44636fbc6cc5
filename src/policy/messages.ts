// Notices that fall together become one message: its channel, its gravest text, and everything the text needs.
import type { Instant } from "../kernel/time.ts";
import type { Policy, Step } from "./compile.ts";
import type { Because, ListedInvoice, MessageContent, MessageIntent, NoticeIntent, StepAct, Template } from "./decision.ts";
import type { Channel, ClaimEndState, CustomerFacts, InvoiceFacts, PromiseFacts, ServiceFacts } from "./facts.ts";

/** Graver ones last. */
const GRAVITY: readonly Template[] = ["issued", "before_due", "due", "reminder", "warning", "termination_warning"];

/** A rung of the ladder that is a message. */
export interface DueNotice {
  invoice: InvoiceFacts;
  step: Step;
  channel: Channel;
  because: readonly Because[];
  next: { act: StepAct; at: Instant } | null;
}

/** Unique per customer: the edge it stands for happens once. */
export const noticeKey = {
  step: (invoiceId: number, step: string, channel: Channel): string => `I:${invoiceId}:${step}:${channel}`,
  access: (serviceId: number, seq: number, channel: Channel): string => `S:${serviceId}:${seq}:${channel}`,
  promise: (promiseId: number, what: string, channel: Channel): string => `P:${promiseId}:${what}:${channel}`,
  claim: (claimId: number, what: "received" | ClaimEndState, channel: Channel): string => `C:${claimId}:${what}:${channel}`,
};

/** Messages that tell how something ended: they stay true, whatever happens before they are sent. */
export const LASTING: ReadonlySet<Template> = new Set<Template>(["promise_kept", "promise_broken"]);

export function templateOf(step: Step): Template {
  if (step.act === "warn") return "warning";
  if (step.act === "warn_termination") return "termination_warning";
  if (step.day === "issued") return "issued";
  if (step.day < 0) return "before_due";
  return step.day === 0 ? "due" : "reminder";
}

/** One message per channel for all ladder notices of this moment. */
export function ladderMessages(facts: CustomerFacts, policy: Policy, now: Instant, due: readonly DueNotice[]): MessageIntent[] {
  if (due.length === 0) return [];
  const messages: MessageIntent[] = [];
  for (const channel of new Set(due.map((notice) => notice.channel))) {
    const mine = due.filter((notice) => notice.channel === channel);
    const gravest = mine.reduce((top, n) => (gravity(n.step) > gravity(top.step) ? n : top));
    const to = facts.addresses[channel];
    if (to === undefined) continue;
    const next = mine.reduce(
      (soonest, n) => (n.next && n.step.act === gravest.step.act && (!soonest || n.next.at < soonest.at) ? n.next : soonest),
      gravest.next,
    );
    messages.push({
      channel,
      to,
      template: templateOf(gravest.step),
      notices: mine.map((n) => ({
        key: noticeKey.step(n.invoice.id, n.step.name, channel),
        step: n.step.name,
        warning: n.step.act === "warn",
        invoiceId: n.invoice.id,
        invoiceRef: n.invoice.ref,
        serviceId: n.invoice.serviceId,
        accessSeq: null,
        promiseId: null,
        claimId: null,
        because: n.because,
      })),
      content: { ...contentOf(facts, policy, now), next },
    });
  }
  return messages;
}

function gravity(step: Step): number {
  return GRAVITY.indexOf(templateOf(step));
}

/** Tells that a service went down or came back; once per change. */
export function accessMessage(
  facts: CustomerFacts,
  policy: Policy,
  now: Instant,
  service: ServiceFacts,
  next: MessageContent["next"],
): MessageIntent | null {
  // While the panel is still to be called, the change that is there is the one before.
  if (!service.announce || service.accessSeq === 0 || service.actual !== service.desired) return null;
  if (service.actual !== "active" && !(service.actual === "suspended" && service.suspendedByUs)) return null;
  const template = service.actual === "active" ? "reactivated" : "suspended";
  if (!policy.doc.announce[template]) return null;
  return single(facts, policy, now, template, (channel) => noticeKey.access(service.id, service.accessSeq, channel), {
    step: template,
    serviceId: service.id,
    accessSeq: service.accessSeq,
    because: [{ rule: "access_changed", service: service.ref, detail: service.actual }],
    services: [service.name],
    next: template === "suspended" ? next : null,
  });
}

/** Tells what became of a promise. */
export function promiseMessage(
  facts: CustomerFacts,
  policy: Policy,
  now: Instant,
  promise: PromiseFacts,
  template: "promise_granted" | "promise_due" | "promise_kept" | "promise_broken",
): MessageIntent | null {
  const rule = (
    {
      promise_granted: "promise_running",
      promise_due: "promise_due",
      promise_kept: "promise_kept",
      promise_broken: "promise_broken",
    } as const
  )[template];
  return single(facts, policy, now, template, (channel) => noticeKey.promise(promise.id, template, channel), {
    step: template.replace("_", "-"),
    promise,
    because: [{ rule, promise: promise.protocol, until: promise.until }],
  });
}

/** What a message about a payment proof says of it. */
export interface ToldClaim {
  id: number;
  invoiceId: number;
  invoiceRef: string;
  template: Extract<Template, `claim_${string}`>;
  until: Instant | null;
  because: Because;
  /** What comes next if nothing is paid. */
  next: MessageContent["next"];
}

/** Said of a proof that was accepted, so far or for good: its invoice is not listed as one to pay. */
const LEAVES_INVOICE_OUT: ReadonlySet<Template> = new Set<Template>([
  "claim_released",
  "claim_scheduled",
  "claim_in_review",
  "claim_confirmed",
]);

/** Tells that a payment proof came, or how its review ended; each once. */
export function claimMessage(
  facts: CustomerFacts,
  policy: Policy,
  now: Instant,
  claim: ToldClaim,
  what: Parameters<typeof noticeKey.claim>[1],
): MessageIntent | null {
  const { template, because, next } = claim;
  return single(facts, policy, now, template, (channel) => noticeKey.claim(claim.id, what, channel), {
    step: `claim-${what}`,
    claim,
    because: [because],
    next,
  });
}

interface Single {
  step: string;
  because: readonly Because[];
  serviceId?: number;
  accessSeq?: number;
  promise?: PromiseFacts;
  claim?: ToldClaim;
  services?: readonly string[];
  next?: MessageContent["next"];
}

/** A message of one notice, by the first channel that did not fail; null when it was sent or nobody can be reached. */
function single(
  facts: CustomerFacts,
  policy: Policy,
  now: Instant,
  template: Template,
  key: (channel: Channel) => string,
  about: Single,
): MessageIntent | null {
  for (const [channel, to] of Object.entries(facts.addresses) as [Channel, string][]) {
    const before = facts.notices.find((n) => n.key === key(channel) && n.state !== "superseded");
    if (before?.state === "undeliverable") continue;
    if (before) return null;
    const notice: NoticeIntent = {
      key: key(channel),
      step: about.step,
      warning: false,
      invoiceId: null,
      invoiceRef: about.claim?.invoiceRef ?? null,
      serviceId: about.serviceId ?? null,
      accessSeq: about.accessSeq ?? null,
      promiseId: about.promise?.id ?? null,
      claimId: about.claim?.id ?? null,
      because: about.because,
    };
    const content: MessageContent = {
      ...contentOf(facts, policy, now, LEAVES_INVOICE_OUT.has(template) ? about.claim?.invoiceId : undefined),
      services: about.services ?? [],
      next: about.next ?? null,
      promise: about.promise ? { protocol: about.promise.protocol, kind: about.promise.kind, until: about.promise.until } : null,
      claim: about.claim ? { invoice: about.claim.invoiceRef, until: about.claim.until } : null,
    };
    return { channel, to, template, notices: [notice], content };
  }
  return null;
}

/** What any message of this moment says of a customer; `without`: an invoice that is left out. */
export function contentOf(facts: CustomerFacts, policy: Policy, now: Instant, without?: number): MessageContent {
  const today = policy.zone.dayOf(now);
  const names = new Map(facts.services.map((service) => [service.id, service.name]));
  const invoices = facts.invoices
    .filter((invoice) => invoice.issuedOn <= today && invoice.id !== without)
    .map((invoice): ListedInvoice => ({
      id: invoice.id,
      ref: invoice.ref,
      service: invoice.serviceId === null ? null : (names.get(invoice.serviceId) ?? null),
      dueOn: invoice.dueOn,
      effectiveDueOn: policy.calendar.effectiveDue(invoice.dueOn),
      open: invoice.open,
      currency: invoice.currency,
      pixCode: invoice.pixCode ?? null,
      boletoLine: invoice.boletoLine ?? null,
      payUrl: invoice.payUrl ?? null,
    }))
    .sort((a, b) => a.dueOn - b.dueOn || a.id - b.id);
  const services = new Set(invoices.map((invoice) => invoice.service).filter((name) => name !== null));
  return {
    lang: facts.lang,
    customerName: facts.name,
    customerRef: facts.ref,
    today,
    invoices,
    next: null,
    services: [...services],
    promise: null,
    claim: null,
  };
}
