// What `--mutant NAME|all` prints: a line for each planted defect, the invariants expected and seen, and the seed that shows it.
import { MUTANTS, mutantNamed } from "./catalogue.ts";
import { hunt, type HuntOptions, type HuntReport } from "./hunt.ts";

export interface Told {
  json: boolean;
  /** Gets a line as each hunt ends, and the table or the JSON at the end. */
  progress: (line: string) => void;
  print: (text: string) => void;
}

/** Hunts one mutant or all of them; 1 when one survives. */
export async function huntNamed(name: string, options: Omit<HuntOptions, "onEnd">, { json, progress, print }: Told): Promise<0 | 1> {
  const mutants = name === "all" ? MUTANTS : [mutantNamed(name)];
  const reports = await hunt(mutants, { ...options, onEnd: (report) => progress(line(report)) });
  const survivors = reports.filter((report) => !report.caught);
  print(json ? `${JSON.stringify(reports)}\n` : page(reports, survivors));
  return survivors.length === 0 ? 0 : 1;
}

function line({ mutant, caught, seed, found, breaks, seen, report, seeds, seconds }: HuntReport): string {
  const name = mutant.padEnd(28);
  const time = `${seconds.toFixed(1).padStart(6)} s`;
  if (!caught) return `SURVIVES ${name}${time}  ${seeds} seeds, none shows ${breaks.join(" or ")}; ${report ?? "nothing was reported"}`;
  const where = found === "known seed" ? `seed ${seed} (known)` : `seed ${seed}`;
  return `caught   ${name}${time}  ${where.padEnd(16)} ${seen.join(" ").padEnd(12)} ${report ?? ""}`;
}

function page(reports: readonly HuntReport[], survivors: readonly HuntReport[]): string {
  const head = `${"planted defect".padEnd(28)} ${"breaks".padEnd(12)} ${"seen".padEnd(16)} ${"seed".padStart(5)} ${"lived".padStart(5)} ${"s".padStart(7)}`;
  const rows = reports.map(
    ({ mutant, breaks, seen, seed, seeds, seconds }) =>
      `${mutant.padEnd(28)} ${breaks.join(" ").padEnd(12)} ${seen.join(" ").padEnd(16)} ${String(seed ?? "none").padStart(5)} ${String(seeds).padStart(5)} ${seconds.toFixed(1).padStart(7)}`,
  );
  const known = reports.some((report) => report.found === "known seed");
  return [
    head,
    ...rows,
    "",
    `${reports.length - survivors.length} of ${reports.length} caught${survivors.length === 0 ? "" : `; survivors: ${survivors.map((s) => s.mutant).join(", ")}`}`,
    ...(known ? ["Known seeds were tried first; without --quick the first seed of the range that catches is looked for."] : []),
    "",
  ].join("\n");
}
