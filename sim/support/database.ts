// One PostgreSQL server for a run of the simulator, without fsync, and a database for each life, cloned from a migrated template.
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { startEmbeddedServer, stopIfAbandoned, type EmbeddedServer } from "../../src/adapters/postgres/embedded.ts";
import { isAlive } from "../../src/adapters/postgres/postmaster.ts";
import { sha256 } from "../../src/kernel/hash.ts";
import { migrate } from "../../src/store/migrate.ts";

export interface Base {
  url: string;
  drop: () => Promise<void>;
}

export interface Databases {
  /** A fresh migrated database. */
  make(name: string): Promise<Base>;
  stop(): Promise<void>;
}

const PREFIX = "regua-sim-";
/** The process that a folder belongs to, so that a later run can tell what a killed one left. */
const OWNER = "owner.pid";
const TEMPLATE = "sim_template";

/** Nothing here outlives the run, and nobody watches: what keeps a server safe over years or tells about it only takes time. */
const SETTINGS = {
  full_page_writes: "off",
  synchronous_commit: "off",
  wal_level: "minimal",
  max_wal_senders: "0",
  checkpoint_timeout: "1h",
  // Tables of some hundred rows need no statistics, and a plan that changes in the middle of a life is nobody's fault.
  autovacuum: "off",
  track_activities: "off",
  track_counts: "off",
  update_process_title: "off",
  io_method: "sync",
} as const;

/** A socket file's path may have this many bytes (sun_path of unix(7), less the closing zero). */
const SOCKET_PATH_MAX = 107;

/** Starts the server in a folder of its own; every life begins with a template that is migrated and has no provider yet. */
export async function startDatabases(): Promise<Databases> {
  await sweep();
  const folder = realpathSync(mkdtempSync(join(tmpdir(), PREFIX)));
  writeFileSync(join(folder, OWNER), String(process.pid));
  // mkdtemp gives 0700; when we are root the server runs as another account, which has to come through.
  chmodSync(folder, 0o711);
  const server = await startQuick(folder);
  const socket = await socketOf(server);
  const admin = new pg.Client({ connectionString: server.adminUrl });
  await admin.connect();
  const owner = new URL(server.url).username;
  const addressOf = (name: string): string => {
    const url = new URL(server.url);
    url.pathname = `/${name}`;
    if (socket !== null) url.searchParams.set("host", socket);
    return url.href;
  };
  await admin.query(`CREATE DATABASE ${TEMPLATE} OWNER ${owner}`);
  await migrate(addressOf(TEMPLATE));
  // The connection that makes and drops is one, and two lives may want it at the same time.
  let turn: Promise<unknown> = Promise.resolve();
  const say = (text: string): Promise<void> => {
    const said = turn.then(() => admin.query(text));
    turn = said.catch(() => undefined);
    return said.then(() => undefined);
  };
  return {
    make: async (name) => {
      await say(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE} OWNER ${owner} STRATEGY FILE_COPY`);
      return { url: addressOf(name), drop: () => say(`DROP DATABASE ${name} WITH (FORCE)`) };
    },
    stop: async () => {
      await admin.end();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Starts the server once to change its settings, then again to have them. */
async function startQuick(folder: string): Promise<EmbeddedServer> {
  let secrets = 0;
  // Nothing secret is inside, and the folder goes with the run.
  const newSecret = (): string => sha256(`${folder} ${(secrets += 1)}`).slice(0, 32);
  const start = (): Promise<EmbeddedServer> => startEmbeddedServer({ dataDir: folder, newSecret, fsync: false });
  const server = await start();
  const admin = new pg.Client({ connectionString: server.adminUrl });
  await admin.connect();
  for (const [name, value] of Object.entries(SETTINGS)) await admin.query(`ALTER SYSTEM SET ${name} = '${value}'`);
  const data = await dataOf(admin);
  if (data !== null) await admin.query(`ALTER SYSTEM SET unix_socket_directories = '${data}'`);
  await admin.end();
  await server.stop();
  return await start();
}

/** The folder of the server's socket file, which takes a fifth less time than the loopback network; null where its path is too long. */
async function socketOf(server: EmbeddedServer): Promise<string | null> {
  const admin = new pg.Client({ connectionString: server.adminUrl });
  await admin.connect();
  try {
    return await dataOf(admin);
  } finally {
    await admin.end();
  }
}

async function dataOf(admin: pg.Client): Promise<string | null> {
  const { rows } = await admin.query<{ data_directory: string }>("SHOW data_directory");
  const data = rows[0]?.data_directory ?? "";
  return Buffer.byteLength(join(data, ".s.PGSQL.65535")) <= SOCKET_PATH_MAX && !data.includes("'") ? data : null;
}

/** Takes away what runs that were killed left behind: their folders, and the servers that outlive their users by design. */
async function sweep(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const folder = join(tmpdir(), name);
    if (!name.startsWith(PREFIX) || !isLeftOver(folder)) continue;
    const unused = !existsSync(join(folder, "postgres")) || (await stopIfAbandoned(folder));
    // Two runs that begin together sweep the same folders.
    if (unused) rmSync(folder, { recursive: true, force: true });
  }
}

function isLeftOver(folder: string): boolean {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (!found || found.uid !== process.getuid?.() || !existsSync(join(folder, OWNER))) return false;
  return !isAlive(Number(readFileSync(join(folder, OWNER), "utf8")));
}
