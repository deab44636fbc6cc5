// Turns a decision into rows: messages written out, levels, outbox and the evidence of why.
import { assert } from "../kernel/assert.ts";
import type { Json } from "../kernel/hash.ts";
import { sha256 } from "../kernel/hash.ts";
import type { Id, IdBlock } from "../kernel/ids.ts";
import { remembering } from "../kernel/remember.ts";
import { formatInstant, type Instant } from "../kernel/time.ts";
import type { Because, Decision, MessageIntent, NoticeIntent, Template } from "../policy/decision.ts";
import type { Channel, CustomerFacts } from "../policy/facts.ts";
import type { CustomerChange, NoticeInsert, OutboxInsert } from "../store/change-rows.ts";
import type { Case } from "../store/facts.ts";
import type { Setting } from "./setting.ts";
import { writeMessage } from "../words/messages.ts";
import type { Journal } from "./journal.ts";
import { purposeOf, senderFor } from "./senders.ts";
import { deliveriesOf } from "./webhook-events.ts";

/** What the outbox keeps of a message: the exact text, and what is needed to ask later whether it is still right. */
export interface MessagePayload {
  template: Template;
  channel: Channel;
  to: string;
  lang: string;
  messageId: string;
  subject: string;
  text: string;
  keys: readonly string[];
  invoices: readonly { id: Id; open: number }[];
  /** Which of several senders; absent: the one of everybody. */
  sender?: string;
}

/** What the outbox keeps of a panel call. The level is asked of the rules again when it is made. */
export interface AccessPayload {
  desired: "active" | "suspended";
  cause: string | null;
}

/** How many ids the rows of a decision need. */
export function idsNeeded(decision: Decision): number {
  return decision.messages.length + decision.place.length + decision.access.length + decision.terminations.propose.length;
}

/** The change a decision makes to a customer. `journal` may already hold entries of what led to it. */
export function planChange(found: Case, decision: Decision, setting: Setting, ids: IdBlock, journal: Journal): CustomerChange {
  const { facts } = found;
  const outbox: OutboxInsert[] = [];
  const notices: NoticeInsert[] = [];
  const said: Json[] = [];
  for (const message of decision.messages) said.push(planMessage(facts, message, decision.at, setting, ids.next(), outbox, notices));
  const holds = decision.place.map((hold) => ({
    id: ids.next(),
    kind: "overdue" as const,
    effect: "access" as const,
    serviceId: hold.serviceId,
    invoiceId: hold.invoiceId,
    by: `policy:${decision.policyVersion}`,
    reason: hold.invoiceRef,
    until: null,
  }));
  const access = decision.access.map((intent) => {
    const id = ids.next();
    const payload: AccessPayload = { desired: intent.desired, cause: intent.cause };
    outbox.push({
      id,
      kind: "access",
      key: `access:${intent.serviceRef}`,
      serviceId: intent.serviceId,
      payload: JSON.stringify(payload),
      notBefore: decision.at,
    });
    const { serviceId, desired, cause, announce } = intent;
    const supersedes = facts.services.some((service) => service.id === serviceId && service.callOpen);
    return { serviceId, desired, cause, announce, outboxId: id, supersedes };
  });
  const proposals = decision.terminations.propose.map((p) => ({ id: ids.next(), serviceId: p.serviceId, invoiceId: p.invoiceId }));
  const news = decision.attention.filter((item) => !facts.attention.includes(item.key));
  const body = evidenceOf(decision, said, news);
  if (body) journal.add("decision", `policy:${decision.policyVersion}`, body);
  return {
    customerId: facts.id,
    readVersion: found.version,
    at: decision.at,
    nextCheckAt: nextLook(facts, decision, setting),
    attention: decision.attention.map((item) => item.key),
    evidence: { ...journal.head, entries: journal.entries },
    outbox,
    notices,
    holds,
    lifts: decision.lift.map((lift) => lift.holdId),
    access,
    promiseEnds: decision.promises.map((end) => ({ id: end.promiseId, state: end.end })),
    claimEnds: decision.claims.map((end) => ({ id: end.claimId, state: end.end })),
    claimsTold: decision.claimsTold,
    proposals,
    withdrawals: decision.terminations.withdraw,
    deliveries: setting.webhooks.length === 0 ? [] : deliveriesOf(setting.webhooks, journal.entries),
  };
}

/** The rules' own time, or a planned policy's beginning where that is sooner and something is open. */
function nextLook(facts: CustomerFacts, decision: Decision, setting: Setting): Instant | null {
  const { nextCheckAt } = decision;
  const { nextPolicyAt } = setting;
  if (nextPolicyAt === null || (facts.invoices.length === 0 && facts.holds.length === 0)) return nextCheckAt;
  return nextCheckAt === null ? nextPolicyAt : Math.min(nextCheckAt, nextPolicyAt);
}

