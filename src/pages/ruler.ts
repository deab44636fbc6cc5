// The ruler with three ticks: due, today, next. Positions are per cent of the width and letters keep their size, on a phone as on a screen.
import type { Lang } from "../kernel/lang.ts";
import type { Day } from "../kernel/time.ts";
import { sayDay, sayShortDay } from "../words/dates.ts";
import { portalTexts } from "../words/portal.ts";
import type { NextView } from "../words/portal-texts.ts";
import { html, type Html } from "./html.ts";

export interface RulerView {
  due: Day;
  today: Day;
  next: { day: Day; kind: NextView["kind"] } | null;
  /** Days without banks between the first and the last tick. */
  closed: readonly Day[];
}

/** Where the line begins and ends, in per cent. */
const [LEFT, RIGHT] = [2, 98];
/** Labels nearer than this would touch on a phone. */
const APART = 34;
const LINE_Y = 46;
/** On a longer line weekends are a grey haze. */
const SHADED_DAYS = 75;

export function drawRuler({ due, today, next, closed }: RulerView, lang: Lang): Html {
  const t = portalTexts(lang).home;
  const days = [due, today, ...(next ? [next.day] : [])];
  const first = Math.min(...days);
  // Without a next step the line goes on for a while, since time does.
  const last = Math.max(Math.max(...days) + (next ? 0 : Math.max(2, Math.ceil((Math.max(...days) - first) / 3))), first + 1);
  const at = (day: Day): number => LEFT + ((RIGHT - LEFT) * (day - first)) / (last - first);
  const said = (day: Day): string => sayDay(day, lang, today);
  const label = t.rulerLabel(said(due), said(today), next ? said(next.day) : null);
  const shades = last - first > SHADED_DAYS ? [] : closed.filter((day) => day >= first && day < last);
  const low = next !== null && Math.abs(at(due) - at(next.day)) < APART;
  return html`<svg class="ruler" width="100%" height="${low || due !== today ? 80 : 58}" role="img" aria-label="${label}">
    ${shades.map((day) => html`<rect class="closed" x="${pct(at(day))}" y="${LINE_Y - 6}" width="${pct(at(day + 1) - at(day))}" height="12" />`)}
    <line class="line" x1="${pct(LEFT)}" x2="${pct(RIGHT)}" y1="${LINE_Y}" y2="${LINE_Y}" />
    ${last - first <= SHADED_DAYS && dayTicks(first, last, at)}
    ${due < today && html`<line class="gone" x1="${pct(at(due))}" x2="${pct(at(today))}" y1="${LINE_Y}" y2="${LINE_Y}" />`}
    <circle class="due" cx="${pct(at(due))}" cy="${LINE_Y}" r="5" />
    ${labelAt(at(due), "up", due === today ? t.ruler.dueToday : t.ruler.due, short(due, lang))}
    ${
      next &&
      html`<circle class="next" cx="${pct(at(next.day))}" cy="${LINE_Y}" r="6" />
        ${labelAt(at(next.day), low ? "down" : "up", t.ruler.next[next.kind], short(next.day, lang))}`
    }
    <line class="today" x1="${pct(at(today))}" x2="${pct(at(today))}" y1="${LINE_Y - 12}" y2="${LINE_Y + 12}" />
    ${due !== today && labelAt(at(today), "down", t.ruler.today, short(today, lang))}
  </svg>`;
}

function dayTicks(first: Day, last: Day, at: (day: Day) => number): Html[] {
  return Array.from(
    { length: last - first + 1 },
    (_, i) => html`<line class="tick" x1="${pct(at(first + i))}" x2="${pct(at(first + i))}" y1="${LINE_Y}" y2="${LINE_Y + 4}" />`,
  );
}

function labelAt(x: number, side: "up" | "down", name: string, day: string): Html {
  const anchor = x < 20 ? "start" : x > 80 ? "end" : "middle";
  const [place, y] = [anchor === "start" ? LEFT - 1 : anchor === "end" ? RIGHT + 1 : x, side === "up" ? 12 : LINE_Y + 28];
  if (side === "down")
    return html`<text text-anchor="${anchor}" x="${pct(anchor === "middle" ? x : place)}" y="${y}"
      ><tspan class="name">${name}</tspan> ${day}</text
    >`;
  return html`<text class="name" text-anchor="${anchor}" x="${pct(place)}" y="${y}">${name}</text>
    <text text-anchor="${anchor}" x="${pct(place)}" y="${y + 17}">${day}</text>`;
}

const pct = (value: number): string => `${Math.round(value * 100) / 100}%`;

/** `23/11`, `23 Nov`. */
function short(day: Day, lang: Lang): string {
  return sayShortDay(day, lang).replace(/[ /]\d{4}$/u, "");
}
