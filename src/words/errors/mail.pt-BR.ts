// Errors of mail, mailboxes and conversations, in Portuguese.
import type { MAIL_ERRORS } from "../../kernel/errors/mail.ts";
import type { ErrorWords } from "./words.ts";

export const MAIL_ERRORS_PT_BR: Record<keyof typeof MAIL_ERRORS, ErrorWords> = {
  mail_option_invalid: {
    message: "O ajuste de e-mail “{option}” não pode ser usado: {problem}.",
    cure: "Corrija na configuração; docs/mail.md diz o que cada ajuste guarda.",
  },
  mail_test_failed: {
    message: "De {tried}, não foi possível alcançar {count}: {names}.",
    cure: "Cada linha acima diz o que foi respondido; docs/mail.md diz o que fazer.",
  },
  mail_empty: {
    message: "Nenhum e-mail chegou pela entrada padrão.",
    cure: "Dê a mensagem inteira, como em: regua mail receive < message.eml",
  },
  mail_too_large: {
    message: "O e-mail passa de {megabytes} MB.",
    cure: "Deixe o servidor de e-mail recusar mensagens assim; docs/mail.md diz o limite.",
  },
  conversation_unknown: {
    message: "Não há conversa “{value}”.",
    cure: "`GET /v1/conversations` mostra todas; `regua mail status` mostra as que esperam.",
  },
  conversation_no_address: {
    message: "Não é possível escrever nesta conversa por e-mail: {problem}.",
    cure: "Dê um endereço de e-mail ao cliente, ou ligue antes o e-mail ao cliente dele.",
  },
  mail_assigned: {
    message: "O e-mail {value} já pertence a um cliente.",
    cure: "Veja a conversa desse cliente.",
  },
  mail_file_unknown: {
    message: "O e-mail {mail} não tem o arquivo {value}, ou o prazo dele acabou e ele foi apagado.",
    cure: "Cada arquivo de um e-mail aparece na conversa com o seu SHA-256.",
  },
  bounce_unknown: {
    message: "O cliente não tem aviso que o relatório {value} tenha devolvido.",
    cure: "Os relatórios dele aparecem na conversa, com os seus números.",
  },
};
