// What we ask of a source of customers: typed records in batches, and every line that could not be read, with its place and reason.
import type { InEach } from "../kernel/errors.ts";
import type { Lang } from "../kernel/lang.ts";
import type { Cents, Currency } from "../kernel/money.ts";
import type { Day } from "../kernel/time.ts";

/** Where a record was written. Lines count from 1, as an editor shows them; a record of several lines has the first. */
export interface Place {
  file: string;
  line: number;
}

/** `null` everywhere below: the source says nothing about it, which is never a reason to change what is known. */
export interface CustomerRecord {
  place: Place;
  /** The provider's own number, unique among customers. */
  ref: string;
  name: string | null;
  email: string | null;
  phone: string | null;
  taxId: string | null;
  lang: Lang | null;
  /** First day as a customer. */
  since: Day | null;
  tags: readonly string[] | null;
}

export interface ServiceRecord {
  place: Place;
  ref: string;
  customerRef: string;
  name: string | null;
  plan: string | null;
  price: Cents | null;
  /** The panel and the account on it; both or neither. */
  panel: string | null;
  account: string | null;
}

export interface InvoiceRecord {
  place: Place;
  ref: string;
  customerRef: string;
  /** The service it bills. */
  serviceRef: string | null;
  issuedOn: Day;
  dueOn: Day;
  /** More than nothing. */
  amount: Cents;
  currency: Currency | null;
}

export interface PaymentRecord {
  place: Place;
  /** (source, externalId) is unique among receipts. */
  source: string;
  externalId: string;
  /** Null: the customer of the invoice it names. */
  customerRef: string | null;
  invoiceRef: string | null;
  paidOn: Day;
  /** More than nothing: a refund is not a payment. */
  amount: Cents;
  currency: Currency | null;
  /** What the money is called elsewhere, for example its EndToEndId: a bank that tells of it under that tells of the same money. */
  reference?: string | null;
}

/**
 * A line that was not taken, or not wholly. A source takes nothing of a line it cannot read: an invoice read without its
 * payment would remind somebody who has paid. A line that contradicts what is known says in its reason what of it was left out.
 */
export interface RefusedLine {
  file: string;
  line: number;
  column?: string;
  /** As written, shortened. */
  value?: string;
  /** Said in the reader's language where it is shown; what is kept of it is English. */
  reason: InEach;
  cure: InEach;
}

/** Records in the order of the source; the customer of an invoice may come in a later batch. */
export interface SourceBatch {
  customers: readonly CustomerRecord[];
  services: readonly ServiceRecord[];
  invoices: readonly InvoiceRecord[];
  payments: readonly PaymentRecord[];
  refused: readonly RefusedLine[];
  /** Lines read for this batch. */
  lines: number;
}

/** A source of customers. Reading it twice gives the same records; it never holds more than a batch in memory. */
export interface CustomerSource {
  /** For example `csv`; written in the evidence. */
  readonly kind: string;
  /** Lines in all, for a progress bar. */
  readonly lines: number;
  /** For new customers of whom the source does not tell it. */
  readonly defaultLang: Lang;
  /** @throws ReguaError when the source as a whole cannot be read */
  read(): AsyncIterable<SourceBatch>;
}
