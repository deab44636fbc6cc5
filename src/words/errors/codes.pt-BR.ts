// Errors of printed payment codes, in Portuguese.
import type { CODE_ERRORS } from "../../kernel/errors/codes.ts";
import type { ErrorWords } from "./words.ts";

export const CODE_ERRORS_PT_BR: Record<keyof typeof CODE_ERRORS, ErrorWords> = {
  boleto_refused: {
    message: "Este não é o código de um boleto. {sentence}",
    cure: "Copie o código de novo, inteiro: a linha digitável tem 47 dígitos, o código de barras tem 44. Se continuar assim, peça o boleto mais uma vez.",
  },
  boleto_is_bill: {
    message: "Este é o código de uma conta de arrecadação, não de um boleto. {sentence}",
    cure: "Ele paga uma concessionária, um tributo ou outro arrecadador. O boleto de uma fatura começa com o número de um banco, nunca com 8.",
  },
  pix_code_refused: {
    message: "Este não é um código Pix. {sentence}",
    cure: "Copie todo o texto que vem com o QR Code, de 000201 até as quatro letras ou dígitos do fim.",
  },
  end_to_end_refused: {
    message: "Este não é o identificador de ponta a ponta (EndToEndId) de um Pix. {sentence}",
    cure: "Copie de novo do comprovante: E e mais 31 letras e dígitos, com maiúsculas e minúsculas como estão.",
  },
};
