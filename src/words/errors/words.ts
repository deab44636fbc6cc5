// The shape of a language's words for one part of the catalogue of errors.

/** What happened, and what the person does next; `{name}` is filled from the error's details, as in the catalogue itself. */
export interface ErrorWords {
  message: string;
  cure: string;
}
