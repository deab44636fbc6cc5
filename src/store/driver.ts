// How statements travel to PostgreSQL: prepared once for each connection, and several on one journey where none needs another's answer.
import {
  AbortedTransactionError,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type Kysely,
  type QueryResult,
  type RawBuilder,
  type TransactionSettings,
} from "kysely";
import type pg from "pg";
import { Journey, Prepared, type Answer, type ParserOf } from "./journey.ts";

/** Several statements as one, for `DatabaseConnection.executeQuery`. */
interface Several extends CompiledQuery {
  readonly statements: readonly CompiledQuery[];
}

/** Several statements, by what their rows are. */
export type Statements<T extends readonly unknown[]> = { [K in keyof T]: RawBuilder<T[K]> };

/** Answers of several statements, in their order. */
export type Answers<T extends readonly unknown[]> = { [K in keyof T]: QueryResult<T[K]> };

/**
 * Sends statements together and waits once, so that the distance to the database counts once. They run in their order; the first that
 * fails is the error, none behind it runs, and outside a transaction those before it are taken back with it.
 */
export async function together<T extends readonly unknown[]>(db: Kysely<object>, ...statements: Statements<T>): Promise<Answers<T>> {
  const compiled = statements.map((statement) => statement.compile(db));
  const [first] = compiled;
  if (!first) return [] as unknown as Answers<T>;
  const several: Several = { ...first, statements: compiled };
  const { rows } = await db.getExecutor().executeQuery(several);
  return rows as Answers<T>;
}

/** Each text has a name of its own in this process. The first time it is used it goes without: many a statement is never used again. */
const names = new Map<string, string | null>();
let named = 0;
/** Texts beyond this many are sent each time: lists put their conditions together as they are asked for. */
const MOST_NAMES = 500;

function nameOf(text: string): string | undefined {
  const name = names.get(text);
  if (name) return name;
  if (name === undefined) {
    if (names.size < MOST_NAMES) names.set(text, null);
    return undefined;
  }
  const fresh = `s${(named += 1)}`;
  names.set(text, fresh);
  return fresh;
}

/** A prepared statement that the server no longer has, or whose tables have changed: another connection prepares it anew. */
const STALE_CODES = new Set(["26000", "0A000"]);

/** By the library's client: two dialects over one pool share what its connections have prepared. */
const prepared = new WeakMap<pg.PoolClient, Prepared>();

class Connection implements DatabaseConnection {
  readonly #client: pg.PoolClient;
  readonly #pool: Pool;
  readonly #prepared: Prepared;
  #stale = false;
  /** A transaction is begun with these words as its first statement leaves. */
  #opening: string | null = null;

  constructor(client: pg.PoolClient, pool: Pool) {
    this.#client = client;
    this.#pool = pool;
    this.#prepared = prepared.get(client) ?? new Prepared();
    prepared.set(client, this.#prepared);
  }

  begin(words: string): void {
    this.#opening = words;
  }

  /** Ends a transaction; answers what became of it. One in which nothing was said never began. */
  async end(command: "commit" | "rollback"): Promise<string> {
    if (this.#opening === null) return (await this.#client.query(command)).command;
    this.#opening = null;
    return "";
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    try {
      const answers = await this.#send("statements" in query ? (query as Several).statements : [query]);
      return ("statements" in query ? { rows: answers } : answers[0]) as QueryResult<R>;
    } catch (error) {
      if (error instanceof Error && "code" in error && STALE_CODES.has(String(error.code))) this.#stale = true;
      // The library's own stack ends at the socket; from here it leads to who asked.
      if (error instanceof Error) Error.captureStackTrace(error);
      throw error;
    }
  }

  /** BEGIN goes with the first statement: if it fails the server reads over the rest, which so never runs outside its transaction. */
  async #send(queries: readonly CompiledQuery[]): Promise<QueryResult<unknown>[]> {
    const statements = queries.map(({ sql, parameters }) => ({ text: sql, values: parameters, name: nameOf(sql) }));
    const opening = this.#opening === null ? [] : [{ text: this.#opening, values: [], name: undefined }];
    const journey = new Journey([...opening, ...statements], this.#prepared, this.#pool.parserOf);
    this.#opening = null;
    // The client itself counts one.
    this.#pool.onSent(opening.length + statements.length - 1);
    this.#client.query(journey);
    return (await journey.done).slice(opening.length).map(resultOf);
  }

  // eslint-disable-next-line require-yield -- nothing of ours reads row by row
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error("statements are not streamed");
  }

  release(): void {
    this.#client.release(this.#stale);
  }

  discard(): void {
    this.#stale = true;
  }
}

const CHANGES = new Set(["INSERT", "UPDATE", "DELETE", "MERGE"]);

function resultOf({ command, count, rows }: Answer): QueryResult<unknown> {
  return CHANGES.has(command) ? { numAffectedRows: BigInt(count), rows } : { rows };
}

/** What the driver is given to work with. */
export interface Pool {
  pool: pg.Pool;
  parserOf: ParserOf;
  /** So many more statements went out than the pool's clients were asked for. */
  onSent: (more: number) => void;
}

class PoolDriver implements Driver {
  readonly #pool: Pool;
  readonly #connections = new WeakMap<pg.PoolClient, Connection>();

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  init(): Promise<void> {
    return Promise.resolve();
  }

  async acquireConnection(): Promise<Connection> {
    const client = await this.#pool.pool.connect();
    let connection = this.#connections.get(client);
    if (!connection) this.#connections.set(client, (connection = new Connection(client, this.#pool)));
    return connection;
  }

  beginTransaction(connection: Connection, { isolationLevel, accessMode }: TransactionSettings): Promise<void> {
    connection.begin(["begin", isolationLevel && `isolation level ${isolationLevel}`, accessMode].filter(Boolean).join(" "));
    return Promise.resolve();
  }

  async commitTransaction(connection: Connection): Promise<void> {
    // An aborted transaction answers COMMIT with the word of what it did.
    if ((await connection.end("commit")) === "ROLLBACK") throw new AbortedTransactionError();
  }

  async rollbackTransaction(connection: Connection): Promise<void> {
    try {
      await connection.end("rollback");
    } catch (error) {
      connection.discard();
      throw error;
    }
  }

  releaseConnection(connection: Connection): Promise<void> {
    connection.release();
    return Promise.resolve();
  }

  async destroy(): Promise<void> {
    await this.#pool.pool.end();
  }
}

/** Kysely's dialect of PostgreSQL over a pool of ours. */
export function dialectOf(pool: Pool): Dialect {
  return {
    createDriver: () => new PoolDriver(pool),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createAdapter: () => new PostgresAdapter(),
    createIntrospector: (db) => new PostgresIntrospector(db),
  };
}
