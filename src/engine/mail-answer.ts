// Mail of conversations as it is written: an answer by rule, or staff's words; in the thread, in the evidence, and on its way in one transaction.
import { sha256 } from "../kernel/hash.ts";
import type { Id } from "../kernel/ids.ts";
import type { Lang } from "../kernel/lang.ts";
import type { Instant } from "../kernel/time.ts";
import type { MessageContent, StepAct } from "../policy/decision.ts";
import type { CustomerFacts } from "../policy/facts.ts";
import { contentOf } from "../policy/messages.ts";
import type { Case } from "../store/facts.ts";
import { insertSent } from "../store/mail-in.ts";
import { insertOutgoing } from "../store/mail-out.ts";
import type { Trx } from "../store/database.ts";
import { insertMessage } from "../store/portal-matters.ts";
import type { AnswerKind } from "../words/answers-texts.ts";
import { answerMail } from "../words/answers.ts";
import type { Message } from "../words/messages.ts";
import type { Unit } from "./change.ts";
import type { Engine } from "./engine.ts";
import { nextComing, type Coming } from "./outlook.ts";
import { senderFor } from "./senders.ts";
import type { Setting } from "./setting.ts";

/** Who wrote an answer by rule, as the thread and the evidence say it. */
const BY = "mail";

export interface Answering {
  answersMailId: Id;
  mail: { messageId: string | null; subject: string };
  kind: AnswerKind;
  /** What may be agreed today. */
  until: Instant | null;
}

/** To the customer's own address on record, whoever wrote: what it says is nobody else's business. */
export async function sendAnswer(engine: Engine, unit: Unit, { facts }: Case, answer: Answering): Promise<void> {
  const { setting, now } = unit;
  const to = facts.addresses.email;
  if (to === undefined) return;
  const content = answerContent(facts, setting, now);
  const message = answerMail(answer.kind, { subject: answer.mail.subject, until: answer.until }, content, setting.provider, setting.zone);
  const id = (await engine.ids.take(1)).next();
  const row = {
    id,
    customerId: facts.id,
    kind: "automatic" as const,
    lang: facts.lang,
    to,
    tags: facts.tags,
    message,
    answersMailId: answer.answersMailId,
  };
  const messageId = await putOutgoing(unit.trx, setting, now, { ...row, inReplyTo: answer.mail.messageId });
  await insertMessage(unit.trx, { customerId: facts.id, id, author: "automatic", by: BY, at: now, text: message.text, via: "mail" });
  const body = { message_id: messageId, answers: answer.mail.messageId, kind: answer.kind, to, text_sha256: sha256(message.text) };
  unit.record(facts.id, "mail.answered", BY, body);
}

/** What is open, and the next step of the ladder. */
export function answerContent(facts: CustomerFacts, { policy }: Setting, now: Instant): MessageContent {
  return { ...contentOf(facts, policy, now), next: nextOf(nextComing(facts, policy, now)) };
}

export interface ToGoOut {
  id: Id;
  customerId: Id | null;
  kind: "automatic" | "staff";
  lang: Lang;
  to: string;
  /** Of the customer: which of several senders it is from. */
  tags: readonly string[];
  message: Message;
  answersMailId: Id | null;
  inReplyTo: string | null;
}

/** Answers its Message-ID, by which what comes back finds it. */
export async function putOutgoing(trx: Trx, setting: Setting, now: Instant, mail: ToGoOut): Promise<string> {
  const domain = setting.provider.email.split("@")[1] ?? "localhost";
  const { message, tags, ...row } = mail;
  const sender = senderFor(setting, tags, "conversations");
  const messageId = `<${sha256(`conversation ${mail.id} ${now}`).slice(0, 32)}@${domain}>`;
  await insertOutgoing(trx, { ...row, sender, messageId, subject: message.subject, text: message.text }, now);
  await insertSent(trx, [{ messageId, customerId: mail.customerId, outboxId: null, mailId: mail.id }]);
  return messageId;
}

const ACTS: Readonly<Partial<Record<Coming["kind"], StepAct>>> = { suspension: "suspend", termination: "terminate" };
const MESSAGE_ACTS: Readonly<Record<string, StepAct>> = {
  before_due: "notify",
  due: "notify",
  reminder: "notify",
  warning: "warn",
  termination_warning: "warn_termination",
};

/** The next step of the ladder, where that is what comes. */
function nextOf(coming: Coming | null): MessageContent["next"] {
  if (!coming) return null;
  const act = coming.kind === "message" ? MESSAGE_ACTS[coming.template ?? ""] : ACTS[coming.kind];
  return act === undefined ? null : { act, at: coming.at };
}
