// Errors about customers' matters, in Portuguese.
import type { MATTERS_ERRORS } from "../../kernel/errors/matters.ts";
import type { ErrorWords } from "./words.ts";

export const MATTERS_ERRORS_PT_BR: Record<keyof typeof MATTERS_ERRORS, ErrorWords> = {
  customer_unknown: {
    message: "Não há cliente “{value}”.",
    cure: "Use o número do cliente como `regua customers` mostra.",
  },
  service_unknown: {
    message: "O cliente não tem o serviço “{value}”.",
    cure: "Use o número de um serviço como `regua show CUSTOMER` mostra.",
  },
  invoice_unknown: {
    message: "Não há fatura “{value}”.",
    cure: "Use o número de uma fatura como `regua show CUSTOMER` mostra.",
  },
  hold_unknown: {
    message: "O cliente não tem bloqueio “{value}” em vigor.",
    cure: "`regua show CUSTOMER` mostra os bloqueios em vigor.",
  },
  termination_unknown: {
    message: "Não há proposta de encerramento {value} em aberto.",
    cure: "`regua terminations list` mostra as que esperam. A de quem pagou ou foi protegido nesse meio-tempo sai sozinha.",
  },
  second_person_needed: {
    message: "{by} já confirmou este encerramento; uma segunda pessoa precisa aprovar.",
    cure: "Peça a um colega que aprove com o próprio nome.",
  },
  write_off_unknown: {
    message: "Nenhuma proposta {value} de desistir de uma fatura espera neste cliente.",
    cure: "Ela foi aprovada ou retirada nesse meio-tempo; as provas do cliente dizem por quem.",
  },
  write_off_waits: {
    message: "Já há uma proposta à espera para a fatura “{value}”.",
    cure: "Uma segunda pessoa aprova, ou alguém a retira antes.",
  },
  write_off_of_oneself: {
    message: "{by} propôs isto; uma segunda pessoa precisa aprovar.",
    cure: "Peça a um colega que aprove com o próprio nome.",
  },
  day_not_over: {
    message: "O dia {day} ainda não terminou, por isso as provas dele não podem ser ancoradas.",
    cure: "Ancore no dia seguinte; o programa faz isso sozinho depois da meia-noite.",
  },
  promise_refused: {
    message: "O prazo não foi concedido: {rules}.",
    cure: "Cada motivo diz o que o mudaria; a equipe pode deixar as regras de lado com um motivo escrito.",
  },
  promise_unknown: {
    message: "O cliente não tem promessa “{value}” em curso.",
    cure: "`regua show CUSTOMER` mostra as promessas com os seus protocolos.",
  },
  conditions_not_accepted: {
    message: "As condições da promessa não foram aceitas.",
    cure: "Mostre ao cliente as condições da oferta e envie o pedido de novo com o aceite dele.",
  },
  words_missing: {
    message: "O campo “{field}” está vazio.",
    cure: "Escreva em palavras: as provas guardam quem fez isto e por quê.",
  },
  hold_needs_end: {
    message: "Um bloqueio que para a régua precisa de uma data de fim.",
    cure: "Diga até quando; ele pode ser colocado de novo. Só uma ordem legal pode ficar sem fim.",
  },
  hold_invalid: {
    message: "O bloqueio não pode ser colocado: {problem}.",
    cure: "Corrija o pedido; nada foi alterado.",
  },
  hold_is_overdue: {
    message: "O bloqueio existe porque a fatura {invoice} está vencida, e não se retira à mão.",
    cure: "Registre o pagamento, ou conceda uma promessa de pagamento (liberação em confiança): ela tem prazo e termina sozinha.",
  },
  claims_closed: {
    message: "Aqui não se recebem comprovantes de pagamento.",
    cure: "Pague por Pix: o serviço volta sozinho quando o dinheiro é visto. Equipe: a chave geral é `claims.accept` na política, a de um segmento é `accept_claims`, e a de um cliente é `regua claim unbar`.",
  },
  claim_open: {
    message: "Um comprovante da fatura {value} já está em análise.",
    cure: "Espere o fim da análise, ou encerre-a antes.",
  },
  claim_unknown: {
    message: "Não há comprovante {value} em análise.",
    cure: "`regua show CUSTOMER` mostra os comprovantes.",
  },
  ref_taken: {
    message: "O número “{value}” já está em uso ({kind}).",
    cure: "Os números são únicos entre todos os clientes: use outro, ou altere o registro que o tem ({kind}).",
  },
  currency_differs: {
    message: "O valor está em {value}, e este provedor trabalha em {currency}.",
    cure: "Envie valores em {currency}; uma instalação tem uma só moeda.",
  },
  receipt_differs: {
    message: "O recebimento “{value}” de {source} já é conhecido, com outro valor ou outro cliente.",
    cure: "Dê a cada recebimento um número próprio. Para corrigir um já registrado, registre a diferença ou uma devolução.",
  },
  panel_unknown: {
    message: "Nenhum painel de controle com o nome “{value}” está configurado.",
    cure: "Os painéis daqui são: {names}. Eles se configuram em `panels`, no regua.yaml.",
  },
  service_busy: {
    message: "O painel de controle está sendo consultado sobre o serviço {value} neste momento.",
    cure: "Envie o pedido de novo em um minuto.",
  },
  invoice_not_open: {
    message: "A fatura {value} está {state}, por isso não pode ser anulada.",
    cure: "Só se anula uma fatura em aberto em que nada foi pago; o que foi pago volta como devolução.",
  },
  rehearse_past: {
    message: "O dia {day} já passou: hoje é {today}.",
    cure: "Dê hoje ou um dia depois. O que já aconteceu está em `regua show CUSTOMER` e nas provas.",
  },
  receipt_in_future: {
    message: "O pagamento está datado de {day}, que ainda não chegou: hoje é {today}.",
    cure: "Registre quando tiver acontecido, ou corrija a data. Nada foi alterado.",
  },
  receipt_id_taken: {
    message: "O recebimento “{value}” já é conhecido, e é outro: {amount} do cliente {customer}.",
    cure: "Dê a este pagamento um número próprio com --id, ou deixe --id de fora. Nada foi alterado.",
  },
  actor_needed: {
    message: "Um encerramento se assina com nome, e nenhum nome foi dado.",
    cure: "Diga quem você é com --actor NAME (ou REGUA_ACTOR); a segunda assinatura é de outra pessoa.",
  },
  evidence_differs: {
    message: "{file} não confere: {finding}.",
    cure: "Guarde o arquivo como está: o relatório diz cada lugar que foi alterado. Peça ao provedor uma nova exportação para comparar.",
  },
};
