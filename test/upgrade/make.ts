// Writes `schema-N.sql.gz`, the database of a story lived by the program of schema N: `node test/upgrade/make.ts`.
// Run once for each schema that is released, before the next migration is added, and never again: the test needs what that program wrote.
// schema-1 was made on the day 0001 was all there was. An existing file is not written over.
import { chmodSync, existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { startEmbeddedServer } from "../../src/adapters/postgres/embedded.ts";
import { SAMPLE_PROVIDER } from "../../src/cli/provider-file.ts";
import { installProvider } from "../../src/engine/install-provider.ts";
import { Settings } from "../../src/engine/setting.ts";
import { ManualClock } from "../../src/kernel/clock.ts";
import { sha256 } from "../../src/kernel/hash.ts";
import { parseDay, Zone } from "../../src/kernel/time.ts";
import { presetText } from "../../src/policy/read.ts";
import { openDatabase } from "../../src/store/database.ts";
import { SequenceIds } from "../../src/store/ids.ts";
import { APP_ROLE, migrate } from "../../src/store/migrate.ts";
import { dump, migrationNames } from "./dump.ts";
import { liveStory, STORY_DAYS } from "./story.ts";

/** A Thursday: nothing is kept back by a weekend. */
const LAST = parseDay("2026-12-03");

const file = join(import.meta.dirname, `schema-${migrationNames().length}.sql.gz`);
if (existsSync(file)) throw new Error(`${file} is there already: it was written by the program of its own day and stays as it is.`);

const folder = realpathSync(mkdtempSync(join(tmpdir(), "regua-upgrade-")));
// mkdtemp gives 0700; when we are root the server runs as another account, which has to come through.
chmodSync(folder, 0o711);
let secrets = 0;
const server = await startEmbeddedServer({ dataDir: folder, newSecret: () => sha256(`${folder} ${(secrets += 1)}`), fsync: false });
try {
  await migrate(server.url);
  const zone = new Zone(SAMPLE_PROVIDER.timeZone);
  const start = zone.startOf(LAST - STORY_DAYS);
  const clock = new ManualClock(start);
  const database = openDatabase({ url: server.url, max: 4, role: APP_ROLE });
  const ids = openDatabase({ url: server.url, max: 1, role: APP_ROLE });
  const engine = { db: database.db, settings: new Settings(), ids: new SequenceIds(ids.db), clock, motorClock: clock, wake: null };
  const policySource = presetText("hospedagem-br");
  await installProvider(database.db, { mode: "sandbox", provider: SAMPLE_PROVIDER, policySource, at: start, by: "ana" });
  await liveStory({ engine, clock, zone, database }, LAST);
  await database.close();
  await ids.close();
  const packed = gzipSync(await dump(server.url), { level: 9 });
  writeFileSync(file, packed);
  console.log(`${file}: ${packed.length} bytes`);
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
