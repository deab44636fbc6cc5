// The thread with the provider: what was written by whom and when, and room for one more.
import type { Day, Instant, Zone } from "../kernel/time.ts";
import { sayMoment } from "../words/dates.ts";
import { BASE, document, form, multiline, note, titled, wordsOf, type Frame } from "./frame.ts";
import { html } from "./html.ts";

export interface MessagesView {
  zone: Zone;
  today: Day;
  messages: readonly { author: "customer" | "staff"; at: Instant; text: string }[];
  sent: boolean;
  max: number;
}

export function messagesPage(frame: Frame, { zone, today, messages, sent, max }: MessagesView): string {
  const t = wordsOf(frame).messages;
  const body = html`${titled(wordsOf(frame), t.title, t.lead)}
  ${
    messages.length === 0
      ? html`<p class="quiet">${t.empty}</p>`
      : html`<ol class="thread">
          ${messages.map(
            ({ author, at, text }) =>
              html`<li class="${author}">
                <p class="small">${author === "customer" ? t.you : frame.provider.name} · ${sayMoment(at, frame.lang, zone, today)}</p>
                <p>${multiline(text)}</p>
              </li>`,
          )}
        </ol>`
  }
  ${sent && note("done", t.sent)}
  ${form(
    `${BASE}/messages`,
    frame.signedIn?.formKey ?? "",
    html`<label for="text">${t.text}</label>
      <textarea id="text" name="text" rows="4" maxlength="${max}" required></textarea>
      <button class="main">${t.send}</button>`,
  )}`;
  return document(frame, { title: t.title, body });
}
