// What visitors of a suspended site see: the provider's name, calm words in both languages, a way to the portal. No personal data, one file.
import { LANGS } from "../kernel/lang.ts";
import type { Provider } from "../words/provider.ts";
import { portalTexts } from "../words/portal.ts";
import { html, Html } from "./html.ts";

/** Complete in itself, since it is served from a customer's own address, by whatever serves files there. */
export const SUSPENDED_STYLE = `:root{color-scheme:light dark;--paper:#fbfaf6;--ink:#1d2a2a;--quiet:#55635f;--line:#d9ddd6;--accent:#0b5d57;--on:#fff}
@media (prefers-color-scheme:dark){:root{--paper:#131a19;--ink:#e6ecea;--quiet:#a3b1ae;--line:#33403e;--accent:#7ccfc5;--on:#0c1a18}}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.5 Inter,system-ui,-apple-system,"Segoe UI",Roboto,Helvetica,Arial,sans-serif}
main{max-width:34rem;min-height:100vh;min-height:100svh;margin:0 auto;padding:2.5rem 1.25rem;display:flex;flex-direction:column;justify-content:center;gap:2.5rem}
.brand{margin:0;font-weight:600;letter-spacing:-.01em}h1,h2{margin:0 0 .75rem;font-size:1.5rem;line-height:1.25;font-weight:600;letter-spacing:-.015em}
p{margin:0 0 .75rem;text-wrap:pretty}.owner{color:var(--quiet)}section+section{padding-top:2rem;border-top:1px solid var(--line)}
section+section h2{font-size:1.125rem}a{color:var(--accent)}a.open{display:inline-block;padding:.75rem 1.25rem;border-radius:8px;background:var(--accent);color:var(--on);text-decoration:none;font-weight:600}
a:focus-visible{outline:2px solid var(--accent);outline-offset:3px}svg{display:block;width:100%;height:24px}line{stroke:var(--line);stroke-width:2}.now{stroke:var(--accent);stroke-width:3}`;

/** Without a blank more than what is hashed into the policy of its page, which refuses any other style. */
const STYLE = new Html(`<style>${SUSPENDED_STYLE}</style>`);

/** `portal`: its public address; null where messages do not name one either. */
export function suspendedPage(provider: Pick<Provider, "name" | "email" | "lang">, portal: string | null): string {
  const first = provider.lang;
  const langs = [first, ...LANGS.filter((lang) => lang !== first)];
  const { text } = html`<!doctype html>
    <html lang="${first}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <meta name="referrer" content="no-referrer" />
        <title>${portalTexts(first).suspendedSite.title}</title>
        <link rel="icon" href="data:," />
        ${STYLE}
      </head>
      <body>
        <main>
          <div>
            <p class="brand">${provider.name}</p>
            <svg aria-hidden="true" viewBox="0 0 400 24" preserveAspectRatio="none">
              <line x1="0" x2="400" y1="16" y2="16" />
              ${[0, 50, 100, 150, 200, 250, 300, 350, 400].map((x) => html`<line x1="${x}" x2="${x}" y1="10" y2="16" />`)}
              <line class="now" x1="275" x2="275" y1="4" y2="22" />
            </svg>
          </div>
          ${langs.map((lang, i) => {
            const t = portalTexts(lang).suspendedSite;
            return html`<section lang="${lang}">
              ${i === 0 ? html`<h1>${t.title}</h1>` : html`<h2>${t.title}</h2>`}
              <p>${t.lead}</p>
              ${
                portal === null
                  ? html`<p class="owner">${t.contact(provider.email)}</p>`
                  : html`<p class="owner">${t.owner}</p>
                      <p><a class="open" href="${portal}/">${t.open}</a></p>
                      <p class="owner">${t.contact(provider.email)}</p>`
              }
            </section>`;
          })}
        </main>
      </body>
    </html>`;
  return `${text.replace(/\n {4,}/gu, "\n").trim()}\n`;
}
