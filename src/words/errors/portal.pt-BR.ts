// Errors of the customer's portal, in Portuguese.
import type { PORTAL_ERRORS } from "../../kernel/errors/portal.ts";
import type { ErrorWords } from "./words.ts";

export const PORTAL_ERRORS_PT_BR: Record<keyof typeof PORTAL_ERRORS, ErrorWords> = {
  portal_link_invalid: {
    message: "O link não abre o portal: foi cortado, ou não é um dos nossos.",
    cure: "Abra o link inteiro da última mensagem, ou peça um código por e-mail.",
  },
  portal_link_expired: {
    message: "O prazo do link acabou.",
    cure: "Abra o link de uma mensagem mais nova, ou peça um código por e-mail.",
  },
  portal_code_wrong: {
    message: "O código não confere, ou o prazo dele acabou.",
    cure: "Copie os seis números do último e-mail, ou peça outro código.",
  },
  portal_form_stale: {
    message: "A página ficou aberta por muito tempo, ou o formulário não foi enviado por ela.",
    cure: "Abra a página de novo e envie mais uma vez. Nada foi alterado.",
  },
  portal_session_over: {
    message: "Ninguém entrou no portal.",
    cure: "Abra o link da última mensagem, ou peça um código por e-mail.",
  },
  portal_needs_tls: {
    message: "O portal mostra dados de um cliente, e esta conexão não é cifrada.",
    cure: "Abra por https. Provedor: ponha um proxy com TLS na frente do servidor, e o endereço dele em `portal_url`.",
  },
  cancellation_not_open: {
    message: "Nenhum fim foi pedido para o serviço {value}.",
    cure: "`regua show CUSTOMER` mostra os serviços. Nada foi alterado.",
  },
  cancellation_open: {
    message: "O fim do serviço {value} já foi pedido.",
    cure: "Retire esse pedido antes, se a intenção for outro dia.",
  },
  backup_refused: {
    message: "Agora não é possível obter a cópia dos dados do serviço {value}: {rule}.",
    cure: "Ela fica disponível quando o que é devido for pago, ou a partir do dia que a política concede.",
  },
  backup_waits: {
    message: "Já foi pedida uma cópia dos dados do serviço {value}, e ela está sendo preparada.",
    cure: "Espere por ela; a equipe vê o pedido.",
  },
  backup_unknown: {
    message: "O cliente não tem pedido de cópia {value} à espera.",
    cure: "`regua inbox` mostra os que esperam.",
  },
  terms_missing: {
    message: "Nenhum termo de serviço foi publicado.",
    cure: "Publique com `regua terms publish FILE`.",
  },
  terms_changed: {
    message: "Termos mais novos foram publicados nesse meio-tempo.",
    cure: "Leia os atuais e aceite esses.",
  },
  messages_spent: {
    message: "Foram escritas {count} mensagens em um dia.",
    cure: "Elas chegaram, e uma pessoa vai responder. Escreva de novo amanhã, ou por e-mail.",
  },
};
