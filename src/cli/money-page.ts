// Money that waits for its owner, on a page and for machines: each with those it could be of, numbered as `money assign --match` takes them.
import type { WaitingShown } from "../engine/list-waiting.ts";
import type { Lang } from "../kernel/lang.ts";
import { formatMoney } from "../kernel/money.ts";
import { formatDay } from "../kernel/time.ts";
import { oneLine } from "../words/clean.ts";
import { sayMatchReason } from "../words/match-reasons.ts";
import { forMachines } from "./json.ts";
import { joined, wrap } from "./table.ts";

const WORD_MAX = 120;

const TEXTS = {
  "pt-BR": {
    none: "Nenhum dinheiro espera pelo dono.",
    nobody: "Nenhum candidato: indique a fatura ou o cliente.",
    match: { certain: "certo", likely: "provável", possible: "possível" },
    customer: (ref: string) => `cliente ${ref}`,
    invoice: (ref: string) => `fatura ${ref}`,
    oldest: "a dívida mais antiga primeiro",
    receipt: (id: string) => `é o recebimento ${id}, já registrado`,
    payer: (name: string) => `pago por ${name}`,
    unsettled: "ainda não visto em conta",
    more: (cursor: string) => `Há mais: regua money waiting --after ${cursor}`,
    how: "Para dar o dono: regua money assign Nº --match 1. Para pôr de lado: regua money dismiss Nº --reason “…”.",
    why: {
      names_no_invoice: "não indica fatura",
      invoice_unknown: "indica uma fatura que não conhecemos",
      currency_differs: "em outra moeda",
      not_certain: "não é certo de quem é",
      slip_paid_again: "paga de novo um boleto já pago",
    },
    assigned: (id: number, whose: string) => `O dinheiro ${id} é de ${whose} e está registrado.`,
    confirms: (id: number, receipt: string) => `O dinheiro ${id} é o recebimento ${receipt}, agora visto em conta.`,
    dismissed: (id: number) => `O dinheiro ${id} foi posto de lado. Ainda pode receber um dono.`,
  },
  en: {
    none: "No money waits for its owner.",
    nobody: "No candidate: name the invoice or the customer.",
    match: { certain: "certain", likely: "likely", possible: "possible" },
    customer: (ref: string) => `customer ${ref}`,
    invoice: (ref: string) => `invoice ${ref}`,
    oldest: "the oldest debt first",
    receipt: (id: string) => `it is the receipt ${id}, booked already`,
    payer: (name: string) => `paid by ${name}`,
    unsettled: "not seen in the account yet",
    more: (cursor: string) => `There is more: regua money waiting --after ${cursor}`,
    how: "To give it its owner: regua money assign NO --match 1. To put it aside: regua money dismiss NO --reason “…”.",
    why: {
      names_no_invoice: "it names no invoice",
      invoice_unknown: "it names an invoice that we do not know",
      currency_differs: "in another currency",
      not_certain: "it is not certain whose it is",
      slip_paid_again: "it pays a slip again that was paid",
    },
    assigned: (id: number, whose: string) => `The money ${id} is ${whose}'s, and booked.`,
    confirms: (id: number, receipt: string) => `The money ${id} is that of receipt ${receipt}, now seen in the account.`,
    dismissed: (id: number) => `The money ${id} is put aside. It can still be given an owner.`,
  },
} as const;

export function moneyTexts(lang: Lang): Pick<(typeof TEXTS)[Lang], "assigned" | "confirms" | "dismissed"> {
  return TEXTS[lang];
}

/** As the API answers it, with the reasons in words. */
export function waitingForMachines({ money, matches }: WaitingShown, lang: Lang): unknown {
  return forMachines({
    ...money,
    matches: matches.map((match, i) => ({
      match: i + 1,
      ...match,
      because: match.because.map((reason) => ({ ...reason, text: sayMatchReason(reason.rule, reason.detail ?? "", lang) })),
    })),
  });
}

export function waitingPage(waiting: readonly WaitingShown[], next: string | null, lang: Lang): string[] {
  const texts = TEXTS[lang];
  if (waiting.length === 0) return [texts.none];
  return [...waiting.flatMap((each) => [...oneOf(each, lang), ""]), ...(next === null ? [] : [texts.more(next)]), ...wrap(texts.how, "")];
}

function oneOf({ money, matches }: WaitingShown, lang: Lang): string[] {
  const texts = TEXTS[lang];
  const line = (text: string): string => oneLine(text, WORD_MAX);
  const about = joined(
    `${money.id}  ${formatMoney(money.amount, money.currency, lang)}`,
    formatDay(money.paidOn),
    money.payerName === null ? null : texts.payer(line(money.payerName)),
    money.payerTaxId,
    line(money.memo),
    money.settledOn === null ? texts.unsettled : null,
    texts.why[money.why],
  );
  const candidates = matches.flatMap(({ customer, invoice, receipt, confidence, because }, i) => {
    const whose = receipt
      ? joined(texts.customer(line(customer)), texts.receipt(line(receipt.externalId)))
      : joined(texts.customer(line(customer)), invoice === null ? texts.oldest : texts.invoice(line(invoice)));
    return [
      ...wrap(`${i + 1}. ${joined(texts.match[confidence], whose)}`, "  "),
      ...because.flatMap(({ rule, detail }) => wrap(sayMatchReason(rule, line(detail ?? ""), lang), "     ")),
    ];
  });
  return [...wrap(about, ""), ...(candidates.length === 0 ? [`  ${texts.nobody}`] : candidates)];
}
