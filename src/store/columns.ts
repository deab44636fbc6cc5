// Rows collected column by column, as the arrays that `unnest` takes, in PostgreSQL's binary form.
//
// As text, every array element is escaped here and unescaped there: with the texts of 100,000 messages that was 3.4 s of 8.7 s of processor
// time on this side alone. In binary an element is its length and its bytes (PostgreSQL, src/backend/utils/adt/arrayfuncs.c, array_recv).
import { assert } from "../kernel/assert.ts";
import type { Id } from "../kernel/ids.ts";

/** Object ids of element types, fixed in PostgreSQL's catalogue (pg_type.dat). */
const OID = { bool: 16, int8: 20, int4: 23, text: 25, timestamptz: 1184 } as const;

export type ColumnType = keyof typeof OID;

const HEADER_BYTES = 20;
const FIRST_BYTES = 4096;
const NULL_LENGTH = -1;
const TWO_TO_32 = 4_294_967_296;
/** 2000-01-01T00:00Z, from which PostgreSQL counts microseconds. */
const EPOCH_MS = 946_684_800_000;

/** One array under construction. */
class ArrayWriter {
  readonly #type: ColumnType;
  #bytes = Buffer.allocUnsafe(FIRST_BYTES);
  #at = HEADER_BYTES;
  #count = 0;
  #nulls = 0;

  constructor(type: ColumnType) {
    this.#type = type;
  }

  add(value: unknown): void {
    this.#count += 1;
    if (value === null || value === undefined) {
      this.#nulls = 1;
      this.#room(4);
      this.#at = this.#bytes.writeInt32BE(NULL_LENGTH, this.#at);
      return;
    }
    switch (this.#type) {
      case "text":
        return this.#text(value as string);
      case "int8":
        return this.#wide(value as number);
      case "timestamptz":
        return this.#wide(((value as number) - EPOCH_MS) * 1000);
      case "int4":
        this.#room(8);
        this.#at = this.#bytes.writeInt32BE(value as number, this.#bytes.writeInt32BE(4, this.#at));
        return;
      case "bool":
        this.#room(5);
        this.#at = this.#bytes.writeUInt8(value === true ? 1 : 0, this.#bytes.writeInt32BE(1, this.#at));
        return;
    }
  }

  /** The whole array, ready to be sent. */
  done(): Buffer {
    let at = this.#bytes.writeInt32BE(this.#count === 0 ? 0 : 1, 0);
    at = this.#bytes.writeInt32BE(this.#nulls, at);
    at = this.#bytes.writeInt32BE(OID[this.#type], at);
    if (this.#count === 0) return this.#bytes.subarray(0, at);
    at = this.#bytes.writeInt32BE(this.#count, at);
    // Arrays begin at one.
    this.#bytes.writeInt32BE(1, at);
    return this.#bytes.subarray(0, this.#at);
  }

  #text(value: string): void {
    // One UTF-16 unit is at most three bytes of UTF-8: measuring first would read each text twice.
    this.#room(4 + value.length * 3);
    const length = this.#bytes.write(value, this.#at + 4);
    this.#bytes.writeInt32BE(length, this.#at);
    this.#at += 4 + length;
  }

  #wide(value: number): void {
    assert(Number.isSafeInteger(value), `not a whole number: ${value}`);
    this.#room(12);
    let at = this.#bytes.writeInt32BE(8, this.#at);
    at = this.#bytes.writeInt32BE(Math.floor(value / TWO_TO_32), at);
    this.#at = this.#bytes.writeUInt32BE(value >>> 0, at);
  }

  #room(more: number): void {
    if (this.#at + more <= this.#bytes.length) return;
    const bytes = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#at + more));
    this.#bytes.copy(bytes, 0, 0, this.#at);
    this.#bytes = bytes;
  }
}

/** Rows for one statement. Instants are given as such to `timestamptz`; `null` is null everywhere. */
class Columns<Names extends string> {
  readonly #writers: readonly [Names, ArrayWriter][];
  rows = 0;

  constructor(writers: readonly [Names, ArrayWriter][]) {
    this.#writers = writers;
  }

  add(row: Readonly<Record<Names, unknown>>): void {
    for (const [name, writer] of this.#writers) writer.add(row[name]);
    this.rows += 1;
  }

  get empty(): boolean {
    return this.rows === 0;
  }

  /** The columns as parameters, to be cast to arrays of their type in the statement. */
  get col(): Record<Names, Buffer> {
    return Object.fromEntries(this.#writers.map(([name, writer]) => [name, writer.done()])) as Record<Names, Buffer>;
  }
}

/** For a file of statements that take the same columns: their types are said once, and each statement names those it takes. */
export function columnsOf<Names extends string>(byType: Readonly<Partial<Record<ColumnType, readonly Names[]>>>) {
  const types = new Map(Object.entries(byType).flatMap(([type, names]) => names.map((name) => [name, type as ColumnType] as const)));
  return <Some extends Names>(...names: Some[]): Columns<Some> =>
    new Columns(
      names.map((name) => {
        const type = types.get(name);
        assert(type, `a column without a type: ${name}`);
        return [name, new ArrayWriter(type)];
      }),
    );
}

/** Ids as one parameter, for `= ANY(…::bigint[])`. */
export function idArray(ids: readonly Id[]): Buffer {
  const writer = new ArrayWriter("int8");
  for (const id of ids) writer.add(id);
  return writer.done();
}
