// "I need more time": the offer with its conditions and one tap to take it, or the refusal with its reasons and what would change them.
import { BASE, document, form, note, titled, wordsOf, type Frame } from "./frame.ts";
import { html } from "./html.ts";

export interface TimeView {
  /** The answer in sentences: what it is, and how it closes. */
  lead: string;
  close: string | null;
  /** Of an offer: what is accepted with it. Of a refusal: nothing. */
  conditions: readonly string[];
  /** What counted for or against, each with what would change it. */
  reasons: readonly string[];
  /** The end of the time offered, which comes back with the form: what is accepted is what was shown. Null: refused. */
  until: number | null;
  /** The form lacked a field. */
  invalid: boolean;
}

export function timePage(frame: Frame, view: TimeView): string {
  const t = wordsOf(frame).time;
  const list = (items: readonly string[]) =>
    html`<ul class="said">
      ${items.map((item) => html`<li>${item}</li>`)}
    </ul>`;
  const body = html`${titled(wordsOf(frame), t.title)} ${view.invalid && note("attention", wordsOf(frame).problem.invalid.text)}
    <p class="lead">${view.lead}</p>
    ${view.until === null && view.reasons.length > 0 && list(view.reasons)} ${view.close !== null && html`<p>${view.close}</p>`}
    ${
      view.until !== null &&
      html`<h2>${t.conditions}</h2>
        ${list(view.conditions)}
        ${form(
          `${BASE}/time`,
          frame.signedIn?.formKey ?? "",
          html`<input type="hidden" name="until" value="${view.until}" />
            <label for="reason">${t.reason}</label>
            <input id="reason" name="reason" required maxlength="500" aria-describedby="reason-hint" autocomplete="off" />
            <p class="small" id="reason-hint">${t.reasonHint}</p>
            <label class="check"><input type="checkbox" name="accepted" value="yes" required /> <span>${t.accept}</span></label>
            <button class="main">${t.ask}</button>`,
        )}
        ${
          view.reasons.length > 0 &&
          html`<details>
            <summary>${t.because}</summary>
            ${list(view.reasons)}
          </details>`
        }`
    }
    ${
      view.until === null &&
      html`<p class="acts">
        <a class="main" href="${BASE}/">${t.payInstead}</a>
        <a class="second" href="${BASE}/messages">${t.write}</a>
      </p>`
    }`;
  return document(frame, { title: t.title, body });
}

export function timeGrantedPage(frame: Frame, view: { until: string; protocol: string; conditions: readonly string[] }): string {
  const t = wordsOf(frame).time;
  const body = html`${titled(wordsOf(frame), t.title)} ${note("done", t.granted(view.until, view.protocol))}
    <p class="lead">${t.grantedLead}</p>
    <h2>${t.conditions}</h2>
    <ul class="said">
      ${view.conditions.map((item) => html`<li>${item}</li>`)}
    </ul>
    <p><a class="second" href="${BASE}/">${wordsOf(frame).backHome}</a></p>`;
  return document(frame, { title: t.title, body });
}
