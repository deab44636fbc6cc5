// Where an import waits until it is whole: a temporary table, so that the order of files and lines does not matter and memory stays flat.
import { sql } from "kysely";
import type { Db } from "./database.ts";

/** The entities in the order they are taken. */
export const STAGED = { customer: 1, service: 2, invoice: 3, payment: 4 } as const;
export type StagedKind = keyof typeof STAGED;

export interface StagedRow {
  /** Position in the source, from 1. */
  n: number;
  kind: StagedKind;
  /** The customer's number; null for a payment that names only its invoice. */
  customer: string | null;
  /** The invoice's own number, or the one a payment names. */
  invoice: string | null;
  /** The record as JSON text. */
  data: string;
}

const KINDS = Object.entries(STAGED) as [StagedKind, number][];

function kindOf(code: number): StagedKind {
  return KINDS.find(([, c]) => c === code)?.[0] ?? "payment";
}

/** Rows read at once for a batch of whole customers. */
const CHUNK_ROWS = 3000;
const UNRESOLVED_REFS = 5000;

/** Lives as long as its connection; `db` must be one connection of its own, since nobody else sees the table. */
export class ImportStage {
  readonly #db: Db;
  /** Rows in all. */
  rows = 0;

  private constructor(db: Db) {
    this.#db = db;
  }

  static async open(db: Db): Promise<ImportStage> {
    await sql`CREATE TEMPORARY TABLE import_row (
      n bigint NOT NULL, kind smallint NOT NULL, customer text COLLATE "C", invoice text COLLATE "C", data text NOT NULL)`.execute(db);
    return new ImportStage(db);
  }

  /** The connection goes back to its pool: without the table. */
  async close(): Promise<void> {
    await sql`DROP TABLE import_row`.execute(this.#db);
  }

  async add(rows: readonly StagedRow[]): Promise<void> {
    if (rows.length === 0) return;
    await sql`
      INSERT INTO import_row (n, kind, customer, invoice, data)
      SELECT * FROM unnest(${rows.map((r) => r.n)}::bigint[], ${rows.map((r) => STAGED[r.kind])}::smallint[], ${rows.map((r) => r.customer)}::text[],
        ${rows.map((r) => r.invoice)}::text[], ${rows.map((r) => r.data)}::text[]) -- unordered: an insert`.execute(this.#db);
    this.rows += rows.length;
  }

  /** Everything is there: gives each payment that names only an invoice the customer of that invoice, of this import or known before. */
  async complete(): Promise<void> {
    await sql`CREATE INDEX ON import_row (customer, kind, n)`.execute(this.#db);
    await sql`CREATE INDEX ON import_row (invoice) WHERE customer IS NULL`.execute(this.#db);
    await sql`ANALYZE import_row`.execute(this.#db);
    await sql`
      UPDATE import_row p SET customer = i.customer
      FROM (SELECT DISTINCT ON (invoice) invoice, customer FROM import_row WHERE kind = ${STAGED.invoice} ORDER BY invoice, n) i
      WHERE p.customer IS NULL AND p.kind = ${STAGED.payment} AND p.invoice = i.invoice`.execute(this.#db);
    await this.#resolveKnown();
    await sql`ANALYZE import_row`.execute(this.#db);
  }

  async #resolveKnown(): Promise<void> {
    for (let after = ""; ;) {
      const { rows } = await sql<{ invoice: string }>`
        SELECT DISTINCT invoice FROM import_row WHERE customer IS NULL AND invoice > ${after} ORDER BY invoice LIMIT ${UNRESOLVED_REFS}`.execute(
        this.#db,
      );
      const last = rows.at(-1);
      if (!last) return;
      after = last.invoice;
      const known = await sql<{ invoice: string; customer_id: number }>`
        SELECT ref AS invoice, customer_id FROM ref_index WHERE kind = 'invoice' AND ref = ANY(${rows.map((r) => r.invoice)}::text[])
        ORDER BY ref`.execute(this.#db);
      const owners = await sql<{ id: number; ref: string }>`
        SELECT customer_id AS id, ref FROM customer WHERE customer_id = ANY(${known.rows.map((r) => r.customer_id)}::bigint[])
        ORDER BY customer_id`.execute(this.#db);
      const refs = new Map(owners.rows.map((owner) => [owner.id, owner.ref]));
      await sql`
        UPDATE import_row p SET customer = u.customer
        FROM unnest(${known.rows.map((r) => r.invoice)}::text[], ${known.rows.map((r) => refs.get(r.customer_id) ?? null)}::text[])
          AS u (invoice, customer)
        WHERE p.customer IS NULL AND p.invoice = u.invoice`.execute(this.#db);
    }
  }

  /** Batches of rows ordered by customer, kind and place; all rows of one customer are in one batch. */
  async *customers(): AsyncGenerator<StagedRow[]> {
    let limit = CHUNK_ROWS;
    for (let after = ""; ;) {
      const rows = await this.#read(sql`customer > ${after}`, sql`customer, kind, n`, limit);
      const last = rows.at(-1);
      if (!last) return;
      const whole = rows.length < limit ? rows : rows.filter((row) => row.customer !== last.customer);
      if (whole.length === 0) {
        // One customer with more rows than a batch: it is taken whole, however large.
        limit *= 4;
        continue;
      }
      limit = CHUNK_ROWS;
      after = whole.at(-1)?.customer ?? after;
      yield whole;
    }
  }

  /** Batches of payments whose customer nobody knows. */
  async *ownerless(): AsyncGenerator<StagedRow[]> {
    for (let after = 0; ;) {
      const rows = await this.#read(sql`customer IS NULL AND n > ${after}`, sql`n`, CHUNK_ROWS);
      const last = rows.at(-1);
      if (!last) return;
      after = last.n;
      yield rows;
    }
  }

  async #read(where: ReturnType<typeof sql>, order: ReturnType<typeof sql>, limit: number): Promise<StagedRow[]> {
    const { rows } = await sql<Omit<StagedRow, "kind"> & { kind: number }>`
      SELECT n, kind, customer, invoice, data FROM import_row WHERE ${where} ORDER BY ${order} LIMIT ${limit}`.execute(this.#db);
    return rows.map((row) => ({ ...row, kind: kindOf(row.kind) }));
  }
}
