// Pix BR Codes read: the text under a Pix QR code, also called copia e cola (EMV QRCPS-MPM as the Banco Central uses it).
import type { Cents } from "../kernel/money.ts";
import { crc16 } from "./crc16.ts";
import { readPixKey, type PixKeyKind } from "./pix-key.ts";
import { CITY_MAX, isPlain, NAME_MAX } from "./plain-letters.ts";
import { CRC_ID, readTlv, type TlvField, type TlvProblem } from "./tlv.ts";
import { isChargeTxid, isStaticTxid, NO_TXID } from "./txid.ts";

/** What a code asks the payer's bank to do. */
export type BrCodeKind =
  /** Pay a key; the code itself says how much. */
  | "static"
  /** Pay what a web address says (a charge of the API Pix). */
  | "dynamic"
  /** Authorise payments to come (Pix Automático) and pay nothing now. */
  | "recurrence";

/** Where a code departs from the manual and can be read all the same. Never a ground to distrust it: banks' own codes do so. */
export type BrCodeNote =
  "key_unreadable" | "url_scheme" | "txid_form" | "name_long" | "city_long" | "letters" | "country" | "crc_one_byte" | "repeated" | "long";

export interface BrCode {
  kind: BrCodeKind;
  text: string;
  /** May be paid once only (`12`), as often as one likes (`11`); null when it does not say. */
  use: "once" | "often" | null;
  key: string | null;
  /** Null with a key that is none of the five kinds, or whose check digits are wrong. */
  keyKind: PixKeyKind | null;
  /** Without its scheme: `pix.example.com/qr/v2/…`. */
  url: string | null;
  /** The receiver's words to the payer. */
  info: string | null;
  /** Null when the code carries none, or zero: the payer types it in, or the web address says it. */
  amountCents: Cents | null;
  name: string;
  city: string;
  postalCode: string | null;
  /** As it stands; `***` says none. A dynamic code's own is ignored by payers' banks: the charge's counts. */
  txid: string | null;
  /** Where a Pix Automático authorisation is described. */
  recurrenceUrl: string | null;
  /** Every field, in order, those we do not know included. */
  fields: readonly TlvField[];
  notes: readonly BrCodeNote[];
}

/** Why a text is not a Pix BR Code. `at` is a position in the text, from 0. */
export type BrCodeProblem =
  | { code: "not_br_code" | "currency" | "amount" | "crc_missing" | "after_crc"; at: number }
  | { code: "long"; at: number }
  | { code: `tlv_${TlvProblem["code"]}`; at: number }
  | { code: "crc"; at: number; found: string; right: string }
  /** A right EMV code of another arrangement. */
  | { code: "not_pix"; at: number }
  /** Names Pix, and neither a key nor an address. */
  | { code: "empty"; at: number };

export type BrCodeReading = { ok: true; code: BrCode } | { ok: false; problem: BrCodeProblem };

const BEGINNING = "000201";
/** EMV: what a QR code may hold. */
const EMV_MAX = 512;
/** What is read: codes a little above EMV's limit are about, with templates of several schemes. */
export const BR_CODE_MAX = 1000;
const GUI = "br.gov.bcb.pix";
const AMOUNT = /^(\d{1,10})(?:\.(\d{0,2}))?$/u;
const REAL = "986";

/** Reads a BR Code; space around it is left aside. Total: any text gives a code or the problem. */
export function readBrCode(written: string): BrCodeReading {
  const from = written.length - written.trimStart().length;
  const text = written.trim();
  if (!text.startsWith(BEGINNING)) return refused("not_br_code", from);
  if (text.length > BR_CODE_MAX) return refused("long", from + BR_CODE_MAX);
  const read = readTlv(text, from, CRC_ID);
  if (!read.ok) return refused(`tlv_${read.problem.code}`, read.problem.at);
  const sum = sumOf(text, read.fields, from, read.end);
  if ("problem" in sum) return { ok: false, problem: sum.problem };
  if (read.end - from < text.length) return refused("after_crc", read.end);
  return understand(text, read.fields, sum.oneByte, from);
}

function refused(code: Exclude<BrCodeProblem["code"], "crc">, at: number): BrCodeReading {
  return { ok: false, problem: { code, at } };
}

