// Locks between processes that the operating system lets go of when a process dies, however it dies.
import { closeSync, openSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { ReguaError } from "../../kernel/errors.ts";
import { wait } from "../../kernel/clock.ts";

// Why SQLite in a program whose only database is PostgreSQL: Node has no flock, and a lock file with a process number in it cannot
// be taken over safely (two finders of a stale file each remove it, the second removes the first one's fresh lock; numbers are also
// reused, and differ between containers). SQLite is inside Node and its file locks are the kernel's own. No row is ever written.

/** Shared: any number of holders. Exclusive: one holder and no shared ones. */
type LockKind = "shared" | "exclusive";

/** A lock that is held. Letting go twice is harmless. */
export interface Lock {
  release(): void;
}

const SQLITE_BUSY = 5;
const PAUSE_MS = 20;

/** Takes the lock if it is free now, else null. The file is created when absent and never removed. */
export function tryLock(file: string, kind: LockKind): Lock | null {
  createPrivate(file);
  const handle = new DatabaseSync(file);
  try {
    handle.exec(kind === "exclusive" ? "BEGIN EXCLUSIVE" : "BEGIN; SELECT count(*) FROM sqlite_schema");
    return { release: () => void (handle.isOpen && handle.close()) };
  } catch (error) {
    handle.close();
    if (error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY) return null;
    throw error;
  }
}

/**
 * Takes the lock, waiting for other holders.
 * @param patienceMs how long to wait before giving up
 * @throws ReguaError database_lock_held
 */
export async function takeLock(file: string, kind: LockKind, patienceMs: number): Promise<Lock> {
  for (let waited = 0; ; waited += PAUSE_MS) {
    const lock = tryLock(file, kind);
    if (lock) return lock;
    if (waited >= patienceMs) throw new ReguaError("database_lock_held", { file, seconds: Math.round(patienceMs / 1000) });
    await wait(PAUSE_MS);
  }
}

function createPrivate(file: string): void {
  try {
    // O_EXCL: an existing file must not even be opened here, because closing it would drop this process's own kernel locks on it.
    closeSync(openSync(file, "wx", 0o600));
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
}
