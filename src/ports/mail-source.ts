// What we ask of a mailbox: its messages in order, each by a number that stays, and a word when something new has come.
import type { CallContext, Outcome } from "./outcome.ts";

/** Where we are in a mailbox. When `validity` changes, its numbers mean other messages (RFC 3501, 2.3.1.1). */
export interface MailboxPlace {
  validity: number;
  /** The highest number read; 0: none. */
  uid: number;
}

export interface FetchedMail {
  uid: number;
  raw: Uint8Array;
  /** Bytes of the whole message; larger than `raw` where it was cut. */
  size: number;
}

export interface MailPage {
  validity: number;
  /** In the order of their numbers. */
  mails: readonly FetchedMail[];
  /** Every message up to this number has been seen: read here, or left alone for its age. */
  through: number;
  /** Others wait behind these. */
  more: boolean;
}

export interface MailSource {
  /** Messages after a place; from the mailbox's beginning where the place is none, or of another validity. */
  fetch(after: MailboxPlace | null, most: number, context: CallContext): Promise<Outcome<MailPage>>;
  /** Marks messages as dealt with. Done again it changes nothing. */
  settle(uids: readonly number[], context: CallContext): Promise<Outcome<null>>;
  /** Resolves when something may have come, or the signal fires. False: there is no connection to wait on, or it broke. */
  watch(signal: AbortSignal): Promise<boolean>;
  /** Signs in and opens the folder, changing nothing. */
  test(context: CallContext): Promise<Outcome<{ detail: string }>>;
  close(): Promise<void>;
}
