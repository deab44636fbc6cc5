// Habits of this project that no general linter knows. `node tools/tidy.ts [folder]` names each breach and its cure.
import { resolve } from "node:path";
import { codeRules } from "./tidy-code.ts";
import { sqlRules } from "./tidy-sql.ts";
import { textRules } from "./tidy-text.ts";
import { readProject } from "./project.ts";
import type { Breach, Rule } from "./rule.ts";

export interface Finding extends Breach {
  path: string;
  rule: Rule;
}

/** A file that may break a rule, and the reason someone accepted. */
export interface Exception {
  rule: string;
  path: string;
  because: string;
}

/** Meant to stay empty: an exception is a debt with a name. */
const EXCEPTIONS: readonly Exception[] = [];

const RULES: readonly Rule[] = [...codeRules, ...sqlRules, ...textRules];

const STALE: Rule = {
  name: "exception",
  why: "An exception that excuses nothing hides the next breach.",
  cure: "Take it out of EXCEPTIONS in tools/tidy.ts.",
  binds: () => true,
  find: () => [],
};

/** Every breach under `root`. */
export function tidy(root: string, exceptions: readonly Exception[] = EXCEPTIONS): Finding[] {
  const project = readProject(root);
  const findings: Finding[] = [];
  const used = new Set<Exception>();
  for (const file of project) {
    for (const rule of RULES) {
      if (!rule.binds(file)) continue;
      const excuse = exceptions.find((exception) => exception.rule === rule.name && exception.path === file.path);
      for (const breach of rule.find(file, project)) {
        if (excuse) used.add(excuse);
        else findings.push({ ...breach, path: file.path, rule });
      }
    }
  }
  for (const { rule, path } of exceptions.filter((exception) => !used.has(exception))) {
    findings.push({ path: "tools/tidy.ts", line: 1, seen: `“${rule}” for ${path}`, rule: STALE });
  }
  return findings;
}

/** Findings by rule: why the habit is held and the cure, then each place. */
export function describeFindings(findings: readonly Finding[]): string {
  const byRule = Map.groupBy(findings, (finding) => finding.rule);
  const parts = [...byRule].map(([{ name, why, cure }, places]) => {
    const rows = places.sort((a, b) => (a.path === b.path ? a.line - b.line : a.path < b.path ? -1 : 1));
    return [`${name}: ${why} ${cure}`, ...rows.map(({ path, line, seen }) => `  ${path}:${line}  ${seen}`)].join("\n");
  });
  return parts.join("\n\n");
}

if (import.meta.main) {
  const findings = tidy(resolve(process.argv[2] ?? "."));
  if (findings.length > 0) console.log(describeFindings(findings));
  process.exitCode = findings.length > 0 ? 1 : 0;
}
