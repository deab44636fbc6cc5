// The terms of service as they were published, and which version the customer accepted when.
import type { Day, Instant, Zone } from "../kernel/time.ts";
import { sayDay, sayOnMoment } from "../words/dates.ts";
import { BASE, document, form, note, titled, wordsOf, type Frame } from "./frame.ts";
import { html } from "./html.ts";

export interface TermsView {
  zone: Zone;
  today: Day;
  terms: { version: number; sha256: string; text: string; publishedAt: Instant } | null;
  accepted: { version: number; acceptedAt: Instant } | null;
}

export function termsPage(frame: Frame, { zone, today, terms, accepted }: TermsView): string {
  const t = wordsOf(frame).terms;
  if (!terms) return document(frame, { title: t.title, body: titled(wordsOf(frame), t.title, t.none) });
  const current = accepted?.version === terms.version;
  const body = html`${titled(wordsOf(frame), t.title, t.version(terms.version, sayDay(zone.dayOf(terms.publishedAt), frame.lang, null)))}
    ${
      accepted
        ? note("done", [t.accepted(accepted.version, sayOnMoment(accepted.acceptedAt, frame.lang, zone, today)), !current && ` ${t.newer}`])
        : html`<p>${t.notAccepted}</p>`
    }
    <div class="terms" tabindex="0" role="region" aria-label="${t.title}">
      ${terms.text.split(/\n{2,}/u).map((block) => html`<p>${block}</p>`)}
    </div>
    ${
      !current &&
      form(
        `${BASE}/terms`,
        frame.signedIn?.formKey ?? "",
        html`<input type="hidden" name="version" value="${terms.version}" /> <button class="main">${t.accept}</button>`,
      )
    }
    <p class="small hash">${t.hash}: <code>${terms.sha256}</code></p>`;
  return document(frame, { title: t.title, body });
}
