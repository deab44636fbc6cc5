// Requests for more time in Portuguese: reasons without blame, what would change them, conditions without threats.
import type { PromiseTexts, PromiseView } from "./promise-texts.ts";

const HOLDS: Readonly<Record<string, string>> = {
  overdue: "fatura vencida",
  dispute: "contestação",
  manual: "decisão da equipe",
  legal: "ordem legal",
  abuse: "uso contrário aos termos",
};

const number = (count: number | null, one: string, many: string): string => `${count ?? 0} ${count === 1 ? one : many}`;
const days = (count: number | null): string => number(count, "dia", "dias");
const bracket = (text: string | null): string => (text === null ? "" : ` (${text})`);
const protocol = (v: PromiseView): string => (v.promise === null ? "" : ` (protocolo ${v.promise})`);
const invoices = (v: PromiseView): string =>
  v.invoices.length === 0 ? "" : ` (${v.invoices.length === 1 ? "fatura" : "faturas"} ${v.invoices.join(", ")})`;

export const PROMISE_PT_BR: PromiseTexts = {
  reasons: {
    disabled: () => "No momento não há liberação nem novo prazo por aqui.",
    nothing_due: (v) =>
      v.day === null
        ? "Não há fatura em aberto que precise de mais prazo."
        : `A próxima fatura em aberto vence ${v.onDay}, depois do prazo que seria possível hoje.`,
    promise_running: (v) => `Já existe um prazo combinado em andamento${protocol(v)}.`,
    cancellation_open: (v) => `Há um pedido de encerramento em aberto${v.detail === null ? "" : ` para o serviço ${v.detail}`}.`,
    proof_contradicted: (v) => `O comprovante analisado${v.onDay === null ? "" : ` ${v.onDay}`} não correspondeu aos dados do banco.`,
    barred: () => "Nesta conta, cada liberação é decidida por uma pessoa da equipe.",
    too_new: (v) => `A conta existe há ${days(v.days)}, e a liberação vale a partir de ${days(v.limit)}.`,
    courtesy_used: () => "A cortesia para contas novas já foi usada.",
    few_paid_on_time: (v) =>
      `A liberação conta com ${number(v.limit, "fatura paga", "faturas pagas")} até o vencimento, e até agora ${v.count === 1 ? "há" : "são"} ${v.count ?? 0}.`,
    promises_broken: (v) => `O último prazo combinado${bracket(v.day)} não foi cumprido.`,
    no_days_left: (v) =>
      v.count === null || v.count === 0
        ? "As regras atuais não preveem dias de prazo."
        : "Prazos combinados que não foram cumpridos encurtam os seguintes, e desta vez não sobra nenhum dia.",
    too_soon: (v) =>
      `O último prazo foi combinado${v.onDay === null ? " há pouco" : ` ${v.onDay}`}, e entre um e outro passam pelo menos ${days(v.days)}.`,
    amount_above: (v) => `O valor em aberto${bracket(v.amount)} passa do limite para uma liberação${bracket(v.limitAmount)}.`,
    weekend_pattern: (v) =>
      `Uma liberação anterior em fim de semana terminou sem pagamento ou com pedido de encerramento, e por isso não há outra perto de dias sem banco${v.amount === null ? "" : `; ${days(v.days)} custam ${v.amount}`}.`,
    no_deadline: (v) => `Nos próximos ${days(v.limit)} não há dia útil em que o prazo possa terminar.`,
    beyond_max: (v) => `O prazo pedido, de ${days(v.days)}, passa do máximo de ${days(v.limit)}.`,
    beyond_ceiling: (v) => `Nenhum prazo passa de ${days(v.limit)}, e o pedido é de ${days(v.days)}.`,
    tenure: (v) => `A conta existe há ${days(v.days)}.`,
    paid_on_time: (v) => `Até agora ${number(v.count, "fatura foi paga", "faturas foram pagas")} até o vencimento.`,
    promises_kept: (v) => `Até agora ${number(v.count, "prazo combinado foi cumprido", "prazos combinados foram cumpridos")}.`,
    courtesy: () => "Esta é a cortesia para contas novas, que vale uma vez.",
    shortened_broken: (v) => `O prazo ficou ${days(v.days)} mais curto por prazos anteriores que não foram cumpridos.`,
    shortened_weekend: () =>
      "O prazo termina antes do fim de semana, porque um prazo anterior que passou por um fim de semana não foi cumprido.",
    shortened_max: (v) => `O prazo pedido${bracket(v.day)} passa do possível, e por isso termina antes.`,
    weekend_charged: () =>
      "Uma liberação anterior em fim de semana terminou sem pagamento ou com pedido de encerramento, e por isso os dias são cobrados.",
  },
  changes: {
    pay: () => "O pagamento resolve.",
    pay_part: (v) => `Com um pagamento de pelo menos ${v.amount ?? "uma parte"}, isso muda.`,
    pay_on_time: (v) => `Com mais ${number(v.count, "fatura paga", "faturas pagas")} até o vencimento, isso muda.`,
    ask_from: (v) => `A partir de ${v.day ?? "outra data"}, isso já não impede um novo pedido.`,
    ask_until: (v) => `Um prazo até ${v.day ?? "uma data mais próxima"} está dentro das regras.`,
    end_running: (v) => `O prazo atual vai até ${v.day ?? "a data combinada"}.`,
    withdraw_cancellation: () => "Retirando esse pedido, isso muda.",
    none_needed: () => "Não é preciso fazer nada.",
    staff: () => "Uma pessoa da equipe pode avaliar: basta responder.",
  },
  conditions: {
    pay_by: (v) => `O pagamento${v.amount === null ? "" : ` de ${v.amount}`}${invoices(v)} chega até ${v.until ?? "a data combinada"}.`,
    access_ends: (v) =>
      `Sem o pagamento até ${v.until ?? "a data combinada"}, o serviço volta a ficar suspenso; os dados continuam guardados.`,
    ladder_continues: (v) => `Sem o pagamento até ${v.until ?? "a data combinada"}, os passos seguintes continuam de onde pararam.`,
    lowers_next: (v) => `Um prazo que não é cumprido encurta o próximo em ${days(v.days)}.`,
    released_days_charged: (v) =>
      `Se o serviço for encerrado a pedido, ${v.days === 1 ? "o dia liberado é cobrado" : `os ${days(v.days)} liberados são cobrados`}${bracket(v.amount)}.`,
    weekend_charged: (v) =>
      `${v.days === 1 ? "O dia liberado é cobrado" : `Os ${days(v.days)} liberados são cobrados`}${bracket(v.amount)}.`,
    late_fee_counts: (v) => {
      const parts = [v.fine === null ? null : `${v.fine} uma vez`, v.interest === null ? null : `${v.interest} ao mês`];
      return `Os acréscimos por atraso previstos no contrato${bracket(parts.filter((part) => part !== null).join(" e ") || null)} continuam contando desde o vencimento.`;
    },
    other_hold_stays: (v) =>
      `A suspensão por outro motivo${bracket(v.detail === null ? null : (HOLDS[v.detail] ?? v.detail))} continua: este prazo não a altera.`,
  },
  refused: {
    down: {
      lead: "Desta vez não podemos liberar antes do pagamento.",
      close: "Assim que o pagamento entrar, o serviço volta sozinho, em segundos, a qualquer hora.",
    },
    up: { lead: "Desta vez não podemos dar mais prazo.", close: "Com o pagamento, o serviço continua no ar." },
  },
  granted: (v) => `Mais prazo é possível até ${v.until ?? "a data combinada"}, nestas condições:`,
  percent: (text) => `${text.replace(".", ",")} %`,
};
