// What we ask of a virus scanner: one answer about the bytes of a file.
import type { CallContext, Outcome } from "./outcome.ts";

/** `found`: the name that the scanner has for it. */
export type ScanVerdict = { verdict: "clean" } | { verdict: "found"; name: string };

/**
 * A virus scanner. `refused`: nothing was looked at; with `retry` it was out of reach or is busy, without it turned the file away for good
 * (larger than its settings allow). `unknown`: it was handed the file and no answer came. None of them is clean, and none says anything
 * about the file.
 */
export interface VirusScan {
  scan(bytes: Uint8Array, context: CallContext): Promise<Outcome<ScanVerdict>>;
  /** Reaches the scanner and asks which it is. */
  test(context: CallContext): Promise<Outcome<{ detail: string }>>;
}
