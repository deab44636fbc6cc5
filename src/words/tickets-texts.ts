// The sentences of an answer to a ticket, as both languages have them.

export interface TicketWords {
  /** Null: the name is none to greet by. */
  greeting(name: string | null): string;
  /** It came, a person reads it, and this is how things stand meanwhile. */
  received: string;
  invoice(ref: string, amount: string, due: string, past: boolean): string;
  total(amount: string): string;
  /** The service is down because of what is open. */
  suspended(names: string): string;
  /** What comes if nobody pays, with its moment. */
  suspensionAt(on: string): string;
  nothingSoon: string;
  promised(on: string): string;
  underReview: string;
  howToPay: string;
  askHowToPay(email: string): string;
  /** Where time is asked for and proofs are sent. */
  portal(address: string): string;
  moreTime(email: string): string;
  reference(mark: string): string;
}
