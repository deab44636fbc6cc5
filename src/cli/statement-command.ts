// statement import, statement parse, cnab parse: a bank's file taken in; or only read, which needs no installation and writes nothing.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Command } from "commander";
import { readCnab } from "../adapters/statements/cnab/cnab.ts";
import { readStatementFile } from "../adapters/statements/read.ts";
import type { StatementFile } from "../adapters/statements/statement.ts";
import { importStatement } from "../engine/import-statement.ts";
import { formatDay, type Day } from "../kernel/time.ts";
import { ReguaError } from "../kernel/errors.ts";
import { fileWhy } from "./file-why.ts";
import type { App } from "./app.ts";
import { banner } from "./banner.ts";
import { importedPage, saidLines, saidNotes, statementForMachines, statementPage } from "./statement-page.ts";
import { wrap } from "./table.ts";
import type { Run, Tools } from "./tools.ts";

export function statementCommands(program: Command, run: Run): void {
  const statement = program.command("statement").description("Bank statements: OFX and CNAB return files.");
  statement
    .command("import")
    .description("Take a bank's file in: what leaves no doubt is booked, the rest waits for a person. The same file again changes nothing.")
    .argument("<file>", "an OFX statement or a CNAB return file")
    .addHelpText("after", "\nExample:\n  regua statement import extrato.ofx")
    .action(run((tools, path: string) => tools.withApp((app) => takeIn(tools, app, path))));
  statement
    .command("parse")
    .description("What a bank's file says, line by line; what cannot be read with certainty is listed with its place.")
    .argument("<file>", "an OFX statement or a CNAB return file")
    .addHelpText("after", "\nExample:\n  regua statement parse extrato.ofx --json")
    .action(run((tools, path: string) => show(tools, readStatementFile(bytesOf(tools, path)))));
  program
    .command("cnab")
    .description("CNAB return files (240 and 400 columns).")
    .command("parse")
    .description("Every slip in a return file, with what the bank says of it; the statement lines are those that are money.")
    .argument("<file>", "a return file of the bank")
    .addHelpText("after", "\nExample:\n  regua cnab parse CB0511.RET --json")
    .action(
      run((tools, path: string) => {
        const file = readCnab(bytesOf(tools, path));
        const day = (value: Day | null): string | null => (value === null ? null : formatDay(value));
        const titles = file.titles.map((title) => ({
          ...title,
          occurredOn: day(title.occurredOn),
          creditedOn: day(title.creditedOn),
          dueOn: day(title.dueOn),
        }));
        return show(tools, file, { titles });
      }),
    );
}

async function takeIn(tools: Tools, app: App, path: string): Promise<void> {
  const { io } = tools;
  const file = readStatementFile(bytesOf(tools, path));
  const lines = file.statements.flatMap((statement) => statement.lines);
  const refused = saidLines(
    file.statements.flatMap((statement) => statement.refused),
    io.lang,
  );
  const notes = saidNotes(file, io.lang);
  const done = await importStatement(app.engine, lines, { by: io.actor });
  io.result({ ...done, refused, notes }, () =>
    [banner(app), ...importedPage(done, refused, notes, io.lang)].flatMap((text) => wrap(text, "")).join("\n"),
  );
}

function show({ io }: Tools, file: StatementFile, more: Record<string, unknown> = {}): Promise<void> {
  io.result({ ...statementForMachines(file, io.lang), ...more }, () => statementPage(file, io.lang).join("\n"));
  return Promise.resolve();
}

/** @throws ReguaError `file_unreadable` */
function bytesOf({ io }: Tools, path: string): Uint8Array {
  try {
    return readFileSync(resolve(io.host.cwd, path));
  } catch (error) {
    throw new ReguaError("file_unreadable", { file: path, why: fileWhy(error) }, { cause: error });
  }
}
