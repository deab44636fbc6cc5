// Errors of mail: its settings, mailboxes, and conversations with customers.
import type { ErrorEntry } from "./entry.ts";

export const MAIL_ERRORS = {
  mail_option_invalid: {
    http: 422,
    exit: 1,
    message: "The mail setting “{option}” cannot be used: {problem}.",
    cure: "Correct it in the configuration; docs/mail.md says what each setting holds.",
  },
  mail_test_failed: {
    http: 502,
    exit: 1,
    message: "{count} of {tried} could not be reached: {names}.",
    cure: "Each line above says what was answered; docs/mail.md says what to do about it.",
  },
  mail_empty: {
    http: 422,
    exit: 1,
    message: "No mail came in on standard input.",
    cure: "Give the whole message, as in: regua mail receive < message.eml",
  },
  mail_too_large: {
    http: 413,
    exit: 1,
    message: "The mail is larger than {megabytes} MB.",
    cure: "Let the mail server refuse such mail; docs/mail.md names the limit.",
  },
  conversation_unknown: {
    http: 404,
    exit: 1,
    message: "There is no conversation “{value}”.",
    cure: "`GET /v1/conversations` lists them; `regua mail status` shows those that wait.",
  },
  conversation_no_address: {
    http: 409,
    exit: 1,
    message: "Nothing can be written to this conversation by mail: {problem}.",
    cure: "Give the customer an e-mail address, or assign the mail to its customer first.",
  },
  mail_assigned: {
    http: 409,
    exit: 1,
    message: "The mail {value} belongs to a customer already.",
    cure: "Look at that customer's conversation.",
  },
  mail_file_unknown: {
    http: 404,
    exit: 1,
    message: "The mail {mail} has no file {value}, or its time is over and it was deleted.",
    cure: "Each file of a mail stands in the conversation with its SHA-256.",
  },
  bounce_unknown: {
    http: 404,
    exit: 1,
    message: "The customer has no notice that the report {value} took back.",
    cure: "Its reports stand in the conversation with their numbers.",
  },
} as const satisfies Record<string, ErrorEntry>;
