// What we ask of whatever takes a mail apart: its head, its words, its files, and whether its sender's domain vouches for it.
import type { Instant } from "../kernel/time.ts";
import type { CallContext, Outcome } from "./outcome.ts";

export interface MailFile {
  /** As the sender named it, on one line; empty where it has no name. */
  name: string;
  /** As the sender's program says: what a file is, is told by its content where it matters. */
  type: string;
  bytes: Uint8Array;
  /** A picture that the HTML shows in its midst: a logo, as a rule. */
  inline: boolean;
}

/**
 * Whether the domain of the From address signed the mail (DKIM, aligned). `signed`: it did, and the mail is as it was signed.
 * `unsigned`: nobody vouches. `broken`: a signature of that domain does not hold. `unknown`: the name servers gave no answer.
 */
export type MailVouched = "signed" | "unsigned" | "broken" | "unknown";

export interface IncomingMail {
  /** With its brackets; null where it has none that is well formed. */
  messageId: string | null;
  /** The Message-IDs of In-Reply-To and References, the nearest first. */
  answers: readonly string[];
  /** Small letters; null: no From, or several. */
  from: { address: string; name: string } | null;
  subject: string;
  sentAt: Instant | null;
  /** Names in small letters, values with their encoded words decoded. */
  headers: ReadonlyMap<string, readonly string[]>;
  /** The plain text, or the words of the HTML. */
  text: string;
  files: readonly MailFile[];
  /** Of a `multipart/report`: its type, the machine-readable part, and the message it is about. */
  report: { type: string; fields: string; original: string } | null;
  vouched: MailVouched;
}

export const MAIL_LIMITS = {
  /** Most servers take no larger ones: 25 MB of files in base64. */
  bytes: 36_000_000,
  files: 20,
  text: 200_000,
} as const;

/** `refused`: it is no mail that can be read, and never will be. Never throws for what a mail holds. */
export interface MailReader {
  read(raw: Uint8Array, context: CallContext): Promise<Outcome<IncomingMail>>;
}
