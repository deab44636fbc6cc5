// How to pay one invoice: Pix to copy and to photograph, the boleto's line, what the amount is made of; and the same as a page of its own.
import type { Cents, Currency } from "../kernel/money.ts";
import { formatMoney } from "../kernel/money.ts";
import { BASE, document, form, titled, wordsOf, type Frame } from "./frame.ts";
import { html, type Html, type Part } from "./html.ts";
import type { OpenInvoiceView } from "./invoice.ts";
import { drawQr, type QrMatrix } from "./qr.ts";

export interface PayView {
  invoice: OpenInvoiceView;
  pix: { text: string; qr: QrMatrix } | null;
  /** A page of the gateway; `card`: a card can be typed there. */
  page: { href: string; host: string; card: boolean } | null;
  slip: { digitLine: string; document: SlipDocument | null } | null;
  /** As the policy writes them: `2`, `1`. */
  finePercent: number;
  interestPercent: number;
  /** In the sandbox: a payment can be pretended. */
  sandbox: boolean;
  /** How many invoices are open: more than one, and it is said which this is. */
  of: number;
  pulse: string;
}

/** Where the boleto itself is. `host`: the gateway's; null: ours, a file. */
export interface SlipDocument {
  href: string;
  host: string | null;
}

/** The page of one invoice. */
export function payPage(frame: Frame, currency: Currency, view: PayView, why: string): string {
  const t = wordsOf(frame);
  const title = t.pay.title(view.invoice.ref);
  const amount = formatMoney(view.invoice.askedCents, currency, frame.lang);
  const body = html`<div id="live">
    ${titled(t, title)}
    <section class="hero">
      <p class="amount">${amount}</p>
      <p class="why">${why}</p>
    </section>
    ${payPanel(frame, currency, view)}
  </div>`;
  return document(frame, { title, body, pulse: view.pulse });
}

export function payPanel(frame: Frame, currency: Currency, view: PayView): Html {
  const t = wordsOf(frame);
  const { provider } = frame;
  const { pix, slip, page, invoice } = view;
  const lines = provider.payment[frame.lang];
  const money = (cents: Cents): string => formatMoney(cents, currency, frame.lang);
  const which = view.of > 1 && html` <span class="quiet">${t.pay.part(invoice.ref, money(invoice.askedCents))}</span>`;
  return html`<section class="pay" aria-label="${t.pay.title(invoice.ref)}">
    ${
      pix &&
      html`<h2>${t.pay.pix}${which}</h2>
        <div class="pix">
          <div class="code">
            <p>${t.pay.pixLead}</p>
            <button type="button" class="main" data-copy="pix-code" data-done="${t.pay.copied}" hidden>${t.pay.copy}</button>
            <label class="sr" for="pix-code">${t.pay.copyByHand}</label>
            <textarea id="pix-code" class="codebox" readonly rows="4" spellcheck="false" autocomplete="off">${pix.text}</textarea>
            <p class="small">${t.pay.receiver(provider.legalName, provider.taxId)}</p>
          </div>
          ${drawQr(pix.qr, t.pay.qr(money(invoice.askedCents)))}
        </div>`
    }
    ${view.sandbox && sandboxPay(frame, invoice.ref)}
    <p class="small live" data-live hidden>${t.home.live}</p>
    <noscript
      ><p><a class="second" href="${BASE}/">${t.home.reload}</a></p></noscript
    >
    ${page && pagePart(frame, page, which, pix === null)} ${slip && slipPart(frame, slip)} ${sum(frame, view, money)}
    ${
      !pix &&
      (lines.length > 0
        ? html`<h2>${t.pay.otherWays}</h2>
            <ul>
              ${lines.map((line) => html`<li>${line}</li>`)}
            </ul>`
        : !page && html`<p>${t.pay.ask(provider.email)}</p>`)
    }
  </section>`;
}

function slipPart(frame: Frame, { digitLine, document: paper }: NonNullable<PayView["slip"]>): Html {
  const t = wordsOf(frame).pay;
  return html`<h2>${t.boleto}</h2>
    <p>${t.boletoLead}</p>
    <button type="button" class="second" data-copy="slip-line" data-done="${t.copied}" hidden>${t.copyLine}</button>
    <textarea id="slip-line" class="codebox line" readonly rows="2" spellcheck="false" autocomplete="off" aria-label="${t.line}">
${digitLine}</textarea>
    ${
      paper &&
      html`<p>
        ${
          paper.host === null
            ? html`<a href="${paper.href}">${t.boletoFile}</a>`
            : html`<a ${away(paper.href)}>${t.boletoOpen}</a> <span class="small">${paper.host}</span>`
        }
      </p>`
    }`;
}

/** `first`: there is no Pix above it. */
function pagePart(frame: Frame, { href, host, card }: NonNullable<PayView["page"]>, which: Part, first: boolean): Html {
  const t = wordsOf(frame).pay;
  return html`<h2>${card ? t.card : t.page}${first && which}</h2>
    <p>${card ? t.cardLead(host) : t.pageLead(host)}</p>
    <p><a class="${first ? "main" : "second"}" ${away(href)}>${card ? t.cardOpen : t.pageOpen}</a></p>`;
}

/** To a page of the gateway, in a place of its own: this one stays, and notices the payment. */
function away(href: string): Html {
  return html`href="${href}" target="_blank" rel="noopener"`;
}

function sandboxPay(frame: Frame, invoice: string): Part {
  const t = wordsOf(frame);
  if (!frame.signedIn) return null;
  const { formKey } = frame.signedIn;
  return html`<div class="sandbox">
    ${form(
      `${BASE}/sandbox/pay`,
      formKey,
      html`<input type="hidden" name="invoice" value="${invoice}" /> <button class="second">${t.pay.sandbox}</button>`,
    )}
    <p class="small">${t.pay.sandboxLead}</p>
  </div>`;
}

/** What the amount is made of, where it is more than the invoice's own. */
function sum(frame: Frame, { invoice, finePercent, interestPercent }: PayView, money: (cents: Cents) => string): Part {
  const t = wordsOf(frame).pay;
  const fees = invoice.askedCents - invoice.openCents;
  if (fees <= 0) return null;
  const percent = (value: number): string => `${new Intl.NumberFormat(frame.lang, { maximumFractionDigits: 4 }).format(value)} %`;
  const row = (name: string, cents: Cents): Part =>
    cents > 0 &&
    html`<div>
      <dt>${name}</dt>
      <dd>${money(cents)}</dd>
    </div>`;
  return html`<dl class="sum">
    ${row(t.amount, invoice.openCents)} ${row(t.fixedFee(percent(finePercent)), invoice.fineCents)}
    ${row(t.dailyFee(percent(interestPercent)), invoice.interestCents)}
    <div class="total">
      <dt>${t.total}</dt>
      <dd>${money(invoice.askedCents)}</dd>
    </div>
  </dl>`;
}
