// The portal's first page, one phone screen: what is owed and why, what comes next and when, how to pay, and the state of each service.
import type { Cents, Currency } from "../kernel/money.ts";
import { formatMoney } from "../kernel/money.ts";
import type { Day, Instant, Zone } from "../kernel/time.ts";
import { sayDay, sayMoment, sayOnDay, sayOnMoment } from "../words/dates.ts";
import type { NextView, PortalTexts } from "../words/portal-texts.ts";
import { BASE, document, note, wordsOf, type Frame } from "./frame.ts";
import { html, type Html, type Part } from "./html.ts";
import type { OpenInvoiceView } from "./invoice.ts";
import { payPanel, type PayView } from "./pay.ts";
import { drawRuler } from "./ruler.ts";

export interface ServiceLine {
  name: string;
  /** Null: it stands on no panel, and nothing is known of it. */
  access: keyof PortalTexts["home"]["access"] | null;
  since: Instant | null;
  cancelOn: Day | null;
}

export interface HomeView {
  zone: Zone;
  today: Day;
  currency: Currency;
  creditCents: Cents;
  invoices: readonly OpenInvoiceView[];
  services: readonly ServiceLine[];
  promise: { until: Instant; protocol: string } | null;
  next: { kind: NextView["kind"]; at: Instant; service: string | null } | null;
  /** Days without banks around the ruler's ticks. */
  closed: readonly Day[];
  /** Null: nothing is open. */
  pay: PayView | null;
  /** Payment proofs are taken from this customer. */
  proofs: boolean;
  /** Something was paid in this visit. */
  paid: boolean;
  /** A service came back in this visit. */
  backUp: boolean;
  pulse: string;
}

export function homePage(frame: Frame, view: HomeView): string {
  const t = wordsOf(frame);
  const [oldest] = view.invoices;
  const total = view.invoices.reduce((sum, invoice) => sum + invoice.askedCents, 0);
  const title = oldest ? `${t.home.owed}: ${formatMoney(total, view.currency, frame.lang)}` : t.home.nothing;
  const body = html`<div id="live">
    ${view.paid && note("done", t.home.paid)} ${oldest ? owing(frame, view, oldest, total) : settled(frame, view)} ${services(frame, view)}
    ${elsewhere(t)}
  </div>`;
  return document(frame, { title, body, pulse: view.pulse });
}

const has = (view: HomeView, ...kinds: ServiceLine["access"][]): number =>
  view.services.filter((each) => kinds.includes(each.access)).length;

function owing(frame: Frame, view: HomeView, oldest: OpenInvoiceView, total: Cents): Html {
  const t = wordsOf(frame);
  const { lang } = frame;
  const down = has(view, "suspended", "going_down");
  const { next, pay, zone, today } = view;
  const late = view.invoices.filter((invoice) => invoice.effectiveDueOn < today).length;
  return html`<section class="hero" aria-labelledby="owed">
      <h1 id="owed">
        <span class="label">${t.home.owed}${view.invoices.length > 1 && ` · ${t.home.invoices(view.invoices.length)}`}</span>
        <span class="amount">${formatMoney(total, view.currency, lang)}</span>
      </h1>
      <p class="why">${why(frame, view, oldest)}</p>
      ${down > 0 && note("attention", t.home.suspended(down > 1, late))}
      ${has(view, "other") > 0 && note("attention", t.home.suspendedOther)}
      ${has(view, "coming_back") > 0 && note("done", t.home.comingBack)}
      ${view.promise && note("done", t.home.promise(sayMoment(view.promise.until, lang, zone, today), view.promise.protocol))}
      ${oldest.clearingUntil !== null && note("done", t.home.clearing(sayMoment(oldest.clearingUntil, lang, zone, today)))}
    </section>
    <section class="ahead">
      ${drawRuler(
        {
          due: oldest.effectiveDueOn,
          today,
          next: next && { day: zone.dayOf(next.at), kind: next.kind },
          closed: view.closed,
        },
        lang,
      )}
      ${next ? html`<p>${t.home.next(nextIn(frame, view, next))}</p>` : down === 0 && html`<p>${t.home.noNext}</p>`}
    </section>
    ${pay && payPanel(frame, view.currency, pay)}
    <nav class="two" aria-label="${t.home.more}">
      ${view.proofs && choice(`${BASE}/proof`, t.home.paidTitle, t.home.paidLead)} ${choice(`${BASE}/time`, t.home.more, t.home.moreLead)}
    </nav>
    ${others(frame, view)}`;
}

