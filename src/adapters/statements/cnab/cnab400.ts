// CNAB 400 return files: one record a slip, every record of exactly 400 columns.
import { inEach, type InEach } from "../../../kernel/errors.ts";
import { unreadable, type Place, type RefusedLine, type Statement, type StatementLine } from "../statement.ts";
import { LAYOUTS_400, type Layout } from "./layouts.ts";
import { NAMES } from "./names.ts";
import { cents, day, SlotFault, text, type Slot } from "./slots.ts";
import { moneyOf, type Title } from "./title.ts";

export const WIDTH_400 = 400;

export interface Return {
  layout: string;
  titles: (Title & Place)[];
  statements: Statement[];
  notes: InEach[];
}

/**
 * Reads the records of a file whose lines were split already.
 * @throws ReguaError `statement_unreadable`
 */
export function readCnab400(records: readonly string[]): Return {
  const header = records[0] ?? "";
  const bank = header.slice(76, 79);
  const layout = LAYOUTS_400[bank];
  if (!header.startsWith("02RETORNO"))
    throw unreadable("the first record is no header of a return file", "o primeiro registro não é um header de arquivo de retorno", {
      line: 1,
      column: 1,
    });
  if (!layout)
    throw unreadable(
      `return files of bank “${bank}” are not known here`,
      `arquivos de retorno do banco “${bank}” não são conhecidos aqui`,
      { line: 1, column: 77 },
    );
  const titles: (Title & Place)[] = [];
  const refused: RefusedLine[] = [];
  const notes: InEach[] = [];
  let sequence = 0;
  for (const [i, record] of records.entries()) {
    const place = { line: i + 1, column: 1 };
    if (record.length !== WIDTH_400)
      throw unreadable(
        `the record has ${record.length} columns and not ${WIDTH_400}: columns were lost`,
        `o registro tem ${record.length} colunas, e não ${WIDTH_400}: perderam-se colunas`,
        place,
      );
    const number = Number(record.slice(394));
    if (number !== sequence + 1)
      notes.push(
        inEach(
          `Line ${place.line} is numbered ${record.slice(394)} after ${sequence}: records were taken out.`,
          `A linha ${place.line} tem o número ${record.slice(394)} depois de ${sequence}: registros foram retirados.`,
        ),
      );
    sequence = number;
    if (record.startsWith("0") || record.startsWith("9")) continue;
    // Santander's second record of a slip that can be paid by Pix.
    const last = titles.at(-1);
    if (bank === "033" && record.startsWith("2") && last) last.txid = text(record, [81, 115]) || null;
    else if (!record.startsWith(layout.record))
      throw unreadable(
        `a record of kind “${record[0] ?? ""}” is not of the ${layout.name} layout`,
        `um registro do tipo “${record[0] ?? ""}” não é do layout ${layout.name}`,
        place,
      );
    else readRecord(record, bank, layout, place, titles, refused);
  }
  return { layout: layout.name, titles, statements: statementsOf(titles, refused, layout), notes };
}

function readRecord(record: string, bank: string, layout: Layout, place: Place, titles: (Title & Place)[], refused: RefusedLine[]): void {
  try {
    titles.push({ ...place, ...titleOf(record, bank, layout) });
  } catch (error) {
    if (!(error instanceof SlotFault)) throw error;
    refused.push({ line: place.line, column: error.column, reason: error.reason });
  }
}

function titleOf(record: string, bank: string, layout: Layout): Title {
  const amount = (slot: Slot | undefined, name: InEach): number => (slot ? cents(record, slot, name) : 0);
  return {
    bank,
    agency: text(record, layout.agency),
    account: text(record, layout.account),
    ourNumber: text(record, layout.ourNumber),
    documentNumber: text(record, layout.documentNumber),
    wallet: text(record, layout.wallet),
    occurrence: text(record, layout.occurrence),
    occurredOn: day(record, layout.occurredOn, NAMES.occurredOn),
    creditedOn: day(record, layout.creditedOn, NAMES.creditedOn, layout.creditYearFirst),
    dueOn: day(record, layout.dueOn, NAMES.dueOn),
    receivingBank: text(record, layout.receivingBank),
    amount: amount(layout.amount, NAMES.amount),
    paid: amount(layout.paid, NAMES.paid),
    fee: amount(layout.fee, NAMES.fee),
    interest: amount(layout.interest, NAMES.interest),
    discount: amount(layout.discount, NAMES.discount),
    rebate: amount(layout.rebate, NAMES.rebate),
    tax: amount(layout.tax, NAMES.tax),
    otherCosts: amount(layout.otherCosts, NAMES.otherCosts),
    otherCredits: amount(layout.otherCredits, NAMES.otherCredits),
    payerName: layout.payerName ? text(record, layout.payerName) : "",
    payerTaxId: layout.payerTaxId ? text(record, layout.payerTaxId) : "",
    txid: null,
  };
}

/** The money in the titles, by account; what cannot be told apart stands with the refused. */
export function statementsOf(
  titles: readonly (Title & Place)[],
  faults: readonly RefusedLine[],
  money: Parameters<typeof moneyOf>[1],
): Statement[] {
  const byAccount = new Map<string, StatementLine[]>();
  const refused: RefusedLine[] = [...faults];
  for (const title of titles) {
    const { line, column } = title;
    const found = moneyOf(title, money);
    if (found && "pt-BR" in found) refused.push({ line, column, reason: found });
    else if (found) byAccount.set(found.account, [...(byAccount.get(found.account) ?? []), { line, column, ...found }]);
  }
  const statements = [...byAccount].map(([account, lines]): Statement => ({ account, currency: "BRL", lines, refused: [] }));
  const [first] = statements;
  refused.sort((a, b) => a.line - b.line);
  if (first) first.refused.push(...refused);
  else if (refused.length > 0) statements.push({ account: "", currency: "BRL", lines: [], refused });
  return statements;
}
