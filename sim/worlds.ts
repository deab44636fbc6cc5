// Decides every small world and judges each decision by the promise: `node sim/worlds.ts [--json]`. The same as the test, with its figures.
import { parseArgs } from "node:util";
import { systemClock } from "../src/kernel/clock.ts";
import { ATLASES, HELP, IGNORANCE } from "../src/policy/testing/atlases.ts";
import { compare, liveThrough } from "../src/policy/testing/live-worlds.ts";

const { values } = parseArgs({ options: { json: { type: "boolean", default: false } } });
const started = systemClock.now();
const total = { worlds: 0, suspensions: 0, pairs: 0, breaches: [] as string[], seconds: 0 };
for (const { name, atlas } of ATLASES) {
  const lived = liveThrough(atlas);
  const { pairs, harsher } = compare(atlas, lived.bits, [...HELP, ...IGNORANCE]);
  total.worlds += lived.worlds;
  total.suspensions += lived.suspensions;
  total.pairs += pairs;
  total.breaches.push(...lived.breaches, ...harsher);
  process.stderr.write(`${name}: ${lived.worlds} worlds, ${pairs} pairs\n`);
}
total.seconds = (systemClock.now() - started) / 1000;
const { breaches, ...figures } = total;
const rows = Object.entries(figures).map(([what, figure]) => `${what.padEnd(14)} ${figure}`);
process.stdout.write(
  values.json ? `${JSON.stringify(total)}\n` : `${[...rows, `breaches       ${breaches.length}`, ...breaches].join("\n")}\n`,
);
process.exitCode = breaches.length === 0 ? 0 : 1;
