// Single values of a line, checked: each either has its type or refuses the line with the reason and the cure.
import { inEach, type InEach } from "../../../kernel/errors.ts";
import { LANGS, type Lang } from "../../../kernel/lang.ts";
import type { Cents, Currency } from "../../../kernel/money.ts";
import type { Day } from "../../../kernel/time.ts";
import { readAmount, type Decimal } from "./amounts.ts";
import type { Cell } from "./cells.ts";
import { isNoDate, readDate, type DateFormat } from "./dates.ts";
import { LineRefused } from "./problem.ts";
import type { Row } from "./rows.ts";

/** How this file writes dates and amounts, once that is known. */
export interface Notation {
  dates: DateFormat;
  decimal: Decimal;
}

/** Longer numbers, names and addresses are a shifted column; also, an index entry has an end. */
const REF_MAX = 200;
const TEXT_MAX = 500;
const EMAIL_MAX = 254;

const CONTROL = /\p{Cc}/u;

export function blank(cell: Cell | null, row: Row): boolean {
  return cell === null || cell.read(row) === "";
}

/** `{what}` within a reason, in each language. */
function about(what: InEach, en: string, ptBR: string): InEach {
  return inEach(`${what.en} ${en}`, `${what["pt-BR"]} ${ptBR}`);
}

function missing(cell: Cell, value: string, what: InEach): LineRefused {
  return new LineRefused(
    { column: cell.column, value },
    inEach(`${what.en} is missing`, `falta ${what["pt-BR"]}`),
    inEach("Fill it in, or map another column.", "Preencha a célula, ou indique outra coluna no mapa."),
  );
}

/** A value that has to be there. */
function needed(cell: Cell, row: Row, what: InEach): string {
  const value = cell.read(row);
  if (value === "") throw missing(cell, "", what);
  return value;
}

function checked(cell: Cell, value: string, max: number, what: InEach): string {
  const where = { column: cell.column, value };
  if (value.length > max)
    throw new LineRefused(
      where,
      about(what, `is longer than ${max} letters`, `tem mais de ${max} letras`),
      inEach("Look whether the columns are shifted in this line.", "Veja se as colunas estão deslocadas nesta linha."),
    );
  if (CONTROL.test(value) || !value.isWellFormed())
    throw new LineRefused(
      where,
      about(what, "holds letters that cannot be printed", "contém caracteres que não podem ser impressos"),
      inEach("Remove them, or say the file's encoding in the map.", "Tire-os, ou diga no mapa a codificação do arquivo."),
    );
  return value;
}

/** One of the provider's own numbers: kept letter by letter, on one line. */
export function ref(cell: Cell, row: Row, what: InEach): string {
  const value = checked(cell, needed(cell, row, what), REF_MAX, what);
  if (value.includes("\u{fffd}"))
    throw new LineRefused(
      { column: cell.column, value },
      about(what, "holds a letter that was lost (\u{fffd})", "contém uma letra que se perdeu (\u{fffd})"),
      inEach("Say the file's encoding in the map, or mend the cell.", "Diga no mapa a codificação do arquivo, ou conserte a célula."),
    );
  return value;
}

export function optionalRef(cell: Cell | null, row: Row, what: InEach): string | null {
  return cell === null || blank(cell, row) ? null : ref(cell, row, what);
}

/** A text for people: line breaks and tabs become spaces. */
export function text(cell: Cell | null, row: Row, what: InEach): string | null {
  if (cell === null) return null;
  const value = cell.read(row).replace(/\s+/gu, " ");
  return value === "" ? null : checked(cell, value, TEXT_MAX, what);
}

