// Imports customers, services, invoices and payments of any source: a batch of customers a transaction, and twice changes nothing.
import { genesis } from "../kernel/chain.ts";
import type { Id } from "../kernel/ids.ts";
import type { Day, Instant } from "../kernel/time.ts";
import type { CustomerRecord, CustomerSource, InvoiceRecord, PaymentRecord, RefusedLine, ServiceRecord } from "../ports/customer-source.ts";
import { wakeCustomers } from "../store/customers.ts";
import type { Trx } from "../store/database.ts";
import { ImportStage, type StagedKind, type StagedRow } from "../store/import-stage.ts";
import { addSandboxReceipts, ImportRaced, writeImport } from "../store/imports.ts";
import type { NewReceipt } from "../store/receipts.ts";
import type { Engine } from "./engine.ts";
import { entriesOf } from "./import-evidence.ts";
import { readKnown, toldBy } from "./import-known.ts";
import { mergeCustomer, type MergedCustomer, type Terms, type Told } from "./import-merge.ts";
import { rowsOf, type Planned } from "./import-rows.ts";
import { LEDGER_WORDS, noSuchInvoice } from "./import-words.ts";
import { identitiesIn } from "./known-money.ts";
import { Journal, stampOf, type Stamp } from "./journal.ts";
import { recordReceipts } from "./record-receipts.ts";

export interface ImportOptions {
  /** Who imports; written in the evidence. */
  by: string;
  onProgress?: (progress: ImportProgress) => void;
  /** Every refused line, as it is found. The result keeps the first {@link REFUSED_KEPT} only. */
  onRefused?: (line: RefusedLine) => void;
}

export interface ImportProgress {
  phase: "reading" | "writing";
  done: number;
  total: number;
}

/** What was new. The same import again: zeros, and the same lines refused. */
export interface ImportResult {
  customers: number;
  services: number;
  invoices: number;
  /** Payments booked, or waiting for their day in the sandbox. */
  receipts: number;
  /** Customers, services and invoices that were there and are different now. */
  updated: number;
  /** Lines read. */
  lines: number;
  refusedLines: number;
  refused: RefusedLine[];
}

/** A file of a million wrong lines must not fill the memory; nobody reads more than these. */
export const REFUSED_KEPT = 100_000;

/** An import that dies between rows and receipts leaves its customers undecided for this long: time to run it again. */
const GRACE_MS = 3_600_000;

/** Somebody else was first: a deadlock, a serialisation failure, the same number at the same moment. */
const RETRY_CODES = new Set(["40001", "40P01", "23505"]);
const MAX_TRIES = 5;

type AnyRecord = CustomerRecord | ServiceRecord | InvoiceRecord | PaymentRecord;

/**
 * Imports everything a source tells. Nobody is decided before all of their lines are in and their receipts booked, so that no
 * reminder is written for an invoice that the same import pays.
 * @throws ReguaError when the source as a whole cannot be read; nothing was written then
 */
export async function importCustomers(engine: Engine, source: CustomerSource, options: ImportOptions): Promise<ImportResult> {
  // Asked for before anything is read: an import of ten minutes must not end in “no policy”.
  await engine.settings.load(engine.db, engine.clock.now());
  const run = new Import(engine, source, options);
  // One connection keeps the staged rows, and the batches need another.
  return engine.db.connection().execute(async (own) => {
    const stage = await ImportStage.open(own);
    try {
      return await run.through(stage);
    } finally {
      await stage.close();
    }
  });
}

