// Ids from the database's sequence, a thousand at a time.
import { sql } from "kysely";
import { assert } from "../kernel/assert.ts";
import type { Id, IdBlock, IdSource } from "../kernel/ids.ts";
import type { Db } from "./database.ts";

const BLOCK = 1000;

interface Range {
  next: Id;
  end: Id;
}

/**
 * Takes blocks from `regua_id`. Numbers never return, also when a transaction is rolled back: gaps mean nothing.
 * Give it a connection of its own: units of work ask for ids while they hold one.
 */
export class SequenceIds implements IdSource {
  readonly #db: Db;
  #stock: Range[] = [];

  constructor(db: Db) {
    this.#db = db;
  }

  async take(count: number): Promise<IdBlock> {
    const mine = this.#cut(count);
    const missing = count - mine.reduce((sum, range) => sum + range.end - range.next, 0);
    if (missing > 0) {
      const { rows } = await sql<{ first: number }>`
        SELECT nextval('regua_id') AS first FROM generate_series(1, ${Math.ceil(missing / BLOCK)}) ORDER BY first`.execute(this.#db);
      const fresh = rows.map(({ first }) => ({ next: first, end: first + BLOCK }));
      const last = fresh[fresh.length - 1];
      assert(last, "the sequence answered nothing");
      const surplus = rows.length * BLOCK - missing;
      if (surplus > 0) {
        this.#stock.push({ next: last.end - surplus, end: last.end });
        last.end -= surplus;
      }
      mine.push(...fresh);
    }
    return new Block(mine);
  }

  /** Removes up to `count` ids from the stock, at once, so that two callers never share any. */
  #cut(count: number): Range[] {
    const cut: Range[] = [];
    let left = count;
    while (left > 0 && this.#stock.length > 0) {
      const range = this.#stock[0] as Range;
      const size = Math.min(left, range.end - range.next);
      cut.push({ next: range.next, end: range.next + size });
      range.next += size;
      left -= size;
      if (range.next === range.end) this.#stock.shift();
    }
    return cut;
  }
}

class Block implements IdBlock {
  readonly #ranges: Range[];

  constructor(ranges: Range[]) {
    this.#ranges = ranges;
  }

  next(): Id {
    const range = this.#ranges[0];
    assert(range, "an id was asked for that was not taken");
    const id = range.next;
    range.next += 1;
    if (range.next === range.end) this.#ranges.shift();
    return id;
  }
}
