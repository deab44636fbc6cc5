// Assertions that stay on in production: a broken assumption stops the unit of work, never a customer.

/** A defect of ours. Never caused by input: input errors are {@link file://./errors.ts ReguaError}. */
export class Bug extends Error {
  override name = "Bug";
}

/** Stops the unit of work when something we hold to be always true is not. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Bug(message);
}
