// One way to the server and back for any number of statements: one message each way, one Sync, and no description of rows already known.
//
// It is what node-postgres calls a submittable, as its cursors are: the client hands over its connection and then every answer. The flow
// is that of extended queries (postgresql.org/docs/current/protocol-flow.html, “Pipelining”): up to the Sync the server does one after
// another, and after an error it reads over the rest.
import pg from "pg";
import { assert } from "../kernel/assert.ts";

export interface Statement {
  text: string;
  values: readonly unknown[];
  /** Under which it is prepared; undefined: not at all. */
  name: string | undefined;
}

export interface Answer {
  command: string;
  /** Rows inserted, changed, removed or read. */
  count: number;
  rows: Record<string, unknown>[];
}

interface Column {
  name: string;
  parse: (text: string) => unknown;
}

/** What one connection has prepared: by name, the columns of its rows. */
export class Prepared {
  readonly columns = new Map<string, readonly Column[]>();
  /** Were on a journey that failed: whether the server has them nobody said. */
  readonly doubtful = new Set<string>();
}

/** How a value of a type arrives; given by the pool. */
export type ParserOf = (type: number) => (text: string) => unknown;

interface RowDescription {
  fields: readonly { name: string; dataTypeID: number }[];
}

/** `INSERT 0 3`, `UPDATE 3`, `SELECT 3`, `BEGIN`, `CREATE TABLE`. */
const TAG = /^(?<command>[A-Z]+(?: [A-Z]+)*)(?: \d+)??(?: (?<count>\d+))?$/u;

const NO_COLUMNS: readonly Column[] = [];

export class Journey {
  readonly done: Promise<Answer[]>;
  readonly #statements: readonly Statement[];
  /** Made before anything is sent: a value that cannot be sent must not leave half a journey behind. */
  readonly #values: readonly (Buffer | string | null)[][];
  readonly #prepared: Prepared;
  readonly #parserOf: ParserOf;
  readonly #answers: Answer[] = [];
  #columns: readonly Column[] = NO_COLUMNS;
  #rows: Record<string, unknown>[] = [];
  /** A value that could not be read: told when the server has said everything, for the connection goes on. */
  #failure: Error | null = null;
  #resolve: (answers: Answer[]) => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;

  constructor(statements: readonly Statement[], prepared: Prepared, parserOf: ParserOf) {
    this.#statements = statements;
    this.#values = statements.map(({ values }) => values.map((value) => prepareValue(value)));
    this.#prepared = prepared;
    this.#parserOf = parserOf;
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  submit(connection: pg.Connection): void {
    const { stream } = connection;
    stream.cork();
    try {
      for (const [i, statement] of this.#statements.entries()) this.#write(connection, statement, this.#values[i] ?? []);
      connection.sync();
    } finally {
      stream.uncork();
    }
    this.#expect();
  }

  #write(connection: pg.Connection, { text, name = "" }: Statement, values: (Buffer | string | null)[]): void {
    const { columns, doubtful } = this.#prepared;
    const known = name !== "" && columns.has(name);
    if (doubtful.has(name)) connection.close({ type: "S", name }, true);
    if (!known) connection.parse({ name, text, types: [] }, true);
    if (!known && name !== "") doubtful.add(name);
    connection.bind({ statement: name, values }, true);
    if (!known) connection.describe({ type: "P" }, true);
    connection.execute({}, true);
  }

  /** The columns of the statement whose answer comes next; of one that is new they come ahead of its rows. */
  #expect(): void {
    this.#columns = this.#prepared.columns.get(this.#statements[this.#answers.length]?.name ?? "") ?? NO_COLUMNS;
    this.#rows = [];
  }

  handleRowDescription({ fields }: RowDescription): void {
    this.#columns = fields.map(({ name, dataTypeID }) => ({ name, parse: this.#parserOf(dataTypeID) }));
  }

  handleDataRow({ fields }: { fields: readonly (string | null)[] }): void {
    if (this.#failure !== null) return;
    const row: Record<string, unknown> = {};
    try {
      for (let i = 0; i < fields.length; i += 1) {
        const column = this.#columns[i] as Column;
        const text = fields[i] ?? null;
        row[column.name] = text === null ? null : column.parse(text);
      }
    } catch (error) {
      this.#failure = error as Error;
    }
    this.#rows.push(row);
  }

  handleCommandComplete({ text }: { text: string }): void {
    const { command, count } = TAG.exec(text)?.groups ?? {};
    assert(command !== undefined, `an answer that is none: ${text}`);
    const { name } = this.#statements[this.#answers.length] ?? {};
    if (name !== undefined) {
      this.#prepared.columns.set(name, this.#columns);
      this.#prepared.doubtful.delete(name);
    }
    this.#answers.push({ command, count: Number(count ?? 0), rows: this.#rows });
    this.#expect();
  }

  handleReadyForQuery(): void {
    if (this.#failure === null) this.#resolve(this.#answers);
    else this.#reject(this.#failure);
  }

  handleError(error: Error): void {
    this.#reject(error);
  }

  handleEmptyQuery(): void {
    this.#answers.push({ command: "", count: 0, rows: [] });
    this.#expect();
  }

  handlePortalSuspended(): void {
    assert(false, "all rows were asked for");
  }
}

/** As the library sends values: bytes as they are, all else as PostgreSQL's texts. Its types do not tell of it. */
const { prepareValue } = (pg as unknown as { utils: { prepareValue: (value: unknown) => Buffer | string | null } }).utils;
