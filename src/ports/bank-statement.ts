// What we ask of a bank's file, whatever its format: lines of money in and out, with all that they say about who paid what.
import type { Cents, Currency } from "../kernel/money.ts";
import type { Day } from "../kernel/time.ts";

/** One line of a statement or of a return file. What the file does not say is null: nothing here is guessed. */
export interface BankLine {
  /** Our account, always written the same: `341/1234/567890`. */
  account: string;
  /**
   * (account, externalId) names the line, the same in every export that has it. Where two lines of one file carry the same id, both are
   * lines: the first, the second and so on in the order of the file.
   */
  externalId: string;
  /** The day the money moved on the account. */
  bookedOn: Day;
  /** The day the payer paid, where the file says it apart (a return file's occurrence); else the day above. */
  paidOn: Day;
  /** More than nothing for a credit, less for a debit; before the bank's own fee where the file tells both. */
  amountCents: Cents;
  currency: Currency;
  /** Everything the bank says about it, on one line. */
  memo: string;
  payer: {
    name: string | null;
    /** As given; digits may be masked with `*` or `x`. */
    taxId: string | null;
  };
  /** Of a Pix charge. */
  txid: string | null;
  /** Of a Pix. */
  endToEndId: string | null;
  /** The slip's number at the bank (nosso número), digits only, without leading zeros. */
  slipNumber: string | null;
  /** What we wrote on the slip (seu número, número do documento): the invoice, as a rule. */
  documentNumber: string | null;
}
