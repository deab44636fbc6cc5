// Publishes the figures of a full run: `node sim/figures.ts RANGE.json… MUTANTS.json CHAOS.json WORLDS.json [--into FILE] [--date D] [--commit C]`.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { systemClock } from "../src/kernel/clock.ts";
import { formatInstant } from "../src/kernel/time.ts";
import { publish, section } from "./figures-page.ts";
import { commitThatRan, FiguresRefused, readRuns } from "./figures-runs.ts";

const ROOT = join(import.meta.dirname, "..");

function readFile(name: string): { name: string; text: string } {
  if (!existsSync(name)) throw new FiguresRefused(`${name} does not exist.`);
  return { name, text: readFileSync(name, "utf8") };
}

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      into: { type: "string", default: join(ROOT, "docs", "PROMISE.md") },
      date: { type: "string", default: formatInstant(systemClock.now()).slice(0, 10) },
      commit: { type: "string" },
    },
  });
  if (!/^\d{4}-\d{2}-\d{2}$/u.test(values.date)) throw new FiguresRefused(`--date ${values.date} is not a date like 2026-11-24.`);
  const runs = readRuns(positionals.map(readFile));
  const text = section(runs, { date: values.date, commit: values.commit ?? commitThatRan(runs) });
  const page = readFile(values.into).text;
  const next = publish(page, text);
  if (next !== page) writeFileSync(values.into, next);
  process.stdout.write(next === page ? `${values.into} says it already.\n` : `${values.into} is written.\n`);
}

try {
  main();
} catch (error) {
  if (!(error instanceof FiguresRefused || (error instanceof TypeError && "code" in error))) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
