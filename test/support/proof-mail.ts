// Mails from banks as the tests make them: signed with keys of their own, altered after signing, forwarded inline or as an attachment.
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { dkimSign } from "mailauth/lib/dkim/sign.js";
import { createTransport } from "nodemailer";
import type { Instant } from "../../src/kernel/time.ts";

export interface Attachment {
  name: string;
  type: string;
  bytes: Uint8Array;
}

/** What somebody did to a mail after it was signed. `length_tag`: the bank itself signed only the beginning, and a line was added. */
export type Alteration = "text" | "subject" | "attachment" | "second_from" | "appended" | "length_tag";

export interface BankMail {
  /** Signs, and is that of the From address unless `from` says otherwise. */
  domain: string;
  /** Default `comprovantes@<domain>`. */
  from?: string;
  to?: string;
  subject?: string;
  at: Instant;
  /** Plain text of the mail. */
  text?: string;
  html?: string;
  attachment?: Attachment;
  /** Default true. */
  signed?: boolean;
  /** With `text` and `attachment`, the bytes of the mail are changed by `change`. */
  altered?: Alteration;
  /** What `altered: "text"` writes in place of what. Default: the first digit of an amount. */
  change?: readonly [found: string, written: string];
}

const SELECTOR = "teste";
const keys = new Map<string, { privateKey: KeyObject; publicKey: KeyObject }>();

function keyOf(domain: string): { privateKey: KeyObject; publicKey: KeyObject } {
  const pair = keys.get(domain) ?? generateKeyPairSync("rsa", { modulusLength: 2048 });
  keys.set(domain, pair);
  return pair;
}

/** The TXT records under which the keys of these domains would be found, as the stored-keys source of the reader takes them. */
export function mailKeys(...domains: readonly string[]): Record<string, string[]> {
  return Object.fromEntries(
    domains.map((domain) => [
      `${SELECTOR}._domainkey.${domain}`,
      [`v=DKIM1; k=rsa; p=${keyOf(domain).publicKey.export({ type: "spki", format: "der" }).toString("base64")}`],
    ]),
  );
}

/** The mail as an `.eml` file. */
export async function bankMail(mail: BankMail): Promise<Uint8Array> {
  const { domain, altered, signed = true } = mail;
  const key = keyOf(domain).privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const byLength = altered === "length_tag";
  const written = await compose(mail, signed && !byLength ? { domainName: domain, keySelector: SELECTOR, privateKey: key } : null);
  if (altered === undefined) return written;
  if (byLength) {
    const length = bodyLength(written);
    const how = { signingDomain: domain, selector: SELECTOR, privateKey: key, canonicalization: "relaxed/simple", maxBodyLength: length };
    const { signatures } = await dkimSign(Buffer.from(written), { ...how, signTime: new Date(mail.at), signatureData: [how] });
    return Buffer.concat([Buffer.from(signatures), written, Buffer.from("\r\nValor: R$ 9.999,90\r\n")]);
  }
  return alter(written, mail);
}

function bodyLength(mail: Uint8Array): number {
  return mail.length - Buffer.from(mail).indexOf("\r\n\r\n") - 4;
}

function alter(written: Uint8Array, { altered, change, domain }: BankMail): Uint8Array {
  const text = Buffer.from(written).toString("latin1");
  const swapped = (found: string, other: string): Buffer => {
    const at = text.indexOf(found);
    if (at < 0) throw new Error(`the mail does not hold ${found}: it cannot be altered there`);
    return Buffer.from(text.slice(0, at) + other + text.slice(at + found.length), "latin1");
  };
  switch (altered) {
    case "text":
      return swapped(...(change ?? ["R$ 2", "R$ 9"]));
    case "subject":
      return swapped("\r\nSubject: ", "\r\nSubject: Re: ");
    case "second_from":
      return Buffer.from(`From: Outro <outro@${domain}>\r\n${text}`, "latin1");
    case "attachment": {
      // The last block of base64 lines is the attachment: one letter in its middle is another one.
      const at = text.lastIndexOf("base64");
      const middle = at + Math.floor((text.length - at) / 2);
      const place = middle + text.slice(middle).search(/[A-Za-z]/u);
      return Buffer.from(text.slice(0, place) + (text[place] === "A" ? "B" : "A") + text.slice(place + 1), "latin1");
    }
    default:
      return Buffer.from(`${text}\r\nValor: R$ 9.999,90\r\n`, "latin1");
  }
}

async function compose(mail: BankMail, dkim: { domainName: string; keySelector: string; privateKey: string } | null): Promise<Uint8Array> {
  const { domain, from, to, subject, at, text, html, attachment } = mail;
  const transport = createTransport({ streamTransport: true, buffer: true, newline: "windows" });
  const sent = await transport.sendMail({
    from: from ?? `"Banco Exemplo" <comprovantes@${domain}>`,
    to: to ?? "cliente@padaria.example",
    subject: subject ?? "Comprovante de pagamento",
    date: new Date(at),
    messageId: `<${at}@${domain}>`,
    text: text ?? "Segue o comprovante da sua transferência Pix.\n\nValor: R$ 29,90\n",
    ...(html === undefined ? {} : { html }),
    attachments:
      attachment === undefined ? [] : [{ filename: attachment.name, contentType: attachment.type, content: Buffer.from(attachment.bytes) }],
    ...(dkim === null ? {} : { dkim }),
  });
  return new Uint8Array(sent.message as Buffer);
}

/** A customer's own, unsigned mail with another mail attached whole, as `forward as attachment` makes it. */
export async function forwarded(mail: Uint8Array, at: Instant, from = "cliente@padaria.example"): Promise<Uint8Array> {
  const domain = from.slice(from.indexOf("@") + 1);
  return compose(
    {
      domain,
      from,
      to: "financeiro@servidorbom.example",
      subject: "Fwd: Comprovante",
      at,
      text: "Segue o comprovante.",
      attachment: { name: "comprovante.eml", type: "message/rfc822", bytes: mail },
    },
    null,
  );
}
