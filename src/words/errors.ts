// What an error of the catalogue says to a person, in the language they read. Logs and evidence keep the catalogue's English.
import { fillIn, type ErrorCode, type ReguaError } from "../kernel/errors.ts";
import type { Lang } from "../kernel/lang.ts";
import { API_ERRORS_PT_BR } from "./errors/api.pt-BR.ts";
import { BESIDE_ERRORS_PT_BR } from "./errors/beside.pt-BR.ts";
import { BULK_ERRORS_PT_BR } from "./errors/bulk.pt-BR.ts";
import { CLAIM_ERRORS_PT_BR } from "./errors/claims.pt-BR.ts";
import { CODE_ERRORS_PT_BR } from "./errors/codes.pt-BR.ts";
import { DATABASE_ERRORS_PT_BR } from "./errors/database.pt-BR.ts";
import { MAIL_ERRORS_PT_BR } from "./errors/mail.pt-BR.ts";
import { MATTERS_ERRORS_PT_BR } from "./errors/matters.pt-BR.ts";
import { MONEY_ERRORS_PT_BR } from "./errors/money.pt-BR.ts";
import { POLICY_ERRORS_PT_BR } from "./errors/policy.pt-BR.ts";
import { PORTAL_ERRORS_PT_BR } from "./errors/portal.pt-BR.ts";
import { SETUP_ERRORS_PT_BR } from "./errors/setup.pt-BR.ts";
import { STAFF_ERRORS_PT_BR } from "./errors/staff.pt-BR.ts";
import { STATEMENT_ERRORS_PT_BR } from "./errors/statements.pt-BR.ts";
import { WEBHOOK_ERRORS_PT_BR } from "./errors/webhooks.pt-BR.ts";
import type { ErrorWords } from "./errors/words.ts";

/** Typed by the catalogue's codes: one without its words does not compile. */
export const ERRORS_PT_BR: Readonly<Record<ErrorCode, ErrorWords>> = {
  ...API_ERRORS_PT_BR,
  ...BESIDE_ERRORS_PT_BR,
  ...BULK_ERRORS_PT_BR,
  ...CLAIM_ERRORS_PT_BR,
  ...CODE_ERRORS_PT_BR,
  ...DATABASE_ERRORS_PT_BR,
  ...MAIL_ERRORS_PT_BR,
  ...MATTERS_ERRORS_PT_BR,
  ...MONEY_ERRORS_PT_BR,
  ...POLICY_ERRORS_PT_BR,
  ...PORTAL_ERRORS_PT_BR,
  ...SETUP_ERRORS_PT_BR,
  ...STAFF_ERRORS_PT_BR,
  ...STATEMENT_ERRORS_PT_BR,
  ...WEBHOOK_ERRORS_PT_BR,
};

/** What happened and what to do next, with the details in the same language. The code is the same in all. */
export function errorWords(error: ReguaError, lang: Lang): ErrorWords {
  if (lang === "en") return { message: error.message, cure: error.cure };
  const details = error.detailsIn(lang);
  const { message, cure } = ERRORS_PT_BR[error.code];
  return { message: fillIn(message, details), cure: fillIn(cure, details) };
}
