// What we ask of a mail service: hand a message over, and say what the other server answered.
import type { Lang } from "../kernel/lang.ts";
import type { CallContext, Outcome } from "./outcome.ts";

export interface OutgoingMail {
  /** `<…@domain>`, made from the notice key: a repeat after a lost answer carries the same one. */
  messageId: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  /** Sent before with a lost answer: marked so that a person who sees two knows why. */
  repeat: boolean;
  /** Which of several senders, by its name in the configuration; absent: the one of everybody. */
  sender?: string | null;
  /** The Message-ID that it answers. */
  inReplyTo?: string | null;
  /** What kind of message it is, for channels that send templates agreed before. */
  template?: string;
  lang?: Lang;
  /** A few lines that stand alone, with the supplier's identity; for channels that carry no more. */
  short?: string;
}

/** The receiving server's word, kept as delivery evidence. Accepted is not read. */
export interface Acceptance {
  /** The server's last line, for example `250 2.0.0 Ok: queued as 4XYZ`. */
  response: string;
  /** Which server answered. */
  server: string;
}

/**
 * Hands messages to a mail server. `refused` with `retry`: a 4xx answer, or no connection before anything was said;
 * `refused` without: a 5xx answer for this recipient; `unknown`: the connection was lost after DATA began.
 */
export interface Mailer {
  send(mail: OutgoingMail, context: CallContext): Promise<Outcome<Acceptance>>;
  /** Reaches the server and signs in, without sending. */
  test(context: CallContext): Promise<Outcome<{ detail: string }>>;
  close(): Promise<void>;
}
