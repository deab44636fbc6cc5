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
import type { Lang } from "./lang.ts";

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

type Detail = string | number | boolean | null | readonly unknown[];

/** Words of ours within a message, in each language. A name, a number or another's words are the same in both. */
export type InEach<T = string> = Readonly<Record<Lang, T>>;

/** The same words in each language. */
export function inEach<T = string>(en: T, ptBR: T): InEach<T> {
  return { en, "pt-BR": ptBR };
}

/** Details that fill the message, and that machines get beside the code. */
export type ErrorDetails = Record<string, Detail>;

/** Several, one after another, on one line. */
export function joined(all: readonly InEach[]): InEach {
  return { en: all.map(({ en }) => en).join("; "), "pt-BR": all.map((each) => each["pt-BR"]).join("; ") };
}

/** The same in each language: another's words as they came, a code, a name. */
export function alike(text: string): InEach {
  return { en: text, "pt-BR": text };
}

/** Details that are said within the sentence, not named in it: a plain string of ours would be one language inside the other. */
export const SAID = [
  "answer",
  "cure",
  "finding",
  "kind",
  "mode",
  "operation",
  "problem",
  "problems",
  "reason",
  "role",
  "roles",
  "rule",
  "rules",
  "sentence",
  "state",
  "summary",
  "what",
  "why",
] as const;

/** What an error is made with: details, of which those that are words of ours come in each language. A list is for machines. */
export type ErrorFill = Readonly<Record<string, Detail | InEach<Detail>>> & {
  readonly [Name in (typeof SAID)[number]]?: InEach | InEach<readonly unknown[]> | readonly unknown[];
};

/**
 * An error a person caused or can mend. Carries its catalogue code; never used for our own defects.
 * `message`, `cure` and `details` are English, as logs keep them; who asks in another language is told by `src/words/errors.ts`.
 */
export class ReguaError extends Error {
  override name = "ReguaError";
  readonly code: ErrorCode;
  readonly details: ErrorDetails;
  readonly #fill: ErrorFill;

  constructor(code: ErrorCode, fill: ErrorFill = {}, options?: ErrorOptions) {
    const details = inLang(fill, "en");
    super(fillIn(ERRORS[code].message, details), options);
    this.code = code;
    this.details = details;
    this.#fill = fill;
  }

  get cure(): string {
    return fillIn(ERRORS[this.code].cure, this.details);
  }

  get http(): number {
    return ERRORS[this.code].http;
  }

  get exit(): 1 | 2 {
    return ERRORS[this.code].exit;
  }

  detailsIn(lang: Lang): ErrorDetails {
    return inLang(this.#fill, lang);
  }
}

function inLang(fill: ErrorFill, lang: Lang): ErrorDetails {
  return Object.fromEntries(Object.entries(fill).map(([name, value]) => [name, isInEach(value) ? value[lang] : value]));
}

function isInEach(value: Detail | InEach<Detail>): value is InEach<Detail> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** `{name}` filled from the details. What has no detail stays as it stands. */
export function fillIn(text: string, details: ErrorDetails): string {
  return text.replace(/\{(\w+)\}/gu, (whole, name: string) => (name in details ? String(details[name]) : whole));
}
