// The line to the database as one that breaks: inside a transaction, or while the answer to its commit is on its way; and what others do between two.
import {
  Kysely,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  type TransactionSettings,
} from "kysely";
import type { Database, Tables } from "../src/store/database.ts";

/** What a client is told when its line breaks; whether the server did what was asked it cannot know. */
export class Lost extends Error {
  override name = "Lost";

  constructor() {
    super("Connection terminated unexpectedly");
  }
}

/** Where the line breaks. `after`: the server has done it, and its answer is lost. */
export type Break = "before" | "after" | null;

/** What happens to the statements of whoever is at work. */
export interface Weather {
  /** Before a transaction begins. */
  begins: () => Promise<void>;
  /** At a statement inside one: whether the line breaks. */
  breaks: () => boolean;
  commits: () => Break;
}

/** The database over a line that is open to the weather. `weather` is asked each time: null is a clear sky. */
export function outdoors(database: Database, weather: () => Weather | null): Kysely<Tables> {
  const { dialect } = database;
  return new Kysely<Tables>({ dialect: { ...dialect, createDriver: () => new Outdoors(dialect, weather) } });
}

class Line implements DatabaseConnection {
  readonly inner: DatabaseConnection;
  readonly #weather: () => Weather | null;
  inside = false;
  /** Nothing gets through any more, not even the end of the transaction. */
  broken = false;

  constructor(inner: DatabaseConnection, weather: () => Weather | null) {
    this.inner = inner;
    this.#weather = weather;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (this.inside && this.#weather()?.breaks()) this.broken = true;
    if (this.broken) throw new Lost();
    return await this.inner.executeQuery<R>(query);
  }

  streamQuery<R>(query: CompiledQuery, chunkSize: number): AsyncIterableIterator<QueryResult<R>> {
    return this.inner.streamQuery<R>(query, chunkSize);
  }
}

class Outdoors implements Driver {
  readonly #inner: Driver;
  readonly #weather: () => Weather | null;

  constructor(dialect: Dialect, weather: () => Weather | null) {
    this.#inner = dialect.createDriver();
    this.#weather = weather;
  }

  init(): Promise<void> {
    return this.#inner.init();
  }

  async acquireConnection(): Promise<Line> {
    return new Line(await this.#inner.acquireConnection(), this.#weather);
  }

  async beginTransaction(line: Line, settings: TransactionSettings): Promise<void> {
    await this.#weather()?.begins();
    await this.#inner.beginTransaction(line.inner, settings);
    line.inside = true;
  }

  async commitTransaction(line: Line): Promise<void> {
    line.inside = false;
    const lost = this.#weather()?.commits() ?? null;
    if (lost !== "before") await this.#inner.commitTransaction(line.inner);
    if (lost === null) return;
    // What was committed is; only the rest is still to be taken back.
    line.broken = lost === "before";
    throw new Lost();
  }

  /** The server notices by itself that a client is gone, and takes back what was not committed. */
  async rollbackTransaction(line: Line): Promise<void> {
    line.inside = false;
    await this.#inner.rollbackTransaction(line.inner);
    if (line.broken) throw new Lost();
  }

  releaseConnection(line: Line): Promise<void> {
    return this.#inner.releaseConnection(line.inner);
  }

  destroy(): Promise<void> {
    return this.#inner.destroy();
  }
}
