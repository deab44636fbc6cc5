// The document around each page: the provider's name on top, the language, and the supplier's identity below (CDC, art. 42-A).
import type { Lang } from "../kernel/lang.ts";
import type { Provider } from "../words/provider.ts";
import { portalTexts } from "../words/portal.ts";
import type { PortalTexts } from "../words/portal-texts.ts";
import { html, type Html, type Part } from "./html.ts";

/** What every page is told. */
export interface Frame {
  lang: Lang;
  provider: Provider;
  zoneId: string;
  /** The address of this page, for the language switch to come back to. */
  path: string;
  /** Null: nobody is signed in. */
  signedIn: { name: string; ref: string; formKey: string } | null;
  assets: { css: string; js: string };
}

export const BASE = "/portal";

export function wordsOf(frame: Frame): PortalTexts {
  return portalTexts(frame.lang);
}

export interface Page {
  title: string;
  body: Part;
  /** A value that changes with the customer's matter: the page looks for the next one by itself. */
  pulse?: string;
}

/** A whole document. Written so that it says everything without script. */
export function document(frame: Frame, page: Page): string {
  const { lang, provider, signedIn, assets } = frame;
  const t = wordsOf(frame);
  const { text } = html`<!doctype html>
    <html lang="${lang}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>${page.title} · ${provider.name}</title>
        <link rel="stylesheet" href="${assets.css}" />
        <link rel="icon" href="data:," />
        <script type="module" src="${assets.js}"></script>
      </head>
      <body>
        <a class="skip" href="#content">${t.skip}</a>
        <header class="top">
          <a class="brand" href="${BASE}/">${provider.name}</a>
          ${languageLink(frame)} ${provider.sandbox && html`<p class="rehearsal">${t.sandbox}</p>`}
        </header>
        <main id="content" tabindex="-1" ${page.pulse !== undefined && html`data-pulse="${page.pulse}" data-offline="${t.home.offline}"`}>
          ${page.body}
        </main>
        ${footer(frame, t, signedIn)}
        <p class="sr" role="status" aria-live="polite" id="said"></p>
      </body>
    </html>`;
  // The template's own indentation is a fifth of the page.
  return `${text.replace(/\n\s+/gu, "\n").trim()}\n`;
}

function languageLink({ lang, path }: Frame): Html {
  const other: Lang = lang === "en" ? "pt-BR" : "en";
  const words = portalTexts(lang).otherLang;
  return html`<a class="lang" hreflang="${other}" lang="${other}" href="${BASE}/lang/${other}?back=${encodeURIComponent(path)}"
    >${words}</a
  >`;
}

function footer({ provider, zoneId }: Frame, t: PortalTexts, signedIn: Frame["signedIn"]): Html {
  const { name, legalName, taxId, address, email, phone } = provider;
  return html`<footer>
    ${
      signedIn &&
      html`<div class="who">
        <span>${signedIn.name} · ${t.customer(signedIn.ref)}</span>
        ${form(`${BASE}/sign-out`, signedIn.formKey, html`<button class="plain">${t.signOut}</button>`)}
      </div>`
    }
    <p>
      ${name === legalName ? name : `${name} (${legalName})`}<br />${/\d/u.test(taxId) && taxId.includes("/") ? "CNPJ " : ""}${taxId}<br />${address}
    </p>
    <p><a href="mailto:${email}">${email}</a>${phone === null ? "" : ` · ${phone}`}<br />${t.zone(zoneId)}</p>
  </footer>`;
}

/** A form that changes something: it carries the session's own key, so that no other site can send it. */
export function form(action: string, formKey: string, body: Part, more: { files?: boolean } = {}): Html {
  return html`<form method="post" action="${action}" ${more.files && html`enctype="multipart/form-data"`}>
    <input type="hidden" name="key" value="${formKey}" />
    ${body}
  </form>`;
}

/** A heading with the way back above it. */
export function titled(t: PortalTexts, title: string, lead?: string): Html {
  return html`<p class="backlink"><a href="${BASE}/">${t.backHome}</a></p>
    <h1>${title}</h1>
    ${lead !== undefined && html`<p class="lead">${lead}</p>`}`;
}

/** A sentence that something was done, or what is wrong. */
export function note(kind: "done" | "attention", text: Part): Html {
  return html`<p class="note ${kind}" role="${kind === "done" ? "status" : "alert"}">${text}</p>`;
}

/** A textarea keeps the person's own line breaks: the frame takes away the white space after each. */
export function multiline(text: string): Html {
  return html`${text.split("\n").map((line, i) => [i > 0 && html`<br />`, line])}`;
}
