// What a language supplies for the answers that staff are offered: written to be read over, changed and sent by a person.

/** `unknown_address`: to somebody whose address no customer has. `received`: what fits when nothing else does. */
export type DraftKind =
  | "how_to_pay"
  | "more_time"
  | "paid"
  | "suspended"
  | "cancel"
  | "dispute"
  | "installments"
  | "insult"
  | "legal"
  | "personal_data"
  | "fewer_messages"
  | "thanks"
  | "unknown_address"
  | "received";

export interface DraftView {
  /** Invoices are open. */
  open: boolean;
  /** The portal's address stands below the text. */
  portal: boolean;
  /** Until when time may be had today, in words; null: none is on offer. */
  until: string | null;
  /** Names of services that are down for what is open. */
  down: readonly string[];
  /** The offer of more time in full, or its refusal with reasons; none where nobody could ask for it. */
  offer: readonly string[];
  /** Whether it goes to a customer, and not to an address that nobody knows. */
  known: boolean;
}

/** Whole paragraphs, calm whatever was written to us; nothing is promised that the program or a person would not do. */
export type DraftTexts = Readonly<Record<DraftKind, (view: DraftView) => readonly string[]>>;
