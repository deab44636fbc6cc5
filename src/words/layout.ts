// The HTML of a message, derived from its text alone: what is stored and shown as evidence is what was sent.
import type { Lang } from "../kernel/lang.ts";
import { RULE, type Message } from "./messages.ts";
import type { Provider } from "./provider.ts";

const FONT = "font-family:Inter,system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const INK = "#1d2a2a";
const QUIET = "#5a6868";
const HAIRLINE = "#d5dcda";
const ACCENT = "#0b5d57";
// Mail programs that know dark mode read the style sheet; the inline colours serve all others.
const DARK =
  "@media (prefers-color-scheme:dark){body,.page{background:#141a1a!important}.ink{color:#e6ecea!important}.quiet{color:#a3b1ae!important}" +
  ".rule{border-color:#33403e!important}a{color:#6fc7bd!important}}";

/**
 * A whole HTML document: paragraphs, lists and links, nothing else. No images, no remote parts, nothing that tells
 * whether it was read. Only the provider's own addresses become links, so that a name or a reference of somebody else never does.
 */
export function layoutHtml(message: Message, provider: Provider, lang: Lang): string {
  const [body = "", footer = ""] = splitAtRule(message.text);
  const link = linkerFor(provider);
  const title = escapeHtml(message.subject);
  return (
    `<!doctype html>\n<html lang="${lang}" dir="ltr">\n<head>\n<meta charset="utf-8">\n` +
    `<meta name="viewport" content="width=device-width,initial-scale=1">\n<meta name="color-scheme" content="light dark">\n` +
    `<meta name="supported-color-schemes" content="light dark">\n<title>${title}</title>\n<style>:root{color-scheme:light dark}${DARK}</style>\n</head>\n` +
    `<body style="margin:0;padding:0;background:#ffffff">\n` +
    `<div class="page" role="article" lang="${lang}" style="max-width:36rem;margin:0 auto;padding:24px 20px;${FONT};font-size:16px;line-height:1.5;overflow-wrap:anywhere">\n` +
    `<h1 class="ink" style="margin:0 0 20px;font-size:20px;line-height:1.3;font-weight:600;color:${INK}">${title}</h1>\n` +
    `<main>\n${blocks(body, `class="ink" style="margin:0 0 16px;color:${INK}"`, link)}</main>\n` +
    `<footer class="rule" style="margin-top:24px;padding-top:16px;border-top:1px solid ${HAIRLINE};font-size:14px">\n` +
    `${blocks(footer, `class="quiet" style="margin:0 0 8px;color:${QUIET}"`, link)}</footer>\n</div>\n</body>\n</html>\n`
  );
}

function splitAtRule(text: string): string[] {
  const at = text.lastIndexOf(`\n${RULE}\n`);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + RULE.length + 2)];
}

/** Blocks are parted by empty lines; inside one, lines that begin with `- ` are a list and the others a paragraph. */
function blocks(text: string, attributes: string, link: (line: string) => string): string {
  let html = "";
  for (const block of text.split(/\n{2,}/u)) {
    let paragraph: string[] = [];
    let items: string[] = [];
    const flush = (): void => {
      if (paragraph.length > 0) html += `<p ${attributes}>${paragraph.join("<br>\n")}</p>\n`;
      if (items.length > 0)
        html += `<ul ${attributes}>\n${items.map((item) => `<li style="margin:0 0 4px">${item}</li>\n`).join("")}</ul>\n`;
      paragraph = [];
      items = [];
    };
    for (const line of block.split("\n")) {
      if (line === "") continue;
      const item = line.startsWith("- ");
      if (item ? paragraph.length > 0 : items.length > 0) flush();
      if (item) items.push(link(line.slice(2)));
      else paragraph.push(link(line));
    }
    flush();
  }
  return html;
}

const ADDRESSES = /https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/giu;

const linkers = new WeakMap<Provider, (line: string) => string>();

/** Escapes a line and links the addresses that are the provider's own: its sites and its mail addresses. */
function linkerFor(provider: Provider): (line: string) => string {
  let link = linkers.get(provider);
  if (!link) linkers.set(provider, (link = makeLinker(provider)));
  return link;
}

function makeLinker(provider: Provider): (line: string) => string {
  const own = [
    provider.email,
    provider.site ?? "",
    provider.portal ?? "",
    ...Object.values(provider.payment).flat(),
    ...Object.values(provider.proof ?? {}),
  ];
  const known = new Set(own.flatMap((text) => text.match(ADDRESSES) ?? []).map(originOf));
  return (line) => {
    let html = "";
    let from = 0;
    for (const match of line.matchAll(ADDRESSES)) {
      const [address] = match;
      if (!known.has(originOf(address))) continue;
      const shown = escapeHtml(address);
      const target = address.includes("://") ? shown : `mailto:${shown}`;
      html += `${escapeHtml(line.slice(from, match.index))}<a href="${target}" style="color:${ACCENT}">${shown}</a>`;
      from = match.index + address.length;
    }
    return html + escapeHtml(line.slice(from));
  };
}

/** Scheme and host of a web address, the whole of a mail address, in small letters. */
function originOf(address: string): string {
  if (!address.includes("://")) return address.toLowerCase();
  return URL.canParse(address) ? new URL(address).origin : address;
}

const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/gu, (character) => ESCAPES[character] ?? character);
}