/** Whether the check sum is right: over UTF-8, or one byte a letter as some programs count. */
function sumOf(text: string, fields: readonly TlvField[], from: number, end: number): { oneByte: boolean } | { problem: BrCodeProblem } {
  const last = fields.at(-1);
  if (last?.id !== CRC_ID || last.value.length !== 4) return { problem: { code: "crc_missing", at: end } };
  const [head, found] = [text.slice(0, last.at - from + 4), last.value.toUpperCase()];
  const right = crc16(new TextEncoder().encode(head));
  if (found === right) return { oneByte: false };
  if (found === crc16(Uint8Array.from(head, (letter) => letter.charCodeAt(0)))) return { oneByte: true };
  return { problem: { code: "crc", at: last.at + 4, found, right } };
}

/** Field 26 by the manual; EMV leaves 26 to 51 to the arrangements, and some programs use another of them. */
function pixTemplate(fields: readonly TlvField[], first: number, last: number): TlvField[] | null {
  for (const { id, value, at } of fields) {
    if (Number(id) < first || Number(id) > last) continue;
    const inner = readTlv(value, at + 4);
    if (inner.ok && valueOf(inner.fields, "00")?.toLowerCase() === GUI) return inner.fields;
  }
  return null;
}

function valueOf(fields: readonly TlvField[], id: string): string | null {
  return fields.find((field) => field.id === id)?.value ?? null;
}

function understand(text: string, fields: readonly TlvField[], oneByte: boolean, from: number): BrCodeReading {
  const account = pixTemplate(fields, 26, 51);
  const recurrenceUrl = valueOf(pixTemplate(fields, 80, 99) ?? [], "25");
  if (!account && recurrenceUrl === null) return refused("not_pix", from);
  const key = valueOf(account ?? [], "01");
  const url = valueOf(account ?? [], "25");
  if (key === null && url === null && recurrenceUrl === null) return refused("empty", from);
  const currency = fields.find(({ id }) => id === "53");
  if (currency?.value !== REAL) return refused("currency", currency?.at ?? from);
  const amountField = fields.find(({ id }) => id === "54");
  const amount = amountField ? centsOf(amountField.value) : 0;
  if (amount === null) return refused("amount", amountField?.at ?? from);
  const more = fields.find(({ id }) => id === "62");
  const additional = more ? readTlv(more.value, more.at + 4) : null;
  const code: Omit<BrCode, "notes"> = {
    kind: url !== null ? "dynamic" : key !== null ? "static" : "recurrence",
    text,
    use: useOf(valueOf(fields, "01")),
    key,
    keyKind: key === null ? null : (readPixKey(key)?.kind ?? null),
    url: url?.replace(/^https?:\/\//iu, "") ?? null,
    info: valueOf(account ?? [], "02"),
    amountCents: amount === 0 ? null : amount,
    name: valueOf(fields, "59") ?? "",
    city: valueOf(fields, "60") ?? "",
    postalCode: valueOf(fields, "61"),
    txid: additional?.ok ? valueOf(additional.fields, "05") : null,
    recurrenceUrl,
    fields,
  };
  const notes = [...notesOf(code), ...(oneByte ? (["crc_one_byte"] as const) : [])];
  if (url !== null && url !== code.url) notes.push("url_scheme");
  return { ok: true, code: { ...code, notes } };
}

function useOf(initiation: string | null): BrCode["use"] {
  if (initiation === "12") return "once";
  return initiation === "11" ? "often" : null;
}

function centsOf(text: string): Cents | null {
  const match = AMOUNT.exec(text);
  return match ? Number(match[1]) * 100 + Number((match[2] ?? "").padEnd(2, "0")) : null;
}

function notesOf(code: Omit<BrCode, "notes">): BrCodeNote[] {
  const { key, keyKind, kind, name, city, txid, fields } = code;
  const txidFits = txid === NO_TXID || txid === null || isStaticTxid(txid) || (kind !== "static" && isChargeTxid(txid));
  const found: [BrCodeNote, boolean][] = [
    ["key_unreadable", key !== null && keyKind === null],
    ["txid_form", !txidFits],
    ["name_long", name.length > NAME_MAX],
    ["city_long", city.length > CITY_MAX],
    ["letters", !isPlain(name + city)],
    ["country", valueOf(fields, "58") !== "BR"],
    ["long", code.text.length > EMV_MAX],
    ["repeated", new Set(fields.map(({ id }) => id)).size < fields.length],
  ];
  return found.filter(([, holds]) => holds).map(([note]) => note);
}