function why(frame: Frame, view: HomeView, { ref, dueOn, effectiveDueOn }: OpenInvoiceView): string {
  const t = wordsOf(frame);
  const { lang } = frame;
  const { today } = view;
  const due = dueOn === today ? t.home.dueToday(ref) : t.home.due(ref, sayOnDay(dueOn, lang, today), dueOn < today);
  const moved = effectiveDueOn !== dueOn && effectiveDueOn >= today;
  return moved ? `${due} ${t.home.moved(sayDay(effectiveDueOn, lang, today))}` : due;
}

function nextIn({ lang }: Frame, { zone, today }: HomeView, { kind, at, service }: NonNullable<HomeView["next"]>): NextView {
  return { kind, at: sayMoment(at, lang, zone, today), on: sayOnMoment(at, lang, zone, today), service };
}

function choice(href: string, title: string, lead: string): Html {
  return html`<a class="choice" href="${href}"><strong>${title}</strong><span>${lead}</span></a>`;
}

function others(frame: Frame, view: HomeView): Part {
  const rest = view.invoices.filter((invoice) => invoice.ref !== view.pay?.invoice.ref);
  if (rest.length === 0) return null;
  const t = wordsOf(frame);
  return html`<section>
    <h2>${t.home.otherInvoices}</h2>
    <ul class="rows">
      ${rest.map(
        (invoice) =>
          html`<li>
            <span>${why(frame, view, invoice)}${invoice.service !== null && html`<small>${invoice.service}</small>`}</span>
            <span class="end">
              <strong>${formatMoney(invoice.askedCents, view.currency, frame.lang)}</strong>
              <a href="${BASE}/invoices/${encodeURIComponent(invoice.ref)}">${t.home.payThis}<span class="sr"> ${invoice.ref}</span></a>
            </span>
          </li>`,
      )}
    </ul>
  </section>`;
}

function settled(frame: Frame, view: HomeView): Html {
  const t = wordsOf(frame);
  return html`<section class="hero calm">
    <h1>${t.home.nothing}</h1>
    <p class="why">${t.home.nothingSub}</p>
    ${view.creditCents > 0 && html`<p>${t.home.credit(formatMoney(view.creditCents, view.currency, frame.lang))}</p>`}
    ${has(view, "coming_back") > 0 && note("done", t.home.comingBack)} ${has(view, "other") > 0 && note("attention", t.home.suspendedOther)}
    ${view.backUp && note("done", t.home.back)}
  </section>`;
}

function services(frame: Frame, view: HomeView): Part {
  if (view.services.length === 0) return null;
  const t = wordsOf(frame).home;
  const { lang } = frame;
  return html`<section>
    <h2>${t.services}</h2>
    <ul class="rows">
      ${view.services.map(
        ({ name, access, since, cancelOn }) =>
          html`<li>
            <span>
              <strong>${name}</strong>
              ${cancelOn !== null && html`<small>${t.endsOn(sayDay(cancelOn, lang, view.today))}</small>`}
              ${cancelOn === null && since !== null && html`<small>${t.since(sayDay(view.zone.dayOf(since), lang, view.today))}</small>`}
            </span>
            ${access !== null && html`<span class="state ${access}">${t.access[access]}</span>`}
          </li>`,
      )}
    </ul>
  </section>`;
}

function elsewhere(t: PortalTexts): Html {
  const link = (path: string, text: string): Html => html`<li><a href="${BASE}/${path}">${text}</a></li>`;
  return html`<nav aria-label="${t.home.everythingElse}">
    <ul class="links">
      ${link("messages", t.home.messages)} ${link("backup", t.home.backup)} ${link("terms", t.home.terms)} ${link("leave", t.home.leave)}
    </ul>
  </nav>`;
}
