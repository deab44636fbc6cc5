// Errors of acts on many customers at once, in Portuguese.
import type { BULK_ERRORS } from "../../kernel/errors/bulk.ts";
import type { ErrorWords } from "./words.ts";

export const BULK_ERRORS_PT_BR: Record<keyof typeof BULK_ERRORS, ErrorWords> = {
  bulk_too_many: {
    message: "Foram escolhidos {count} clientes, e uma ação vale para no máximo {max}.",
    cure: "Escolha menos, e repita a ação para os outros. Nada foi alterado.",
  },
  bulk_hold_stands: {
    message: "A régua já está parada para a conta inteira, por um bloqueio ({kind}).",
    cure: "Nada a fazer aqui; para mudar o fim, retire aquele bloqueio e coloque outro.",
  },
  bulk_nothing_open: {
    message: "Não há fatura em aberto, e por isso nenhuma régua a parar.",
    cure: "Nada a fazer aqui. Um bloqueio para faturas futuras se coloca na página do cliente.",
  },
  bulk_no_hold: {
    message: "Não há bloqueio de cobrança deste tipo ({kind}).",
    cure: "Nada a fazer aqui; a página do cliente mostra todos os bloqueios.",
  },
  bulk_row_failed: {
    message: "Uma falha impediu a mudança deste cliente.",
    cure: "Nada foi alterado para este cliente. Abra o caso e faça por lá; o registro do servidor tem a falha.",
  },
  bulk_unknown: {
    message: "Não há ação {value} sobre vários clientes.",
    cure: "Use o número que a resposta da própria ação deu.",
  },
  bulk_not_undone: {
    message: "Só bloqueios colocados juntos são retirados juntos.",
    cure: "Promessas são encerradas, e bloqueios colocados, na página de cada cliente.",
  },
  bulk_touched: {
    message: "Aconteceu outra coisa desde então ({what}), e o bloqueio fica.",
    cure: "Abra o caso, veja o que aconteceu e retire o bloqueio ali, se ainda for o caso.",
  },
  bulk_undone: {
    message: "Já foi desfeito.",
    cure: "Nada a fazer aqui.",
  },
};
