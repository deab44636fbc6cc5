// The page that visitors of a suspended site see: two languages, the provider's name and contact, nothing about the customer.
import { EXIT, Stop } from "./nginx-site.mjs";

/** nginx reads one configuration word into 4096 bytes. */
const LONGEST_WORD = 4000;

/** Safe in HTML and inside double quotes of an nginx file, where `$`, `"` and `\` have a meaning. */
function safe(text) {
  return text.replace(/[&<>"'$\\]/g, (sign) => `&#${sign.codePointAt(0)};`).replace(/\s+/g, " ");
}

function contactHtml(contact) {
  if (/^https?:\/\/\S+$/.test(contact)) return `<a href='${safe(contact)}'>${safe(contact)}</a>`;
  if (/^[^\s@/]+@[^\s@/]+$/.test(contact)) return `<a href='mailto:${safe(contact)}'>${safe(contact)}</a>`;
  return safe(contact);
}

function page(name, contact) {
  const style =
    "body{font:1.1rem/1.6 system-ui,sans-serif;max-width:38rem;margin:12vh auto;padding:0 1.5rem;color:#222;background:#fff}" +
    "h1{font-size:1.5rem;font-weight:600}section+section{margin-top:3rem;padding-top:1.5rem;border-top:1px solid #ddd}a{color:#0b57a4}";
  return `<!doctype html><html lang='pt-BR'><head><meta charset='utf-8'><meta name='viewport' content='width=device-width'><meta name='robots' content='noindex'>
<title>Site suspenso · Site suspended</title><style>${style}</style></head><body><main>
<section><h1>Este site está suspenso no momento</h1>
<p>O conteúdo está guardado. O site volta em poucos minutos depois que a suspensão for retirada.</p>
<p>Se você é responsável por este site, fale com ${safe(name)}: ${contactHtml(contact)}</p></section>
<section lang='en'><h1>This site is suspended at the moment</h1>
<p>Its content is kept. The site is back within minutes after the suspension is lifted.</p>
<p>If you are responsible for this site, please contact ${safe(name)}: ${contactHtml(contact)}</p></section>
</main></body></html>`;
}

/**
 * What a suspended site includes at the top of its `server` block. Certificates keep being renewed meanwhile, so that
 * the site comes back with a valid one.
 */
export function suspendedConf({ name, contact, httpStatus, retryAfter }) {
  if (!["503", "402"].includes(httpStatus)) throw new Stop(EXIT.usage, "--http-status must be 503 or 402");
  if (!/^\d{1,7}$/.test(retryAfter)) throw new Stop(EXIT.usage, "--retry-after must be a number of seconds");
  if (!name || !contact)
    throw new Stop(EXIT.usage, "--provider-name and --provider-contact must be given: visitors need to know whom to ask");
  const body = page(name, contact);
  if (Buffer.byteLength(body) > LONGEST_WORD) throw new Stop(EXIT.usage, "the provider's name and contact are too long for the page");
  return `# Written by regua-nginx-suspend; the next suspension writes it again.
error_page ${httpStatus} @regua_suspended;
location @regua_suspended {
  types { }
  default_type "text/html; charset=utf-8";
  add_header Regua-Access suspended always;
  add_header Retry-After ${retryAfter} always;
  add_header Cache-Control no-store always;
  return ${httpStatus} "${body}";
}
if ($uri !~ "^/\\.well-known/acme-challenge/") { return ${httpStatus}; }
`;
}
