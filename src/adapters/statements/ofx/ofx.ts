// Reads OFX statements: bank accounts and cards, every dialect met so far. Total: any bytes give statements or one clear refusal.
import { findEndToEndIds } from "../../../codes/find-codes.ts";
import { findTaxIds } from "../../../codes/find-tax-ids.ts";
import { inEach, type InEach } from "../../../kernel/errors.ts";
import { sha256 } from "../../../kernel/hash.ts";
import { formatDay } from "../../../kernel/time.ts";
import type { BankLine } from "../../../ports/bank-statement.ts";
import { decode, readCompactDay, shown, unreadable, type Place, type Statement, type StatementFile } from "../statement.ts";
import { readOfxAmount } from "./amount.ts";
import { find, findAll, placesOf, readElements, textOf, type Element } from "./elements.ts";

const STATEMENTS = new Set(["STMTRS", "CCSTMTRS"]);
const MOVEMENTS = new Set(["STMTTRN"]);
const INVESTMENTS = new Set(["INVSTMTRS"]);
/** Movements whose name says the direction; the sign of the amount must agree, or the line is not guessed. */
const MONEY_OUT = new Set(["DEBIT", "FEE", "SRVCHG", "PAYMENT", "DIRECTDEBIT"]);

/** Whether bytes look like OFX at all, by their first 4 kB. */
export function looksLikeOfx(bytes: Uint8Array): boolean {
  return /OFXHEADER|<OFX>/u.test(decode(bytes.subarray(0, 4096)));
}

/**
 * Reads a statement file (OFX 1.x SGML, 2.x XML).
 * @throws ReguaError `statement_unreadable`: no OFX, an error that the bank itself answered, no account in it
 */
export function readOfx(bytes: Uint8Array): StatementFile {
  const source = decode(bytes);
  const start = source.indexOf("<OFX");
  if (start < 0) throw unreadable("there is no <OFX> element: this is no OFX file", "não há elemento <OFX>: não é um arquivo OFX");
  const placeIn = placesOf(source);
  const root = readElements(source.slice(start));
  const place = (element: Element): Place => placeIn(start + element.at);
  if (root?.name !== "OFX")
    throw unreadable("the file ends inside its first element", "o arquivo termina dentro do primeiro elemento", placeIn(start));
  const statements = findAll(root, STATEMENTS).map((element) => readStatement(element, place));
  const errors = bankErrors(root, place);
  const invested = findAll(root, INVESTMENTS).length;
  if (statements.length === 0) {
    const [error] = errors;
    if (error) throw unreadable(error.said.en, error.said["pt-BR"], error.place);
    throw invested > 0
      ? unreadable(
          "only investment accounts are in it, which take no payments of customers",
          "só há contas de investimento nele, que não recebem pagamentos de clientes",
        )
      : unreadable("there is no bank or card account in it", "não há conta de banco nem de cartão nele");
  }
  const notes = errors.map(({ place: { line }, said }) => inEach(`Line ${line}: ${said.en}.`, `Linha ${line}: ${said["pt-BR"]}.`));
  if (invested > 0)
    notes.push(
      inEach(
        `${invested} investment accounts were left out: they take no payments of customers.`,
        `Contas de investimento deixadas de fora: ${invested}. Elas não recebem pagamentos de clientes.`,
      ),
    );
  return { format: "ofx", statements, notes };
}

/** A bank that could not answer writes an OFX file about that. */
function bankErrors(root: Element, place: (element: Element) => Place): { said: InEach; place: Place }[] {
  return findAll(root, new Set(["STATUS"]))
    .filter((answer) => textOf(answer, "SEVERITY") === "ERROR")
    .map((answer) => {
      const message = textOf(answer, "MESSAGE");
      const [own, code] = [message === null ? null : shown(message).replace(/\.$/u, ""), textOf(answer, "CODE") ?? "?"];
      const said = inEach(
        `the bank answers with error ${code}: ${own ?? "it says no more"}`,
        `o banco responde com o erro ${code}${own === null ? " e não diz mais" : `: ${own}`}`,
      );
      return { said, place: place(answer) };
    });
}

