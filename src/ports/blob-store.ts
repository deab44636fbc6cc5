// What we ask of a store of files: kept by their hash, gone when they are deleted. What a file is, and when it expires, is known elsewhere.
import type { Instant } from "../kernel/time.ts";

/** A file as the store knows it. */
export interface StoredBlob {
  /** SHA-256 of its bytes, hex: its name. */
  sha256: string;
  bytes: number;
  /** Since when it lies there, by the clock of the machine that keeps it. A file put again begins anew. */
  since: Instant;
}

/**
 * Keeps bytes by their hash. `put` returns once they are safe from a power cut; the same bytes put twice are one blob. Failures of the disk
 * throw: the use case stops, and nothing was promised to anybody.
 */
export interface BlobStore {
  /** Answers the hash. */
  put(bytes: Uint8Array): Promise<string>;
  /** Null: it is not there, or what is there is not those bytes any more. */
  get(sha256: string): Promise<Uint8Array | null>;
  /** Also when it was not there. */
  delete(sha256: string): Promise<void>;
  /** Those that lie there since before then, the oldest first, at most `most`. */
  olderThan(instant: Instant, most: number): Promise<readonly StoredBlob[]>;
}
