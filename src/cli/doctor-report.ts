// What a check of the doctor's comes to, and how the list of them is shown.
import type { Lang } from "../kernel/lang.ts";
import { wrap } from "./table.ts";

/** `note`: worth knowing, nothing to do now. `person`: somebody must act. `unchecked`: something before it failed. */
export type Verdict = "ok" | "note" | "person" | "unchecked";

export interface Check {
  /** Stable name, for machines. */
  check: string;
  verdict: Verdict;
  /** What was found, as a sentence. */
  message: string;
  /** What to do; null where nothing is. */
  cure: string | null;
}

/** Picks the sentence of the reader's language. */
export type Say = (en: string, ptBr: string) => string;

export const sayIn =
  (lang: Lang): Say =>
  (en, ptBr) =>
    lang === "en" ? en : ptBr;

export const ok = (check: string, message: string): Check => ({ check, verdict: "ok", message, cure: null });
export const note = (check: string, message: string, cure: string | null = null): Check => ({ check, verdict: "note", message, cure });
export const person = (check: string, message: string, cure: string): Check => ({ check, verdict: "person", message, cure });
export const unchecked = (check: string, message: string): Check => ({ check, verdict: "unchecked", message, cure: null });

const MARKS: Readonly<Record<Verdict, string>> = { ok: "✓", note: "!", person: "✗", unchecked: "·" };

/** One line a check, its cure below it, at most 100 columns. */
export function sayChecks(checks: readonly Check[], say: Say): string {
  const rows = checks.flatMap(({ verdict, message, cure }) => [
    ...paragraphs(message, `${MARKS[verdict]} `, "  "),
    ...(cure === null ? [] : paragraphs(cure, "  → ", "    ")),
  ]);
  // When something needs a person the program's last word says so, with its exit code.
  const well = checks.every((each) => each.verdict === "ok" || each.verdict === "note");
  return [...rows, ...(well ? ["", say("Nothing needs a person.", "Nada precisa de uma pessoa.")] : [])].join("\n");
}

/** Each line of the text wrapped on its own; the first begins with `first` instead of the indent. */
function paragraphs(text: string, first: string, indent: string): string[] {
  const rows = text.split("\n").flatMap((line) => wrap(line, indent));
  return rows.map((row, i) => (i === 0 ? first + row.slice(indent.length) : row));
}
