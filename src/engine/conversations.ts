// Conversations with customers and strangers: listed for staff, shown, answered, closed, assigned; a file of a mail made a payment proof.
import { inEach, ReguaError } from "../kernel/errors.ts";
import { sha256 } from "../kernel/hash.ts";
import type { Id } from "../kernel/ids.ts";
import { plainText } from "../kernel/plain-text.ts";
import type { Instant } from "../kernel/time.ts";
import type { BlobStore } from "../ports/blob-store.ts";
import { claimRows, type ClaimRow } from "../store/claim-proofs.ts";
import { denyBounce, standingBounce } from "../store/bounces.ts";
import {
  assignMail,
  closeMails,
  closeThread,
  lastReply,
  listConversations,
  mailAbout,
  messagesOfCustomer,
  messagesOfStranger,
  setClaimOfMail,
  threadState,
  type ConversationMessage,
  type ConversationRow,
  type MailAbout,
} from "../store/conversations.ts";
import { mailCounts, type MailCounts } from "../store/mail-in.ts";
import { readMailboxes, type MailboxRow } from "../store/mailboxes.ts";
import { addresseeOf, type Addressee } from "../store/portal-access.ts";
import { insertMessage } from "../store/portal-matters.ts";
import { listPromises, type PromiseRecord } from "../store/records.ts";
import { inTransaction } from "../store/retry.ts";
import { markPortal } from "../words/drafts.ts";
import { writeStaffReply } from "../words/messages.ts";
import { LINK_MARK } from "../words/portal.ts";
import { changeCustomer } from "./change.ts";
import type { Engine } from "./engine.ts";
import { putOutgoing } from "./mail-answer.ts";
import { submitClaim, type ProofTools, type Submitted } from "./submit-claim.ts";
import { required, whoIs, type Who } from "./who.ts";
import { MESSAGE_CHARS_MAX } from "./write-message.ts";

const SHOWN = 200;
const LISTED = 200;

/** `c-42`: the customer with our id 42. `m-97`: the stranger who wrote mail 97. */
export type ConversationId = { customerId: Id } | { strangerOf: Id };

/** @throws ReguaError `conversation_unknown` */
export function readConversationId(text: string): ConversationId {
  const [, kind, digits] = /^([cm])-(\d{1,15})$/u.exec(text) ?? [];
  if (kind === undefined) throw new ReguaError("conversation_unknown", { value: text });
  return kind === "c" ? { customerId: Number(digits) } : { strangerOf: Number(digits) };
}

/** A customer's conversation by its id, whether or not anything was written yet; since when it waits for a person. */
export async function conversationOf(
  { db }: Engine,
  customerId: Id,
): Promise<{ id: string; messages: number; waitsSince: Instant | null }> {
  return { id: `c-${customerId}`, ...(await threadState(db, customerId)) };
}

export type ConversationListed = ConversationRow & { id: string };

/** Those that wait for a person first; `waiting`: those alone. */
export async function conversations(engine: Engine, ask: { waiting: boolean; limit?: number }): Promise<ConversationListed[]> {
  const rows = await listConversations(engine.db, { waiting: ask.waiting, limit: ask.limit ?? LISTED });
  return rows.map((row) => ({
    ...row,
    lastText: unmarked(row.lastText),
    id: row.customerId === null ? `m-${row.mailId}` : `c-${row.customerId}`,
  }));
}

export interface ConversationShown {
  id: string;
  customer: Addressee | null;
  /** Where a reply by mail goes; null: nowhere. */
  address: string | null;
  /** Since when a person is waited for; null: none is. */
  waitsSince: Instant | null;
  messages: ConversationMessage[];
  /** What came about in its time: time granted and payment proofs, the oldest first. */
  facts: ConversationFact[];
}

export type ConversationFact =
  | { kind: "promise"; at: Instant; protocol: string; state: PromiseRecord["state"]; until: Instant; by: string }
  | { kind: "claim"; at: Instant; id: Id; state: ClaimRow["state"]; invoice: string };

/** @throws ReguaError `conversation_unknown` */
export async function showConversation(engine: Engine, id: string): Promise<ConversationShown> {
  const of = readConversationId(id);
  if ("customerId" in of) {
    const customer = await customerOf(engine, of.customerId, id);
    const messages = await messagesOfCustomer(engine.db, of.customerId, SHOWN);
    const facts = await factsSince(engine, of.customerId, messages[0]?.at ?? null);
    const { waitsSince } = await threadState(engine.db, of.customerId);
    return { id, customer, address: customer.email, waitsSince, messages: messages.map(readable), facts };
  }
  const mail = await strangerOf(engine, of.strangerOf, id);
  const messages = (await messagesOfStranger(engine.db, of.strangerOf, SHOWN)).map(readable);
  return { id, customer: null, address: mail.from, waitsSince: messages.find(({ waits }) => waits)?.at ?? null, messages, facts: [] };
}

