// Keeps the seeds that showed planted defects, for the quick run: `node sim/mutants/remember.ts FILE`, what `--mutant all --json` printed.
import { readFileSync, writeFileSync } from "node:fs";
import { MUTANTS } from "./catalogue.ts";
import { knownSeeds, SEEDS_FILE, type HuntReport } from "./hunt.ts";

const reports = JSON.parse(readFileSync(process.argv[2] ?? "/dev/stdin", "utf8")) as HuntReport[];
const found = new Map(reports.map(({ mutant, seed }) => [mutant, seed]));
const before = knownSeeds();
const seeds = MUTANTS.map(({ name }) => [name, found.get(name) ?? before[name] ?? 1] as const);
writeFileSync(SEEDS_FILE, `${JSON.stringify(Object.fromEntries(seeds), null, 2)}\n`);
process.stdout.write(`${seeds.length} seeds kept, ${seeds.filter(([name, seed]) => before[name] !== seed).length} of them new\n`);
