// What an SMTP error means for a message: refused for good, refused for now, or nobody knows.
import { refused, unknown, type Refused, type Unknown } from "../../ports/outcome.ts";

/** The fields nodemailer sets on its errors, as far as we rely on them. */
export interface SmtpError extends Error {
  /** nodemailer's own: EAUTH, EENVELOPE, ECONNECTION, … */
  code?: string | undefined;
  /** The system's, for example ECONNREFUSED. */
  originalCode?: string | undefined;
  /** The command whose answer it was; `API` when nothing was said to the server. */
  command?: string | undefined;
  response?: string | undefined;
  responseCode?: number | undefined;
}

const CERTIFICATE = /^(?:ERR_TLS_CERT|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY)|HOSTNAME_MISMATCH)/u;
/** Answers that say we are not allowed to send at all: a matter of the settings, never of the recipient. */
const SIGN_IN = new Set([530, 534, 535, 538]);
/** Bad sequence of commands: says nothing about the message. */
const OUT_OF_SEQUENCE = 503;

/**
 * Judges a failed attempt. `contentBegan`: the first byte of the message went out, so the server may have it.
 * A 5xx answer ends a message only where it speaks of the recipient or the content; anything before that is a fault of
 * ours or of the server's, and must not look as if the customer's address were bad.
 */
export function judgeFailure(error: SmtpError, contentBegan: boolean, host: string): Refused | Unknown {
  const said = lastLine(error.response ?? "");
  if (error.code === "EABORT")
    return contentBegan
      ? unknown(`${host} gave no answer in the time allowed, after the message had been handed over`)
      : refused(`${host} could not take the message in the time allowed; nothing was handed over`, true);
  if (error.code === "EAUTH" || error.code === "ENOAUTH" || (!contentBegan && SIGN_IN.has(error.responseCode ?? 0)))
    return refused(`${host} did not accept the sign-in${said === "" ? "" : ` (${said})`}: check the user name and the password`, true);
  if (error.code === "ETLS") return refused(unreachable(error, host), true);
  if (error.responseCode !== undefined && error.responseCode >= 400) return judgeAnswer(error, contentBegan, host, said);
  if (error.code === "EENVELOPE" || error.code === "EMESSAGE") return refused(`not sent: ${oneLine(error.message)}`, false);
  if (contentBegan) return unknown(`the connection to ${host} was lost after the message had been handed over (${oneLine(error.message)})`);
  return refused(unreachable(error, host), true);
}

function judgeAnswer(error: SmtpError, contentBegan: boolean, host: string, said: string): Refused {
  const aboutMessage = contentBegan || error.command === "RCPT TO" || error.command === "DATA";
  const final = (error.responseCode ?? 0) >= 500 && error.responseCode !== OUT_OF_SEQUENCE && aboutMessage;
  if (final || aboutMessage) return refused(said, !final);
  if (error.command === "MAIL FROM")
    return refused(`${host} did not accept the sender's address (${said}): check the sender in the settings`, true);
  return refused(`${host} turned us away before the message (${said})`, true);
}

function unreachable(error: SmtpError, host: string): string {
  const why = oneLine(error.message);
  if (CERTIFICATE.test(error.originalCode ?? "") || CERTIFICATE.test(error.code ?? ""))
    return `the certificate of ${host} is not to be trusted (${why}): use the host name it is made for, or give its authority's certificate in the settings`;
  if (error.code === "ETLS")
    return `no secure connection to ${host} (${why}): the server must offer TLS, or the settings must name the way it does`;
  if (error.code === "EDNS") return `the name of ${host} was not found (${why}): check the host in the settings`;
  return `${host} could not be reached (${why})`;
}

/** An answer of several lines ends with the one that counts. */
export function lastLine(response: string): string {
  return oneLine(response.trim().split(/\r?\n/u).at(-1) ?? "");
}

function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim()
    .slice(0, 500);
}
