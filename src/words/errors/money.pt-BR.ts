// Errors about money in, in Portuguese.
import type { MONEY_ERRORS } from "../../kernel/errors/money.ts";
import type { ErrorWords } from "./words.ts";

export const MONEY_ERRORS_PT_BR: Record<keyof typeof MONEY_ERRORS, ErrorWords> = {
  receipt_unknown: {
    message: "Não há recebimento “{value}” de {source}.",
    cure: "Use a origem e o número do recebimento como `regua show CUSTOMER` mostra. O valor que espera pelo dono se dispensa, não se devolve.",
  },
  refund_too_large: {
    message: "Não é possível devolver {amount} do recebimento “{value}”, do qual restam {left}.",
    cure: "Registre no máximo o que resta dele. Nada foi alterado.",
  },
  money_unknown: {
    message: "Não há valor {value} à espera.",
    cure: "Use um número da lista de valores que esperam pelo dono.",
  },
  money_not_waiting: {
    message: "O valor {value} não espera mais: está {state}.",
    cure: "Veja de novo: alguém, ou o meio de pagamento, chegou antes. Nada foi alterado.",
  },
  money_may_be_booked: {
    message: "O valor {value} parece ser o recebimento “{receipt}” de {source}: a mesma quantia, por volta do mesmo dia.",
    cure: "Se for esse dinheiro, indique o recebimento. Se for outro pagamento, diga isso (`apart`, no terminal --apart). Nada foi alterado.",
  },
  gateway_unknown: {
    message: "Nenhum meio de pagamento com o nome “{value}” está configurado.",
    cure: "Eles se configuram em `gateways`, no regua.yaml; o endereço de um webhook termina com o nome que está lá.",
  },
  webhook_forged: {
    message: "O envio não prova que vem do meio de pagamento {value}.",
    cure: "Compare o segredo do webhook no meio de pagamento com o do regua.yaml. Nada foi guardado e nenhum dinheiro se perde: os pagamentos também são consultados.",
  },
  charges_off: {
    message: "Nenhum meio de pagamento está configurado para fazer cobranças.",
    cure: "Indique um em `charges`, no regua.yaml: `charges: { gateway: asaas }`. Ele precisa ser um dos `gateways`.",
  },
  charge_in_hand: {
    message: "A cobrança da fatura “{value}” está sendo feita neste momento.",
    cure: "Peça de novo em um minuto. Haverá uma só cobrança, seja quem for que a faça.",
  },
  charge_failed: {
    message: "A cobrança da fatura “{value}” não foi feita em {gateway}: {reason}",
    cure: "Conserte o que é indicado. Há nova tentativa sozinha, e uma cobrança cuja resposta se perdeu é achada, não feita de novo.",
  },
  reconcile_future: {
    message: "O dia {day} ainda não chegou: hoje é {today}.",
    cure: "Dê hoje ou um dia anterior.",
  },
};
