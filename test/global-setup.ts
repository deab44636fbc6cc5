// One PostgreSQL server for a whole test run, in a temporary folder, with fsync on as in production.
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { startEmbeddedServer, stopIfAbandoned } from "../src/adapters/postgres/embedded.ts";
import { systemClock } from "../src/kernel/clock.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The run's server: as superuser, and as the role the program uses. */
    postgres: { adminUrl: string; ownerUrl: string };
  }
}

const PREFIX = "regua-tests-";
// Those of the tests of the server itself, which put their data folders one level down.
const SERVER_PREFIX = "regua-server-";
const HOUR_MS = 3_600_000;

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await sweep();
  const folder = realpathSync(mkdtempSync(join(tmpdir(), PREFIX)));
  // mkdtemp gives 0700; when we are root the server runs as another account, which has to come through.
  chmodSync(folder, 0o711);
  const server = await startEmbeddedServer({ dataDir: folder, newSecret: () => randomBytes(24).toString("base64url") });
  project.provide("postgres", { adminUrl: server.adminUrl, ownerUrl: server.url });
  return async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  };
}

/** Takes away what killed runs left: their servers outlive them by design, and would pile up on a developer's machine. */
async function sweep(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const folder = join(tmpdir(), name);
    if (!(name.startsWith(PREFIX) || name.startsWith(SERVER_PREFIX)) || !isLeftOver(folder)) continue;
    const dataDirs = [folder, join(folder, "regua")].filter((each) => existsSync(join(each, "postgres")));
    const abandoned = await Promise.all(dataDirs.map(stopIfAbandoned));
    // Two runs that begin together sweep the same folders.
    if (abandoned.every((each) => each)) rmSync(folder, { recursive: true, force: true });
  }
}

function isLeftOver(folder: string): boolean {
  const found = statSync(folder, { throwIfNoEntry: false });
  // An hour: a run that is just beginning has its folder before it uses its server.
  return found !== undefined && found.uid === process.getuid?.() && systemClock.now() - found.mtimeMs > HOUR_MS;
}
