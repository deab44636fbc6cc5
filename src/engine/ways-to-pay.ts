// How an invoice can be paid, as the portal shows it: a Pix code made for it, and the boleto that was issued for it.
import { formatDigitLine, readBoleto, type Boleto } from "../codes/boleto.ts";
import { makeStaticBrCode } from "../codes/make-br-code.ts";
import { readPixKey } from "../codes/pix-key.ts";
import { sha256 } from "../kernel/hash.ts";
import type { Id } from "../kernel/ids.ts";
import type { Cents } from "../kernel/money.ts";
import { DAY_MS, type Instant } from "../kernel/time.ts";
import { codesOf, insertCodes } from "../store/charge-codes.ts";
import { payWithOf, type PayWith } from "../store/charges.ts";
import { inTransaction } from "../store/retry.ts";
import type { Engine } from "./engine.ts";
import type { Setting } from "./setting.ts";

export interface WaysToPay {
  /** The text of a Pix BR Code for the amount; null where the provider named no Pix key. */
  pix: string | null;
  /** Null where no boleto was issued. */
  slip: SlipToPay | null;
}

export interface SlipToPay {
  /** As it is printed. */
  digitLine: string;
  /** Null: the line is none that bars can be drawn of. */
  boleto: Boleto | null;
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
  const { customerId, invoiceId } = payable;
  const charged = await payWithOf(engine.db, { customerId, invoiceId });
  const known = await codesOf(engine.db, customerId, invoiceId);
  const issued = known.find((code) => code.kind === "bar_code");
  const slip = slipOf(charged, issued?.value ?? null, engine.clock.now());
  const { pix } = setting.provider;
  if (charged.pixCode !== null && (payable.withoutFees || !pix)) return { pix: charged.pixCode, slip };
  if (!pix || readPixKey(pix.key) === null || setting.currency !== "BRL") return { pix: null, slip };
  const txid = txidOf(payable);
  const code = { kind: "txid" as const, value: txid };
  // Before it is shown: a payment that carries it must find its invoice.
  if (!known.some(({ kind, value }) => kind === code.kind && value === txid))
    await inTransaction(engine.db, (trx) => insertCodes(trx, [{ ...code, customerId, invoiceId }]));
  const { name } = setting.provider;
  return { pix: makeStaticBrCode({ key: pix.key, name, city: pix.city, amountCents: payable.amountCents, txid }), slip };
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
  if (read.ok)
    return { digitLine: formatDigitLine(read.boleto.digitLine), boleto: read.boleto, page: boletoLine === null ? null : slipUrl };
  return boletoLine === null ? null : { digitLine: boletoLine, boleto: null, page: slipUrl };
}
