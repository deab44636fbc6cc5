// How an invoice can be paid, as the portal shows it: a Pix code made for it, and the boleto that was issued for it.
import { formatDigitLine, readBoleto, type Boleto } from "../codes/boleto.ts";
import { bankOf } from "../codes/institutions.ts";
import { itfBars } from "../codes/itf.ts";
import { makeStaticBrCode } from "../codes/make-br-code.ts";
import { readPixKey } from "../codes/pix-key.ts";
import { sha256 } from "../kernel/hash.ts";
import type { Id } from "../kernel/ids.ts";
import type { Cents } from "../kernel/money.ts";
import { DAY_MS, type Day, type Instant } from "../kernel/time.ts";
import { codesOf, insertCodes, type ChargeCode } from "../store/charge-codes.ts";
import { payWithOf, type PayWith } from "../store/charges.ts";
import { inTransaction } from "../store/retry.ts";
import type { Engine } from "./engine.ts";
import type { Setting } from "./setting.ts";

export interface WaysToPay {
  /** The text of a Pix BR Code for the amount; null where the provider named no Pix key. */
  pix: string | null;
  /** Null where no boleto was issued. */
  slip: SlipToPay | null;
  /** Null: the charge has none, or the page would ask for less than is owed today. */
  page: PageToPay | null;
}

/** What a boleto's digits say, to be drawn on paper. */
export interface SlipSheet {
  /** The three digits, and the name where we know it. */
  bank: { number: string; name: string | null };
  /** Null: the payer types it in. */
  amountCents: Cents | null;
  dueOn: Day | null;
  /** Widths of bars and spaces by turns. */
  bars: readonly number[];
}

/** A page of the gateway. */
export interface PageToPay {
  url: string;
  /** A card can be typed there. False: it is shown because nothing else is there to pay with. */
  card: boolean;
}

export interface SlipToPay {
  /** As it is printed. */
  digitLine: string;
  /** Null: the line is none that bars can be drawn of. */
  sheet: SlipSheet | null;
  /** The gateway's own document of it. Null: it has none. */
  page: string | null;
}

interface Payable {
  customerId: Id;
  invoiceId: Id;
  customer: string;
  invoice: string;
  /** What is asked for now. */
  amountCents: Cents;
  /** That is the invoice's own amount, for which its charge at the gateway was made. */
  withoutFees: boolean;
}

/**
 * The codes of the invoice's charge at the gateway, which knows by itself who paid. Where there is none, or more is asked than it was made
 * for, a static code: the key may be paid again, and the txid says for which invoice. Its amount is that of the day it is shown.
 */
export async function waysToPay(engine: Engine, setting: Setting, payable: Payable): Promise<WaysToPay> {
  const { customerId, invoiceId, withoutFees } = payable;
  const charged = await payWithOf(engine.db, { customerId, invoiceId });
  const known = await codesOf(engine.db, customerId, invoiceId);
  const issued = known.find((code) => code.kind === "bar_code");
  const slip = slipOf(charged, issued?.value ?? null, engine.clock.now());
  const pix = await pixOf(engine, setting, payable, { charged, known });
  const { cardUrl, payUrl } = charged;
  if (!withoutFees && !charged.cardAddsFee) return { pix, slip, page: null };
  if (cardUrl !== null) return { pix, slip, page: { url: cardUrl, card: true } };
  return { pix, slip, page: pix === null && slip === null && payUrl !== null && isHttps(payUrl) ? { url: payUrl, card: false } : null };
}

/** Those of charges made before their pages were looked at are of any kind. */
const isHttps = (address: string): boolean => URL.canParse(address) && new URL(address).protocol === "https:";

async function pixOf(
  engine: Engine,
  { provider, currency }: Setting,
  payable: Payable,
  { charged, known }: { charged: PayWith; known: readonly ChargeCode[] },
): Promise<string | null> {
  const { pix, name } = provider;
  const { customerId, invoiceId, amountCents, withoutFees } = payable;
  if (charged.pixCode !== null && (withoutFees || !pix)) return charged.pixCode;
  if (!pix || readPixKey(pix.key) === null || currency !== "BRL") return null;
  const txid = txidOf(payable);
  const code = { kind: "txid" as const, value: txid };
  // Before it is shown: a payment that carries it must find its invoice.
  if (!known.some(({ kind, value }) => kind === code.kind && value === txid))
    await inTransaction(engine.db, (trx) => insertCodes(trx, [{ ...code, customerId, invoiceId }]));
  return makeStaticBrCode({ key: pix.key, name, city: pix.city, amountCents, txid });
}

/** Of the provider's numbers: the same for an invoice for ever, and no other invoice's. */
function txidOf({ customer, invoice }: Payable): string {
  return `RG${sha256(`txid ${customer}\n${invoice}`).slice(0, 20).toUpperCase()}`;
}

/** The charge's own, else the one whose bar code was recorded for the invoice. */
function slipOf({ boletoLine, slipUrl }: PayWith, barCode: string | null, now: Instant): SlipToPay | null {
  const code = boletoLine ?? barCode;
  if (code === null) return null;
  const read = readBoleto(code, Math.floor(now / DAY_MS));
  const page = boletoLine === null ? null : slipUrl;
  if (read.ok) return { digitLine: formatDigitLine(read.boleto.digitLine), sheet: sheetOf(read.boleto), page };
  return boletoLine === null ? null : { digitLine: boletoLine, sheet: null, page };
}

function sheetOf({ bank, amountCents, due, barCode }: Boleto): SlipSheet {
  return { bank: { number: bank, name: bankOf(bank)?.name ?? null }, amountCents, dueOn: due.day, bars: itfBars(barCode) };
}
