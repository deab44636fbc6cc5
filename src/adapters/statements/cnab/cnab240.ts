// CNAB 240 return files: a slip is two records, segments T and U. Blanks lost at the end of a line are put back; a lost column is a fault.
import { inEach, type InEach } from "../../../kernel/errors.ts";
import { unreadable, type Place, type RefusedLine } from "../statement.ts";
import type { Return } from "./cnab400.ts";
import { statementsOf } from "./cnab400.ts";
import { PAID_240, segmentT } from "./layouts.ts";
import { NAMES } from "./names.ts";
import { cents, day, holds, SlotFault, text } from "./slots.ts";
import type { Title } from "./title.ts";

export const WIDTH_240 = 240;
/** Up to here a detail record has columns that are never blank at any bank: shorter, and more than blanks was lost. */
const SHORTEST = { T: 213, U: 153 } as const;

const T_ALONE = inEach("segment T without its segment U", "segmento T sem o seu segmento U");
const U_ALONE = inEach("segment U without its segment T", "segmento U sem o seu segmento T");

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
  const notes: InEach[] = [];
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
      if (open) refused.push({ ...open.place, reason: T_ALONE });
      open = half;
    } else if (open) {
      join(open, half, bank, titles, refused);
      open = null;
    } else refused.push({ ...place, reason: U_ALONE });
  }
  if (open) refused.push({ ...open.place, reason: T_ALONE });
  if (shortened > 0)
    notes.push(
      inEach(
        `${shortened} records had lost the blanks at their end.`,
        shortened === 1 ? "1 registro tinha perdido os brancos do fim." : `${shortened} registros tinham perdido os brancos do fim.`,
      ),
    );
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
    refused.push({ line: half.place.line, column: error.column, reason: error.reason });
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
  expect(record, layout.currency, /^\d\d$/u, NAMES.currency);
  expect(record, layout.payerKind, /^[0-39]$/u, NAMES.payerKind);
  expect(record, layout.payerTaxId, /^\d{15}$/u, NAMES.payerTaxId);
  return {
    bank,
    agency: text(record, layout.agency),
    account: text(record, layout.account),
    ourNumber: text(record, layout.ourNumber),
    documentNumber: text(record, layout.documentNumber),
    wallet: text(record, layout.wallet),
    occurrence: expect(record, [16, 17], /^\d\d$/u, NAMES.occurrence),
    dueOn: day(record, layout.dueOn, NAMES.dueOn),
    receivingBank: expect(record, layout.receivingBank, /^\d{3}$/u, NAMES.receivingBank),
    amount: cents(record, layout.amount, NAMES.amount),
    fee: cents(record, layout.fee, NAMES.fee),
    payerName: text(record, layout.payerName),
    payerTaxId: text(record, layout.payerTaxId),
  };
}

function secondHalf(record: string, occurrence: string): Omit<Title, keyof FirstHalf> {
  const told = expect(record, [16, 17], /^\d\d$/u, NAMES.occurrence);
  if (told !== occurrence)
    throw new SlotFault(
      16,
      inEach(
        `segment U tells of occurrence ${told} and its segment T of ${occurrence}`,
        `o segmento U fala da ocorrência ${told}, e o seu segmento T, da ${occurrence}`,
      ),
    );
  return {
    interest: cents(record, [18, 32], NAMES.interest),
    discount: cents(record, [33, 47], NAMES.discount),
    rebate: cents(record, [48, 62], NAMES.rebate),
    tax: cents(record, [63, 77], NAMES.tax),
    paid: cents(record, [78, 92], NAMES.paid),
    otherCosts: cents(record, [108, 122], NAMES.otherCosts),
    otherCredits: cents(record, [123, 137], NAMES.otherCredits),
    occurredOn: day(record, [138, 145], NAMES.occurredOn),
    creditedOn: day(record, [146, 153], NAMES.creditedOn),
    txid: null,
  };
}

function expect(record: string, slot: readonly [number, number], shape: RegExp, name: InEach): string {
  const written = record.slice(slot[0] - 1, slot[1]);
  if (!shape.test(written))
    throw new SlotFault(slot[0], holds(name, written, ": columns were lost or moved", ": perderam-se ou deslocaram-se colunas"));
  return written;
}