class Import {
  readonly #engine: Engine;
  readonly #source: CustomerSource;
  readonly #options: ImportOptions;
  readonly #result: ImportResult = {
    customers: 0,
    services: 0,
    invoices: 0,
    receipts: 0,
    updated: 0,
    lines: 0,
    refusedLines: 0,
    refused: [],
  };

  constructor(engine: Engine, source: CustomerSource, options: ImportOptions) {
    this.#engine = engine;
    this.#source = source;
    this.#options = options;
  }

  async through(stage: ImportStage): Promise<ImportResult> {
    await this.#fill(stage);
    let done = 0;
    for await (const rows of stage.customers()) {
      await this.#takeBatch(rows);
      done += rows.length;
      this.#options.onProgress?.({ phase: "writing", done, total: stage.rows });
    }
    for await (const rows of stage.ownerless())
      for (const row of rows) {
        const { place, invoiceRef } = JSON.parse(row.data) as PaymentRecord;
        this.#refuse([{ ...place, value: invoiceRef ?? "", ...noSuchInvoice(invoiceRef) }]);
      }
    this.#result.refused.sort(byPlace);
    return this.#result;
  }

  #refuse(lines: readonly RefusedLine[]): void {
    for (const line of lines) {
      this.#result.refusedLines += 1;
      if (this.#result.refused.length < REFUSED_KEPT) this.#result.refused.push(line);
      this.#options.onRefused?.(line);
    }
  }

  async #fill(stage: ImportStage): Promise<void> {
    let n = 0;
    for await (const batch of this.#source.read()) {
      const rows: StagedRow[] = [];
      const said = new Map<string, string>();
      const add = (kind: StagedKind, customer: string | null, invoice: string | null, record: AnyRecord): void => {
        rows.push({ n: (n += 1), kind, customer, invoice, data: JSON.stringify(record) });
      };
      // Where one file says everything, its customers stand in every line: said again, the same thing is kept once.
      const isNews = (kind: StagedKind, record: CustomerRecord | ServiceRecord): boolean => {
        const key = `${kind} ${record.ref}`;
        const text = JSON.stringify({ ...record, place: null });
        if (said.get(key) === text) return false;
        said.set(key, text);
        return true;
      };
      for (const record of batch.customers) if (isNews("customer", record)) add("customer", record.ref, null, record);
      for (const record of batch.services) if (isNews("service", record)) add("service", record.customerRef, null, record);
      for (const record of batch.invoices) add("invoice", record.customerRef, record.ref, record);
      for (const record of batch.payments) add("payment", record.customerRef, record.invoiceRef, record);
      await stage.add(rows);
      this.#refuse(batch.refused);
      this.#result.lines += batch.lines;
      this.#options.onProgress?.({ phase: "reading", done: this.#result.lines, total: this.#source.lines });
    }
    await stage.complete();
  }

  /** Writes the rows of some customers, books their receipts, and only then lets them be decided. */
  async #takeBatch(rows: readonly StagedRow[]): Promise<void> {
    const told = toldBy(rows);
    const written = await this.#writeBatch(told);
    const { counts } = written;
    this.#result.customers += counts.customers;
    this.#result.services += counts.services;
    this.#result.invoices += counts.invoices;
    this.#result.updated += counts.updated;
    this.#result.receipts += written.held;
    const booked = written.due.size === 0 ? null : await recordReceipts(this.#engine, [...written.due.keys()]);
    this.#result.receipts += booked?.booked ?? 0;
    const refused = (booked?.refused ?? []).flatMap(({ receipt, reason }) => {
      const place = written.due.get(receipt)?.place;
      return place ? [{ ...place, value: receipt.externalId, ...LEDGER_WORDS[reason] }] : [];
    });
    this.#refuse(onePerLine([...written.refused, ...refused]));
    const paid = new Set([...written.due.keys()].map((receipt) => receipt.customerId));
    const undecided = written.touched.filter((id) => !paid.has(id));
    if (undecided.length > 0) await wakeCustomers(this.#engine.db, undecided, this.#engine.clock.now());
  }

  async #writeBatch(told: readonly Told[]): Promise<Written> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#engine.db.transaction().execute((trx) => this.#writeOnce(trx, told));
      } catch (error) {
        const code = error !== null && typeof error === "object" && "code" in error ? error.code : undefined;
        const again = error instanceof ImportRaced || (typeof code === "string" && RETRY_CODES.has(code));
        if (!again || attempt === MAX_TRIES) throw error;
      }
    }
  }

  async #writeOnce(trx: Trx, told: readonly Told[]): Promise<Written> {
    const now = this.#engine.clock.now();
    const setting = await this.#engine.settings.load(trx, now);
    const { mode, currency } = setting;
    const today = setting.zone.dayOf(now);
    const terms: Terms = { mode, currency, lang: this.#source.defaultLang, today, linkTo: mode === "sandbox" ? "sandbox" : null };
    const known = await readKnown(trx, told);
    const refused: RefusedLine[] = [];
    const claimed = { refs: new Map<string, string>(), receipts: new Map<string, PaymentRecord>() };
    const merged = told.flatMap((one) => mergeCustomer(one, known, claimed, terms, (line) => refused.push(line)) ?? []);
    const planned = await rowsOf(merged, known, this.#engine.ids);
    await this.#write(trx, planned, now, stampOf(now, setting.zone));
    const held = planned.flatMap(({ id, merged: { payments } }) =>
      payments.filter((p) => p.paidOn > today).map((p) => ({ ...p, customerId: id, arrivesOn: p.paidOn })),
    );
    const due = new Map(planned.flatMap((one) => this.#due(one, today)));
    return {
      refused,
      due,
      held: await addSandboxReceipts(trx, held),
      touched: planned.filter((one) => one.writes).map((one) => one.id),
      counts: countsOf(merged),
    };
  }

  async #write(trx: Trx, planned: readonly Planned[], now: Instant, stamp: Stamp): Promise<void> {
    const writing = planned.filter((one) => one.writes);
    if (writing.length === 0) return;
    const customers = writing.map((one) => {
      const { row, was } = one.merged.customer;
      const journal = new Journal(
        row.ref,
        was ? { seq: was.evidenceSeq, hash: was.evidenceHash } : { seq: 0, hash: genesis(row.ref) },
        stamp,
      );
      for (const entry of entriesOf(one.merged, this.#source.kind)) journal.add("imported", this.#options.by, entry);
      return { id: one.id, ref: row.ref, was, row, evidence: { ...journal.head, entries: journal.entries } };
    });
    const services = writing.flatMap((one) => one.services);
    const sandboxAccounts = services.flatMap((s) => (s.panel === "sandbox" && s.account !== null ? [s.account] : []));
    const invoices = writing.flatMap((one) => one.invoices);
    await writeImport(trx, { customers, services, invoices, sandboxAccounts }, now, now + GRACE_MS);
  }

  /** A payment of today or before is a receipt; of a later day there are only those that the sandbox holds back. */
  #due({ id, merged }: Planned, today: Day): [NewReceipt, PaymentRecord][] {
    return merged.payments
      .filter((payment) => payment.paidOn <= today)
      .map((payment) => {
        const { source, externalId, amount, currency, paidOn, invoiceRef } = payment;
        // Another system's books are closed: what it calls paid was seen in the account.
        const paid = { source, externalId, amount, currency, paidOn, settledOn: paidOn };
        const identities = payment.reference ? identitiesIn(payment.reference) : [];
        const receipt = { customerId: id, ...paid, invoiceRef, reason: null, actor: this.#options.by, identities };
        return [receipt, payment];
      });
  }
}

interface Written {
  refused: RefusedLine[];
  /** Receipts to be booked, with the line each comes from. */
  due: Map<NewReceipt, PaymentRecord>;
  /** Receipts that wait for their day in the sandbox. */
  held: number;
  touched: Id[];
  counts: Pick<ImportResult, "customers" | "services" | "invoices" | "updated">;
}

function countsOf(merged: readonly MergedCustomer[]): Written["counts"] {
  const counts = { customers: 0, services: 0, invoices: 0, updated: 0 };
  for (const { customer, services, invoices } of merged) {
    if (customer.was === null) counts.customers += 1;
    else if (Object.keys(customer.changes).length > 0) counts.updated += 1;
    for (const service of services) counts[service.was === null ? "services" : "updated"] += 1;
    for (const invoice of invoices) counts[invoice.was === null ? "invoices" : "updated"] += 1;
  }
  return counts;
}

/** A line with several faults is one refused line, with the first of them. */
function onePerLine(lines: readonly RefusedLine[]): RefusedLine[] {
  const first = new Map<string, RefusedLine>();
  for (const line of lines) {
    const key = `${line.line} ${line.file}`;
    if (!first.has(key)) first.set(key, line);
  }
  return [...first.values()].sort(byPlace);
}

function byPlace(a: RefusedLine, b: RefusedLine): number {
  return a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line;
}
