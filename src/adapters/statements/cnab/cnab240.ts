// CNAB 240 return files: a slip is two records, segments T and U. Blanks lost at the end of a line are put back; a lost column is a fault.
import { unreadable, type Place, type RefusedLine } from "../statement.ts";
import type { Return } from "./cnab400.ts";
import { statementsOf } from "./cnab400.ts";
import { PAID_240, segmentT } from "./layouts.ts";
import { cents, day, SlotFault, text } from "./slots.ts";
import type { Title } from "./title.ts";

export const WIDTH_240 = 240;
/** Up to here a detail record has columns that are never blank at any bank: shorter, and more than blanks was lost. */
const SHORTEST = { T: 213, U: 153 } as const;

interface Half {
  record: string;
  place: Place;
}

/**
 * Reads the records of a file whose lines were split already.
 * @throws ReguaError `statement_unreadable`
 */
export function readCnab240(records: readonly string[]): Return {
  const bank = (records[0] ?? "").slice(0, 3);
  if (!/^\d{3}0000/u.test(records[0] ?? ""))
    throw unreadable("the first record is no header of a CNAB 240 file", "o primeiro registro não é um header de arquivo CNAB 240", {
      line: 1,
      column: 1,
    });
  const titles: (Title & Place)[] = [];
  const refused: RefusedLine[] = [];
  const notes: string[] = [];
  let open: Half | null = null;
  let shortened = 0;
  for (const [i, record] of records.entries()) {
    const place = { line: i + 1, column: 1 };
    if (!record.startsWith(bank))
      throw unreadable(
        `the record does not begin with the bank's number ${bank}: columns were lost`,
        `o registro não começa com o número do banco, ${bank}: perderam-se colunas`,
        place,
      );
    if (record.length < WIDTH_240) shortened += 1;
    if (record[7] !== "3") continue;
    const segment = record[13];
    if (segment !== "T" && segment !== "U") continue;
    if (record.trimEnd().length > WIDTH_240)
      throw unreadable(
        `the record has ${record.length} columns and not ${WIDTH_240}`,
        `o registro tem ${record.length} colunas, e não ${WIDTH_240}`,
        place,
      );
    if (record.length < SHORTEST[segment])
      throw unreadable(
        `the record has ${record.length} columns and not ${WIDTH_240}, and the missing ones are not blanks`,
        `o registro tem ${record.length} colunas, e não ${WIDTH_240}, e as que faltam não são brancos`,
        place,
      );
    const half = { record: record.padEnd(WIDTH_240), place };
    if (segment === "T") {
      if (open) refused.push({ ...open.place, reason: "segment T without its segment U" });
      open = half;
    } else if (open) {
      join(open, half, bank, titles, refused);
      open = null;
    } else refused.push({ ...place, reason: "segment U without its segment T" });
  }
  if (open) refused.push({ ...open.place, reason: "segment T without its segment U" });
  if (shortened > 0) notes.push(`${shortened} records had lost the blanks at their end.`);
  return { layout: `CNAB 240, bank ${bank}`, titles, statements: statementsOf(titles, refused, PAID_240), notes };
}

function join(t: Half, u: Half, bank: string, titles: (Title & Place)[], refused: RefusedLine[]): void {
  let half = t;
  try {
    const first = firstHalf(t.record, bank);
    half = u;
    titles.push({ ...t.place, ...first, ...secondHalf(u.record, first.occurrence) });
  } catch (error) {
    if (!(error instanceof SlotFault)) throw error;
    refused.push({ line: half.place.line, column: error.column, reason: error.message });
  }
}

type FirstHalf = Pick<
  Title,
  | "bank"
  | "agency"
  | "account"
  | "ourNumber"
  | "documentNumber"
  | "wallet"
  | "occurrence"
  | "dueOn"
  | "receivingBank"
  | "amount"
  | "fee"
  | "payerName"
  | "payerTaxId"
>;

function firstHalf(record: string, bank: string): FirstHalf {
  const layout = segmentT(bank);
  // Late columns that have only few values: a column lost before them moves them.
  expect(record, layout.currency, /^\d\d$/u, "the currency");
  expect(record, layout.payerKind, /^[0-39]$/u, "the payer's kind");
  expect(record, layout.payerTaxId, /^\d{15}$/u, "the payer's number");
  return {
    bank,
    agency: text(record, layout.agency),
    account: text(record, layout.account),
    ourNumber: text(record, layout.ourNumber),
    documentNumber: text(record, layout.documentNumber),
    wallet: text(record, layout.wallet),
    occurrence: expect(record, [16, 17], /^\d\d$/u, "the occurrence"),
    dueOn: day(record, layout.dueOn, "the due date"),
    receivingBank: expect(record, layout.receivingBank, /^\d{3}$/u, "the receiving bank"),
    amount: cents(record, layout.amount, "the slip's amount"),
    fee: cents(record, layout.fee, "the fee"),
    payerName: text(record, layout.payerName),
    payerTaxId: text(record, layout.payerTaxId),
  };
}

function secondHalf(record: string, occurrence: string): Omit<Title, keyof FirstHalf> {
  const told = expect(record, [16, 17], /^\d\d$/u, "the occurrence");
  if (told !== occurrence) throw new SlotFault(16, `segment U tells of occurrence ${told} and its segment T of ${occurrence}`);
  return {
    interest: cents(record, [18, 32], "the interest"),
    discount: cents(record, [33, 47], "the discount"),
    rebate: cents(record, [48, 62], "the rebate"),
    tax: cents(record, [63, 77], "the tax"),
    paid: cents(record, [78, 92], "the amount paid"),
    otherCosts: cents(record, [108, 122], "other costs"),
    otherCredits: cents(record, [123, 137], "other credits"),
    occurredOn: day(record, [138, 145], "the occurrence's date"),
    creditedOn: day(record, [146, 153], "the credit's date"),
    txid: null,
  };
}

function expect(record: string, slot: readonly [number, number], shape: RegExp, name: string): string {
  const written = record.slice(slot[0] - 1, slot[1]);
  if (!shape.test(written)) throw new SlotFault(slot[0], `${name} holds “${written.trim()}”: columns were lost or moved`);
  return written;
}
