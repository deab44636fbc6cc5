// What a policy file is worth: its findings with the line each stands on, and what differs between two versions.
import { isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import { ReguaError } from "../kernel/errors.ts";
import { checkPolicy, type Finding } from "../policy/check.ts";
import { checkPanels, type PanelAbility } from "../policy/check-panels.ts";
import { policyVersion } from "../policy/compile.ts";
import { readPolicy, type PolicyProblem } from "../policy/read.ts";

export interface Checked {
  /** As it was given on the command line. */
  file: string;
  /** It can be put in force; warnings may remain. */
  ok: boolean;
  /** Null when it cannot be read so far. */
  version: string | null;
  findings: Finding[];
}

/** Reads a policy and checks what it means. Every finding's place names its line. */
export function checkSource(file: string, source: string, panels: readonly PanelAbility[] = []): Checked {
  try {
    const doc = readPolicy(source);
    const findings = [...checkPolicy(doc), ...checkPanels(doc, panels)].map((finding) => ({
      ...finding,
      place: withLine(source, finding.place),
    }));
    return { file, ok: findings.every((finding) => finding.severity !== "error"), version: policyVersion(doc), findings };
  } catch (error) {
    if (!(error instanceof ReguaError) || error.code !== "policy_invalid") throw error;
    const problems = error.details.problems as readonly PolicyProblem[];
    return { file, ok: false, version: null, findings: problems.map((problem) => ({ severity: "error", ...problem })) };
  }
}

/** `ladder[2].day` as `ladder[2].day (line 14)`. What was left out is found on the line of what should hold it. */
function withLine(source: string, place: string): string {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines });
  let node: unknown = document.contents;
  let at = 0;
  for (const part of place.matchAll(/\[(\d+)\]|([^.[\]]+)/gu)) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === part[2]);
      if (!pair || !isScalar(pair.key)) break;
      at = pair.key.range?.[0] ?? at;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(part[1])];
      at = (node as { range?: [number, number, number] | null } | undefined)?.range?.[0] ?? at;
    } else break;
  }
  return `${place} (line ${lines.linePos(at).line})`;
}

export function sayChecked({ file, ok, version, findings }: Checked): string {
  const verdict = ok ? `✓ ${file}: ${version ?? ""} can be put in force` : `✗ ${file} cannot be put in force`;
  const rows = findings.flatMap(({ severity, place, problem, cure }) => [
    `  ${severity === "error" ? "✗" : "!"} ${place}: ${problem.replace(/[.]$/u, "")}.`,
    `    ${cure}`,
  ]);
  return [verdict, ...rows].join("\n");
}

/** What differs between two policies, one line a place: `ladder[suspend].day: 5 → 7`. */
export function changesBetween(before: unknown, after: unknown, place = ""): string[] {
  if (isGroup(before) && isGroup(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) => changesBetween(before[key], after[key], place === "" ? key : `${place}.${key}`));
  }
  if (Array.isArray(before) && Array.isArray(after) && [...before, ...after].some(isGroup)) return itemChanges(before, after, place);
  const [old, fresh] = [show(before), show(after)];
  return old === fresh ? [] : [`${place}: ${old} → ${fresh}`];
}

function itemChanges(before: readonly unknown[], after: readonly unknown[], place: string): string[] {
  const named = (items: readonly unknown[]): Map<string, unknown> => new Map(items.map((item, i) => [nameOf(item) ?? String(i), item]));
  const [old, fresh] = [named(before), named(after)];
  return [...new Set([...old.keys(), ...fresh.keys()])].flatMap((name) => {
    const at = `${place}[${name}]`;
    if (!fresh.has(name)) return [`${at}: taken out (${show(old.get(name))})`];
    return old.has(name) ? changesBetween(old.get(name), fresh.get(name), at) : [`${at}: put in (${show(fresh.get(name))})`];
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

function show(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return `[${value.map(show).join(", ")}]`;
  if (isGroup(value)) {
    const parts = Object.entries(value).filter(([key]) => key !== "step" && key !== "segment");
    return parts.map(([key, item]) => `${key} ${show(item)}`).join(", ");
  }
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 50 ? `${text.slice(0, 50)}…` : text;
}
