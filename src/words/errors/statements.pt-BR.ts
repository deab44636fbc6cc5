// Errors about the files that banks give, in Portuguese.
import type { STATEMENT_ERRORS } from "../../kernel/errors/statements.ts";
import type { ErrorWords } from "./words.ts";

export const STATEMENT_ERRORS_PT_BR: Record<keyof typeof STATEMENT_ERRORS, ErrorWords> = {
  statement_unreadable: {
    message: "O arquivo do banco não pode ser lido: {problem}.",
    cure: "Baixe-o do banco de novo, sem editar, em OFX ou como arquivo de retorno CNAB. Nada foi gravado.",
  },
};
