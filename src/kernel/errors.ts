// The one catalogue of errors a user can meet: what happened, and what to do about it.

interface ErrorEntry {
  /** HTTP status of the service API. */
  http: number;
  /** Exit code of the program: 1 refused by a rule or bad input, 2 a fault. */
  exit: 1 | 2;
  /** What happened; `{name}` is filled from the details. */
  message: string;
  /** What the person does next. */
  cure: string;
}

export const ERRORS = {
  amount_unreadable: {
    http: 422,
    exit: 1,
    message: "The amount “{value}” cannot be read.",
    cure: "Write it with at most two decimals, for example 29.90 or 29,90.",
  },
  date_unreadable: {
    http: 422,
    exit: 1,
    message: "The date or time “{value}” cannot be read.",
    cure: "Write a day as 2026-11-27, a time as 09:00, an instant as 2026-11-27T09:00:00-03:00.",
  },
  zone_unknown: {
    http: 422,
    exit: 1,
    message: "The time zone “{value}” is not known.",
    cure: "Use an IANA name, for example America/Sao_Paulo.",
  },
} as const satisfies Record<string, ErrorEntry>;

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
