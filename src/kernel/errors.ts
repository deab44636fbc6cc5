// The one catalogue of errors a user can meet: what happened, and what to do about it.
import { API_ERRORS } from "./errors/api.ts";
import { BESIDE_ERRORS } from "./errors/beside.ts";
import { BULK_ERRORS } from "./errors/bulk.ts";
import { CLAIM_ERRORS } from "./errors/claims.ts";
import { CODE_ERRORS } from "./errors/codes.ts";
import { DATABASE_ERRORS } from "./errors/database.ts";
import { MAIL_ERRORS } from "./errors/mail.ts";
import { MATTERS_ERRORS } from "./errors/matters.ts";
import { MONEY_ERRORS } from "./errors/money.ts";
import { POLICY_ERRORS } from "./errors/policy.ts";
import { PORTAL_ERRORS } from "./errors/portal.ts";
import { SETUP_ERRORS } from "./errors/setup.ts";
import { STAFF_ERRORS } from "./errors/staff.ts";
import { STATEMENT_ERRORS } from "./errors/statements.ts";
import { WEBHOOK_ERRORS } from "./errors/webhooks.ts";

export const ERRORS = {
  ...SETUP_ERRORS,
  ...POLICY_ERRORS,
  ...MATTERS_ERRORS,
  ...BULK_ERRORS,
  ...DATABASE_ERRORS,
  ...API_ERRORS,
  ...STATEMENT_ERRORS,
  ...MONEY_ERRORS,
  ...CODE_ERRORS,
  ...CLAIM_ERRORS,
  ...PORTAL_ERRORS,
  ...STAFF_ERRORS,
  ...BESIDE_ERRORS,
  ...MAIL_ERRORS,
  ...WEBHOOK_ERRORS,
} as const;

export type ErrorCode = keyof typeof ERRORS;

/** Details that fill the message, and that machines get beside the code. */
export type ErrorDetails = Record<string, string | number | boolean | null | readonly unknown[]>;

/** An error a person caused or can mend. Carries its catalogue code; never used for our own defects. */
export class ReguaError extends Error {
  override name = "ReguaError";
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(fill(ERRORS[code].message, details), options);
    this.code = code;
    this.details = details;
  }

  get cure(): string {
    return fill(ERRORS[this.code].cure, this.details);
  }

  get http(): number {
    return ERRORS[this.code].http;
  }

  get exit(): 1 | 2 {
    return ERRORS[this.code].exit;
  }
}

function fill(text: string, details: ErrorDetails): string {
  return text.replace(/\{(\w+)\}/gu, (whole, name: string) => (name in details ? String(details[name]) : whole));
}
