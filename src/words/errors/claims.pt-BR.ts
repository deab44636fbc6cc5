// Errors of payment proofs that somebody sent, in Portuguese.
import type { CLAIM_ERRORS } from "../../kernel/errors/claims.ts";
import type { ErrorWords } from "./words.ts";

export const CLAIM_ERRORS_PT_BR: Record<keyof typeof CLAIM_ERRORS, ErrorWords> = {
  proof_refused: {
    message: "O arquivo não pode ser recebido como comprovante: {problem}.",
    cure: "Envie o PDF que o banco gerou, uma foto ou captura de tela (JPEG ou PNG), ou o e-mail do banco em .eml; no máximo 10 MB e 10 páginas, sem senha.",
  },
  proof_unread: {
    message: "O arquivo não pôde ser lido no tempo que há para um. Isso não diz nada contra o pagamento.",
    cure: "Envie mais uma vez, ou uma captura de tela. O pagamento é visto na conta do banco com ou sem comprovante.",
  },
  proof_infected: {
    message: "O antivírus recusou o arquivo: ele indica “{name}”.",
    cure: "Envie uma captura de tela no lugar, ou o arquivo como o banco o gerou. O arquivo não foi guardado.",
  },
  claims_spent: {
    message: "Foram enviados {count} comprovantes para a fatura {value}, e nenhum está confirmado.",
    cure: "O serviço volta sozinho quando o banco informar o pagamento. A equipe pode procurá-lo entre os valores sem dono.",
  },
  claim_not_open: {
    message: "O comprovante {value} não está mais em análise: está {state}.",
    cure: "Veja de novo com `regua claim show`: o banco, o prazo ou outra pessoa chegou antes. Nada foi alterado.",
  },
  claim_not_known: {
    message: "Não há comprovante {value}.",
    cure: "`regua claim list` mostra os que estão em análise e, com --customer, todos os de um cliente.",
  },
  claim_picture_gone: {
    message: "Não há imagem do comprovante {value}.",
    cure: "Um e-mail sem anexo não tem imagem, e os arquivos são apagados depois dos dias que `claims.keep_files_days` diz. O que foi lido deles fica.",
  },
};
