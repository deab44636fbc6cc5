// The database as somebody else sees it: each transaction begun on it goes their way. A use case needs to know nothing of it.
import type { Db, Trx } from "./database.ts";

/** `run` carries out each unit of work that a transaction is begun for; everything else is the database's own. */
export function withTransactions(db: Db, run: <T>(work: (trx: Trx) => Promise<T>) => Promise<T>): Db {
  const transaction = () => ({ execute: run });
  return new Proxy(db, {
    get: (target, name) => {
      if (name === "transaction") return transaction;
      const member: unknown = Reflect.get(target, name, target);
      // Bound to the real object: Kysely keeps its parts in private fields, which a proxy has not.
      return typeof member === "function" ? (member.bind(target) as unknown) : member;
    },
  });
}

/** Ends a transaction that went well, so that nothing of it stays. */
class TakenBack extends Error {
  override name = "TakenBack";
}

/**
 * A database on which everything is done, looked at, and taken back: what a use case would change is seen by its own rules. Rows it touches
 * are locked until then, so that one unit of work is one customer.
 */
export function takingBack(db: Db, look: (trx: Trx) => Promise<void>): Db {
  return withTransactions(db, async <T>(work: (trx: Trx) => Promise<T>): Promise<T> => {
    const done: T[] = [];
    const begun = db.transaction().execute(async (trx) => {
      done.push(await work(trx));
      await look(trx);
      throw new TakenBack();
    });
    await begun.catch((error: unknown) => {
      if (!(error instanceof TakenBack)) throw error;
    });
    return done[0] as T;
  });
}
