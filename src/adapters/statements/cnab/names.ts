// What the columns of a return file are called when one of them cannot be read, in each language.
import { inEach } from "../../../kernel/errors.ts";

export const NAMES = {
  amount: inEach("the slip's amount", "o valor do boleto"),
  creditedOn: inEach("the credit's date", "a data do crédito"),
  currency: inEach("the currency", "a moeda"),
  discount: inEach("the discount", "o desconto"),
  dueOn: inEach("the due date", "o vencimento"),
  fee: inEach("the fee", "a tarifa"),
  interest: inEach("the interest", "o valor dos juros"),
  occurredOn: inEach("the occurrence's date", "a data da ocorrência"),
  occurrence: inEach("the occurrence", "a ocorrência"),
  otherCosts: inEach("other costs", "o valor das outras despesas"),
  otherCredits: inEach("other credits", "o valor dos outros créditos"),
  paid: inEach("the amount paid", "o valor pago"),
  payerKind: inEach("the payer's kind", "o tipo do pagador"),
  payerTaxId: inEach("the payer's number", "o número do pagador"),
  rebate: inEach("the rebate", "o abatimento"),
  receivingBank: inEach("the receiving bank", "o banco recebedor"),
  tax: inEach("the tax", "o imposto"),
} as const;
