// Errors of webhooks to other systems, in Portuguese.
import type { WEBHOOK_ERRORS } from "../../kernel/errors/webhooks.ts";
import type { ErrorWords } from "./words.ts";

export const WEBHOOK_ERRORS_PT_BR: Record<keyof typeof WEBHOOK_ERRORS, ErrorWords> = {
  webhook_name_taken: {
    message: "Já há um webhook “{value}”.",
    cure: "Escolha outro nome, ou remova aquele antes.",
  },
  webhook_unknown: {
    message: "Não há webhook “{value}”.",
    cure: "`regua webhooks list` mostra os que existem, e o console também, em Ajustes.",
  },
  webhook_address_refused: {
    message: "Webhooks não podem ir para este endereço: {problem}.",
    cure: "Dê um endereço https:// na internet pública; no ensaio, um desta máquina, como http://127.0.0.1:3000/regua.",
  },
  webhook_event_unknown: {
    message: "Não há evento “{value}”.",
    cure: "docs/api.md lista os eventos. Um assunto como `promise` vale por todos os eventos dele.",
  },
  webhook_secret_closed: {
    message: "O segredo do webhook “{value}” não abre com a chave desta máquina.",
    cure: "Traga de volta a chave com que ele foi selado (secret.key na pasta de dados, ou REGUA_SECRET_KEY), ou remova o webhook e acrescente-o de novo.",
  },
  webhook_not_accepted: {
    message: "O webhook “{value}” não aceitou o teste: {answer}.",
    cure: "Veja o registro de quem recebe no mesmo momento; docs/api.md mostra como se confere uma assinatura.",
  },
};
