// What is known of a mail on its way through: how it ends so far, whose it is, and the end of one that changes nothing.
import type { Id } from "../kernel/ids.ts";
import type { IncomingMail } from "../ports/mail-reader.ts";
import { customersByAddress, endMail, findSent, type MailEnd, type SentMail } from "../store/mail-in.ts";
import { inTransaction } from "../store/retry.ts";
import type { Engine } from "./engine.ts";

/** What became of a mail; null: it was dealt with before, or by another. */
export type Handled = Pick<MailEnd, "kind" | "outcome" | "customerId" | "matter" | "waits"> | null;

/** A mail on its way through. */
export interface Received {
  id: Id;
  mail: IncomingMail;
  rawSha256: string;
  /** What is known of its end so far. */
  end: MailEnd;
}

/** Of a mail of which nothing is known yet. */
export function blankEnd(id: Id): MailEnd {
  return {
    id,
    kind: "unreadable",
    kindBecause: "",
    from: null,
    subject: "",
    text: "",
    files: [],
    vouched: null,
    customerId: null,
    ownAddress: false,
    about: null,
    matter: null,
    intents: [],
    reasons: [],
    unsure: null,
    outcome: "",
    claimId: null,
    waits: false,
  };
}

/** Ends a mail that changes nothing of a customer's matter. */
export async function endAlone(engine: Engine, end: MailEnd): Promise<Handled> {
  return (await inTransaction(engine.db, (trx) => endMail(trx, end))) ? end : null;
}

/**
 * Whose mail it is: the customer's who got the message that it answers, else the one customer who has its address. Of an address that several
 * customers have, nobody knows.
 */
export async function whoseMail(engine: Engine, mail: IncomingMail): Promise<Pick<MailEnd, "customerId" | "ownAddress" | "about">> {
  const sent = await findSent(engine.db, mail.answers);
  const known = mail.from === null ? [] : await customersByAddress(engine.db, mail.from.address);
  const about = sent && aboutOf(sent);
  if (sent?.customerId !== undefined && sent?.customerId !== null)
    return { customerId: sent.customerId, ownAddress: known.some(({ id }) => id === sent.customerId), about };
  const [only] = known;
  return only && known.length === 1 ? { customerId: only.id, ownAddress: true, about } : { customerId: null, ownAddress: false, about };
}

export function aboutOf({ messageId, outboxId }: SentMail): NonNullable<MailEnd["about"]> {
  return { messageId, outboxId };
}
