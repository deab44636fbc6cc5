// Identifiers: whole numbers handed out in blocks, so that a batch of rows costs one statement.

/** Key of a row. A positive safe integer, unique in the whole database. */
export type Id = number;

/** Hands out ids. The store's source takes blocks from a sequence; tests count. */
export interface IdSource {
  /** Takes `count` ids for the caller alone. */
  take(count: number): Promise<IdBlock>;
}

/** Ids that belong to one unit of work. */
export interface IdBlock {
  /** The next id. Throws when more are asked than were taken: a defect. */
  next(): Id;
}

/** Customers fall into this many buckets; a sweep is one job for a run of buckets. */
export const BUCKETS = 1024;

/** Neighbours in a bucket. Rows of neighbours lie side by side: a run that reads and writes whole pages spares the database a tenth. */
const NEIGHBOURS = 64;

/** The bucket of a customer. Ids come from one sequence, so that runs of them spread evenly. */
export function bucketOf(customerId: Id): number {
  return Math.floor(customerId / NEIGHBOURS) % BUCKETS;
}
