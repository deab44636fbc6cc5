// Chaos: `node sim/chaos/main.ts --minutes M [--seed S] [--json]`. Real processes, a real database, mail server and panel, all of them failing.
import { parseArgs } from "node:util";
import { killAll } from "./fleet.ts";
import { runChaos, type ChaosResult } from "./run.ts";

/** How much faster than the machine's the program's clock runs: leases of ten seconds instead of forty, and everything else alike. */
const SPEED = "4";

const PACES = { kill: [600, 3_600], stop: [2_000, 8_000], terminate: [1_500, 7_000], restart: [25_000, 60_000] } as const;

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

class Interrupted extends Error {
  override name = "Interrupted";
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      minutes: { type: "string", default: "5" },
      seed: { type: "string", default: "1" },
      speed: { type: "string", default: SPEED },
      customers: { type: "string", default: "300" },
      keep: { type: "string" },
      json: { type: "boolean", default: false },
    },
  });
  const result = await runChaos(
    {
      seed: Number(values.seed),
      minutes: Number(values.minutes),
      speed: Number(values.speed),
      customers: Number(values.customers),
      paces: PACES,
      atLeast: { kills: Math.floor(10 * Number(values.minutes)), stopsPastLease: 0, restarts: 0 },
      progress: say,
      keep: values.keep ?? null,
    },
    interrupted,
  );
  process.stdout.write(values.json ? `${JSON.stringify(result)}\n` : page(result));
  return result.violations.length === 0 ? 0 : 1;
}

function page({ violations, ...figures }: ChaosResult): string {
  const text = (value: unknown): string =>
    value !== null && typeof value === "object"
      ? Object.entries(value)
          .map(([kind, count]) => `${kind} ${String(count)}`)
          .join(", ")
      : String(value);
  const rows = Object.entries(figures).map(([name, value]) => `${name.padEnd(20)} ${text(value)}`);
  return `${[...rows, `${"violations".padEnd(20)} ${violations.length}`, ...violations.map((v) => `  ${v.invariant}  ${v.text}`)].join("\n")}\n`;
}

const interrupted = new Promise<never>((_, reject) => {
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => reject(new Interrupted(name)));
});
// The last resort, should this process end with an error of its own.
process.once("exit", killAll);

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof Interrupted)) throw error;
  say(`${error.message}: everything that was started is ended`);
  process.exit(130);
}
