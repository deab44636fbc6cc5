// Where a measurement happens: a PostgreSQL server of its own in a folder that is removed afterwards, with fsync on as in production.
import { chmodSync, mkdtempSync, rmSync, statfsSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { startEmbeddedServer } from "../src/adapters/postgres/embedded.ts";
import type { Engine } from "../src/engine/engine.ts";
import { installProvider, type ProviderFile } from "../src/engine/install-provider.ts";
import { Settings } from "../src/engine/setting.ts";
import { startMotor, type Motor } from "../src/jobs/motor.ts";
import { ManualClock, type Clock } from "../src/kernel/clock.ts";
import { parseInstant, type Instant } from "../src/kernel/time.ts";
import { presetText } from "../src/policy/read.ts";
import { openDatabase } from "../src/store/database.ts";
import { SequenceIds } from "../src/store/ids.ts";
import { APP_ROLE, hasAppRole, migrate } from "../src/store/migrate.ts";

/** A Tuesday, 9:00 in São Paulo: nobody is quiet and suspensions may start. */
export const NOW: Instant = parseInstant("2026-10-20T12:00:00Z");

/** What a run needs from the process it runs in. */
export interface Start {
  /** The measurement's own folder is made in here, and removed. */
  parent: string;
  newSecret: () => string;
  provider: ProviderFile;
}

export interface Place {
  engine: Engine;
  motor: Motor;
  /** The database's address, as its owner. */
  url: string;
  /** One session as the owner of the tables: it builds, checks, and is the floor. */
  owner: pg.Client;
  /** Puts everything on disk, so that each timed part starts with the same empty log. */
  checkpoint(): Promise<void>;
  /** Statements sent by this process since it began, on any connection: the engine's, its ids', the motor's, ours. */
  statements(): number;
  /** The folder lies in memory: fsync costs nothing there, and the figures say less. */
  inMemory: boolean;
  close(): Promise<void>;
}

const TMPFS = 0x01021994;

/** `clock`: by default one that stands at {@link NOW}. `connections`: of the engine. */
export async function openPlace(start: Start, options: { clock?: Clock; connections?: number } = {}): Promise<Place> {
  const clock = options.clock ?? new ManualClock(NOW);
  const statements = countStatements();
  const folder = mkdtempSync(join(start.parent, "regua-bench-"));
  // The database's own user passes through when the program runs as root.
  chmodSync(folder, 0o711);
  const server = await startEmbeddedServer({ dataDir: folder, newSecret: start.newSecret }).catch((error: unknown) => {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  });
  const closing: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of closing.reverse()) await end();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await migrate(server.url);
    const role = (await hasAppRole(server.url)) ? APP_ROLE : null;
    const database = openDatabase({ url: server.url, max: options.connections ?? 6, role });
    closing.push(() => database.close());
    const forIds = openDatabase({ url: server.url, max: 1, role });
    closing.push(() => forIds.close());
    const owner = await connected(server.url, closing);
    const admin = await connected(server.adminUrl, closing);
    await installProvider(database.db, {
      mode: "sandbox",
      provider: start.provider,
      policySource: presetText("hospedagem-br"),
      at: clock.now(),
      by: "bench",
    });
    const faults: string[] = [];
    const motor = await startMotor({ url: server.url, log: { info: () => undefined, error: (_what, text) => faults.push(text) } });
    closing.push(() => motor.stop());
    return {
      engine: { db: database.db, settings: new Settings(), ids: new SequenceIds(forIds.db), clock, motorClock: clock, wake: motor.wake },
      motor,
      url: server.url,
      owner,
      checkpoint: async () => void (await admin.query("CHECKPOINT")),
      statements,
      inMemory: statfsSync(folder).type === TMPFS,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function connected(url: string, closing: (() => Promise<unknown>)[]): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, options: "-c timezone=UTC" });
  await client.connect();
  closing.push(() => client.end());
  return client;
}

let counter: (() => number) | null = null;

/** Every statement of the process passes through this one method of the driver, those of the job library too. */
function countStatements(): () => number {
  if (counter) return counter;
  let sent = 0;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own `this` below
  const query = pg.Client.prototype.query as (this: pg.Client, ...args: unknown[]) => unknown;
  pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]): unknown {
    sent += 1;
    return query.apply(this, args);
  } as typeof pg.Client.prototype.query;
  counter = () => sent;
  return counter;
}
