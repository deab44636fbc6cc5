// import csv: customers, services, invoices and payments from files and a map; twice changes nothing.
import { resolve } from "node:path";
import type { Command } from "commander";
import { CsvSource } from "../adapters/sources/csv/source.ts";
import { importCustomers, type ImportProgress, type ImportResult } from "../engine/import-customers.ts";
import { ReguaError } from "../kernel/errors.ts";
import type { RefusedLine } from "../ports/customer-source.ts";
import { oneLine } from "../words/clean.ts";
import { cliTexts } from "../words/cli.ts";
import type { CliTexts } from "../words/cli-texts.ts";
import type { App } from "./app.ts";
import { banner } from "./banner.ts";
import type { Progress } from "./io.ts";
import type { Run, Tools } from "./tools.ts";
import { wrap } from "./table.ts";

/** Refused lines that a person is shown; more are a wrong map, and all of them are in the JSON. */
const SHOWN_MAX = 50;

export function importCommands(program: Command, run: Run): void {
  const imports = program.command("import").description("Bring customers in from elsewhere.");
  imports
    .command("csv [files...]")
    .description("Customers, services, invoices and payments from CSV files. Ends with 1 when lines were refused; the rest is in.")
    .requiredOption("--map <file>", "YAML that says which column is what; without FILES the files it names, beside it, are taken")
    .addHelpText(
      "after",
      "\nExamples:\n  regua import csv customers.csv invoices.csv --map map.yaml\n  regua import csv --map examples/hosting.map.yaml",
    )
    .action(
      run(async (tools, files: string[], options: { map: string }) => tools.withApp((app) => importCsv(tools, app, files, options.map))),
    );
}

async function importCsv({ io }: Tools, app: App, files: readonly string[], map: string): Promise<void> {
  const { cwd } = io.host;
  const source = await CsvSource.open({ map: resolve(cwd, map), paths: files.map((file) => resolve(cwd, file)) });
  const texts = cliTexts(io.lang).imports;
  const bars = new Map<ImportProgress["phase"], Progress>();
  let result: ImportResult;
  try {
    result = await importCustomers(app.engine, source, {
      by: io.actor,
      onProgress: ({ phase, done, total }) => {
        let bar = bars.get(phase);
        if (!bar) {
          for (const earlier of bars.values()) earlier.stop();
          bars.set(phase, (bar = io.progress(texts[phase], total)));
        }
        bar.update(done);
      },
    });
  } finally {
    for (const bar of bars.values()) bar.stop();
  }
  const { customers, services, invoices, receipts, updated, refused, refusedLines } = result;
  const said = refused.map((line) => ({ ...line, reason: line.reason[io.lang], cure: line.cure[io.lang] }));
  io.result({ customers, services, invoices, receipts, updated, refused: said }, () =>
    [banner(app), ...page(result, said, texts)].join("\n"),
  );
  if (refusedLines > 0) throw new ReguaError("import_incomplete", { count: refusedLines });
}

/** A refused line in one language. */
type SaidLine = Omit<RefusedLine, "reason" | "cure"> & { reason: string; cure: string };

function page(result: ImportResult, refused: readonly SaidLine[], texts: CliTexts["imports"]): string[] {
  const { refusedLines } = result;
  const lines = [...wrap(texts.counts(result), "")];
  if (refusedLines === 0) return lines;
  lines.push(texts.refused(refusedLines));
  for (const { file, line, column, value, reason, cure } of refused.slice(0, SHOWN_MAX)) {
    const place = `${file}:${line}${column === undefined ? "" : ` (${oneLine(column, 60)})`}`;
    lines.push(...wrap(`${place}: ${oneLine(reason, 300)}${value === undefined || value === "" ? "" : ` [${oneLine(value, 60)}]`}`, "  "));
    lines.push(...wrap(oneLine(cure, 300), "    "));
  }
  if (refusedLines > SHOWN_MAX) lines.push(`  ${texts.more(refusedLines - SHOWN_MAX)}`);
  return lines;
}
