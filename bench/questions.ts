// What is asked of the lists, and the plain query that has the same rows: by index, in one statement, with no rule applied to them.
import { assert } from "../src/kernel/assert.ts";
import { domainOf, endToEndOf, invoiceOf, nameOf, refOf, taxIdOf } from "./crowd.ts";

export interface Question {
  name: string;
  /** Under `/admin`, for the n-th customer. */
  path(n: number): string;
  raw: { text: string; values(n: number): unknown[] };
  /** A fast answer that forgot something is worth nothing. Throws with what is missing. */
  check(answer: unknown, n: number): void;
}

const LIMIT = 60;
const MS_PER_DAY = 86_400_000;
const TODAY = Date.UTC(2026, 9, 20) / MS_PER_DAY;

/** A row as a page shows it, without what the ladder says of it: name, what is owed since when, services that are down. */
const rowsOf = (page: string, order: string): string => `
  SELECT c.ref, c.name, o.owed, o.open, o.due, d.down FROM (${page}) p
    JOIN customer c ON c.customer_id = p.customer_id
    CROSS JOIN LATERAL (SELECT sum(amount_cents - paid_cents) AS owed, count(*) AS open, min(due_on) AS due FROM invoice i
      WHERE i.customer_id = p.customer_id AND i.state = 'open') o
    CROSS JOIN LATERAL (SELECT count(*) AS down FROM service s
      WHERE s.customer_id = p.customer_id AND s.terminated_at IS NULL AND s.actual = 'suspended') d
  ORDER BY ${order}`;

const BY_DUE = rowsOf(
  `SELECT customer_id, due_on FROM invoice WHERE state = 'open' AND due_on <= $1 AND (due_on, customer_id) > ($2, $3)
   ORDER BY due_on, customer_id LIMIT ${LIMIT}`,
  "p.due_on, p.customer_id",
);
const BY_ID = rowsOf(`SELECT customer_id FROM customer WHERE customer_id > $1 ORDER BY customer_id LIMIT ${LIMIT}`, "p.customer_id");
const BY_DOWN = rowsOf(
  `SELECT customer_id FROM service WHERE terminated_at IS NULL AND (desired = 'suspended' OR actual = 'suspended') AND customer_id > $1
   ORDER BY customer_id LIMIT ${LIMIT}`,
  "p.customer_id",
);
/** Without the word first read in full, the database walks all customers for a rare one. */
const BY_RARE_WORDS = rowsOf(
  `SELECT customer_id FROM (WITH found AS MATERIALIZED (SELECT customer_id FROM customer_search WHERE terms @@ $1::tsquery)
   SELECT customer_id FROM found ORDER BY customer_id LIMIT ${LIMIT}) f`,
  "p.customer_id",
);
const BY_COMMON_WORDS = rowsOf(
  `SELECT customer_id FROM customer_search WHERE terms @@ $1::tsquery ORDER BY customer_id LIMIT ${LIMIT}`,
  "p.customer_id",
);
const byNumber = (table: string, where: string): string =>
  rowsOf(`SELECT customer_id FROM ${table} WHERE ${where} LIMIT 8`, "p.customer_id");

/** A place anywhere in the 120 days of who is late. */
const placeOf = (n: number): { day: number; id: number } => ({ day: TODAY - 125 + (n % 115), id: n });
const dayText = (day: number): string => new Date(day * MS_PER_DAY).toISOString().slice(0, 10);

interface Rows {
  customers: { ref: string; name: string; owedCents: number }[];
  exact?: { kind: string; customer: string | null }[];
}

const full = (answer: unknown): void => assert((answer as Rows).customers.length > 0, "a list without rows");
const finds = (answer: unknown, n: number): void =>
  assert(
    (answer as Rows).customers.some(({ ref }) => ref === refOf(n)),
    `${refOf(n)} was not found`,
  );
const named = (answer: unknown, n: number): void => {
  const { customers } = answer as Rows;
  assert(customers.length > 0 && customers.every(({ name }) => name === nameOf(n)), `not everybody found is called ${nameOf(n)}`);
};
const knows = (kind: string) => (answer: unknown, n: number) => {
  const { exact = [] } = answer as Rows;
  assert(
    exact.some((hit) => hit.kind === kind && hit.customer === refOf(n)),
    `the ${kind} of ${refOf(n)} was not found`,
  );
};

