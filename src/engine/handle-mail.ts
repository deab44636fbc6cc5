// A mail that was taken in is dealt with: read apart, told what kind it is, and given to the file that knows that kind.
import type { Id } from "../kernel/ids.ts";
import { deadline } from "../kernel/clock.ts";
import { MINUTE_MS } from "../kernel/time.ts";
import { kindOf } from "../replies/kind.ts";
import { findSent, takeNewMail, type MailEnd } from "../store/mail-in.ts";
import type { Engine } from "./engine.ts";
import { blankEnd, endAlone, whoseMail, type Handled } from "./mail-end.ts";
import { handleComplaint, handleReport } from "./mail-report.ts";
import { handleReply } from "./mail-reply.ts";
import type { MailDesk } from "./take-mail.ts";

/** The key of a signing domain is asked for over the network. */
const READ_MS = 30_000;
/** Longer than the payment proofs of one mail take to be read. */
const TAKEN_MS = 10 * MINUTE_MS;

/** Once for each mail, also when it is begun again after a crash: the end and all that follows from it are one transaction. */
export async function handleMail(engine: Engine, desk: MailDesk, id: Id): Promise<Handled> {
  const begun = engine.motorClock.now();
  const stored = await takeNewMail(engine.db, id, begun, begun + TAKEN_MS);
  if (!stored) return null;
  const raw = await desk.files.get(stored.rawSha256);
  if (raw === null) return endAlone(engine, { ...blankEnd(id), kind: "unreadable", outcome: "file_missing", waits: true });
  const read = await desk.reader.read(raw, { signal: deadline(READ_MS) });
  if (read.outcome !== "done")
    return endAlone(engine, { ...blankEnd(id), kind: "unreadable", kindBecause: read.reason, outcome: "unreadable", waits: true });
  const mail = read.value;
  const own = mail.messageId === null ? null : await findSent(engine.db, [mail.messageId]);
  const head = { headers: mail.headers, from: mail.from?.address ?? null, subject: mail.subject, reportType: mail.report?.type ?? null };
  const { kind, because } = kindOf(head, { addresses: desk.own, sentByUs: own !== null });
  const end: MailEnd = {
    ...blankEnd(id),
    kind,
    kindBecause: because,
    from: mail.from,
    subject: mail.subject,
    vouched: mail.vouched,
  };
  const received = { id, mail, rawSha256: stored.rawSha256, end };
  if (kind === "reply") return handleReply(engine, desk, received);
  if (kind === "bounce") return handleReport(engine, received);
  if (kind === "complaint") return handleComplaint(engine, received);
  const whose = await whoseMail(engine, mail);
  return endAlone(engine, { ...end, ...whose, outcome: "not_answered" });
}
