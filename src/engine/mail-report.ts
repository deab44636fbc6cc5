// Delivery reports and complaints: tied to the notice they are about. A warning that came back counts as one that nobody accepted.
import type { Id } from "../kernel/ids.ts";
import { DAY_MS } from "../kernel/time.ts";
import { complaintOf, deliveryReports, messageIdsIn, reportedIds, reportInWords, type DeliveryReport } from "../replies/report.ts";
import { bounceNotices, delayNotices, insertBounce } from "../store/bounces.ts";
import { endMail, findSent, type MailEnd, type SentMail } from "../store/mail-in.ts";
import { refuseOutgoing } from "../store/mail-out.ts";
import { changeCustomer, type Unit } from "./change.ts";
import type { Engine } from "./engine.ts";
import { aboutOf, endAlone, type Handled, type Received } from "./mail-end.ts";

/** Servers give a message up after about this long (RFC 5321, 4.5.4.1). */
const TRIED_FOR_MS = 5 * DAY_MS;
/** Who sees in the evidence that this part of the program saw it. */
const BY = "mail";

export async function handleReport(engine: Engine, received: Received): Promise<Handled> {
  const { mail, end } = received;
  const parts = { fields: mail.report?.fields ?? "", original: mail.report?.original ?? "", text: mail.text };
  const sent = await findSent(engine.db, reportedIds(parts));
  const reports = deliveryReports(parts.fields);
  const inWords = reports.length === 0 ? reportInWords(parts.text) : null;
  const report = worst(inWords ? [inWords] : reports);
  if (!sent) return endAlone(engine, { ...end, outcome: "report_of_other_mail" });
  const about = { ...end, about: aboutOf(sent), customerId: sent.customerId };
  // A report that says nothing certain is no news; one of our notices is worth a person's look.
  if (!report) return endAlone(engine, { ...about, outcome: "report_unclear", waits: true });
  const { customerId } = sent;
  const told: MailEnd = { ...about, matter: report.action, text: report.words, reasons: [{ ...report }], outcome: report.action };
  if (customerId === null) {
    await noteReturned(engine, sent.mailId, report);
    return endAlone(engine, { ...told, waits: report.action === "failed" });
  }
  return changeCustomer(engine, customerId, async (unit) => {
    // A conversation's mail that came back is a person's matter; a notice's has the ladder, which asks a person when no channel is left.
    if (!(await endMail(unit.trx, { ...told, waits: sent.outboxId === null && report.action === "failed" }))) return null;
    await tell(unit, { ...sent, customerId }, received, report);
    return told;
  });
}

async function noteReturned(engine: Engine, mailId: Id | null, report: DeliveryReport): Promise<void> {
  if (mailId === null || report.action !== "failed") return;
  await engine.db.transaction().execute((trx) => refuseOutgoing(trx, mailId, report.words, engine.clock.now()));
}

async function tell(unit: Unit, sent: SentMail & { customerId: Id }, { id, rawSha256 }: Received, report: DeliveryReport): Promise<void> {
  const { customerId, outboxId, mailId, messageId } = sent;
  const { action, code, words, reporter, recipient } = report;
  const body = { message_id: messageId, code, words, reporter, recipient, report_sha256: rawSha256 };
  if (action === "failed" || action === "delayed") {
    const row = { customerId, outboxId: outboxId ?? 0, mailId: id, action, code, words, at: unit.now };
    if (outboxId === null) {
      if (mailId !== null && action === "failed") await refuseOutgoing(unit.trx, mailId, words, unit.now);
      return unit.record(customerId, action === "failed" ? "message.bounced" : "message.late", BY, body);
    }
    await insertBounce(unit.trx, row);
    if (action === "delayed") {
      const until = unit.now + TRIED_FOR_MS;
      await delayNotices(unit.trx, row, until);
      return unit.record(customerId, "message.late", BY, { ...body, waited_for_ms: TRIED_FOR_MS });
    }
    const steps = await bounceNotices(unit.trx, row);
    return unit.record(customerId, "message.bounced", BY, { ...body, steps });
  }
  // Expanded and relayed say that it went on to where no report comes from; delivered is the best there is.
  unit.record(customerId, `message.${action}`, BY, body);
}

/** Of several recipients the one that fared worst: a notice has one, and a list behind it is not told apart. */
function worst(reports: readonly DeliveryReport[]): DeliveryReport | null {
  const order = ["failed", "delayed", "delivered", "relayed", "expanded"] as const;
  for (const action of order) {
    const found = reports.find((report) => report.action === action);
    if (found) return found;
  }
  return null;
}

/** Somebody pressed “this is spam”: it changes nothing of what is owed, and a person looks. */
export async function handleComplaint(engine: Engine, received: Received): Promise<Handled> {
  const { mail, end, rawSha256 } = received;
  const fields = mail.report?.fields ?? "";
  const original = mail.report?.original ?? "";
  const sent = await findSent(engine.db, [...reportedIds({ fields, original, text: "" }), ...messageIdsIn(original)]);
  const { type, reporter } = complaintOf(fields);
  const told: MailEnd = {
    ...end,
    matter: type,
    reasons: [{ type, reporter }],
    outcome: sent ? "complaint" : "complaint_of_other_mail",
    waits: true,
  };
  const customerId = sent?.customerId ?? null;
  if (!sent || customerId === null) return endAlone(engine, told);
  return changeCustomer(engine, customerId, async (unit) => {
    if (!(await endMail(unit.trx, { ...told, about: aboutOf(sent), customerId }))) return null;
    unit.record(customerId, "message.complaint", BY, { message_id: sent.messageId, type, reporter, report_sha256: rawSha256 });
    return { ...told, customerId };
  });
}
