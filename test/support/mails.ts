// Mails as customers and mail servers write them: replies with and without their domain's signature, delivery reports, complaints, absences.
import { generateKeyPairSync } from "node:crypto";
import { createTransport } from "nodemailer";
import { formatInstant, type Instant } from "../../src/kernel/time.ts";

const SELECTOR = "carta";
const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });

/** The TXT records of the domains whose mail is signed here. */
export function signingKeys(...domains: readonly string[]): Record<string, string[]> {
  const key = pair.publicKey.export({ type: "spki", format: "der" }).toString("base64");
  return Object.fromEntries(domains.map((domain) => [`${SELECTOR}._domainkey.${domain}`, [`v=DKIM1; k=rsa; p=${key}`]]));
}

/** The private key, as a file of a sender would hold it. */
export const signingKey = pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
export const signingSelector = SELECTOR;

export interface Letter {
  from: string;
  to?: string;
  subject?: string;
  text?: string;
  html?: string;
  at: Instant;
  /** The Message-ID that it answers. */
  answers?: string;
  messageId?: string;
  headers?: Record<string, string>;
  files?: { name: string; type: string; bytes: Uint8Array }[];
  /** Signed by the domain of its sender. Default true. */
  signed?: boolean;
}

let written = 0;

/** A person's mail, or a machine's with the headers for it. */
export async function letter(change: Letter): Promise<Uint8Array> {
  written += 1;
  const { from, at, answers, signed = true } = change;
  const domain = from.split("@").at(-1)?.replace(/>$/u, "") ?? "";
  const transport = createTransport({ streamTransport: true, buffer: true, newline: "windows" });
  const { message } = await transport.sendMail({
    from,
    to: change.to ?? "cobranca@hospedagem.example",
    subject: change.subject ?? "Re: Aviso",
    text: change.text ?? "",
    ...(change.html === undefined ? {} : { html: change.html }),
    date: formatInstant(at),
    messageId: change.messageId ?? `<letter-${written}-${process.pid}@${domain}>`,
    ...(answers === undefined ? {} : { inReplyTo: answers, references: answers }),
    headers: change.headers ?? {},
    attachments: (change.files ?? []).map(({ name, type, bytes }) => ({ filename: name, contentType: type, content: Buffer.from(bytes) })),
    ...(signed ? { dkim: { domainName: domain, keySelector: SELECTOR, privateKey: signingKey } } : {}),
  });
  return new Uint8Array(message as Buffer);
}

const lines = (...all: string[]): Uint8Array => new Uint8Array(Buffer.from(all.join("\r\n"), "utf8"));

/** A delivery report as Postfix writes one (RFC 3464). */
export function deliveryReport(about: {
  messageId: string;
  to: string;
  at: Instant;
  action?: "failed" | "delayed" | "delivered";
  status?: string;
  words?: string;
}): Uint8Array {
  const { messageId, to, action = "failed", status = "5.1.1", words = "550 5.1.1 User unknown" } = about;
  written += 1;
  return lines(
    "Return-Path: <>",
    `Date: ${new Date(about.at).toUTCString()}`,
    "From: MAILER-DAEMON@mx.hospedagem.example (Mail Delivery System)",
    "Subject: Undelivered Mail Returned to Sender",
    "To: devolucoes@hospedagem.example",
    "Auto-Submitted: auto-replied",
    "MIME-Version: 1.0",
    `Content-Type: multipart/report; report-type=delivery-status; boundary="b${written}"`,
    `Message-Id: <report-${written}-${process.pid}@mx.hospedagem.example>`,
    "",
    `--b${written}`,
    "Content-Type: text/plain; charset=us-ascii",
    "",
    "I'm sorry to have to inform you that your message could not be delivered.",
    `--b${written}`,
    "Content-Type: message/delivery-status",
    "",
    "Reporting-MTA: dns; mx.hospedagem.example",
    "",
    `Final-Recipient: rfc822; ${to}`,
    `Action: ${action}`,
    `Status: ${status}`,
    `Diagnostic-Code: smtp; ${words}`,
    "",
    `--b${written}`,
    "Content-Type: text/rfc822-headers",
    "",
    "From: cobranca@hospedagem.example",
    `To: ${to}`,
    `Message-ID: ${messageId}`,
    "Subject: Aviso",
    "",
    `--b${written}--`,
    "",
  );
}

/** Somebody's “this is spam” (RFC 5965). */
export function complaint(about: { messageId: string; at: Instant }): Uint8Array {
  written += 1;
  return lines(
    `Date: ${new Date(about.at).toUTCString()}`,
    "From: fbl@provedor.example",
    "Subject: FW: Aviso",
    "MIME-Version: 1.0",
    `Content-Type: multipart/report; report-type=feedback-report; boundary="c${written}"`,
    `Message-Id: <complaint-${written}-${process.pid}@provedor.example>`,
    "",
    `--c${written}`,
    "Content-Type: text/plain",
    "",
    "This is an email abuse report.",
    `--c${written}`,
    "Content-Type: message/feedback-report",
    "",
    "Feedback-Type: abuse",
    "User-Agent: SomeGenerator/1.0",
    "Version: 1",
    "",
    `--c${written}`,
    "Content-Type: message/rfc822",
    "",
    "From: cobranca@hospedagem.example",
    `Message-ID: ${about.messageId}`,
    "Subject: Aviso",
    "",
    "Olá",
    "",
    `--c${written}--`,
    "",
  );
}