function planMessage(
  facts: CustomerFacts,
  message: MessageIntent,
  at: Instant,
  setting: Setting,
  id: Id,
  outbox: OutboxInsert[],
  notices: NoticeInsert[],
): Json {
  const { subject, text } = writeMessage(message.template, message.content, setting.provider, setting.zone);
  const subjects = message.notices.map((notice) => subjectOf(facts, notice));
  const key = `${message.channel}:${subjects.join(",")}`;
  const sender = setting.senders.length === 0 ? null : senderFor(setting, facts.tags, purposeOf(message.template));
  const payload: MessagePayload = {
    template: message.template,
    channel: message.channel,
    to: message.to,
    lang: facts.lang,
    messageId: messageIdOf(facts.ref, key, setting),
    subject,
    text,
    keys: message.notices.map((notice) => notice.key),
    invoices: message.content.invoices.map((invoice) => ({ id: invoice.id, open: invoice.open })),
    ...(sender === null ? {} : { sender }),
  };
  outbox.push({ id, kind: "message", key, serviceId: null, payload: JSON.stringify(payload), notBefore: at });
  for (const notice of message.notices)
    notices.push({
      key: notice.key,
      outboxId: id,
      invoiceId: notice.invoiceId,
      serviceId: notice.serviceId,
      accessSeq: notice.accessSeq,
      promiseId: notice.promiseId,
      claimId: notice.claimId,
      step: notice.step,
      channel: message.channel,
      warning: notice.warning,
    });
  return {
    channel: message.channel,
    message_id: payload.messageId,
    notices: message.notices.map((notice, i) => ({ about: subjects[i] ?? "", because: sayAll(notice.because), step: notice.step })),
    sender: sender ?? undefined,
    subject,
    template: message.template,
    text_sha256: sha256(text),
    to: message.to,
  };
}

/** What a notice is about, in the provider's own numbers: readable by an outsider, the same in every run. */
function subjectOf(facts: CustomerFacts, notice: NoticeIntent): string {
  if (notice.claimId !== null) return `${notice.invoiceRef}/${notice.step}/${receivedAt(facts, notice.claimId)}`;
  if (notice.invoiceRef !== null) return `${notice.invoiceRef}/${notice.step}`;
  if (notice.promiseId !== null)
    return `${facts.promises.find((promise) => promise.id === notice.promiseId)?.protocol ?? notice.promiseId}/${notice.step}`;
  const service = facts.services.find((s) => s.id === notice.serviceId);
  return `${service?.ref ?? notice.serviceId}/${notice.step}/${notice.accessSeq}`;
}

/** An invoice has one claim at a time: its number and the instant name it. */
function receivedAt(facts: CustomerFacts, claimId: Id): string {
  const claim = [...facts.claims, ...facts.endedClaims].find((each) => each.id === claimId);
  assert(claim, "a message about a claim that is not there");
  return inWords(claim.receivedAt);
}

/** The same message keeps its Message-ID however often it is handed over (RFC 5322, 3.6.4). */
function messageIdOf(customerRef: string, key: string, setting: Setting): string {
  const domain = setting.provider.email.split("@")[1] ?? "localhost";
  return `<${sha256(`${customerRef} ${key}`).slice(0, 32)}@${domain}>`;
}

/** What the entry says; null when nothing is worth one. Names stand in the order of the alphabet: canonical JSON then need not sort them. */
function evidenceOf(decision: Decision, messages: readonly Json[], news: Decision["attention"]): Json | null {
  const { propose, withdraw } = decision.terminations;
  const body: Record<string, Json | undefined> = {
    access: each(decision.access, (a) => ({ because: sayAll(a.because), cause: a.cause, desired: a.desired, service: a.serviceRef })),
    attention: each(news, (item) => ({ because: sayAll(item.because), kind: item.kind })),
    claims: each(decision.claims, (c) => ({ because: sayAll(c.because), end: c.end })),
    holds: each(decision.place, (h) => ({ because: sayAll(h.because), invoice: h.invoiceRef, service: h.serviceRef, step: h.step })),
    lifted: each(decision.lift, (l) => ({ because: sayAll(l.because) })),
    messages: messages.length === 0 ? undefined : messages,
    policy: undefined,
    promises: each(decision.promises, (p) => ({ because: sayAll(p.because), end: p.end, promise: p.protocol })),
    terminations: each(propose, (t) => ({ because: sayAll(t.because), invoice: t.invoiceRef, service: t.serviceRef })),
    terminations_withdrawn: withdraw.length === 0 ? undefined : withdraw.length,
  };
  if (Object.values(body).every((part) => part === undefined)) return null;
  body.policy = decision.policyVersion;
  return body;
}

function each<T>(items: readonly T[], say: (item: T) => Json): Json | undefined {
  return items.length === 0 ? undefined : items.map(say);
}

/** Reasons with their instants as text: evidence is read by people. Every name is written out, so that a new one is not forgotten here. */
function sayAll(because: readonly Because[]): Json {
  return because.map((reason) => {
    const { at, cents, days, detail, hold, invoice, promise, rule, service, step, until } = reason;
    const said = { at: textOf(at), cents, days, detail, hold, invoice, promise, rule, service, step, until: textOf(until) };
    return said satisfies Record<keyof Because, Json | undefined>;
  });
}

const inWords = remembering(formatInstant);

function textOf(instant: Instant | undefined): string | undefined {
  return instant === undefined ? undefined : inWords(instant);
}
