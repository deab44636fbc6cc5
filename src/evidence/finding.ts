// What a check can find, and where: the words for people are in say.ts.

/** An entry, as far as it can be read. */
export interface Place {
  seq: number;
  at: string | null;
  kind: string | null;
}

/** The parts of the state that entries tell of. */
export type Table =
  | "receipts"
  | "settlements"
  | "returns"
  | "allocations"
  | "invoices"
  | "holds"
  | "lifted_holds"
  | "promises"
  | "claims"
  | "terminations"
  | "services"
  | "deliveries";

/** Who says what an entry's hash should be: the file's own list, the entry after it, or the head kept with the customer. */
export type Witness = "list" | "next" | "head";

export type Finding =
  // The file
  | { code: "seal_broken" }
  | { code: "not_utf8"; byte: number }
  | { code: "not_json"; byte: number; line: number }
  | { code: "out_of_shape"; field: string; problem: string }
  | { code: "out_of_form"; byte: number; line: number }
  | { code: "customer_differs"; shown: string; said: string }
  // The chain
  | { code: "entry_unreadable"; entry: Place }
  | { code: "entry_differs"; entry: Place; witness: Witness; field: string | null }
  | { code: "entry_field"; entry: Place; field: string }
  | { code: "entries_missing"; from: number; through: number }
  | { code: "hash_list_differs"; entry: Place }
  | { code: "head_differs"; seq: number }
  // What hangs on the entries
  | { code: "message_differs"; entry: Place; item: number; field: string }
  | { code: "message_missing"; entry: Place; item: number }
  | { code: "message_without_entry"; messageId: string }
  | { code: "policy_missing"; version: string; entry: Place }
  | { code: "policy_differs"; version: string; field: string }
  | { code: "row_missing"; table: Table; row: string; entry: Place }
  | { code: "row_without_entry"; table: Table; row: string }
  | { code: "sum_differs"; table: Table; row: string; sum: number; shown: number }
  // Anchors
  | { code: "anchor_differs"; day: string }
  | { code: "anchor_missing"; day: string }
  | { code: "anchor_not_as_published"; day: string }
  | { code: "leaf_differs"; day: string; entry: Place }
  | { code: "leaf_gap"; day: string }
  | { code: "anchored_entry_missing"; day: string; seq: number }
  // The record of the house
  | { code: "house_row_differs"; row: number; kind: string }
  | { code: "house_row_unchained"; row: number; kind: string }
  | { code: "house_rows_missing"; from: number; through: number };

/** Not a fault: what a reader should know about how far a check went. */
export type Note =
  | { code: "not_anchored"; from: number; through: number }
  | { code: "published_not_here"; day: string }
  | { code: "clock_went_back"; entry: Place }
  | { code: "policy_of_other_program"; version: string };

/** What a check of a bundle came to. */
export interface Report {
  /** Nothing was found: every byte is as exported, and everything in it agrees. */
  intact: boolean;
  /** The customer's number, and when the file was made; null where the file cannot be read so far. */
  customer: string | null;
  exportedAt: string | null;
  head: { seq: number; hash: string } | null;
  checked: { entries: number; messages: number; policies: number; receipts: number; anchors: number };
  /** The last anchor that covers an entry of this customer: what to compare with the anchors kept elsewhere. */
  anchor: { day: string; hash: string; through: number } | null;
  /** How many of these anchors were compared with ones kept elsewhere. */
  compared: number;
  findings: Finding[];
  notes: Note[];
}
