// Pix BR Codes made: a static one that pays a key, or a dynamic one that points to a charge of the API Pix.
import { inEach, ReguaError } from "../kernel/errors.ts";
import type { Cents } from "../kernel/money.ts";
import { crc16 } from "./crc16.ts";
import { readPixKey } from "./pix-key.ts";
import { CITY_MAX, isPlain, NAME_MAX, plainLetters } from "./plain-letters.ts";
import { CRC_ID, writeTlv } from "./tlv.ts";
import { isStaticTxid, NO_TXID } from "./txid.ts";

/** Who receives: names are brought to plain letters and cut to what the code has room for. */
interface Receiver {
  name: string;
  city: string;
}

export interface StaticParts extends Receiver {
  /** In any form that people write one. */
  key: string;
  /** Null: the payer types it in. */
  amountCents: Cents | null;
  /** Comes back with the payment; null for none. At most 25 letters and digits. */
  txid: string | null;
  /** Words to the payer, as far as the key leaves room. */
  info?: string;
}

export interface DynamicParts extends Receiver {
  /** Where the charge lies, with or without `https://`; the API Pix gives it as `location`. */
  location: string;
  /** Shown until the charge has been fetched, which counts. Null: none. */
  amountCents?: Cents | null;
  /** Where a Pix Automático authorisation lies, offered in the same code. */
  recurrence?: string;
}

const GUI = "br.gov.bcb.pix";
/** A template holds 99 characters, of which its ids, lengths and the GUI take 18, and those of a second field 4. */
const ACCOUNT_ROOM = 77;
const AMOUNT_MAX = 999_999_999_999;

/**
 * A code that pays a key, as often as one likes.
 * @throws ReguaError `field_invalid`
 */
export function makeStaticBrCode(parts: StaticParts): string {
  const key = readPixKey(parts.key);
  if (!key)
    throw invalid(
      "key",
      "it is no CPF, CNPJ, e-mail address, telephone with +55 or random key, or its check digits are wrong",
      "não é CPF, CNPJ, e-mail, telefone com +55 nem chave aleatória, ou os dígitos verificadores não conferem",
    );
  if (parts.txid !== null && !isStaticTxid(parts.txid))
    throw invalid(
      "txid",
      "a static code takes 1 to 25 letters and digits without accents",
      "um código estático leva de 1 a 25 letras e dígitos sem acento",
    );
  const room = ACCOUNT_ROOM - key.key.length - 4;
  const info = room > 0 ? plainLetters(parts.info ?? "", room) : "";
  const account = writeTlv("00", GUI) + writeTlv("01", key.key) + (info === "" ? "" : writeTlv("02", info));
  return finish(parts, { initiation: "", account, amount: parts.amountCents, txid: parts.txid ?? NO_TXID, recurrence: "" });
}

/**
 * A code that points to a charge, to be paid once. It carries no txid: the charge has it, and payers' banks ignore one in the code.
 * @throws ReguaError `field_invalid`
 */
export function makeDynamicBrCode(parts: DynamicParts): string {
  const account = writeTlv("00", GUI) + writeTlv("25", address("location", parts.location));
  const recurrence =
    parts.recurrence === undefined ? "" : writeTlv("80", writeTlv("00", GUI) + writeTlv("25", address("recurrence", parts.recurrence)));
  return finish(parts, { initiation: writeTlv("01", "12"), account, amount: parts.amountCents ?? null, txid: NO_TXID, recurrence });
}

function address(field: string, written: string): string {
  const url = written.trim().replace(/^https:\/\//iu, "");
  const fits = url.length <= ACCOUNT_ROOM && isPlain(url) && /^[^\s/]+\.[^\s/]+\/\S+$/u.test(url);
  if (!fits)
    throw invalid(
      field,
      `it is a web address of at most ${ACCOUNT_ROOM} characters without its https://, with a path`,
      `é um endereço da web de até ${ACCOUNT_ROOM} caracteres sem o https://, com um caminho`,
    );
  return url;
}

function finish(
  receiver: Receiver,
  made: { initiation: string; account: string; amount: Cents | null; txid: string; recurrence: string },
): string {
  const [name, city] = [plainLetters(receiver.name, NAME_MAX), plainLetters(receiver.city, CITY_MAX)];
  if (name === "") throw invalid("name", "no letter of it can stand in a BR Code", "nenhuma letra dele cabe em um BR Code");
  if (city === "") throw invalid("city", "no letter of it can stand in a BR Code", "nenhuma letra dele cabe em um BR Code");
  const text = [
    writeTlv("00", "01"),
    made.initiation,
    writeTlv("26", made.account),
    writeTlv("52", "0000"),
    writeTlv("53", "986"),
    made.amount === null ? "" : writeTlv("54", decimal(made.amount)),
    writeTlv("58", "BR"),
    writeTlv("59", name),
    writeTlv("60", city),
    writeTlv("62", writeTlv("05", made.txid)),
    made.recurrence,
    `${CRC_ID}04`,
  ].join("");
  return text + crc16(new TextEncoder().encode(text));
}

/** `29.90`: the API Pix and EMV write a point and no thousands. */
function decimal(amount: Cents): string {
  if (!Number.isSafeInteger(amount) || amount <= 0 || amount > AMOUNT_MAX)
    throw invalid("amount", "it is more than nothing and at most 9,999,999,999.99", "é mais do que zero e no máximo 9.999.999.999,99");
  return `${Math.floor(amount / 100)}.${String(amount % 100).padStart(2, "0")}`;
}

function invalid(field: string, en: string, ptBR: string): ReguaError {
  return new ReguaError("field_invalid", { field, problem: inEach(en, ptBR) });
}
