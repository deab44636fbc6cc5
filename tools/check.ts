// `npm run check`: every gate that needs no test run, two at a time, one line each, and the output of those that fail.
// `npm run check -- habits types` runs only the parts whose names hold one of these words.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
/** The machines this runs on have two cores; more at once only makes each slower. */
const AT_ONCE = 2;

interface Part {
  name: string;
  command: readonly string[];
}

interface Result {
  part: Part;
  passed: boolean;
  seconds: number;
  output: string;
}

const rooms = ["src", "test", "sim", "bench", "tools", "web"].filter((folder) => existsSync(join(root, folder)));

/** The slowest first, so that the short ones fill the gaps. */
const PARTS: readonly Part[] = [
  { name: "defects (eslint)", command: ["eslint", "--max-warnings", "0", "."] },
  { name: "types (tsc)", command: ["tsc", "--noEmit"] },
  { name: "types of the pages (tsc)", command: ["tsc", "-p", "web", "--noEmit"] },
  { name: "layout (prettier)", command: ["prettier", "--check", "--log-level", "warn", "."] },
  {
    name: "arrows (dependency-cruiser)",
    command: ["depcruise", "--config", ".dependency-cruiser.cjs", "--output-type", "err-long", ...rooms],
  },
  { name: "habits (tidy)", command: ["node", "tools/tidy.ts"] },
  { name: "dead code (dead)", command: ["node", "tools/dead.ts"] },
];

function run(part: Part): Promise<Result> {
  const started = performance.now();
  const [program = "", ...args] = part.command;
  const path = `${join(root, "node_modules", ".bin")}${delimiter}${process.env.PATH ?? ""}`;
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const child = spawn(program, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, PATH: path } });
    const end = (passed: boolean, more = "") => {
      const output = Buffer.concat(chunks).toString("utf8") + more;
      resolve({ part, passed, seconds: (performance.now() - started) / 1000, output });
    };
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("error", (error) => end(false, `${program} did not start: ${error.message}\n`));
    child.on("close", (code, signal) => end(code === 0, signal ? `ended by ${signal}\n` : ""));
  });
}

const words = process.argv.slice(2);
const parts = PARTS.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
if (parts.length === 0) {
  console.error(`No part of the check is called that. There are: ${PARTS.map(({ name }) => name).join(", ")}.`);
  process.exit(2);
}

/** The pages' types are made of the server's routes, and every part that reads the pages needs them. */
const made = await run({ name: "types of the routes", command: ["node", "tools/web-types.ts"] });
if (!made.passed) {
  console.log(made.output);
  process.exit(1);
}

const started = performance.now();
const waiting = [...parts];
const results: Result[] = [];

async function work(): Promise<void> {
  for (let part = waiting.shift(); part; part = waiting.shift()) {
    const result = await run(part);
    results.push(result);
    console.log(`${result.passed ? "✓" : "✗"} ${part.name.padEnd(28)} ${result.seconds.toFixed(1).padStart(5)} s`);
  }
}

await Promise.all(Array.from({ length: AT_ONCE }, work));

const failed = results.filter((result) => !result.passed);
for (const { part, output } of failed) console.log(`\n── ${part.name} ──\n${output.trimEnd()}`);
const seconds = ((performance.now() - started) / 1000).toFixed(1);
console.log(`\n${failed.length === 0 ? "All" : `${parts.length - failed.length} of`} ${parts.length} parts pass. ${seconds} s.`);
process.exitCode = failed.length === 0 ? 0 : 1;
