// A mail is taken in: kept whole by its hash, and written down once, however often and whichever way it comes. What it means is seen later.
import { sha256 } from "../kernel/hash.ts";
import type { Id } from "../kernel/ids.ts";
import type { BlobStore } from "../ports/blob-store.ts";
import type { MailReader } from "../ports/mail-reader.ts";
import { insertMail } from "../store/mail-in.ts";
import { inTransaction } from "../store/retry.ts";
import type { Engine } from "./engine.ts";
import type { ProofTools } from "./submit-claim.ts";

/** What deals with mail that comes in. */
export interface MailDesk {
  reader: MailReader;
  files: BlobStore;
  /** What reads payment proofs. */
  proofs: () => ProofTools;
  /** Our own senders' addresses, in small letters. */
  own: ReadonlySet<string>;
  /** Answers by rule go out. False: all that is not understood by itself waits for a person. */
  answers: boolean;
  /** Days after which words and files of a mail are deleted. */
  keepDays: number;
}

export interface TakenMail {
  /** Null: it was taken in before. */
  id: Id | null;
}

/** Nothing is decided here: whoever has this answer may forget the mail. */
export async function takeMail(engine: Engine, desk: MailDesk, mail: { mailbox: string; raw: Uint8Array }): Promise<TakenMail> {
  const { raw, mailbox } = mail;
  // Safe before the row is: a row without its mail could not be dealt with.
  const rawSha256 = await desk.files.put(raw);
  const now = engine.clock.now();
  const { zone } = await engine.settings.load(engine.db, now);
  const id = (await engine.ids.take(1)).next();
  const row = {
    id,
    mailbox,
    receivedAt: now,
    rawSha256,
    bytes: raw.length,
    notBefore: engine.motorClock.now(),
    keepUntil: zone.dayOf(now) + desk.keepDays,
  };
  const taken = await inTransaction(engine.db, (trx) => insertMail(trx, { ...row, ...identityOf(raw) }));
  return { id: taken ? id : null };
}

const HEAD_MAX = 512_000;

/**
 * By which the same message is known again: its Message-ID, and a hash of what its sender wrote. The lines that servers add on the way differ
 * between two copies; a Message-ID alone could be another's, taken to keep that one out.
 */
function identityOf(raw: Uint8Array): { messageId: string; bodySha256: string } {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  const end = endOfHead(bytes);
  const head = bytes.toString("latin1", 0, end).replace(/\r?\n[ \t]+/gu, " ");
  const field = (name: string): string => new RegExp(`^${name}[ \\t]*:(.*)$`, "imu").exec(head)?.[1]?.trim() ?? "";
  const messageId = /<[^<>\s@]{1,200}@[^<>\s@]{1,200}>/u.exec(field("message-id"))?.[0] ?? "";
  const body = sha256(bytes.subarray(end).toString("latin1").replaceAll("\r\n", "\n").trimEnd());
  return { messageId, bodySha256: sha256([field("from"), field("date"), field("subject"), body].join("\n")) };
}

function endOfHead(bytes: Buffer): number {
  const found = [bytes.indexOf("\r\n\r\n"), bytes.indexOf("\n\n")].filter((at) => at >= 0);
  return Math.min(HEAD_MAX, bytes.length, ...found);
}
