// Use cases that the rules may refuse.
import { ReguaError } from "../src/kernel/errors.ts";

/** A use case that the rules may refuse is refused: then null. Anything else is a defect. */
export async function mayRefuse<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ReguaError) return null;
    throw error;
  }
}
