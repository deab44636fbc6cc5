// Ending a service: what is owed, what happens to the data, now or with the period; and taking the request back.
import { formatMoney, type Cents, type Currency } from "../kernel/money.ts";
import type { Day } from "../kernel/time.ts";
import { sayDay } from "../words/dates.ts";
import { BASE, document, form, note, titled, wordsOf, type Frame } from "./frame.ts";
import { html, type Html } from "./html.ts";

export interface LeaveView {
  today: Day;
  services: readonly {
    ref: string;
    name: string;
    termEnds: Day;
    owedCents: Cents;
    currency: Currency;
    /** Asked already, for this day. */
    cancelOn: Day | null;
  }[];
  /** What this visit did. */
  done: "kept" | "asked" | null;
  invalid: boolean;
}

export function leavePage(frame: Frame, view: LeaveView): string {
  const t = wordsOf(frame).leave;
  const body = html`${titled(wordsOf(frame), t.title, view.services.length === 0 ? t.none : t.lead)}
  ${view.done === "kept" && note("done", t.kept)} ${view.invalid && note("attention", wordsOf(frame).problem.invalid.text)}
  ${
    view.services.length > 0 &&
    html`<ul class="said">
      <li>${t.data}</li>
      <li>${t.dataBackup} <a href="${BASE}/backup">${wordsOf(frame).backup.title}</a></li>
      <li>${t.noTime}</li>
    </ul>`
  }
  ${view.services.map((service) => oneService(frame, view, service))}`;
  return document(frame, { title: t.title, body });
}

function oneService(frame: Frame, { today }: LeaveView, service: LeaveView["services"][number]): Html {
  const t = wordsOf(frame).leave;
  const { lang } = frame;
  const { ref, name, owedCents, currency, cancelOn } = service;
  const owed = owedCents > 0 ? t.owed(formatMoney(owedCents, currency, lang)) : t.owedNothing;
  return html`<section class="service">
    <h2>${name}</h2>
    ${cancelOn === null ? ask(frame, today, service, owed) : open(frame, ref, sayDay(cancelOn, lang, today), owed)}
  </section>`;
}

function ask(frame: Frame, today: Day, { ref, name, termEnds }: LeaveView["services"][number], owed: string): Html {
  const t = wordsOf(frame).leave;
  const id = `leave-${ref}`;
  return html`<p>${owed}</p>
    <details>
      <summary>${t.confirm}<span class="sr">: ${name}</span></summary>
      ${form(
        `${BASE}/leave`,
        frame.signedIn?.formKey ?? "",
        html`<input type="hidden" name="service" value="${ref}" />
          <fieldset>
            <legend>${t.when}</legend>
            <label class="check"
              ><input type="radio" name="when" value="term" required checked />
              <span>${t.term(sayDay(termEnds, frame.lang, today))}<small>${t.termHint}</small></span></label
            >
            <label class="check"
              ><input type="radio" name="when" value="now" required /> <span>${t.now}<small>${t.nowHint}</small></span></label
            >
          </fieldset>
          <label for="${id}">${t.reason}</label>
          <input id="${id}" name="reason" maxlength="500" autocomplete="off" />
          <button class="second">${t.confirm}</button>`,
      )}
    </details>`;
}

function open(frame: Frame, ref: string, on: string, owed: string): Html {
  const t = wordsOf(frame).leave;
  return html`${note("done", [t.asked(on), " ", t.askedLead])}
    <p>${owed}</p>
    <p>${t.keepLead}</p>
    ${form(
      `${BASE}/leave/keep`,
      frame.signedIn?.formKey ?? "",
      html`<input type="hidden" name="service" value="${ref}" /><button class="second">${t.keep}</button>`,
    )}`;
}