export function email(cell: Cell | null, row: Row): string | null {
  if (cell === null || blank(cell, row)) return null;
  const value = checked(cell, cell.read(row), EMAIL_MAX, inEach("the e-mail address", "o endereço de e-mail"));
  if (!/^[^\s@<>(),;:"[\]\\]+@[^\s@<>(),;:"[\]\\.]+(?:\.[^\s@<>(),;:"[\]\\.]+)+$/u.test(value))
    throw new LineRefused(
      { column: cell.column, value },
      inEach("this is not one e-mail address", "isto não é um único endereço de e-mail"),
      inEach(
        "Write one address, or leave the cell blank: the customer is then without e-mail.",
        "Escreva um só endereço, ou deixe a célula em branco: o cliente fica então sem e-mail.",
      ),
    );
  return value;
}

export function lang(cell: Cell | null, row: Row): Lang | null {
  if (cell === null || blank(cell, row)) return null;
  const value = cell.read(row);
  const found = LANGS.find((one) => one.toLowerCase() === value.replace("_", "-").toLowerCase());
  if (found) return found;
  throw new LineRefused(
    { column: cell.column, value },
    inEach("this language is not known", "este idioma não é conhecido"),
    inEach(`Write ${LANGS.join(" or ")}, or leave the cell blank.`, `Escreva ${LANGS.join(" ou ")}, ou deixe a célula em branco.`),
  );
}

export function currency(cell: Cell | null, row: Row): Currency | null {
  if (cell === null || blank(cell, row)) return null;
  const value = cell.read(row).toUpperCase();
  if (/^[A-Z]{3}$/u.test(value)) return value;
  throw new LineRefused(
    { column: cell.column, value },
    inEach("this is not a currency", "isto não é uma moeda"),
    inEach("Write its three letters, for example BRL.", "Escreva as três letras dela, por exemplo BRL."),
  );
}

export function tags(cell: Cell | null, split: string, row: Row): string[] | null {
  if (cell === null || blank(cell, row)) return null;
  const words = cell
    .read(row)
    .split(split)
    .map((word) => word.trim())
    .filter((word) => word !== "");
  return [...new Set(words.map((word) => checked(cell, word, 60, inEach("a tag", "uma etiqueta"))))].sort();
}

export function hasDay(cell: Cell | null, row: Row): cell is Cell {
  return cell !== null && !isNoDate(cell.read(row));
}

export function day(cell: Cell, row: Row, notation: Notation, what: InEach): Day {
  const value = cell.read(row);
  if (isNoDate(value)) throw missing(cell, value, what);
  const found = readDate(value, notation.dates);
  if (found !== null) return found;
  throw new LineRefused(
    { column: cell.column, value },
    about(what, `is not a date as this file writes them (${notation.dates})`, `não é uma data como as deste arquivo (${notation.dates})`),
    inEach(
      "Correct the date. If the whole file is read wrongly, say `dates` in the map.",
      "Corrija a data. Se o arquivo inteiro está sendo lido errado, diga `dates` no mapa.",
    ),
  );
}

export function optionalDay(cell: Cell | null, row: Row, notation: Notation, what: InEach): Day | null {
  return hasDay(cell, row) ? day(cell, row, notation, what) : null;
}

/** An amount more than nothing. */
export function amount(cell: Cell, row: Row, notation: Notation, what: InEach): Cents {
  const value = needed(cell, row, what);
  const found = readAmount(value, notation.decimal);
  const where = { column: cell.column, value };
  if (found === null)
    throw new LineRefused(
      where,
      about(
        what,
        `is not an amount as this file writes them (decimal ${notation.decimal === "," ? "comma" : "point"}, at most two decimals)`,
        `não é um valor como os deste arquivo (${notation.decimal === "," ? "vírgula" : "ponto"} decimal, no máximo duas casas)`,
      ),
      inEach(
        "Correct the amount. If the whole file is read wrongly, say `decimal` in the map.",
        "Corrija o valor. Se o arquivo inteiro está sendo lido errado, diga `decimal` no mapa.",
      ),
    );
  if (found <= 0)
    throw new LineRefused(
      where,
      about(what, "is not more than nothing", "não é maior que zero"),
      inEach(
        "Leave the line out, or skip such lines in the map: refunds and credits are not imported.",
        "Deixe a linha de fora, ou pule linhas assim no mapa: estornos e créditos não são importados.",
      ),
    );
  return found;
}

/** A price may be nothing. */
export function price(cell: Cell | null, row: Row, notation: Notation): Cents | null {
  if (cell === null || blank(cell, row)) return null;
  const value = cell.read(row);
  const found = readAmount(value, notation.decimal);
  if (found !== null && found >= 0) return found;
  throw new LineRefused(
    { column: cell.column, value },
    inEach("the price is not an amount as this file writes them", "o preço não é um valor como os deste arquivo"),
    inEach("Correct the price, or leave the cell blank.", "Corrija o preço, ou deixe a célula em branco."),
  );
}
