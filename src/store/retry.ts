// Runs a transaction again when PostgreSQL says that somebody else was first.
import type { Db, Trx } from "./database.ts";

/** Serialisation failure and deadlock: nothing was written, the work can be done again. */
const RETRY_CODES = new Set(["40001", "40P01"]);
const MAX_TRIES = 5;

/** `work` may run more than once; it must keep nothing outside the transaction. */
export async function inTransaction<T>(db: Db, work: (trx: Trx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transaction().execute(work);
    } catch (error) {
      const code = error !== null && typeof error === "object" && "code" in error ? error.code : undefined;
      if (typeof code !== "string" || !RETRY_CODES.has(code) || attempt === MAX_TRIES) throw error;
    }
  }
}
