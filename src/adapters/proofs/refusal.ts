// How the parts of the child say that a file is not read: one error with the word for it.
import type { ReadRefusal } from "../../ports/proof-reader.ts";

/** Thrown inside the child only, and answered by it. */
export class NotRead extends Error {
  override name = "NotRead";
  readonly refusal: ReadRefusal;

  constructor(refusal: ReadRefusal) {
    super(refusal);
    this.refusal = refusal;
  }
}

/** No memory left is no fault of the file's form: it must not be told as "unreadable". */
export function isMemory(error: unknown): boolean {
  return error instanceof Error && /allocat|out of memory|Invalid array (?:buffer )?length|Invalid string length/iu.test(error.message);
}
