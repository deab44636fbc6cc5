// A copy of the data: to be had with an active account, or as the policy grants; each refusal with its day and the way to pay.
import type { Day, Instant, Zone } from "../kernel/time.ts";
import { sayDay } from "../words/dates.ts";
import { BASE, document, form, note, titled, wordsOf, type Frame } from "./frame.ts";
import { html, type Html } from "./html.ts";

export interface BackupView {
  zone: Zone;
  today: Day;
  services: readonly {
    service: string;
    name: string;
    offer:
      | { granted: true; kind: "full" | "minimum" }
      | { granted: false; rule: "suspended" | "asked_already" | "terminated"; from: Day | null };
  }[];
  requests: readonly {
    service: string;
    kind: "full" | "minimum";
    state: "asked" | "delivered" | "withdrawn";
    askedAt: Instant;
    note: string | null;
  }[];
  asked: boolean;
}

export function backupPage(frame: Frame, view: BackupView): string {
  const t = wordsOf(frame).backup;
  const body = html`${titled(wordsOf(frame), t.title, view.services.length === 0 ? t.none : t.lead)} ${view.asked && note("done", t.asked)}
  ${view.services.map(
    (each) =>
      html`<section class="service">
        <h2>${each.name}</h2>
        ${offer(frame, view, each)}
      </section>`,
  )}
  ${view.requests.length > 0 && requests(frame, view)}`;
  return document(frame, { title: t.title, body });
}

function offer(frame: Frame, { today }: BackupView, { service, offer: answer }: BackupView["services"][number]): Html {
  const t = wordsOf(frame).backup;
  if (answer.granted)
    return form(
      `${BASE}/backup`,
      frame.signedIn?.formKey ?? "",
      html`<input type="hidden" name="service" value="${service}" />
        <p>${t[answer.kind]}</p>
        <button class="second">${t.ask}</button>`,
    );
  if (answer.rule !== "suspended") return html`<p>${answer.rule === "asked_already" ? t.waits : t.ended}</p>`;
  return html`<p>${t.refused} ${t.refusedUntilPaid}</p>
    ${answer.from !== null && html`<p>${t.refusedFrom(sayDay(answer.from, frame.lang, today))}</p>`}
    <p><a class="main" href="${BASE}/">${wordsOf(frame).time.payInstead}</a></p>`;
}

function requests(frame: Frame, { requests: rows, services, zone, today }: BackupView): Html {
  const t = wordsOf(frame).backup;
  const names = new Map(services.map(({ service, name }) => [service, name]));
  return html`<section>
    <h2>${t.requests}</h2>
    <ul class="rows">
      ${rows.map(
        ({ service, kind, state, askedAt, note: said }) =>
          html`<li>
            <span
              ><strong>${names.get(service) ?? service}</strong
              ><small>${t[kind]}, ${sayDay(zone.dayOf(askedAt), frame.lang, today)}</small>${
                said !== null && html`<small>${said}</small>`
              }</span
            >
            <span class="state">${t.state[state]}</span>
          </li>`,
      )}
    </ul>
  </section>`;
}
