// Makes a cluster and writes the settings we run it with.
import { execFile } from "node:child_process";
import { appendFileSync, chownSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { ReguaError } from "../../kernel/errors.ts";
import type { Account } from "./account.ts";
import { programFailure } from "./failures.ts";
import type { Home } from "./home.ts";
import { runAs, type Programs } from "./programs.ts";

/** The superuser of the cluster. */
export const ADMIN = "postgres";

const UNFINISHED = "data.half-";

// Each line differs from PostgreSQL's default for a reason.
const SETTINGS = {
  // Nobody but this machine; no socket file, whose path may not pass 107 bytes and so not every data folder.
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "100",
  shared_buffers: "256MB",
  work_mem: "16MB",
  maintenance_work_mem: "128MB",
  effective_cache_size: "1GB",
  // Solid-state disks: the default (4.0) makes the planner prefer whole-table reads to our indexes.
  random_page_cost: "1.1",
  synchronous_commit: "on",
  // A sweep writes in bursts; the defaults (1 GB, 5 min) would checkpoint, and write every page whole again, in its middle.
  max_wal_size: "2GB",
  min_wal_size: "160MB",
  checkpoint_timeout: "15min",
  // lz4 would be quicker, but these binaries are built without it.
  wal_compression: "pglz",
  // Our statements are short: compiling one costs more than running it.
  jit: "off",
  timezone: "UTC",
  log_timezone: "UTC",
  // A refused statement is our caller's to log. Its text here would put customers' data in a file nobody prunes.
  log_min_messages: "log",
  log_checkpoints: "off",
} as const;

/**
 * Makes the cluster unless it is there. UTF-8; order by code point, the same on every machine and C library.
 * @throws ReguaError database_init_failed, database_disk_full, database_version_differs
 */
export async function ensureCluster(home: Home, programs: Programs, adminPassword: string, fsync: boolean): Promise<void> {
  if (existsSync(home.data)) return checkVersion(home, programs);
  // Made under another name and renamed when whole: a first start cut short leaves no half cluster behind, only something to sweep up.
  for (const name of readdirSync(home.folder)) {
    // Tried again a few times: the initdb of a killed process of ours may still be writing there, until it misses its files and ends.
    if (name.startsWith(UNFINISHED)) rmSync(join(home.folder, name), { recursive: true, force: true, maxRetries: 10 });
  }
  const half = join(home.folder, `${UNFINISHED}${process.pid}`);
  const secret = join(home.folder, `${UNFINISHED}${process.pid}.key`);
  mkdirSync(half, { mode: 0o700 });
  give(half, home.account);
  writeFileSync(secret, adminPassword, { mode: 0o600 });
  give(secret, home.account);
  try {
    await initialise(programs, half, secret, home, fsync);
  } catch (error) {
    rmSync(half, { recursive: true, force: true });
    throw error;
  } finally {
    rmSync(secret, { force: true });
  }
  appendFileSync(join(half, "postgresql.conf"), "\ninclude 'regua.conf'\n");
  renameSync(half, home.data);
}

async function initialise(programs: Programs, folder: string, secret: string, home: Home, fsync: boolean): Promise<void> {
  const flags = [
    `--pgdata=${folder}`,
    `--username=${ADMIN}`,
    `--pwfile=${secret}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-instructions",
    ...(fsync ? [] : ["--no-sync"]),
  ];
  try {
    await promisify(execFile)(join(programs.folder, "bin", "initdb"), flags, runAs(home.account));
  } catch (error) {
    const { message, stderr, stdout, signal } = error as Error & { stderr?: string; stdout?: string; signal?: string | null };
    throw programFailure(
      "database_init_failed",
      home.folder,
      `${stderr || stdout || message}\n${signal ? `initdb ended (${signal}).` : ""}`,
    );
  }
}

function checkVersion(home: Home, programs: Programs): void {
  const found = readFileSync(join(home.data, "PG_VERSION"), "utf8").trim();
  const have = programs.version.split(".")[0] ?? "";
  if (found !== have) throw new ReguaError("database_version_differs", { folder: home.data, found, have });
}

/** Writes our settings anew, so that a later version's reach old clusters; what an operator sets with ALTER SYSTEM still comes after them. */
export function writeSettings(home: Home, fsync: boolean): void {
  const lines = Object.entries({ ...SETTINGS, fsync: fsync ? "on" : "off" }).map(([name, value]) => `${name} = '${value}'\n`);
  const file = join(home.data, "regua.conf");
  writeFileSync(file, `# Written at every start. To change a setting use ALTER SYSTEM.\n${lines.join("")}`, { mode: 0o600 });
  give(file, home.account);
}

function give(path: string, account: Account | null): void {
  if (account) chownSync(path, account.uid, account.gid);
}
