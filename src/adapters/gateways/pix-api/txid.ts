// The txid of a charge: made of the invoice's reference alone, so that a repeat after a lost answer meets the same charge.
import { sha256 } from "../../../kernel/hash.ts";

/** `V`: cobrança com vencimento (cobv), with due date, fine and interest. `C`: cobrança imediata (cob). */
export type CobKind = "V" | "C";

const OURS = /^RG([VC])([0-9a-z])[0-9a-f]{28}$/u;

/** As many charges as one invoice can have had: each is cancelled or expired before the next is made. */
export const GENERATIONS = 36;

/** 32 characters of the 26 to 35 letters and digits that the standard allows. 112 bits of hash: references never meet. */
export function txidOf(invoiceRef: string, kind: CobKind, generation: number): string {
  return `RG${kind}${generation.toString(36)}${sha256(invoiceRef).slice(0, 28)}`;
}

/** What kind of charge a txid names; null: not made by us. */
export function kindOfTxid(txid: string): CobKind | null {
  return (OURS.exec(txid)?.[1] as CobKind | undefined) ?? null;
}

/** Whether a txid is one that this reference would have. */
export const belongsTo = (txid: string, invoiceRef: string): boolean =>
  kindOfTxid(txid) !== null && txid.slice(4) === txidOf(invoiceRef, "V", 0).slice(4);

export const pathOf = (kind: CobKind, txid: string): string => `/${kind === "V" ? "cobv" : "cob"}/${txid}`;
