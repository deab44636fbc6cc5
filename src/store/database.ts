// The connection to PostgreSQL: one pool, our own types in and out, and a count of statements for the measurements.
import { Kysely, type Dialect, type Transaction } from "kysely";
import pg from "pg";
import { ReguaError } from "../kernel/errors.ts";
import { remembering } from "../kernel/remember.ts";
import { formatInstant, type Day, type Instant } from "../kernel/time.ts";
import { dialectOf } from "./driver.ts";
import type { ParserOf } from "./journey.ts";

/** Rows are typed where they are read (each statement names its columns), so Kysely needs no table map. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- see above
export interface Tables {}

/** Anything that runs statements: the pool, or a transaction. */
export type Db = Kysely<Tables>;
export type Trx = Transaction<Tables>;

export interface Database {
  db: Db;
  pool: pg.Pool;
  /** What `db` speaks, for a simulator that puts something in between. */
  dialect: Dialect;
  /** Statements sent since the pool was opened, `BEGIN` and `COMMIT` included. */
  statements(): number;
  close(): Promise<void>;
}

const INT8 = 20;
const DATE = 1082;
const TIMESTAMPTZ = 1184;
const TEXT_ARRAY: number = 1009;
const INT8_ARRAY = 1016;

const DAY_MS = 86_400_000;

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new ReguaError("number_too_large", { value: text });
  return value;
}

const textArray = pg.types.getTypeParser(TEXT_ARRAY) as (text: string) => unknown;

const parsers: Record<number, (text: string) => unknown> = {
  [INT8]: wholeNumber,
  [DATE]: remembering((text: string): Day => Math.round(Date.parse(`${text}T00:00:00Z`) / DAY_MS)),
  // PostgreSQL prints `2026-11-22 21:03:00.123+00`; sessions are set to UTC below, and another zone's time is no time at all.
  [TIMESTAMPTZ]: (text): Instant => (text.endsWith("+00") ? Date.parse(`${text.slice(0, 10)}T${text.slice(11, -3)}Z`) : Number.NaN),
  [TEXT_ARRAY]: (text): unknown => (text === "{}" ? [] : textArray(text)),
  [INT8_ARRAY]: (text): number[] => (text === "{}" ? [] : text.slice(1, -1).split(",").map(wholeNumber)),
};

const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: "text" | "binary") =>
    parsers[oid] ?? pg.types.getTypeParser(oid, format)) as pg.CustomTypesConfig["getTypeParser"],
};

export interface OpenOptions {
  url: string;
  /** Connections at most. */
  max?: number;
  /** Works with the rights of the application only: it may add evidence, never change it. */
  role?: string | null;
  /** False for rehearsals: a commit does not wait for the disk, and the last moments may be lost with the power. Default true. */
  durable?: boolean;
  /**
   * `each`: a plan for each execution of a prepared statement, made for what it is asked, as tables grow and batches differ. `once`: one plan
   * for as long as the connection lasts, which spares short-lived small databases half their work. Default `each`.
   */
  plans?: "each" | "once";
}

/** Opens a pool. Nothing is sent until the first statement. */
export function openDatabase(options: OpenOptions): Database {
  let sent = 0;
  const role = options.role ? ` -c role=${options.role}` : "";
  const commit = options.durable === false ? " -c synchronous_commit=off" : "";
  const plans = options.plans === "once" ? "force_generic_plan" : "force_custom_plan";
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.max ?? 8,
    types,
    options: `-c timezone=UTC -c jit=off -c plan_cache_mode=${plans}${role}${commit}`,
    application_name: "regua",
  });
  pool.on("connect", (client) => {
    // One that breaks while a unit of work holds it and computes: its next statement fails. Without a listener Node would end the process.
    client.on("error", () => undefined);
    const query = client.query.bind(client) as (...args: unknown[]) => unknown;
    client.query = ((...args: unknown[]) => {
      sent += 1;
      return query(...args);
    }) as typeof client.query;
  });
  // An idle connection that breaks (a restarted server) is dropped by the pool; the next statement opens another.
  pool.on("error", () => undefined);
  const parserOf: ParserOf = (type) => types.getTypeParser(type) as (text: string) => unknown;
  const dialect = dialectOf({ pool, parserOf, onSent: (more) => (sent += more) });
  const db = new Kysely<Tables>({ dialect });
  return { db, pool, dialect, statements: () => sent, close: () => db.destroy() };
}

/** An instant as a parameter. */
export function ts(instant: Instant): string {
  return formatInstant(instant);
}

/** An instant or nothing as a parameter. */
export function tsOrNull(instant: Instant | null): string | null {
  return instant === null ? null : formatInstant(instant);
}
