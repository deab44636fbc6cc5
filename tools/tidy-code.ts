// Tidy rules that read TypeScript: where time, chance, the environment and the network may enter, and how big a file grows.
import ts from "typescript";
import type { ProjectFile } from "./project.ts";
import type { Breach, Rule } from "./rule.ts";

const FILE_LINES_MAX = 320;
const TEST_FILE_LINES_MAX = 600;
const FUNCTION_LINES_MAX = 80;
const HEADER_LETTERS_MIN = 20;

/** Code that ships or simulates, apart from its tests. */
export function isProduction(file: ProjectFile): boolean {
  return file.isTypeScript && !file.isTest && /^(src|sim)\//u.test(file.path);
}

const CLOCK_MEMBERS = new Set([
  "Date.now",
  "Math.random",
  "performance.now",
  "performance.timeOrigin",
  "process.hrtime",
  "process.uptime",
  "Temporal.Now",
  "AbortSignal.timeout",
]);
/** Taken apart (`const { now } = Date`), they are the same clocks under other names. */
const CLOCKS = new Set(["Date", "Math", "performance", "Temporal"]);
const TIMERS = new Set(["setTimeout", "setInterval"]);
const CHANCE = new Set(["randomUUID", "randomBytes", "randomInt", "getRandomValues"]);

/** `a.b` for a plain member access, also of the global object (`globalThis.a.b`), else nothing. */
function memberText(node: ts.Node): string | undefined {
  if (!ts.isPropertyAccessExpression(node)) return undefined;
  const owner = node.expression.getText().replace(/^globalThis\./u, "");
  return /^\w+$/u.test(owner) ? `${owner}.${node.name.text}` : undefined;
}

/** The name of a member that the file itself declares (a key, a method), not a use of the global of that name. */
function isDeclaredName(node: ts.Identifier): boolean {
  const { parent } = node;
  return (
    (ts.isPropertyAssignment(parent) ||
      ts.isPropertySignature(parent) ||
      ts.isPropertyDeclaration(parent) ||
      ts.isMethodSignature(parent) ||
      ts.isMethodDeclaration(parent)) &&
    parent.name === node
  );
}

/** Member of an object other than the global one: `socket.setTimeout` is not our timer. */
function isMemberOfAnother(node: ts.Identifier): boolean {
  const { parent } = node;
  return ts.isPropertyAccessExpression(parent) && parent.name === node && parent.expression.getText() !== "globalThis";
}

const isDate = (node: ts.Expression): boolean => /^(?:globalThis\.)?Date$/u.test(node.getText());

function* clockUses(file: ProjectFile): Iterable<Breach> {
  for (const node of file.nodes) {
    const member = memberText(node);
    if (member !== undefined && CLOCK_MEMBERS.has(member)) yield { line: file.lineOf(node), seen: member };
    if (ts.isNewExpression(node) && isDate(node.expression) && !node.arguments?.length) {
      yield { line: file.lineOf(node), seen: "new Date()" };
    }
    if (ts.isCallExpression(node) && isDate(node.expression)) yield { line: file.lineOf(node), seen: "Date()" };
    if (
      ts.isVariableDeclaration(node) &&
      ts.isObjectBindingPattern(node.name) &&
      node.initializer &&
      CLOCKS.has(node.initializer.getText())
    )
      yield { line: file.lineOf(node), seen: `${node.name.getText()} = ${node.initializer.getText()}` };
    if (!ts.isIdentifier(node) || isDeclaredName(node)) continue;
    if (CHANCE.has(node.text) || (TIMERS.has(node.text) && !isMemberOfAnother(node))) {
      yield { line: file.lineOf(node), seen: node.text };
    }
  }
}

