// "I have paid": the proof by camera or file, and what comes of it.
import { formatMoney, type Cents, type Currency } from "../kernel/money.ts";
import type { PortalTexts } from "../words/portal-texts.ts";
import { BASE, document, form, note, titled, wordsOf, type Frame } from "./frame.ts";
import { html, type Html } from "./html.ts";

export interface ProofView {
  currency: Currency;
  /** Proofs are not taken from this customer. */
  closed: boolean;
  invoices: readonly { ref: string; askedCents: Cents; underReview: boolean }[];
  problem: keyof PortalTexts["proof"]["problems"] | null;
  /** What is told of the proofs under review. */
  told: readonly string[];
}

export function proofPage(frame: Frame, view: ProofView): string {
  const t = wordsOf(frame).proof;
  const free = view.invoices.filter((invoice) => !invoice.underReview);
  const body = html`${titled(wordsOf(frame), t.title, view.closed ? t.closed : t.lead)}
  ${view.problem && note("attention", t.problems[view.problem])} ${view.told.map((text) => note("done", text))}
  ${!view.closed && free.length > 0 && upload(frame, view, free)} ${!view.closed && view.invoices.length === 0 && html`<p>${t.none}</p>`}`;
  return document(frame, { title: t.title, body });
}

function upload(frame: Frame, { currency }: ProofView, free: ProofView["invoices"]): Html {
  const t = wordsOf(frame).proof;
  return form(
    `${BASE}/proof`,
    frame.signedIn?.formKey ?? "",
    html`${
        free.length === 1
          ? html`<input type="hidden" name="invoice" value="${free[0]?.ref}" />`
          : html`<label for="invoice">${t.which}</label>
              <select id="invoice" name="invoice">
                ${free.map(
                  ({ ref, askedCents }) => html`<option value="${ref}">${ref} · ${formatMoney(askedCents, currency, frame.lang)}</option>`,
                )}
              </select>`
      }
      <label for="file">${t.file}</label>
      <input
        id="file"
        name="file"
        type="file"
        accept="image/jpeg,image/png,application/pdf,.pdf,.jpg,.jpeg,.png,.eml"
        required
        aria-describedby="file-hint"
      />
      <p class="small" id="file-hint">${t.hint}</p>
      <button class="main" data-busy="${t.sending}">${t.send}</button>`,
    { files: true },
  );
}

/** After sending: the one sentence that says what happens next, and until when. */
export function proofSentPage(frame: Frame, view: { sentence: string }): string {
  const t = wordsOf(frame).proof;
  const body = html`${titled(wordsOf(frame), t.sent)}
    <p class="lead">${view.sentence}</p>
    <p><a class="second" href="${BASE}/">${wordsOf(frame).backHome}</a></p>`;
  return document(frame, { title: t.sent, body });
}