async function factsSince({ db }: Engine, customerId: Id, since: Instant | null): Promise<ConversationFact[]> {
  if (since === null) return [];
  const promises = (await listPromises(db, customerId)).map(({ protocol, state, until, grantedAt, askedBy }): ConversationFact => ({
    kind: "promise",
    at: grantedAt,
    protocol,
    state,
    until,
    by: askedBy,
  }));
  const claims = (await claimRows(db, { customerId }, SHOWN)).map(({ id, state, invoice, receivedAt }): ConversationFact => ({
    kind: "claim",
    at: receivedAt,
    id,
    state,
    invoice,
  }));
  return [...promises, ...claims].filter(({ at }) => at >= since).sort((a, b) => a.at - b.at);
}

const readable = (message: ConversationMessage): ConversationMessage => ({ ...message, text: unmarked(message.text) });

/** The link itself is made as a mail leaves, and goes to its one address. */
const unmarked = (text: string): string => text.replaceAll(LINK_MARK, "…");

async function customerOf(engine: Engine, customerId: Id, value: string): Promise<Addressee> {
  const customer = await addresseeOf(engine.db, customerId);
  if (!customer) throw new ReguaError("conversation_unknown", { value });
  return customer;
}

async function strangerOf(engine: Engine, mailId: Id, value: string): Promise<MailAbout> {
  const mail = await mailAbout(engine.db, mailId);
  if (mail?.customerId !== null) throw new ReguaError("conversation_unknown", { value });
  return mail;
}

export interface Replied {
  /** By mail, or in the portal's thread alone. */
  via: "portal" | "mail";
}

/**
 * A person's answer: it stands in the thread, which waits no longer, and goes by mail where the customer wrote one or `via` says so.
 * @throws ReguaError `words_missing`, `field_invalid`, `conversation_unknown`, `conversation_no_address`
 */
export async function replyTo(engine: Engine, ask: { id: string; text: string; by: string; via?: "portal" | "mail" }): Promise<Replied> {
  const text = required("text", plainText(ask.text).replaceAll(LINK_MARK, ""));
  if (text.length > MESSAGE_CHARS_MAX)
    throw new ReguaError("field_invalid", {
      field: "text",
      problem: inEach(`it has more than ${MESSAGE_CHARS_MAX} characters`, `tem mais de ${MESSAGE_CHARS_MAX} caracteres`),
    });
  const of = readConversationId(ask.id);
  return "customerId" in of
    ? replyToCustomer(engine, of.customerId, { ...ask, text })
    : replyToStranger(engine, of.strangerOf, { ...ask, text });
}

interface Reply {
  id: string;
  text: string;
  by: string;
  via?: "portal" | "mail";
}

async function replyToCustomer(engine: Engine, customerId: Id, ask: Reply): Promise<Replied> {
  const customer = await customerOf(engine, customerId, ask.id);
  const answered = await lastReply(engine.db, customerId);
  const via = ask.via ?? (answered && customer.email !== null ? "mail" : "portal");
  if (via === "mail" && customer.email === null)
    throw new ReguaError("conversation_no_address", {
      problem: inEach("the customer has no e-mail address", "o cliente não tem endereço de e-mail"),
    });
  await changeCustomer(engine, customerId, async (unit, { facts }) => {
    const id = (await engine.ids.take(1)).next();
    await insertMessage(unit.trx, { customerId, id, author: "staff", by: ask.by, at: unit.now, text: ask.text, via });
    await closeMails(unit.trx, { customerId }, { at: unit.now, by: ask.by });
    let messageId: string | null = null;
    if (via === "mail" && customer.email !== null) {
      const { provider } = unit.setting;
      const message = writeStaffReply(markPortal(ask.text, provider), answered?.subject ?? provider.name, provider, facts.lang);
      const about = { answersMailId: answered?.id ?? null, inReplyTo: answered?.messageId || null };
      const row = { id, customerId, kind: "staff" as const, lang: facts.lang, to: customer.email, tags: facts.tags, message, ...about };
      messageId = await putOutgoing(unit.trx, unit.setting, unit.now, row);
    }
    unit.record(customerId, "conversation.message", ask.by, {
      from: "staff",
      text_sha256: sha256(ask.text),
      ...(messageId === null ? {} : { message_id: messageId, to: customer.email }),
    });
  });
  return { via };
}

async function replyToStranger(engine: Engine, mailId: Id, ask: Reply): Promise<Replied> {
  const mail = await strangerOf(engine, mailId, ask.id);
  const { from } = mail;
  if (from === null)
    throw new ReguaError("conversation_no_address", { problem: inEach("the mail names no sender", "o e-mail não diz quem o enviou") });
  if (ask.via === "portal")
    throw new ReguaError("conversation_no_address", {
      problem: inEach("nobody knows whose portal it would be", "não se sabe de quem seria o portal"),
    });
  const now = engine.clock.now();
  const setting = await engine.settings.load(engine.db, now);
  const { lang } = setting.provider;
  const id = (await engine.ids.take(1)).next();
  const message = writeStaffReply(ask.text, mail.subject, setting.provider, lang);
  await inTransaction(engine.db, async (trx) => {
    const about = { answersMailId: mail.id, inReplyTo: mail.messageId || null };
    await putOutgoing(trx, setting, now, { id, customerId: null, kind: "staff", lang, to: from, tags: [], message, ...about });
    await closeMails(trx, { strangerOf: mailId }, { at: now, by: ask.by });
  });
  return { via: "mail" };
}

