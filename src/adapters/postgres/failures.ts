// Turns what the operating system and PostgreSQL say into errors with a cure.
import { alike, ReguaError, type ErrorCode } from "../../kernel/errors.ts";

const FULL = /No space left on device|Disk quota exceeded|Check free disk space|ENOSPC|EDQUOT/u;
const LAST_LINES = 8;

/** Runs a step that writes into `folder`; a refusal of the file system becomes an error that names the folder. */
export async function writingIn<T>(folder: string, step: () => T | Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw folderFailure(folder, error);
  }
}

function folderFailure(folder: string, error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof ReguaError) return error;
  if (FULL.test(error.message)) return new ReguaError("database_disk_full", { folder }, { cause: error });
  // A path tells a refusal of the file system from one of the network.
  const denied = ("path" in error && "syscall" in error) || ("code" in error && error.code === "ERR_SQLITE_ERROR");
  if (denied) return new ReguaError("database_folder_denied", { folder, why: alike(error.message) }, { cause: error });
  return error;
}

/** What a PostgreSQL program printed before it failed, as an error: a full disk by its name, anything else with its last lines. */
export function programFailure(
  code: Extract<ErrorCode, "database_init_failed" | "database_start_failed">,
  folder: string,
  output: string,
): ReguaError {
  if (FULL.test(output)) return new ReguaError("database_disk_full", { folder });
  const lines = output.trim().split("\n").slice(-LAST_LINES).join("\n");
  return new ReguaError(code, { folder, lines });
}