function readStatement(element: Element, place: (element: Element) => Place): Statement {
  const from = find(element, "BANKACCTFROM") ?? find(element, "CCACCTFROM");
  const id = from ? textOf(from, "ACCTID") : null;
  if (!from || id === null)
    throw unreadable(
      "the statement does not say of which account it is (ACCTID)",
      "o extrato não diz de que conta é (ACCTID)",
      place(element),
    );
  const currency = textOf(element, "CURDEF");
  if (currency === null)
    throw unreadable("the statement does not say its currency (CURDEF)", "o extrato não diz a sua moeda (CURDEF)", place(element));
  const bank = bankCode(textOf(from, "BANKID"));
  const account = bank === null ? id : `${bank}/${id}`;
  const statement: Statement = { account, currency, lines: [], refused: [] };
  for (const movement of findAll(element, MOVEMENTS)) {
    const read = readMovement(movement);
    if ("pt-BR" in read) statement.refused.push({ ...place(movement), reason: read });
    else statement.lines.push({ ...place(movement), account, currency, ...read });
  }
  return statement;
}

/** A movement, or why it cannot be taken. */
function readMovement(movement: Element): Omit<BankLine, "account" | "currency"> | InEach {
  const value = (name: string): string | null => textOf(movement, name);
  const [written, posted, kind] = [value("TRNAMT"), value("DTPOSTED"), value("TRNTYPE")];
  if (written === null) return inEach("the amount (TRNAMT) is missing", "falta o valor (TRNAMT)");
  const amountCents = readOfxAmount(written);
  if (amountCents === null)
    return inEach(
      `the amount “${shown(written)}” cannot be read with certainty`,
      `o valor “${shown(written)}” não pode ser lido com certeza`,
    );
  if (amountCents === 0)
    return inEach("the amount is zero: a line of information, no money", "o valor é zero: uma linha de informação, sem dinheiro");
  if (posted === null) return inEach("the day (DTPOSTED) is missing", "falta o dia (DTPOSTED)");
  const bookedOn = readCompactDay(posted);
  if (bookedOn === null) return inEach(`the day “${shown(posted)}” does not exist`, `o dia “${shown(posted)}” não existe`);
  if (kind !== null && MONEY_OUT.has(kind) && amountCents > 0)
    return inEach(
      `${kind} says money out, and the amount ${shown(written)} says money in`,
      `${kind} diz saída de dinheiro, e o valor ${shown(written)} diz entrada`,
    );
  if (kind === "CREDIT" && amountCents < 0)
    return inEach(
      `CREDIT says money in, and the amount ${shown(written)} says money out`,
      `CREDIT diz entrada de dinheiro, e o valor ${shown(written)} diz saída`,
    );
  const payee = movement.children.find((child) => child.name === "PAYEE");
  const name = value("NAME") ?? (payee ? textOf(payee, "NAME") : null);
  const memo = [name, value("MEMO"), value("MEMO2")]
    .filter((part) => part !== null)
    .join(" ")
    .replace(/\s+/gu, " ");
  const number = [value("CHECKNUM"), value("REFNUM")].find((text) => text !== null && !/^0*$/u.test(text)) ?? null;
  // Without the bank's id, what it says stands for it.
  const own = value("FITID") ?? `sha256:${sha256(memo).slice(0, 16)}`;
  return {
    externalId: `${own} ${formatDay(bookedOn)} ${amountCents}`,
    bookedOn,
    paidOn: bookedOn,
    amountCents,
    memo,
    payer: { name, taxId: onlyTaxId(memo) },
    txid: null,
    endToEndId: onlyEndToEnd(memo),
    slipNumber: null,
    documentNumber: number,
  };
}

/** Two numbers in one text, and neither is taken: one of them may be ours. */
function onlyTaxId(memo: string): string | null {
  const [first, second] = findTaxIds(memo);
  return first && !second ? first.pattern : null;
}

function onlyEndToEnd(memo: string): string | null {
  const [first, second] = findEndToEndIds(memo);
  return first && !second && first.id.kind === "payment" ? first.id.id : null;
}

/** Banks write their own number as 1, 001, 0341 or 341: three digits, by COMPE. Anything longer is another country's. */
function bankCode(written: string | null): string | null {
  if (written === null) return null;
  return /^0*\d{1,3}$/u.test(written) && written.length <= 4 ? written.replace(/^0+/u, "").padStart(3, "0") : written;
}
