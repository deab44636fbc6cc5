// One PostgreSQL server for a run of the simulator, without fsync, and a database for each seed, cloned from a migrated template.
import { chmodSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { startEmbeddedServer } from "../../src/adapters/postgres/embedded.ts";
import { sha256 } from "../../src/kernel/hash.ts";
import { migrate } from "../../src/store/migrate.ts";

export interface Databases {
  /** A fresh migrated database. */
  make(name: string): Promise<{ url: string; drop: () => Promise<void> }>;
  stop(): Promise<void>;
}

const TEMPLATE = "sim_template";

/** Starts the server in a folder of its own; `prepare` fills the template that every seed begins with. */
export async function startDatabases(prepare: (url: string) => Promise<void>): Promise<Databases> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "regua-sim-")));
  // mkdtemp gives 0700; when we are root the server runs as another account, which has to come through.
  chmodSync(folder, 0o711);
  let secrets = 0;
  // Nothing secret is inside, and the folder goes with the run.
  const newSecret = (): string => sha256(`${folder} ${(secrets += 1)}`).slice(0, 32);
  const server = await startEmbeddedServer({ dataDir: folder, newSecret, fsync: false });
  const admin = new pg.Client({ connectionString: server.adminUrl });
  await admin.connect();
  const owner = new URL(server.url).username;
  const addressOf = (name: string): string => {
    const url = new URL(server.url);
    url.pathname = `/${name}`;
    return url.href;
  };
  await admin.query(`CREATE DATABASE ${TEMPLATE} OWNER ${owner}`);
  await migrate(addressOf(TEMPLATE));
  await prepare(addressOf(TEMPLATE));
  return {
    make: async (name) => {
      await admin.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE} OWNER ${owner} STRATEGY FILE_COPY`);
      return { url: addressOf(name), drop: async () => void (await admin.query(`DROP DATABASE ${name} WITH (FORCE)`)) };
    },
    stop: async () => {
      await admin.end();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