/** One of those who have paid: only they have an end-to-end id. */
const payer = (n: number): number => (n % 1000 >= 280 ? n : n - (n % 1000) + 500);
const words = (text: string): string => text.toLowerCase().split(/\s+/u).map((word) => `'${word.normalize("NFD").replace(/\p{M}/gu, "")}':*`).join(" & "); // prettier-ignore
const asked = (text: string): string => encodeURIComponent(text);

export const QUESTIONS: readonly Question[] = [
  {
    name: "late, the first page",
    path: () => `/matters?filter=late&limit=${LIMIT}`,
    raw: { text: BY_DUE, values: () => [dayText(TODAY - 1), dayText(0), 0] },
    check: full,
  },
  {
    name: "late, a page further down",
    path: (n) => `/matters?filter=late&limit=${LIMIT}&cursor=${placeOf(n).day}.${placeOf(n).id}`,
    raw: { text: BY_DUE, values: (n) => [dayText(TODAY - 1), dayText(placeOf(n).day), placeOf(n).id] },
    check: full,
  },
  {
    name: "everybody, a page anywhere",
    path: (n) => `/matters?filter=all&limit=${LIMIT}&cursor=.${n - 1}`,
    raw: { text: BY_ID, values: (n) => [n - 1] },
    check: finds,
  },
  {
    name: "services down, a page anywhere",
    path: (n) => `/matters?filter=suspended&limit=${LIMIT}&cursor=.${Math.floor(n / 2)}`,
    raw: { text: BY_DOWN, values: (n) => [Math.floor(n / 2)] },
    check: full,
  },
  {
    name: "search: a name",
    path: (n) => `/matters?filter=all&limit=${LIMIT}&search=${asked(nameOf(n))}`,
    raw: { text: BY_RARE_WORDS, values: (n) => [words(nameOf(n))] },
    check: named,
  },
  {
    name: "search: three letters of a name",
    path: (n) => `/matters?filter=all&limit=${LIMIT}&search=${asked(nameOf(n).slice(0, 3))}`,
    raw: { text: BY_COMMON_WORDS, values: (n) => [words(nameOf(n).slice(0, 3))] },
    check: full,
  },
  {
    name: "search: a domain",
    path: (n) => `/matters?filter=all&limit=${LIMIT}&search=${asked(domainOf(n))}`,
    raw: { text: BY_RARE_WORDS, values: (n) => [words(domainOf(n))] },
    check: finds,
  },
  {
    name: "search: a CPF",
    path: (n) => `/matters?filter=all&limit=${LIMIT}&search=${taxIdOf(n)}`,
    raw: { text: BY_RARE_WORDS, values: (n) => [words(taxIdOf(n))] },
    check: finds,
  },
  {
    name: "find: an invoice",
    path: (n) => `/find?text=${invoiceOf(n)}`,
    raw: { text: byNumber("ref_index", "kind = 'invoice' AND ref = $1"), values: (n) => [invoiceOf(n)] },
    check: knows("invoice"),
  },
  {
    name: "find: an end-to-end id",
    path: (n) => `/find?text=${endToEndOf(payer(n))}`,
    raw: { text: byNumber("money_identity", "kind = 'end_to_end' AND value = $1"), values: (n) => [endToEndOf(payer(n))] },
    check: (answer, n) => knows("end_to_end")(answer, payer(n)),
  },
  {
    name: "today",
    path: () => "/today",
    raw: {
      text: `SELECT count(*), sum(amount_cents - paid_cents), sum(amount_cents - paid_cents) FILTER (WHERE due_on < $1),
          (SELECT count(*) FROM service WHERE terminated_at IS NULL AND (desired = 'suspended' OR actual = 'suspended')) AS down,
          (SELECT count(*) FROM customer WHERE attention <> '{}' OR fault IS NOT NULL) AS attention,
          (SELECT sum(amount_cents) FROM receipt WHERE recorded_at >= $2) AS received
        FROM invoice WHERE state = 'open'`,
      values: () => [dayText(TODAY), dayText(TODAY - 29)],
    },
    check: (answer) => {
      const { counts } = answer as { counts: { lateCents: number; suspendedServices: number } };
      assert(counts.lateCents > 0 && counts.suspendedServices > 0, "today has no figures");
    },
  },
  {
    name: "what comes",
    path: () => "/coming",
    raw: { text: "SELECT result FROM outlook", values: () => [] },
    check: (answer) => {
      const { coming } = answer as { coming: { total: number; days: unknown[] } | null };
      assert(coming !== null && coming.total > 0 && coming.days.length > 0, "nothing comes");
    },
  },
];
