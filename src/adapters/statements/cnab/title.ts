// One slip in a return file, in the words of all layouts, and whether what the bank says of it is money.
import { inEach, type InEach } from "../../../kernel/errors.ts";
import type { Cents } from "../../../kernel/money.ts";
import { formatDay, type Day } from "../../../kernel/time.ts";
import type { BankLine } from "../../../ports/bank-statement.ts";
import { bareNumber } from "./slots.ts";

/** What a record says; amounts in cents, texts as written without the blanks around. */
export interface Title {
  bank: string;
  agency: string;
  account: string;
  /** The slip's number at the bank, with its check digit where the layout keeps them together. */
  ourNumber: string;
  documentNumber: string;
  wallet: string;
  /** What happened to the slip, by the bank's table. */
  occurrence: string;
  occurredOn: Day | null;
  creditedOn: Day | null;
  dueOn: Day | null;
  receivingBank: string;
  amount: Cents;
  paid: Cents;
  fee: Cents;
  interest: Cents;
  discount: Cents;
  rebate: Cents;
  tax: Cents;
  otherCosts: Cents;
  otherCredits: Cents;
  payerName: string;
  payerTaxId: string;
  txid: string | null;
}

/** How a bank's records tell of money. */
export interface Money {
  /** Occurrences by which a slip was paid, of the bank's own table. */
  paidBy: readonly string[];
  /** The paid amount is what was credited, the bank's fee already taken off (Itaú). */
  net?: boolean;
}

/** What of a title is money in: a line, nothing, or why it cannot be told. */
export function moneyOf(title: Title, { paidBy, net }: Money): BankLine | InEach | null {
  const account = [title.bank, title.agency, title.account].filter((part) => part !== "").join("/");
  if (title.paid === 0) return null;
  if (!paidBy.includes(title.occurrence))
    return inEach(
      `occurrence ${title.occurrence} of slip ${title.ourNumber} comes with an amount, and is not known as a payment`,
      `a ocorrência ${title.occurrence} do boleto ${title.ourNumber} vem com um valor, e não é conhecida como pagamento`,
    );
  const occurred = title.occurredOn ?? title.creditedOn;
  if (occurred === null) return inEach(`slip ${title.ourNumber} is paid on no day`, `o boleto ${title.ourNumber} foi pago em dia nenhum`);
  const paid = net ? grossOf(title) : title.paid;
  if (paid === null)
    return inEach(
      `slip ${title.ourNumber}: ${title.paid} cents credited and ${title.fee} of fee do not add up to what was owed`,
      `boleto ${title.ourNumber}: ${title.paid} centavos creditados e ${title.fee} de tarifa não somam o que era devido`,
    );
  return {
    account,
    externalId: `${title.ourNumber} ${title.occurrence} ${formatDay(occurred)} ${paid}`,
    bookedOn: title.creditedOn ?? occurred,
    paidOn: occurred,
    amountCents: paid,
    currency: "BRL",
    memo: `boleto ${title.ourNumber}${title.documentNumber === "" ? "" : `, documento ${title.documentNumber}`}`,
    payer: {
      name: title.payerName === "" ? null : title.payerName,
      taxId: bareNumber(title.payerTaxId) === null ? null : title.payerTaxId,
    },
    txid: title.txid,
    endToEndId: null,
    slipNumber: bareNumber(title.ourNumber),
    documentNumber: title.documentNumber === "" ? null : title.documentNumber,
  };
}

/** What the payer paid, where the file has what was credited: with the fee or without it, whichever adds up. */
function grossOf(title: Title): Cents | null {
  const owed = title.amount + title.interest - title.discount - title.rebate;
  return [title.paid + title.fee, title.paid].find((sum) => sum === owed) ?? null;
}
