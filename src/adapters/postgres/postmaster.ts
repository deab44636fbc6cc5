// The server's process: found by its pid file, told from a stranger with the same number, started, stopped.
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { wait } from "../../kernel/clock.ts";
import { programFailure } from "./failures.ts";
import type { Home } from "./home.ts";
import { runAs, type Programs } from "./programs.ts";

/** A running server. */
export interface Postmaster {
  pid: number;
  port: number;
  /** False while it recovers, or shuts down. */
  ready: boolean;
}

const PAUSE_MS = 10;
const SPEAK_EVERY_MS = 10_000;
// A fast shutdown only writes dirty pages out (256 MB at most); beyond a minute the disk hangs, and stopping at once loses nothing.
const FAST_STOP_MS = 60_000;
const LOG_LIMIT_BYTES = 5_000_000;

/** The server of this home, or null when none runs. A pid file left behind, whoever has that process number now, counts as none. */
function findPostmaster(home: Home): Postmaster | null {
  const text = readPidFile(home);
  if (text === null) return null;
  // Lines of postmaster.pid: 1 process, 4 port, 8 condition (src/include/utils/pidfile.h of PostgreSQL).
  const lines = text.split("\n");
  const pid = Number(lines[0]);
  if (!(pid > 0) || !runsIn(pid, home.data)) return null;
  return { pid, port: Number(lines[3] ?? 0), ready: lines[7]?.trim() === "ready" };
}

function readPidFile(home: Home): string | null {
  try {
    return readFileSync(join(home.data, "postmaster.pid"), "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

/** Whether that process is a server of this cluster. A postmaster works in its cluster's folder, also after the folder was moved. */
function runsIn(pid: number, data: string): boolean {
  if (existsSync("/proc/self/cwd")) {
    const folder = statSync(data);
    try {
      const cwd = statSync(`/proc/${pid}/cwd`);
      // A zombie has no cwd; a person's shell may stand in the folder, hence the name as well.
      return cwd.dev === folder.dev && cwd.ino === folder.ino && readFileSync(`/proc/${pid}/comm`, "utf8").startsWith("postgres");
    } catch {
      return false;
    }
  }
  const { stdout } = spawnSync("ps", ["-o", "args=", "-p", String(pid)], { encoding: "utf8", env: { PATH: "/usr/bin:/bin" } });
  return stdout.includes("postgres -D") && stdout.includes(data);
}

/** Waits until a server found starting is ready; null when it goes away instead. Recovery after a crash has no limit: it ends by itself. */
export async function settled(home: Home, log: (line: string) => void): Promise<Postmaster | null> {
  for (let waited = 0; ; waited += PAUSE_MS) {
    const found = findPostmaster(home);
    if (!found || found.ready) return found;
    if (waited > 0 && waited % SPEAK_EVERY_MS === 0)
      log(`Still waiting for the database server (process ${found.pid}); see ${home.serverLog}.`);
    await wait(PAUSE_MS);
  }
}

/**
 * Starts the server and waits until it takes connections. It gets its own session: the Ctrl-C that stops us must not stop it before us.
 * @throws ReguaError database_start_failed, database_disk_full
 */
export async function launch(home: Home, programs: Programs, port: number, log: (line: string) => void): Promise<Postmaster> {
  forgetStranger(home);
  if ((statSync(home.serverLog, { throwIfNoEntry: false })?.size ?? 0) > LOG_LIMIT_BYTES) renameSync(home.serverLog, `${home.serverLog}.1`);
  const output = openSync(home.serverLog, "a+", 0o600);
  const before = fstatSync(output).size;
  const child = spawn(join(programs.folder, "bin", "postgres"), ["-D", home.data, "-p", String(port)], {
    ...runAs(home.account),
    detached: true,
    // A file, not a pipe: a pipe ends with us, and the server must outlive us.
    stdio: ["ignore", output, output],
  });
  const ended = watch(child);
  child.unref();
  try {
    for (let waited = 0; ended.why === null; waited += PAUSE_MS) {
      const found = findPostmaster(home);
      if (found?.pid === child.pid && found?.ready) return found;
      if (waited > 0 && waited % SPEAK_EVERY_MS === 0) log(`The database server is still starting; see ${home.serverLog}.`);
      await wait(PAUSE_MS);
    }
    throw programFailure("database_start_failed", home.folder, `${readFrom(output, before)}\n${ended.why}`);
  } finally {
    closeSync(output);
  }
}

/** PostgreSQL will not start while the number in an old pid file belongs to any other program of its user. A dead one's it removes itself. */
function forgetStranger(home: Home): void {
  const pid = Number(readPidFile(home)?.split("\n")[0] ?? 0);
  if (pid > 0 && isAlive(pid) && !runsIn(pid, home.data)) rmSync(join(home.data, "postmaster.pid"));
}

/** Whether a process of this number is there, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function watch(child: ChildProcess): { why: string | null } {
  const ended: { why: string | null } = { why: null };
  child.once("error", (error) => (ended.why = error.message));
  child.once("exit", (code, signal) => (ended.why = `The server ended (${signal ?? `code ${code}`}).`));
  return ended;
}

function readFrom(file: number, start: number): string {
  const bytes = Buffer.alloc(Math.min(64_000, Math.max(0, fstatSync(file).size - start)));
  readSync(file, bytes, 0, bytes.length, start);
  return bytes.toString("utf8");
}

/** Stops the server: a fast shutdown (sessions end, everything is written out). Nothing happens when none runs. */
export async function halt(home: Home, log: (line: string) => void): Promise<void> {
  const found = findPostmaster(home);
  if (!found) return;
  signal(found.pid, "SIGINT");
  for (let waited = 0; runsIn(found.pid, home.data); waited += PAUSE_MS) {
    if (waited === FAST_STOP_MS) {
      log(`The database server did not stop within ${FAST_STOP_MS / 1000} seconds; it is stopped at once and recovers at the next start.`);
      signal(found.pid, "SIGQUIT");
    }
    await wait(PAUSE_MS);
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    // Gone between the look and the signal: that is what was wanted.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
