// What is found in a policy: where, what and what to do, in each language, and said in one of them.
import { inEach, type InEach } from "../kernel/errors.ts";
import type { FileProblem, SaidProblem } from "../kernel/file-problems.ts";
import type { Lang } from "../kernel/lang.ts";

export type Severity = "error" | "warning";

/** Something to know before a policy is put in force. With an error it is refused; a warning is shown. */
export interface Finding {
  severity: Severity;
  /** `ladder[2].day`. */
  place: string;
  problem: InEach;
  cure: InEach;
}

/** A finding with the line it stands on. */
export interface LinedFinding extends FileProblem {
  severity: Severity;
}

/** A finding in one language, as people and machines are given it. */
export interface SaidFinding extends SaidProblem {
  severity: Severity;
}

export function sayFinding({ severity, place, problem, cure }: Finding | LinedFinding, lang: Lang): SaidFinding {
  return { severity, place: typeof place === "string" ? place : place[lang], problem: problem[lang], cure: cure[lang] };
}

/** Words put together from parts that differ by language themselves. */
export function inBoth(write: (lang: Lang) => string): InEach {
  return inEach(write("en"), write("pt-BR"));
}

/** A number within a sentence. What is to be written in the file keeps its point. */
export function decimal(value: number): InEach {
  return inEach(String(value), String(value).replace(".", ","));
}

export function hoursIn(value: number): InEach {
  const { en, "pt-BR": ptBR } = decimal(value);
  return inEach(`${en} ${value === 1 ? "hour" : "hours"}`, `${ptBR} ${Math.abs(value) < 2 ? "hora" : "horas"}`);
}

export function daysIn(value: number): InEach {
  return inEach(`${value} ${value === 1 ? "day" : "days"}`, `${value} ${value === 1 ? "dia" : "dias"}`);
}
