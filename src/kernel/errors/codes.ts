// Errors of printed payment codes that somebody gave to be read.
import type { ErrorEntry } from "./entry.ts";

export const CODE_ERRORS = {
  boleto_refused: {
    http: 422,
    exit: 1,
    message: "This is not the code of a boleto. {sentence}",
    cure: "Copy the code again, whole: a digit line has 47 digits, a bar code has 44. If it stays so, ask for the boleto once more.",
  },
  boleto_is_bill: {
    http: 422,
    exit: 1,
    message: "This is the code of a collection bill (arrecadação), not of a boleto. {sentence}",
    cure: "It pays a utility, a tax office or another collector. An invoice's boleto begins with the number of a bank, never with 8.",
  },
  pix_code_refused: {
    http: 422,
    exit: 1,
    message: "This is not a Pix code. {sentence}",
    cure: "Copy the whole text under the QR code, from 000201 to the four letters or digits at its end.",
  },
  end_to_end_refused: {
    http: 422,
    exit: 1,
    message: "This is not the end-to-end id of a Pix. {sentence}",
    cure: "Copy it again from the proof of payment: E, then 31 letters and digits, small and capital letters as they stand.",
  },
} as const satisfies Record<string, ErrorEntry>;
