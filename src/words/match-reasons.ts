// Why money could be a customer's, one sentence for each reason: read by staff before they decide whose it is.
import type { Lang } from "../kernel/lang.ts";

/** Without capital letter and full stop; `about`: the invoice, where the reason is about one. */
const REASONS = {
  txid: {
    "pt-BR": (about) => `traz o código Pix da fatura ${about}`,
    en: (about) => `it carries the Pix code of invoice ${about}`,
  },
  slip: {
    "pt-BR": (about) => `traz o nosso número do boleto da fatura ${about}`,
    en: (about) => `it carries the slip number of invoice ${about}`,
  },
  charge: {
    "pt-BR": (about) => `paga a cobrança do gateway feita para a fatura ${about}`,
    en: (about) => `it pays the gateway's charge made for invoice ${about}`,
  },
  document: {
    "pt-BR": (about) => `indica o número da fatura ${about}`,
    en: (about) => `it names invoice ${about}`,
  },
  memo: {
    "pt-BR": (about) => `o histórico contém o número da fatura ${about}`,
    en: (about) => `its description holds the number of invoice ${about}`,
  },
  tax_id: {
    "pt-BR": () => "o CPF ou CNPJ de quem pagou é o do cliente",
    en: () => "the payer's CPF or CNPJ is the customer's",
  },
  tax_id_masked: {
    "pt-BR": () => "os dígitos visíveis do CPF ou CNPJ de quem pagou são os do cliente",
    en: () => "the visible digits of the payer's CPF or CNPJ are the customer's",
  },
  tax_id_differs: {
    "pt-BR": () => "o CPF ou CNPJ de quem pagou é outro",
    en: () => "the payer's CPF or CNPJ is another one",
  },
  name_same: {
    "pt-BR": () => "o nome de quem pagou é o do cliente",
    en: () => "the payer's name is the customer's",
  },
  name_similar: {
    "pt-BR": () => "o nome de quem pagou é parecido com o do cliente",
    en: () => "the payer's name is like the customer's",
  },
  amount_open: {
    "pt-BR": (about) => `o valor é o que falta da fatura ${about}`,
    en: (about) => `the amount is what is owed of invoice ${about}`,
  },
  amount_due: {
    "pt-BR": (about) => `o valor é o da fatura ${about} com multa e juros no dia do pagamento`,
    en: (about) => `the amount is that of invoice ${about} with fine and interest on the day of payment`,
  },
  amount_all: {
    "pt-BR": () => "o valor é tudo o que o cliente deve",
    en: () => "the amount is all that the customer owes",
  },
  amount_differs: {
    "pt-BR": () => "o valor não é o de nenhuma fatura em aberto",
    en: () => "the amount is that of no open invoice",
  },
  receipt_same: {
    "pt-BR": () => "já há um recebimento do mesmo valor, de um dia próximo, que nenhum extrato explica",
    en: () => "a receipt of the same amount and about the same day is booked already, and no statement explains it",
  },
  several_alike: {
    "pt-BR": () => "o mesmo vale para outro cliente ou outra fatura",
    en: () => "the same is true of another customer or invoice",
  },
} as const satisfies Record<string, Readonly<Record<Lang, (about: string) => string>>>;

/** `about`: the invoice's number; only some reasons name it. */
export function sayMatchReason(rule: keyof typeof REASONS, about: string, lang: Lang): string {
  return REASONS[rule][lang](about);
}
