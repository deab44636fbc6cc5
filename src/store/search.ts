// The words a customer is found by: written with the customer's row, and looked up by index, so that a million customers cost no more.
import { sql } from "kysely";
import type { Id } from "../kernel/ids.ts";
import type { Db, Trx } from "./database.ts";

/** Letters with signs, and the same without: who types a name in a hurry leaves the signs out. */
const SIGNED = "áàâãäåéèêëíìîïóòôõöúùûüçñ";
const PLAIN = "aaaaaaeeeeiiiiooooouuuucn";

/** Writes anew what customers are found by: their numbers, names, addresses and services. */
export async function writeSearch(trx: Trx, customerIds: readonly Id[]): Promise<void> {
  if (customerIds.length === 0) return;
  await sql`
    INSERT INTO customer_search (customer_id, terms)
    SELECT customer_id, array_to_tsvector(array_remove(regexp_split_to_array(text, '\\s+') || regexp_split_to_array(text, '[^a-z0-9]+'), ''))
    FROM (
      SELECT c.customer_id, translate(
          lower(concat_ws(' ', c.ref, c.name, c.email, c.tax_id, regexp_replace(c.tax_id, '\\D', '', 'g'),
            regexp_replace(c.phone, '\\D', '', 'g'),
            (SELECT string_agg(concat_ws(' ', s.ref, s.name, s.account), ' ' ORDER BY s.service_id) FROM service s
              WHERE s.customer_id = c.customer_id))),
          ${SIGNED}, ${PLAIN}) AS text
      FROM customer c WHERE c.customer_id = ANY(${customerIds}::bigint[])
    ) t -- unordered: an insert
    ON CONFLICT (customer_id) DO UPDATE SET terms = EXCLUDED.terms WHERE customer_search.terms IS DISTINCT FROM EXCLUDED.terms`.execute(
    trx,
  );
}

/** What was typed, as a query over the terms: each word must begin one of them. Null: nothing that could be looked for. */
export function searchQuery(text: string): string | null {
  const plain = [...text.toLowerCase()].map((letter) => PLAIN[SIGNED.indexOf(letter)] ?? letter).join("");
  // A tax number is kept with its signs and without; written with other signs it is found by its digits.
  const words = plain.split(/\s+/u).map((word) => (/^[\d./-]{11,}$/u.test(word) ? word.replace(/\D/gu, "") : word));
  const asked = words.filter((word) => word !== "").slice(0, 8);
  if (asked.length === 0) return null;
  return asked.map((word) => `'${word.replaceAll("\\", "\\\\").replaceAll("'", "''")}':*`).join(" & ");
}

/** What somebody typed that is one thing's own number, and whose that is. */
export interface ExactHit {
  kind: "customer" | "service" | "invoice" | "end_to_end" | "slip" | "charge" | "waiting_money";
  value: string;
  customerId: Id | null;
  /** Of waiting money: its number. */
  rowId: Id | null;
}

/** Things whose number is exactly the text: by primary keys only. */
export async function findExact(db: Db, text: string): Promise<ExactHit[]> {
  const digits = text.replace(/\D/gu, "");
  const values = digits.length >= 10 && digits !== text ? [text, digits] : [text];
  const { rows } = await sql<ExactHit>`
    SELECT kind, ref AS value, customer_id AS "customerId", NULL::bigint AS "rowId" FROM ref_index
      WHERE kind IN ('customer', 'service', 'invoice') AND ref = ANY(${values}::text[])
    UNION ALL
    SELECT CASE WHEN customer_id IS NULL THEN 'waiting_money' ELSE kind END, value, customer_id,
        CASE WHEN customer_id IS NULL THEN receipt_id END FROM money_identity
      WHERE kind IN ('end_to_end', 'slip') AND value = ANY(${values}::text[])
    UNION ALL
    SELECT CASE kind WHEN 'txid' THEN 'charge' WHEN 'charge' THEN 'charge' ELSE 'slip' END, value, customer_id, NULL FROM charge_code
      WHERE kind IN ('txid', 'slip', 'charge', 'bar_code') AND value = ANY(${values}::text[])
    UNION ALL
    SELECT 'end_to_end', value, customer_id, NULL FROM claim_mark WHERE kind = 'end_to_end' AND value = ANY(${values}::text[])
    ORDER BY 1, 2, 3 LIMIT 20`.execute(db);
  return rows;
}

/**
 * Above so many a word is common: then the customers are walked in the order of their ids, and a page is soon full. Below, all that have it are read from
 * the index of words. Left to itself the database walks the ids for a rare word too, a million of them: it cannot tell how rare a beginning is.
 */
const COMMON = 5_000;

/** Whom a query finds after an id, in no order; null: more than can be read at once. */
export async function findByWords(db: Db, query: string, after: Id): Promise<Id[] | null> {
  const { rows } = await sql<{ id: Id }>`
    WITH found AS MATERIALIZED (SELECT customer_id AS id FROM customer_search WHERE terms @@ ${query}::tsquery AND customer_id > ${after})
    SELECT id FROM found LIMIT ${COMMON + 1} -- unordered: sorted below`.execute(db);
  return rows.length > COMMON ? null : rows.map(({ id }) => id).sort((a, b) => a - b);
}

/** Customers by their words, after an id. */
export async function searchCustomers(db: Db, query: string, after: Id, limit: number): Promise<Id[]> {
  const few = await findByWords(db, query, after);
  if (few !== null) return few.slice(0, limit);
  const { rows } = await sql<{ id: Id }>`
    SELECT customer_id AS id FROM customer_search WHERE terms @@ ${query}::tsquery AND customer_id > ${after}
    ORDER BY customer_id LIMIT ${limit}`.execute(db);
  return rows.map((row) => row.id);
}
