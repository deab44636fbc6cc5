// A person's mail: tied to its customer, understood by stated rules, kept in the thread, and answered once a day with the next step.
import { sha256 } from "../kernel/hash.ts";
import type { Id } from "../kernel/ids.ts";
import { DAY_MS, type Instant } from "../kernel/time.ts";
import type { Case } from "../store/facts.ts";
import { endMail, mailsSince, type KeptFile, type MailEnd } from "../store/mail-in.ts";
import { answeredSince } from "../store/mail-out.ts";
import { insertMessage } from "../store/portal-matters.ts";
import { classify, type Classified, type ReplyMatter } from "../replies/classify.ts";
import { ownWords } from "../replies/own-words.ts";
import type { AnswerKind } from "../words/answers-texts.ts";
import { changeCustomer, type Unit } from "./change.ts";
import type { Engine } from "./engine.ts";
import { offerPromise } from "./grant-promise.ts";
import { endAlone, whoseMail, type Handled, type Received } from "./mail-end.ts";
import { sendAnswer } from "./mail-answer.ts";
import { mayBeProof, claimByMail, type MailClaim } from "./mail-claim.ts";
import type { MailDesk } from "./take-mail.ts";

/** More than a worried person writes in a day, as in the portal: what comes after is kept, and is no evidence. */
const A_DAY_MAX = 30;
const BY = "mail";

interface Understood extends Received {
  customerId: Id;
  files: KeptFile[];
  found: Classified;
  claim: MailClaim | null;
  offeredUntil: Instant | null;
}

export async function handleReply(engine: Engine, desk: MailDesk, received: Received): Promise<Handled> {
  const { mail, id } = received;
  const files: KeptFile[] = [];
  for (const { bytes, ...file } of mail.files) files.push({ ...file, bytes: bytes.length, sha256: await desk.files.put(bytes) });
  const whose = await whoseMail(engine, mail);
  const words = ownWords(mail.text);
  const proofs = mail.files.filter(mayBeProof);
  const found = classify({ subject: mail.subject, words, answersOurs: whose.about !== null, files: proofs.length });
  const end: MailEnd = {
    ...received.end,
    ...whose,
    text: words,
    files,
    matter: found.matter,
    intents: found.intents,
    reasons: found.reasons.map((reason) => ({ ...reason })),
    unsure: found.unsure,
  };
  const { customerId } = whose;
  if (customerId === null) return endAlone(engine, { ...end, outcome: "unknown_sender", waits: true });
  if ((await mailsSince(engine.db, customerId, engine.clock.now() - DAY_MS)) >= A_DAY_MAX)
    return endAlone(engine, { ...end, kind: "too_many", outcome: "too_many" });
  const claim = found.matter === "proof" ? await claimByMail(engine, desk, { customerId, mail, words, end, mailId: id }) : null;
  const offeredUntil = found.matter === "more_time" ? await offeredTo(engine, customerId) : null;
  return enter(engine, desk, { ...received, customerId, end, files, found, claim, offeredUntil });
}

async function offeredTo(engine: Engine, customerId: Id): Promise<Instant | null> {
  const { offer } = await offerPromise(engine, { customer: customerId, by: "customer" });
  return offer.granted ? offer.until : null;
}

/** The mail, its place in the thread, its evidence and its answer: one transaction. */
async function enter(engine: Engine, desk: MailDesk, mail: Understood): Promise<Handled> {
  const { customerId, id, claim, found } = mail;
  return changeCustomer(engine, customerId, async (unit, one) => {
    const plan = planAnswer(unit, desk, mail, one, await answeredSince(unit.trx, customerId, unit.now - DAY_MS));
    const end: MailEnd = { ...mail.end, outcome: plan.outcome, claimId: claim?.claimId ?? null, waits: plan.waits };
    if (!(await endMail(unit.trx, end))) return null;
    const { rawSha256, files } = mail;
    const text = end.text === "" ? `(${end.subject || "–"})` : end.text.slice(0, 4_000);
    await insertMessage(unit.trx, {
      customerId,
      id,
      author: "customer",
      by: end.from?.address ?? BY,
      at: unit.now,
      text,
      via: "mail",
      understood: !plan.waits,
    });
    unit.record(customerId, "mail.received", BY, {
      message_id: mail.mail.messageId,
      answers: end.about?.messageId ?? null,
      from: end.from?.address ?? null,
      vouched: end.vouched,
      raw_sha256: rawSha256,
      text_sha256: sha256(end.text),
      files: files.map((file) => file.sha256),
      matter: found.matter,
      rules: found.reasons.map((reason) => reason.rule),
      unsure: found.unsure,
      outcome: plan.outcome,
    });
    if (plan.answer !== null)
      await sendAnswer(engine, unit, one, { answersMailId: id, mail: mail.mail, kind: plan.answer, until: mail.offeredUntil });
    return end;
  });
}

interface Plan {
  answer: AnswerKind | null;
  /** Stable, for the record and for machines. */
  outcome: string;
  waits: boolean;
}

/** What each matter is answered with; null: with nothing. */
const ANSWERS: Readonly<Record<Exclude<ReplyMatter, "proof">, AnswerKind | null>> = {
  paid: "paid",
  more_time: "more_time",
  how_to_pay: "how_to_pay",
  cancel: "cancel",
  person: "received",
  thanks: null,
};
/** Their next step is in the portal. */
const NEEDS_PORTAL: ReadonlySet<AnswerKind> = new Set<AnswerKind>(["more_time", "cancel", "proof_by_link", "proof_unread"]);

function planAnswer(unit: Unit, desk: MailDesk, mail: Understood, { facts }: Case, answeredToday: boolean): Plan {
  const { found, claim, end, offeredUntil } = mail;
  if (found.matter === "thanks") return { answer: null, outcome: "nothing_to_answer", waits: false };
  // Its receipt and its end are told by the rules, as of a proof sent in the portal.
  if (claim?.answer === null) return { answer: null, outcome: claim.outcome, waits: claim.waits || !found.sure };
  const wanted = claim?.answer ?? (found.matter === "proof" ? "received" : ANSWERS[found.matter]) ?? "received";
  const kind = unit.setting.provider.portal || !NEEDS_PORTAL.has(wanted) ? wanted : "received";
  const understood = found.sure && kind === wanted && kind !== "received" && claim?.waits !== true;
  // No time is on offer: the portal says why, and a person hears of it.
  const waits = !understood || (kind === "more_time" && offeredUntil === null);
  // What the customer read: without a portal it is another answer than the one that was wanted.
  const outcome = kind === wanted ? (claim?.outcome ?? kind) : kind;
  // Nobody but the customer's own address is answered, and whoever writes from another waits for a person.
  if (!end.ownAddress) return { answer: null, outcome: "another_address", waits: true };
  if (!desk.answers || facts.addresses.email === undefined) return { answer: null, outcome: "answers_off", waits: true };
  if (answeredToday) return { answer: null, outcome: "answered_today", waits: true };
  return { answer: kind, outcome, waits };
}
