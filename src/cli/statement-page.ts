// What a bank's file says, for people and for machines.
import type { RefusedLine, Statement, StatementFile } from "../adapters/statements/statement.ts";
import type { StatementImported } from "../engine/import-statement.ts";
import type { Lang } from "../kernel/lang.ts";
import { formatMoney } from "../kernel/money.ts";
import { formatDay } from "../kernel/time.ts";
import { statementTexts } from "../words/statements.ts";
import { table } from "./table.ts";

/** A refused line in one language. */
type SaidLine = Omit<RefusedLine, "reason"> & { reason: string };

export function saidLines(refused: readonly RefusedLine[], lang: Lang): SaidLine[] {
  return refused.map((line) => ({ ...line, reason: line.reason[lang] }));
}

export function saidNotes({ notes }: StatementFile, lang: Lang): string[] {
  return notes.map((note) => note[lang]);
}

/** Days as ISO, amounts as cents; what is said of a line or the file in the asked language. */
export function statementForMachines(file: StatementFile, lang: Lang): Record<string, unknown> {
  return {
    ...file,
    notes: saidNotes(file, lang),
    statements: file.statements.map((statement) => ({
      ...statement,
      refused: saidLines(statement.refused, lang),
      lines: statement.lines.map((line) => ({ ...line, bookedOn: formatDay(line.bookedOn), paidOn: formatDay(line.paidOn) })),
    })),
  };
}

export function importedPage(done: StatementImported, refused: readonly SaidLine[], notes: readonly string[], lang: Lang): string[] {
  const texts = statementTexts(lang);
  return [
    ...texts.imported(done),
    ...(refused.length > 0 ? [texts.refused(refused.length)] : []),
    ...refused.map(({ line, column, reason }) => texts.refusedLine(line, column, reason)),
    ...notes,
  ];
}

export function statementPage(file: StatementFile, lang: Lang): string[] {
  const texts = statementTexts(lang);
  return [
    ...file.statements.flatMap((statement) => [...accountPage(statement, file.format, lang), ""]),
    ...saidNotes(file, lang),
    texts.nothingWritten,
  ];
}

function accountPage(statement: Statement, format: string, lang: Lang): string[] {
  const texts = statementTexts(lang);
  const money = (cents: number): string => formatMoney(cents, statement.currency, lang);
  const sum = (sign: 1 | -1): string =>
    money(statement.lines.reduce((total, line) => total + (Math.sign(line.amountCents) === sign ? line.amountCents : 0), 0));
  const [day, amount, about, number] = texts.heads;
  const rows = statement.lines.map((line) => [
    formatDay(line.bookedOn),
    money(line.amountCents),
    line.memo,
    line.slipNumber ?? line.documentNumber ?? line.endToEndId ?? "",
  ]);
  const heads = [{ head: day }, { head: amount, right: true }, { head: about, shrinks: true }, { head: number, shrinks: true }];
  return [
    texts.account(statement.account, format),
    ...(rows.length > 0 ? table(heads, rows) : []),
    texts.summary(rows.length, sum(1), sum(-1)),
    ...(statement.refused.length > 0 ? [texts.refused(statement.refused.length)] : []),
    ...saidLines(statement.refused, lang).map(({ line, column, reason }) => texts.refusedLine(line, column, reason)),
  ];
}
