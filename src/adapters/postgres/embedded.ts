// Starts, finds, shares and stops the PostgreSQL server that lives in a data folder.
import { existsSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { wait } from "../../kernel/clock.ts";
import { alike, ReguaError } from "../../kernel/errors.ts";
import { adminUrl, ensureDatabase, ownerUrl, refusal } from "./admin.ts";
import { ensureCluster, writeSettings } from "./cluster.ts";
import { writingIn } from "./failures.ts";
import { openHome, readKeys, writeKeys, type Home, type Keys } from "./home.ts";
import { takeLock, tryLock, type Lock } from "./lock.ts";
import { freePort, isFree } from "./port.ts";
import { halt, launch, settled, type Postmaster } from "./postmaster.ts";
import { forgetOldCopies, installedPrograms, usablePrograms, type Programs } from "./programs.ts";

export interface EmbeddedOptions {
  /** The data folder of this installation; the server lives in `postgres` inside it. */
  dataDir: string;
  /** Makes a password: unguessable (24 random bytes, say), new at each call. Called at the first start only. */
  newSecret: () => string;
  /** Insist on this port. Without it: the port of the last start, or a free one. */
  port?: number;
  /** Off only where losing everything with the power is fine. Counts when this call starts the server. */
  fsync?: boolean;
  /** Gets a line now and then for a person to read. */
  log?: (line: string) => void;
  /** The programs to run; by default those npm installed. */
  programs?: Programs;
}

/**
 * A server in use by this process. While any process uses it, it runs; the process that stops using it last stops it. A process that
 * dies counts as having stopped using it, and leaves the server running: the next start finds and adopts it.
 */
export interface EmbeddedServer {
  /** Our database, as its owner (not a superuser). */
  url: string;
  /** The maintenance database, as superuser. */
  adminUrl: string;
  pid: number;
  port: number;
  /** Whether the server was running already. */
  adopted: boolean;
  /** Stops using the server, and stops it if nobody else uses it. */
  stop: () => Promise<void>;
  /** Stops using the server and leaves it running. */
  release: () => Promise<void>;
}

// A first start on a slow disk (fsync of 1,000 files) stays well below; waiting longer than this means the holder hangs.
const GATE_PATIENCE_MS = 120_000;
const PORT_TRIES = 5;
const TAKEN = /Address already in use/u;
// The dead server's sessions notice within moments; until then PostgreSQL rightly refuses to start a second one on their memory.
const STILL_ATTACHED = /pre-existing shared memory block/u;
const ATTACHED_TRIES = 100;
const ATTACHED_PAUSE_MS = 50;
// A server that was just killed, or that restarts its sessions after one crashed, looks ready for some moments and is not.
const REFUSAL_PATIENCE_MS = 10_000;
const REFUSAL_PAUSE_MS = 100;

/**
 * Makes sure that the data folder's server runs, and uses it.
 * @throws ReguaError with a `database_…` code
 */
export async function startEmbeddedServer(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const log = options.log ?? (() => undefined);
  const home = await writingIn(options.dataDir, () => openHome(options.dataDir, log));
  return await writingIn(home.folder, () => startIn(home, options, log));
}

async function startIn(home: Home, options: EmbeddedOptions, log: (line: string) => void): Promise<EmbeddedServer> {
  const gate = await takeLock(home.gate, "exclusive", GATE_PATIENCE_MS);
  try {
    const keys = openKeys(home, options.newSecret);
    const running = await adoptable(home, keys, log);
    const server = running ?? (await bringUp(home, keys, options, log));
    if (running && options.port !== undefined && running.port !== options.port) {
      log(`The database server already runs on port ${running.port}; port ${options.port} counts from its next start.`);
    }
    try {
      await ensureDatabase(keys, server.port);
    } catch (error) {
      if (!running) await halt(home, log);
      throw error;
    }
    const use = await takeLock(home.users, "shared", GATE_PATIENCE_MS);
    return inUse(home, keys, server, running !== null, use, log);
  } finally {
    gate.release();
  }
}

function inUse(home: Home, keys: Keys, server: Postmaster, adopted: boolean, use: Lock, log: (line: string) => void): EmbeddedServer {
  let using = true;
  const leave = async (after: () => Promise<void>) => {
    if (!using) return;
    using = false;
    // Behind the gate, so that nobody starts to use the server between our look for others and its stop.
    const gate = await takeLock(home.gate, "exclusive", GATE_PATIENCE_MS);
    try {
      use.release();
      await after();
    } finally {
      gate.release();
    }
  };
  return {
    url: ownerUrl(keys, server.port),
    adminUrl: adminUrl(keys, server.port),
    pid: server.pid,
    port: server.port,
    adopted,
    stop: () => leave(() => haltUnlessUsed(home, log)),
    release: () => leave(async () => undefined),
  };
}

async function haltUnlessUsed(home: Home, log: (line: string) => void): Promise<void> {
  const alone = tryLock(home.users, "exclusive");
  if (!alone) return;
  try {
    await halt(home, log);
  } finally {
    alone.release();
  }
}

/** Stops a server whose users all died; says whether nobody uses it. For sweeping up after test runs that were killed. */
export async function stopIfAbandoned(dataDir: string): Promise<boolean> {
  const log = () => undefined;
  const home = openHome(dataDir, log);
  const gate = await takeLock(home.gate, "exclusive", GATE_PATIENCE_MS);
  try {
    const alone = tryLock(home.users, "exclusive");
    alone?.release();
    if (alone && existsSync(home.data)) await halt(home, log);
    return alone !== null;
  } finally {
    gate.release();
  }
}

/** The keys, made at the first start. They reach the disk before the cluster does, so a cluster without keys was robbed of them. */
function openKeys(home: Home, newSecret: () => string): Keys {
  const kept = readKeys(home);
  if (kept) return kept;
  if (existsSync(home.data)) throw new ReguaError("database_keys_lost", { folder: home.folder });
  const keys: Keys = { port: 0, adminPassword: newSecret(), ownerPassword: newSecret(), network: "" };
  writeKeys(home, keys);
  return keys;
}

async function adoptable(home: Home, keys: Keys, log: (line: string) => void): Promise<Postmaster | null> {
  if (!existsSync(home.data)) return null;
  for (let waited = 0; ; waited += REFUSAL_PAUSE_MS) {
    const running = await settled(home, log);
    if (!running) {
      refuseIfElsewhere(home, keys);
      return null;
    }
    const why = await refusal(keys, running.port);
    if (why === null) return running;
    if (waited >= REFUSAL_PATIENCE_MS)
      throw new ReguaError("database_not_answering", { pid: running.pid, port: running.port, why: alike(why) });
    await wait(REFUSAL_PAUSE_MS);
  }
}

/**
 * Another container that shares the data folder has its own process numbers and its own loopback: its server cannot be seen from
 * here, and a second one on the same files would destroy them. The kernel's file locks are seen across containers.
 */
function refuseIfElsewhere(home: Home, keys: Keys): void {
  if (keys.network === "" || keys.network === network()) return;
  const alone = tryLock(home.users, "exclusive");
  if (!alone) throw new ReguaError("database_elsewhere", { folder: home.folder });
  alone.release();
}

function network(): string {
  try {
    return `${readlinkSync("/proc/self/ns/pid")} ${readlinkSync("/proc/self/ns/net")}`;
  } catch {
    return hostname();
  }
}

async function bringUp(home: Home, keys: Keys, options: EmbeddedOptions, log: (line: string) => void): Promise<Postmaster> {
  const fsync = options.fsync ?? true;
  const programs = await usablePrograms(options.programs ?? installedPrograms(), home.folder, home.account);
  await ensureCluster(home, programs, keys.adminPassword, fsync);
  home.confirm();
  writeSettings(home, fsync);
  if (options.port !== undefined && !(await isFree(options.port))) throw new ReguaError("database_port_in_use", { port: options.port });
  const server = await launchOnFreePort(home, keys, programs, options.port, log);
  Object.assign(keys, { port: server.port, network: network() });
  writeKeys(home, keys);
  forgetOldCopies(home.folder, programs);
  return server;
}

async function launchOnFreePort(home: Home, keys: Keys, programs: Programs, wished: number | undefined, log: (line: string) => void) {
  let port = wished ?? (keys.port !== 0 && (await isFree(keys.port)) ? keys.port : await freePort());
  for (let ports = 1, attached = 1; ;) {
    try {
      return await launch(home, programs, port, log);
    } catch (error) {
      if (!(error instanceof ReguaError)) throw error;
      // A server that a killed process of ours was just starting got there first.
      const other = await settled(home, log);
      if (other) return other;
      const said = String(error.details.lines);
      // Somebody took the port between our look and PostgreSQL's.
      if (TAKEN.test(said) && wished !== undefined) throw new ReguaError("database_port_in_use", { port: wished }, { cause: error });
      if (TAKEN.test(said) && ports++ < PORT_TRIES) port = await freePort();
      else if (!STILL_ATTACHED.test(said) || attached++ >= ATTACHED_TRIES) throw error;
      else await wait(ATTACHED_PAUSE_MS);
    }
  }
}
