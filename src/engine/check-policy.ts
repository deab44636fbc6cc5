// What a policy file is worth: its findings with the line each stands on, and what differs between two versions.
import { LineCounter, parseDocument } from "yaml";
import { alike, inEach, type InEach } from "../kernel/errors.ts";
import { lineAt, onLine } from "../kernel/file-problems.ts";
import type { Lang } from "../kernel/lang.ts";
import { checkPolicy } from "../policy/check.ts";
import { checkPanels, type PanelAbility } from "../policy/check-panels.ts";
import { policyVersion } from "../policy/compile.ts";
import { sayFinding, type LinedFinding, type SaidFinding } from "../policy/finding.ts";
import { tryPolicy } from "../policy/read.ts";

export interface Checked {
  /** As it was given on the command line. */
  file: string;
  /** It can be put in force; warnings may remain. */
  ok: boolean;
  /** Null when it cannot be read so far. */
  version: string | null;
  findings: LinedFinding[];
}

/** As people and machines are given it. */
export interface SaidChecked extends Omit<Checked, "findings"> {
  findings: SaidFinding[];
}

/** Reads a policy and checks what it means. Every finding's place names its line. */
export function checkSource(file: string, source: string, panels: readonly PanelAbility[] = []): Checked {
  const reading = tryPolicy(source);
  if (reading.doc === null)
    return { file, ok: false, version: null, findings: reading.problems.map((problem) => ({ severity: "error", ...problem })) };
  const { doc } = reading;
  const findings = [...checkPolicy(doc), ...checkPanels(doc, panels)].map((finding) => ({
    ...finding,
    place: withLine(source, finding.place),
  }));
  return { file, ok: findings.every((finding) => finding.severity !== "error"), version: policyVersion(doc), findings };
}

/** `ladder[2].day` as `ladder[2].day (line 14)`. What was left out is found on the line of what should hold it. */
function withLine(source: string, place: string): InEach {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines });
  const path = [...place.matchAll(/\[(\d+)\]|([^.[\]]+)/gu)].map(([, entry, key = ""]) => (entry === undefined ? key : Number(entry)));
  return onLine(alike(place), lineAt(document, lines, path));
}

export function checkedIn(checked: Checked, lang: Lang): SaidChecked {
  return { ...checked, findings: findingsIn(checked.findings, lang) };
}

export function findingsIn(findings: readonly LinedFinding[], lang: Lang): SaidFinding[] {
  return findings.map((finding) => sayFinding(finding, lang));
}

export function sayChecked(checked: Checked, lang: Lang): string {
  const { file, ok, version, findings } = checkedIn(checked, lang);
  const verdict = ok
    ? `✓ ${file}: ${version ?? ""} ${inEach("can be put in force", "pode entrar em vigor")[lang]}`
    : `✗ ${file} ${inEach("cannot be put in force", "não pode entrar em vigor")[lang]}`;
  const rows = findings.flatMap(({ severity, place, problem, cure }) => [
    `  ${severity === "error" ? "✗" : "!"} ${place}: ${problem.replace(/[.]$/u, "")}.`,
    `    ${cure}`,
  ]);
  return [verdict, ...rows].join("\n");
}

/** What differs between two policies, one line a place: `ladder[suspend].day: 5 → 7`. */
export function changesBetween(before: unknown, after: unknown): InEach<string[]> {
  return inEach(changesAt("", before, after, EN), changesAt("", before, after, PT_BR));
}

/** The words between the values; what was put in or taken out comes already written. */
interface ChangeWords {
  nothing: string;
  takenOut(what: string): string;
  putIn(what: string): string;
}

const EN: ChangeWords = { nothing: "nothing", takenOut: (what) => `taken out (${what})`, putIn: (what) => `put in (${what})` };
const PT_BR: ChangeWords = { nothing: "nada", takenOut: (what) => `retirado (${what})`, putIn: (what) => `incluído (${what})` };

function changesAt(place: string, before: unknown, after: unknown, words: ChangeWords): string[] {
  if (isGroup(before) && isGroup(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) => changesAt(place === "" ? key : `${place}.${key}`, before[key], after[key], words));
  }
  if (Array.isArray(before) && Array.isArray(after) && [...before, ...after].some(isGroup)) return itemChanges(place, before, after, words);
  const [old, fresh] = [show(before, words), show(after, words)];
  return old === fresh ? [] : [`${place}: ${old} → ${fresh}`];
}

function itemChanges(place: string, before: readonly unknown[], after: readonly unknown[], words: ChangeWords): string[] {
  const named = (items: readonly unknown[]): Map<string, unknown> => new Map(items.map((item, i) => [nameOf(item) ?? String(i), item]));
  const [old, fresh] = [named(before), named(after)];
  return [...new Set([...old.keys(), ...fresh.keys()])].flatMap((name) => {
    const at = `${place}[${name}]`;
    if (!fresh.has(name)) return [`${at}: ${words.takenOut(show(old.get(name), words))}`];
    return old.has(name) ? changesAt(at, old.get(name), fresh.get(name), words) : [`${at}: ${words.putIn(show(fresh.get(name), words))}`];
  });
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** Steps and segments are known by their names, so that one put in between does not change all after it. */
function nameOf(item: unknown): string | null {
  if (!isGroup(item)) return null;
  const { step, segment } = item;
  return typeof step === "string" ? step : typeof segment === "string" ? segment : null;
}

function show(value: unknown, words: ChangeWords): string {
  if (value === undefined) return words.nothing;
  if (Array.isArray(value)) return `[${value.map((item) => show(item, words)).join(", ")}]`;
  if (isGroup(value)) {
    const parts = Object.entries(value).filter(([key]) => key !== "step" && key !== "segment");
    return parts.map(([key, item]) => `${key} ${show(item, words)}`).join(", ");
  }
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 50 ? `${text.slice(0, 50)}…` : text;
}