/** Nothing needs to be answered. @throws ReguaError `conversation_unknown` */
export async function closeConversation(engine: Engine, ask: { id: string; by: string }): Promise<{ closed: boolean }> {
  const of = readConversationId(ask.id);
  if ("strangerOf" in of) {
    await strangerOf(engine, of.strangerOf, ask.id);
    const end = { at: engine.clock.now(), by: ask.by };
    return { closed: (await inTransaction(engine.db, (trx) => closeMails(trx, of, end))) > 0 };
  }
  await customerOf(engine, of.customerId, ask.id);
  return changeCustomer(engine, of.customerId, async (unit) => {
    const mails = await closeMails(unit.trx, of, { at: unit.now, by: ask.by });
    const thread = await closeThread(unit.trx, of.customerId);
    if (mails > 0 || thread) unit.record(of.customerId, "conversation.closed", ask.by, { mails });
    return { closed: mails > 0 || thread };
  });
}

/**
 * A stranger's mail is a customer's: it moves into that conversation, and waits there. Its address is not taken over; nothing is answered by rule.
 * @throws ReguaError `conversation_unknown`, `mail_assigned`, `customer_unknown`
 */
export async function assignConversation(engine: Engine, ask: { id: string; customer: Who; by: string }): Promise<{ id: string }> {
  const of = readConversationId(ask.id);
  if (!("strangerOf" in of)) throw new ReguaError("mail_assigned", { value: ask.id });
  const customerId = await whoIs(engine.db, ask.customer);
  const shown = await showConversation(engine, ask.id);
  const mails = shown.messages.filter((message) => message.author === "stranger");
  await changeCustomer(engine, customerId, async (unit) => {
    for (const { id } of mails) {
      const mail = await assignMail(unit.trx, id, customerId);
      if (!mail) throw new ReguaError("mail_assigned", { value: id });
      const text = mail.text === "" ? `(${mail.subject || "–"})` : mail.text.slice(0, MESSAGE_CHARS_MAX);
      await insertMessage(unit.trx, { customerId, id, author: "customer", by: mail.from ?? "mail", at: mail.at, text, via: "mail" });
      unit.record(customerId, "mail.assigned", ask.by, { mail: id, from: mail.from, text_sha256: sha256(mail.text) });
    }
  });
  return { id: `c-${customerId}` };
}

/**
 * A file of a customer's mail is taken as a payment proof: a person says so, where nobody vouches for the mail.
 * @throws ReguaError `conversation_unknown`, `mail_file_unknown`, and those of {@link submitClaim}
 */
export async function claimFromMail(
  engine: Engine,
  tools: ProofTools,
  ask: { id: string; mail: Id; sha256: string; invoice: string; by: string; files: BlobStore },
  reads: Engine = engine,
): Promise<Submitted> {
  const of = readConversationId(ask.id);
  const mail = await mailAbout(reads.db, ask.mail);
  if (!("customerId" in of) || mail?.customerId !== of.customerId) throw new ReguaError("conversation_unknown", { value: ask.id });
  const known = mail.files.some((file) => file.sha256 === ask.sha256);
  const bytes = known ? await ask.files.get(ask.sha256) : null;
  if (bytes === null) throw new ReguaError("mail_file_unknown", { mail: ask.mail, value: ask.sha256 });
  const { customerId } = of;
  const claim = await submitClaim(engine, tools, { customer: customerId, invoice: ask.invoice, bytes, by: ask.by }, reads);
  await inTransaction(engine.db, (trx) => setClaimOfMail(trx, ask.mail, claim.claimId));
  return claim;
}

/**
 * Staff know that a notice arrived although a report says otherwise: it counts as accepted again, from when it was.
 * @throws ReguaError `bounce_unknown`, `words_missing`, `customer_unknown`
 */
export async function denyBounceOf(engine: Engine, ask: { customer: Who; mailId: Id; by: string; reason: string }): Promise<void> {
  const reason = required("reason", ask.reason);
  const customerId = await whoIs(engine.db, ask.customer);
  await changeCustomer(engine, customerId, async (unit) => {
    const bounce = await standingBounce(unit.trx, customerId, ask.mailId);
    if (!bounce) throw new ReguaError("bounce_unknown", { value: ask.mailId });
    const { outboxId, acceptedAt, messageId } = bounce;
    await denyBounce(unit.trx, { customerId, outboxId, mailId: ask.mailId, by: ask.by, reason, at: unit.now, acceptedAt });
    unit.record(customerId, "message.bounce_denied", ask.by, { message_id: messageId, reason });
  });
}

export async function mailStatus(engine: Engine): Promise<{ counts: MailCounts; mailboxes: MailboxRow[]; waiting: ConversationListed[] }> {
  return {
    counts: await mailCounts(engine.db),
    mailboxes: await readMailboxes(engine.db),
    waiting: await conversations(engine, { waiting: true }),
  };
}
