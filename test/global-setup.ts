// One PostgreSQL server for a whole test run, in a temporary folder, with fsync on as in production.
import { chmodSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync } from "node:fs";
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
const HOUR_MS = 3_600_000;

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await sweep();
  const folder = realpathSync(mkdtempSync(join(tmpdir(), PREFIX)));
  // mkdtemp gives 0700; when we are root the server runs as another account, which has to come through.
  chmodSync(folder, 0o711);
  const server = await startEmbeddedServer({ dataDir: folder });
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
    // An hour: a run that is just beginning has its folder before it uses its server.
    if (!name.startsWith(PREFIX) || !isOurs(folder) || systemClock.now() - statSync(folder).mtimeMs < HOUR_MS) continue;
    if (await stopIfAbandoned(folder)) rmSync(folder, { recursive: true });
  }
}

function isOurs(folder: string): boolean {
  return statSync(folder, { throwIfNoEntry: false })?.uid === process.getuid?.();
}
