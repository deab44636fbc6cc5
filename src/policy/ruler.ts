// The ruler: the story of an invoice as one line of days with its steps above, and a list below. Unicode, at most 100 columns.
import type { Lang } from "../kernel/lang.ts";
import type { Day, Instant } from "../kernel/time.ts";
import type { Policy } from "./compile.ts";
import type { Because, StepAct } from "./decision.ts";
import type { Channel } from "./facts.ts";
import type { TimelineLine } from "./timeline.ts";

/** Sentences from the words room, which this room must not import. */
export interface RulerWords {
  lang: Lang;
  /** `sexta-feira, 27 de novembro de 2026`. */
  day(day: Day): string;
  /** `sexta-feira, 27 de novembro de 2026, às 9h`. */
  moment(at: Instant): string;
  /** `aviso de suspensão`. */
  step(name: string): string;
  because(because: Because): string;
}

const WIDTH = 100;
const INDENT = "  ";
/** Days kept on either side of an event when the empty days between are left out. */
const NEAR = 2;
/** A shorter gap than this is drawn: the break itself takes three columns. */
const HIDDEN_MIN = 4;

const MARKS: Readonly<Record<StepAct, string>> = { notify: "○", warn: "◐", suspend: "●", warn_termination: "◇", terminate: "◆" };
const ACTS = Object.keys(MARKS) as StepAct[];

const TEXTS = {
  "pt-BR": {
    title: (policy: string, due: string) => `Régua ${policy}, vencimento ${due}`,
    notify: "mensagem",
    warn: "aviso de suspensão",
    suspend: "suspensão",
    warn_termination: "aviso de encerramento",
    terminate: "encerramento",
    closed: "fim de semana ou feriado",
    hidden: "dias sem passos",
    issued: "a fatura é emitida",
    due: "vencimento",
    moved: (why: string) => `vencimento efetivo, porque a data caiu em ${why}: os dias contam daqui`,
    weekend: "fim de semana",
    holiday: (name: string) => `feriado (${name})`,
    by: (what: string, channel: string) => `${what}, por ${channel}`,
    suspended: (told: boolean) => `o serviço é suspenso, com os dados guardados${told ? "; o cliente é avisado" : ""}`,
    ended: "o encerramento é proposto e espera a aprovação de duas pessoas",
  },
  en: {
    title: (policy: string, due: string) => `Ladder ${policy}, due ${due}`,
    notify: "message",
    warn: "warning",
    suspend: "suspension",
    warn_termination: "termination warning",
    terminate: "termination",
    closed: "weekend or holiday",
    hidden: "days without steps",
    issued: "the invoice is issued",
    due: "due date",
    moved: (why: string) => `effective due date, because the date fell on a ${why}: days count from here`,
    weekend: "weekend",
    holiday: (name: string) => `holiday (${name})`,
    by: (what: string, channel: string) => `${what}, by ${channel}`,
    suspended: (told: boolean) => `the service is suspended, its data kept${told ? "; the customer is told" : ""}`,
    ended: "termination is proposed, and waits for two persons to approve it",
  },
} as const satisfies Record<Lang, unknown>;

const CHANNEL: Readonly<Record<Channel, string>> = { email: "e-mail", whatsapp: "WhatsApp", sms: "SMS" };

/** Draws the story for a terminal: the ruler, its legend, and what happens on each day. Lines of at most 100 columns. */
export function drawRuler(policy: Policy, lines: readonly TimelineLine[], words: RulerWords): string {
  const due = lines.find((line) => line.kind === "due");
  const texts = TEXTS[words.lang];
  const title = texts.title(policy.doc.policy, due ? words.day(due.day) : "");
  const scale = scaleOf(lines);
  const axis = axisRow(policy, scale, dueDayOf(lines));
  const rows = [markRow(lines, scale), axis, ...labelRows(lines, scale)];
  return [
    title,
    "",
    ...rows.map((row) => (INDENT + row).trimEnd()),
    "",
    ...legend(lines, axis, words),
    "",
    ...list(policy, lines, words),
    "",
  ].join("\n");
}

/** The day all others count from. */
function dueDayOf(lines: readonly TimelineLine[]): Day {
  const line = lines[0];
  return line ? line.day - line.offset : 0;
}

/** One place on the ruler: a day, or a break that stands for several. */
interface Cell {
  /** Null: a break. */
  offset: number | null;
  column: number;
  width: number;
}

/** As wide as fits: three columns a day with every day shown, then with empty stretches left out, then narrower. */
function scaleOf(lines: readonly TimelineLine[]): Cell[] {
  let narrowest: Cell[] = [];
  for (const width of [3, 2, 1])
    for (const near of [null, NEAR, 0]) {
      narrowest = cells(lines, width, near);
      const last = narrowest.at(-1);
      if (last && last.column + last.width <= WIDTH - INDENT.length) return narrowest;
    }
  // More events than columns: the list below still has them all.
  return narrowest.filter((cell) => cell.column < WIDTH - INDENT.length);
}

function cells(lines: readonly TimelineLine[], width: number, near: number | null): Cell[] {
  const events = [...new Set(lines.map((line) => line.offset))].sort((a, b) => a - b);
  const found: Cell[] = [];
  let column = 0;
  const add = (offset: number | null, wide: number): void => {
    found.push({ offset, column, width: wide });
    column += wide;
  };
  for (const [i, event] of events.entries()) {
    add(event, width);
    const next = events[i + 1];
    if (next === undefined) break;
    const [left, right] = near === null ? [next, next] : [event + near, next - near];
    const hide = right - left - 1 >= HIDDEN_MIN;
    for (let offset = event + 1; offset < next; offset += 1) {
      if (!hide || offset <= left || offset >= right) add(offset, width);
      else if (offset === left + 1) add(null, 3);
    }
  }
  return found;
}

