// Tidy rules that read any text: work left unfinished, names that do not belong here, libraries without a reason.
import type { ProjectFile } from "./project.ts";
import type { Breach, Rule } from "./rule.ts";

// Written with character classes so that this file does not name what it forbids.
const UNFINISHED = /\b(?:TO[D]O|FIX[M]E|X{3})\b/gu;
const FOREIGN =
  /[/]work[/]|[.]library\b|\b[Ii]ssues?\s+#\d+|\b(?:[Cc]loses|[Ff]ixes|[Rr]efs?)\s+#\d+|\bregistry[.](?:npmjs|yarnpkg|npmmirror)[.]|\b(?:proxy[.]golang|files[.]pythonhosted)[.]org\b|\b(?:deb[.]debian|pypi)[.]org\b|\bcrates[.]io\b/gu;

function matches(pattern: RegExp) {
  return function* (file: ProjectFile): Iterable<Breach> {
    for (const [index, line] of file.lines.entries()) {
      for (const [seen] of line.matchAll(pattern)) yield { line: index + 1, seen: `“${seen}”` };
    }
  };
}

const REASONS = "docs/dependencies.md";

/** Both ways: a library without a reason, and a reason whose library is gone. */
function* reasonless(manifest: ProjectFile, project: readonly ProjectFile[]): Iterable<Breach> {
  const { dependencies = {}, devDependencies = {} } = JSON.parse(manifest.text) as Record<string, Record<string, string> | undefined>;
  const names = [...Object.keys(dependencies), ...Object.keys(devDependencies)];
  const page = project.find((file) => file.path === REASONS)?.text ?? "";
  const reasons = new Set([...page.matchAll(/^\| `([^`]+)`/gmu)].map((match) => match[1]));
  for (const name of names) {
    const line = manifest.lines.findLastIndex((text) => text.trim().startsWith(`"${name}":`)) + 1;
    if (!reasons.delete(name)) yield { line, seen: `${name} has no row in ${REASONS}` };
  }
  for (const name of reasons) yield { line: 1, seen: `${REASONS} gives a reason for ${name}, which is not in package.json` };
}

export const textRules: readonly Rule[] = [
  {
    name: "unfinished",
    why: "A note to finish later is read by everyone and done by nobody.",
    cure: "Finish it, or remove it and say so where the work is planned.",
    binds: (file) => /\.([mc]?[jt]s|tsx|sql|sh|md|ya?ml|css|html)$|^\.ci\//u.test(file.path),
    find: matches(UNFINISHED),
  },
  {
    name: "foreign-name",
    why: "A path of one machine, a registry's host or a number in someone's tracker means nothing to a reader of the code.",
    cure: "Say what it is in words.",
    binds: (file) => file.path !== "package-lock.json",
    find: matches(FOREIGN),
  },
  {
    name: "dependency-reason",
    why: "Every library is code we answer for.",
    cure: `Keep one row per library in ${REASONS}: what it is for, and why this one.`,
    binds: (file) => file.path === "package.json",
    find: reasonless,
  },
];
