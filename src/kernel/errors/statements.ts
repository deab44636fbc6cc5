// Errors about the files that banks give: statements and return files.
import type { ErrorEntry } from "./entry.ts";

export const STATEMENT_ERRORS = {
  statement_unreadable: {
    http: 422,
    exit: 1,
    message: "The bank's file cannot be read: {problem}.",
    cure: "Download it from the bank again, unedited, as OFX or as a CNAB return file. Nothing was written.",
  },
} as const satisfies Record<string, ErrorEntry>;
