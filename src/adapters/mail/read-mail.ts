// A mail taken apart: head, words, files, what a report says, and whether the sender's domain signed it. Nothing of it is believed or run.
import type { Attachment, Email } from "postal-mime";
import { plainText } from "../../kernel/plain-text.ts";
import { MAIL_LIMITS, type IncomingMail, type MailFile, type MailReader, type MailVouched } from "../../ports/mail-reader.ts";
import { done, refused, type CallContext, type Outcome } from "../../ports/outcome.ts";
import { htmlText } from "../proofs/html-text.ts";
import type { DkimKeys } from "../proofs/dkim-keys.ts";
import { verifySignatures, type KeySource } from "../proofs/signatures.ts";

const HEADERS_MAX = 512_000;
const PARTS_DEPTH_MAX = 40;
const LINE_MAX = 500;
const IDS_MAX = 50;
const MESSAGE_ID = /<[^<>\s@]{1,200}@[^<>\s@]{1,200}>/gu;
const ONE_ADDRESS = /^[^\s,;:<>()"'\\]{1,64}@[^\s,;:<>()"'\\@]{1,253}$/u;
/** Parts of a report that are for machines, or are what it is about. */
const ABOUT = new Set(["message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers"]);
const FIELDS = new Set(["message/delivery-status", "message/global-delivery-status", "message/feedback-report"]);
/** Where programs begin what they quote, in HTML. */
const QUOTED =
  /<blockquote\b|<div[^>]{0,200}\b(?:class="?[^">]*gmail_quote|id="?(?:divRplyFwdMsg|appendonsend|mail-editor-reference-message-container))/iu;

export class MimeMailReader implements MailReader {
  readonly #keys: DkimKeys;

  /** `keys`: where the keys of signing domains are asked for. */
  constructor(keys: DkimKeys) {
    this.#keys = keys;
  }

  async read(raw: Uint8Array, context: CallContext): Promise<Outcome<IncomingMail>> {
    if (raw.length > MAIL_LIMITS.bytes) return refused("it is larger than 36 MB");
    const { default: PostalMime } = await import("postal-mime");
    let mail: Email;
    try {
      mail = await PostalMime.parse(raw, { forceRfc822Attachments: true, maxHeadersSize: HEADERS_MAX, maxNestingDepth: PARTS_DEPTH_MAX });
    } catch (error) {
      return refused(`it is no mail that can be read: ${oneLine(error instanceof Error ? error.message : String(error))}`);
    }
    if (mail.headers.length === 0) return refused("it has no header");
    const headers = headersOf(mail);
    const reportType = reportTypeOf(headers);
    const parts = mail.attachments.map((part) => ({ part, bytes: contentOf(part) }));
    const isReport = reportType !== null;
    const files = parts.filter(({ part }) => !isReport || !(FIELDS.has(part.mimeType) || ABOUT.has(part.mimeType)));
    const from = fromOf(mail, headers);
    const sentAt = dateOf(mail);
    return done({
      messageId: idsIn(mail.messageId ?? "")[0] ?? null,
      answers: [...new Set([...idsIn(mail.inReplyTo ?? ""), ...idsIn(mail.references ?? "").reverse()])].slice(0, IDS_MAX),
      from,
      subject: oneLine(mail.subject ?? ""),
      sentAt,
      headers,
      text: textOf(mail),
      files: files.slice(0, MAIL_LIMITS.files).map(({ part, bytes }) => fileOf(part, bytes)),
      report: reportType === null ? null : reportOf(reportType, parts),
      vouched: await vouchedFor(raw, headers, sentAt, from?.address ?? null, sourceOf(this.#keys, context)),
    });
  }
}

function sourceOf(keys: DkimKeys, context: CallContext): KeySource {
  return async (name) => {
    const answer = await keys(name, context);
    return answer.outcome === "done" ? answer.value : null;
  };
}

function headersOf({ headers }: Email): Map<string, string[]> {
  const all = new Map<string, string[]>();
  for (const { key, value } of headers) {
    const list = all.get(key);
    if (list) list.push(value);
    else all.set(key, [value]);
  }
  return all;
}

function reportTypeOf(headers: ReadonlyMap<string, readonly string[]>): string | null {
  const type = headers.get("content-type")?.[0] ?? "";
  if (!/^\s*multipart\/report\b/iu.test(type)) return null;
  return /;\s*report-type\s*=\s*"?([a-z-]+)/iu.exec(type)?.[1]?.toLowerCase() ?? null;
}

/** Two From fields, or two addresses in one, are shown differently by each program: then there is none. */
function fromOf({ from }: Email, headers: ReadonlyMap<string, readonly string[]>): IncomingMail["from"] {
  const address = from?.address?.trim().toLowerCase() ?? "";
  if ((headers.get("from")?.length ?? 0) !== 1 || !ONE_ADDRESS.test(address)) return null;
  return { address, name: oneLine(from?.name ?? "").slice(0, 120) };
}

function dateOf({ date }: Email): number | null {
  const at = Date.parse(date ?? "");
  return Number.isNaN(at) ? null : at;
}

function textOf({ text, html }: Email): string {
  const own = (text ?? "").trim() !== "" ? (text ?? "") : htmlText(unquoted((html ?? "").slice(0, 10 * MAIL_LIMITS.text)));
  return plainText(own).slice(0, MAIL_LIMITS.text);
}

function unquoted(html: string): string {
  const at = html.search(QUOTED);
  return at < 0 ? html : html.slice(0, at);
}

function contentOf({ content }: Attachment): Uint8Array {
  if (typeof content === "string") return Buffer.from(content, "utf8");
  return content instanceof Uint8Array ? content : new Uint8Array(content);
}

function fileOf({ filename, mimeType, related }: Attachment, bytes: Uint8Array): MailFile {
  return { name: oneLine(filename ?? "").slice(0, 200), type: mimeType.slice(0, 100), bytes, inline: related === true };
}

function reportOf(type: string, parts: readonly { part: Attachment; bytes: Uint8Array }[]): IncomingMail["report"] {
  const first = (types: ReadonlySet<string>): string => {
    const found = parts.find(({ part }) => types.has(part.mimeType));
    return found ? Buffer.from(found.bytes).toString("utf8").slice(0, MAIL_LIMITS.text) : "";
  };
  return { type, fields: first(FIELDS), original: first(ABOUT) };
}

/** A signature counts where its domain is that of the From address, or one above it: whoever has `example.com` answers for `mail.example.com`. */
async function vouchedFor(
  raw: Uint8Array,
  headers: ReadonlyMap<string, readonly string[]>,
  sentAt: number | null,
  from: string | null,
  keys: KeySource,
): Promise<MailVouched> {
  const domain = from?.split("@").at(-1);
  if (domain === undefined || !headers.has("dkim-signature")) return "unsigned";
  const { signatures } = await verifySignatures(raw, sentAt, keys);
  const own = signatures.filter((signature) => domain === signature.domain || domain.endsWith(`.${signature.domain}`));
  if (own.some(({ result }) => result === "pass")) return "signed";
  if (own.some(({ result }) => result === "fail")) return "broken";
  return own.length > 0 ? "unknown" : "unsigned";
}

function idsIn(text: string): string[] {
  return text.match(MESSAGE_ID) ?? [];
}

function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim()
    .slice(0, LINE_MAX);
}
