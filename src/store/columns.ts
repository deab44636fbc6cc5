// Rows collected column by column, as the arrays that `unnest` takes, in PostgreSQL's binary form.
//
// As text, every array element is escaped here and unescaped there: with the texts of 100,000 messages that was 3.4 s of 8.7 s of processor
// time on this side alone. In binary an element is its length and its bytes (PostgreSQL, src/backend/utils/adt/arrayfuncs.c, array_recv).
import { assert } from "../kernel/assert.ts";
import type { Id } from "../kernel/ids.ts";

/** Object ids of element types, fixed in PostgreSQL's catalogue (pg_type.dat). */
const OID = { bool: 16, int8: 20, int4: 23, text: 25, timestamptz: 1184 } as const;

type ColumnType = keyof typeof OID;

const HEADER_BYTES = 20;
const NULL_LENGTH = -1;
const TWO_TO_32 = 4_294_967_296;
/** 2000-01-01T00:00Z, from which PostgreSQL counts microseconds. */
const EPOCH_MS = 946_684_800_000;

/** Arrays are written here and copied out at their true length; one that grew past this is not kept. */
const KEPT_BYTES = 8_388_608;
let desk = Buffer.allocUnsafe(65_536);

/** Makes room for `more` bytes after the first `used`. */
function room(used: number, more: number): void {
  if (used + more <= desk.length) return;
  const wider = Buffer.allocUnsafe(Math.max(desk.length * 2, used + more));
  desk.copy(wider, 0, 0, used);
  desk = wider;
}

function encode(type: ColumnType, values: readonly unknown[]): Buffer {
  let nulls = 0;
  let at = HEADER_BYTES;
  for (const value of values) {
    if (value === null || value === undefined) {
      nulls = 1;
      room(at, 4);
      at = desk.writeInt32BE(NULL_LENGTH, at);
    } else at = ENCODERS[type](value, at);
  }
  desk.writeInt32BE(values.length === 0 ? 0 : 1, 0);
  desk.writeInt32BE(nulls, 4);
  desk.writeInt32BE(OID[type], 8);
  desk.writeInt32BE(values.length, 12);
  // Arrays begin at one.
  desk.writeInt32BE(1, 16);
  // An empty array has no dimensions to describe.
  const done = Buffer.from(desk.subarray(0, values.length === 0 ? 12 : at));
  if (desk.length > KEPT_BYTES) desk = Buffer.allocUnsafe(65_536);
  return done;
}

/** Each writes an element at a place and answers the place after it. */
const ENCODERS: Readonly<Record<ColumnType, (value: unknown, at: number) => number>> = {
  text: (value, at) => {
    const text = value as string;
    // One UTF-16 unit is at most three bytes of UTF-8: measuring first would read each text twice.
    room(at, 4 + text.length * 3);
    const length = desk.write(text, at + 4);
    return desk.writeInt32BE(length, at) + length;
  },
  int8: (value, at) => wide(value as number, at),
  timestamptz: (value, at) => wide(((value as number) - EPOCH_MS) * 1000, at),
  int4: (value, at) => {
    room(at, 8);
    return desk.writeInt32BE(value as number, desk.writeInt32BE(4, at));
  },
  bool: (value, at) => {
    room(at, 5);
    return desk.writeUInt8(value === true ? 1 : 0, desk.writeInt32BE(1, at));
  },
};

function wide(value: number, at: number): number {
  assert(Number.isSafeInteger(value), `not a whole number: ${value}`);
  room(at, 12);
  const high = desk.writeInt32BE(Math.floor(value / TWO_TO_32), desk.writeInt32BE(8, at));
  return desk.writeUInt32BE(value >>> 0, high);
}

/** Rows for one statement. Instants are given as such to `timestamptz`; `null` is null everywhere. */
class Columns<Names extends string> {
  readonly #columns: readonly { name: Names; type: ColumnType; values: unknown[] }[];
  rows = 0;

  constructor(columns: readonly { name: Names; type: ColumnType }[]) {
    this.#columns = columns.map((column) => ({ ...column, values: [] }));
  }

  add(row: Readonly<Record<Names, unknown>>): void {
    for (const { name, values } of this.#columns) values.push(row[name]);
    this.rows += 1;
  }

  get empty(): boolean {
    return this.rows === 0;
  }

  /** The columns as parameters, to be cast to arrays of their type in the statement. */
  get col(): Record<Names, Buffer> {
    return Object.fromEntries(this.#columns.map(({ name, type, values }) => [name, encode(type, values)])) as Record<Names, Buffer>;
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
        return { name, type };
      }),
    );
}

/** Ids as one parameter, for `= ANY(…::bigint[])`. */
export function idArray(ids: readonly Id[]): Buffer {
  return encode("int8", ids);
}