function* environmentReads(file: ProjectFile): Iterable<Breach> {
  for (const node of file.nodes) {
    const byKey =
      ts.isElementAccessExpression(node) && node.expression.getText() === "process" && /^["'`]env/u.test(node.argumentExpression.getText());
    const imported = ts.isImportDeclaration(node) && /^["'](node:)?process["']$/u.test(node.moduleSpecifier.getText());
    if (memberText(node) === "process.env" || byKey || imported) {
      yield { line: file.lineOf(node), seen: imported ? "import from node:process" : "process.env" };
    }
  }
}

function* fetchCalls(file: ProjectFile): Iterable<Breach> {
  for (const node of file.nodes) {
    if (!ts.isCallExpression(node)) continue;
    const callee = node.expression.getText();
    if (callee === "fetch" || callee === "globalThis.fetch") yield { line: file.lineOf(node), seen: "fetch(" };
  }
}

function* consoleUses(file: ProjectFile): Iterable<Breach> {
  for (const node of file.nodes) {
    const member = memberText(node);
    if (member?.startsWith("console.")) yield { line: file.lineOf(node), seen: member };
  }
}

function* reExports(file: ProjectFile): Iterable<Breach> {
  for (const node of file.source.statements) {
    if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
      yield { line: file.lineOf(node), seen: `export … from ${node.moduleSpecifier.getText()}` };
    }
  }
}

const SUITES = new Set(["it", "test", "describe", "suite", "bench"]);
const SWITCHED = new Set(["skip", "only", "to" + "do"]);

function* switchedTests(file: ProjectFile): Iterable<Breach> {
  for (const node of file.nodes) {
    if (!ts.isPropertyAccessExpression(node) || !SWITCHED.has(node.name.text)) continue;
    let root: ts.Expression = node.expression;
    while (ts.isPropertyAccessExpression(root) || ts.isCallExpression(root)) root = root.expression;
    if (ts.isIdentifier(root) && SUITES.has(root.text)) yield { line: file.lineOf(node), seen: `${root.text}.${node.name.text}` };
  }
}

function* missingHeader(file: ProjectFile): Iterable<Breach> {
  const lines = file.lines;
  const at = lines[0]?.startsWith("#!") ? 1 : 0;
  const first = lines[at] ?? "";
  if (!first.startsWith("//") || first.replace(/^\/+\s*/u, "").length < HEADER_LETTERS_MIN) {
    yield { line: at + 1, seen: first === "" ? "an empty first line" : `the first line is “${first.slice(0, 60)}”` };
  }
}

function* longFile(file: ProjectFile): Iterable<Breach> {
  const most = file.isTest ? TEST_FILE_LINES_MAX : FILE_LINES_MAX;
  const count = file.lines.length;
  if (count > most) yield { line: most + 1, seen: `${count} lines, at most ${most}` };
}

/** The callback of `describe` holds a file's tests: its length says nothing about one of them. */
function isSuiteBody(node: ts.Node): boolean {
  return ts.isCallExpression(node.parent) && /^(describe|suite)\b/u.test(node.parent.expression.getText());
}

function* longFunctions(file: ProjectFile): Iterable<Breach> {
  for (const node of file.nodes) {
    if (!ts.isFunctionLike(node) || !("body" in node) || !node.body || isSuiteBody(node)) continue;
    const line = file.lineOf(node);
    const count = file.lineOf(node.getEnd()) - line + 1;
    if (count > FUNCTION_LINES_MAX) yield { line, seen: `${nameOf(node)} has ${count} lines, at most ${FUNCTION_LINES_MAX}` };
  }
}

function nameOf(node: ts.SignatureDeclaration): string {
  if (node.name) return node.name.getText();
  return ts.isVariableDeclaration(node.parent) ? node.parent.name.getText() : "a function";
}

export const codeRules: readonly Rule[] = [
  {
    name: "clock",
    why: "Time and chance are passed in, so that the simulator, the sandbox and replay own them: same seed, same history.",
    cure: "Take a Clock, `wait` or a random source of src/kernel as a parameter; only main picks the machine's.",
    binds: (file) => isProduction(file) && !/^src\/(kernel\/|main\.ts$)/u.test(file.path),
    find: clockUses,
  },
  {
    name: "environment",
    why: "Configuration is read once and checked whole, so that a misspelt variable is refused at the start and not met at night.",
    cure: "Add the key to the configuration schema and pass the value in from src/main.ts.",
    binds: (file) => file.isTypeScript && !file.isTest && /^(src|sim|bench)\//u.test(file.path) && file.path !== "src/main.ts",
    find: environmentReads,
  },
  {
    name: "fetch",
    why: "A call to the outside ends done, refused or unknown, and only an adapter tells the three apart.",
    cure: "Put the call behind a port, in src/adapters.",
    binds: (file) => isProduction(file) && !file.path.startsWith("src/adapters/"),
    find: fetchCalls,
  },
  {
    name: "console",
    why: "The server's log is structured and hides secrets; a line on the console does neither.",
    cure: "Log through the logger that was passed in, or write from src/cli.",
    binds: (file) => isProduction(file) && file.path.startsWith("src/") && !/^src\/(cli\/|main\.ts$)/u.test(file.path),
    find: consoleUses,
  },
  {
    name: "barrel",
    why: "A name has one place; re-exported, it has two, and rooms grow arrows nobody drew.",
    cure: "Import it from the file that defines it.",
    binds: (file) => file.isTypeScript,
    find: reExports,
  },
  {
    name: "switched-test",
    why: "A test switched off proves nothing, and one run alone hides the others.",
    cure: "Mend it, remove it, or use skipIf with a message that says what the machine lacks.",
    binds: (file) => file.isTypeScript,
    find: switchedTests,
  },
  {
    name: "header",
    why: "The first line tells a reader whether the file is the one they look for.",
    cure: `Begin with one // line of at least ${HEADER_LETTERS_MIN} letters: what the file is for.`,
    binds: (file) => file.isCode,
    find: missingHeader,
  },
  {
    name: "file-length",
    why: "Past this length a file holds a second subject.",
    cure: "Look for the second room and give it a file of its own.",
    binds: (file) => file.isCode,
    find: longFile,
  },
  {
    name: "function-length",
    why: "Past this length a function does two things, and a test of one meets the other.",
    cure: "Name the second thing and take it out.",
    binds: (file) => file.isCode,
    find: longFunctions,
  },
];