function place(row: string[], column: number, text: string): void {
  for (const [i, letter] of [...text].entries()) row[column + i] = letter;
}

const joined = (row: readonly (string | undefined)[]): string => Array.from(row, (letter) => letter ?? " ").join("");

/** Steps above the line; where two fall on one day, the gravest. */
function markRow(lines: readonly TimelineLine[], scale: readonly Cell[]): string {
  const row: string[] = [];
  for (const cell of scale) {
    const acts = lines.filter((line) => line.offset === cell.offset && happens(line)).map((line) => ACTS.indexOf(line.act ?? "notify"));
    const gravest = ACTS[Math.max(-1, ...acts)];
    if (gravest !== undefined) row[cell.column] = MARKS[gravest];
  }
  return joined(row);
}

/** A step done, as against one that was put off. */
function happens(line: TimelineLine): boolean {
  return line.kind === "message" || line.kind === "suspended" || line.kind === "termination_proposed";
}

function axisRow(policy: Policy, scale: readonly Cell[], due: Day): string {
  const row: string[] = [];
  for (const { offset, column, width } of scale) {
    if (offset === null) place(row, column, "┄".repeat(width));
    else if (offset === 0) place(row, column, "┼".padEnd(width, "─"));
    else if (!policy.calendar.isBankingDay(due + offset)) place(row, column, "░".repeat(width));
    else place(row, column, "┴".padEnd(width, "─"));
  }
  return joined(row);
}

/** The offsets of the days with events, on a second row where two would touch. */
function labelRows(lines: readonly TimelineLine[], scale: readonly Cell[]): string[] {
  const rows: { text: string[]; end: number }[] = [];
  for (const { offset, column } of scale) {
    if (offset === null || !(offset === 0 || lines.some((line) => line.offset === offset))) continue;
    const label = sayOffset(offset);
    let row = rows.find((each) => each.end < column);
    if (!row) {
      row = { text: [], end: -1 };
      rows.push(row);
    }
    place(row.text, column, label);
    row.end = column + label.length;
  }
  return rows.map((row) => joined(row.text));
}

function sayOffset(offset: number): string {
  return offset > 0 ? `+${offset}` : offset < 0 ? `−${-offset}` : "0";
}

function legend(lines: readonly TimelineLine[], axis: string, words: RulerWords): string[] {
  const texts = TEXTS[words.lang];
  const parts = ACTS.filter((act) => lines.some((line) => happens(line) && line.act === act)).map((act) => `${MARKS[act]} ${texts[act]}`);
  if (axis.includes("░")) parts.push(`░ ${texts.closed}`);
  if (axis.includes("┄")) parts.push(`┄ ${texts.hidden}`);
  return wrap(parts, "   ", WIDTH - INDENT.length).map((row) => INDENT + row);
}

/** Day, mark, date in words, what happens; continued under itself. */
function list(policy: Policy, lines: readonly TimelineLine[], words: RulerWords): string[] {
  const rows = lines.map((line) => ({
    offset: sayOffset(line.offset).padStart(4),
    mark: happens(line) ? MARKS[line.act ?? "notify"] : line.kind === "moved" || line.kind === "person" ? "·" : " ",
    when: line.kind === "issued" || line.kind === "due" || line.kind === "due_moved" ? words.day(line.day) : words.moment(line.at),
    what: sayLine(policy, line, words),
  }));
  const dates = Math.max(...rows.map((row) => row.when.length));
  const margin = INDENT.length + 4 + 1 + 1 + 2 + dates + 2;
  return rows.flatMap(({ offset, mark, when, what }) =>
    wrap(what.split(" "), " ", WIDTH - margin).map((text, i) =>
      i === 0 ? `${INDENT}${offset} ${mark}  ${when.padEnd(dates)}  ${text}` : " ".repeat(margin) + text,
    ),
  );
}

function sayLine(policy: Policy, line: TimelineLine, words: RulerWords): string {
  const texts = TEXTS[words.lang];
  const step = line.step === null ? "" : words.step(line.step);
  switch (line.kind) {
    case "issued":
    case "due":
      return texts[line.kind];
    case "due_moved":
      return texts.moved(line.holiday ? texts.holiday(line.holiday[words.lang]) : texts.weekend);
    case "message":
      return line.channel === null ? step : texts.by(step, CHANNEL[line.channel]);
    case "suspended":
      return texts.suspended(policy.doc.announce.suspended);
    case "termination_proposed":
      return texts.ended;
    case "moved":
    case "person":
      return line.because ? words.because(withoutInvoice(line.because)) : step;
  }
}

/** The story has one invoice, and it was made up: its number says nothing. */
function withoutInvoice({ invoice: _, ...because }: Because): Because {
  return because;
}

function wrap(parts: readonly string[], between: string, width: number): string[] {
  const rows: string[] = [];
  for (const part of parts.flatMap((whole) => whole.match(new RegExp(`.{1,${width}}`, "gu")) ?? [])) {
    const last = rows.at(-1);
    if (last !== undefined && last.length + between.length + part.length <= width) rows[rows.length - 1] = last + between + part;
    else rows.push(part);
  }
  return rows;
}
