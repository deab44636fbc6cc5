// Why a line of an import is not taken, and what its writer can do about it, in each language. Pure.
import { inEach, type InEach } from "../kernel/errors.ts";
import { formatDay, type Day } from "../kernel/time.ts";
import type { ReceiptRefusal } from "./record-receipts.ts";

export interface Why {
  reason: InEach;
  cure: InEach;
}

type Text = readonly [en: string, ptBR: string];

const why = (reason: Text, cure: Text): Why => ({ reason: inEach(...reason), cure: inEach(...cure) });

export const noCustomer = (ref: string): Why =>
  why(
    [`there is no customer “${ref}”`, `não há cliente “${ref}”`],
    ["Import the customer too, or correct the number.", "Importe também o cliente, ou corrija o número."],
  );

export const serviceOfAnother = (ref: string): Why =>
  why(
    [`the service “${ref}” is another customer's`, `o serviço “${ref}” é de outro cliente`],
    ["Correct the number of the service or of the customer.", "Corrija o número do serviço ou o do cliente."],
  );

export const invoiceSaidTwice = (ref: string, { line, file }: { line: number; file: string }): Why =>
  why(
    [
      `the invoice “${ref}” is already in line ${line} of ${file}, and says something else there`,
      `a fatura “${ref}” já está na linha ${line} de ${file}, e lá diz outra coisa`,
    ],
    ["Keep the one line that is right.", "Deixe só a linha que está certa."],
  );

export const invoiceInAnotherCurrency = (its: string | null, ours: string): Why =>
  why(
    [`the invoice is in ${its}, and the provider bills in ${ours}`, `a fatura está em ${its}, e o provedor cobra em ${ours}`],
    [
      "Leave invoices in other currencies out, or correct the currency in the map.",
      "Deixe de fora as faturas em outras moedas, ou corrija a moeda no mapa.",
    ],
  );

export const invoiceOfAnother = (ref: string): Why =>
  why(
    [`the invoice “${ref}” is another customer's`, `a fatura “${ref}” é de outro cliente`],
    ["Correct the number of the invoice or of the customer.", "Corrija o número da fatura ou o do cliente."],
  );

export const billedServiceOfAnother = (ref: string): Why =>
  why(
    [`the service “${ref}” it bills is another customer's`, `o serviço “${ref}”, que ela cobra, é de outro cliente`],
    ["Correct the number of the service.", "Corrija o número do serviço."],
  );

export const noService = (ref: string): Why =>
  why(
    [`there is no service “${ref}”`, `não há serviço “${ref}”`],
    [
      "Import the service too, or leave the cell blank: the invoice then bills no service.",
      "Importe também o serviço, ou deixe a célula em branco: a fatura então não cobra nenhum serviço.",
    ],
  );

export const paymentInAnotherCurrency = (its: string | null, ours: string): Why =>
  why(
    [`the payment is in ${its}, and the provider bills in ${ours}`, `o pagamento está em ${its}, e o provedor cobra em ${ours}`],
    [
      "Leave payments in other currencies out, or correct the currency in the map.",
      "Deixe de fora os pagamentos em outras moedas, ou corrija a moeda no mapa.",
    ],
  );

export const noSuchInvoiceOfTheirs = (invoice: string): Why =>
  why(
    [
      `the payment names the invoice “${invoice}”, which this customer does not have`,
      `o pagamento indica a fatura “${invoice}”, que este cliente não tem`,
    ],
    [
      "Import the invoice too, correct its number, or leave the cell blank: the oldest open invoice is then paid first.",
      "Importe também a fatura, corrija o número dela, ou deixe a célula em branco: a fatura em aberto mais antiga é então paga primeiro.",
    ],
  );

export const noSuchInvoice = (invoice: string | null): Why =>
  why(
    [`the payment names the invoice “${invoice}”, which nobody has`, `o pagamento indica a fatura “${invoice}”, que ninguém tem`],
    ["Import the invoice too, or correct its number.", "Importe também a fatura, ou corrija o número dela."],
  );

export const notPaidYet = (paidOn: Day): Why =>
  why(
    [`the payment is dated ${formatDay(paidOn)}, which is not yet`, `o pagamento tem a data ${formatDay(paidOn)}, que ainda não chegou`],
    ["Import it when it has happened, or correct the date.", "Importe-o quando tiver acontecido, ou corrija a data."],
  );

export const paymentKnownOtherwise = (id: string): Why =>
  why(
    [`the payment “${id}” is known already, and says something else`, `o pagamento “${id}” já é conhecido, e antes dizia outra coisa`],
    ["Give each payment a number of its own, or correct the line.", "Dê a cada pagamento um número só dele, ou corrija a linha."],
  );

/** What has been decided of a known invoice. */
export const SETTLED = {
  paid: inEach("is paid", "está paga"),
  void: inEach("is void", "está anulada"),
  written_off: inEach("is written off", "foi baixada sem pagamento"),
} as const;

export const PARTLY_PAID = inEach("part of it is paid", "parte dela está paga");

export const knownWithAnotherAmount = (ref: string, now: InEach): Why =>
  why(
    [
      `the invoice “${ref}” is known with another amount, and ${now.en}`,
      `a fatura “${ref}” é conhecida com outro valor, e ${now["pt-BR"]}`,
    ],
    [
      "An amount no longer changes under a payment: issue the difference as an invoice of its own.",
      "Um valor não muda mais depois de um pagamento: emita a diferença em outra fatura.",
    ],
  );

export const knownWithOtherDates = (ref: string, now: InEach): Why =>
  why(
    [`the invoice “${ref}” is known with other dates, and ${now.en}`, `a fatura “${ref}” é conhecida com outras datas, e ${now["pt-BR"]}`],
    ["Its dates no longer change; leave the line as it was.", "As datas dela não mudam mais; deixe a linha como estava."],
  );

export const knownWithAnotherService = (ref: string): Why =>
  why(
    [`the invoice “${ref}” is known as one of another service`, `a fatura “${ref}” é conhecida como de outro serviço`],
    ["An invoice stays with its service: void it and issue another.", "Uma fatura fica com o seu serviço: anule-a e emita outra."],
  );

/** What only the ledger can find, when it changed between our reading and its booking. */
export const LEDGER_WORDS: Readonly<Record<ReceiptRefusal, Why>> = {
  customer_unknown: why(
    ["the payment's customer is no longer there", "o cliente do pagamento não existe mais"],
    ["Run the import again.", "Rode a importação de novo."],
  ),
  amount_not_positive: why(
    ["the payment is not more than nothing", "o pagamento não é maior que zero"],
    ["Leave the line out: refunds are not imported.", "Deixe a linha de fora: estornos não são importados."],
  ),
  currency_differs: why(
    ["the payment is in another currency than the provider's", "o pagamento está em moeda diferente da do provedor"],
    ["Leave payments in other currencies out.", "Deixe de fora os pagamentos em outras moedas."],
  ),
};
