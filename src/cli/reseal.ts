// Secrets in the database put under a new key of the installation: those of webhooks. The configuration's own are in its file.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { resealWebhooks } from "../engine/webhooks.ts";
import { CHANCE_TO_REWRAP, rewrap, type MasterKey } from "../kernel/seal.ts";
import type { Loaded } from "./config.ts";
import { chanceOf } from "./secrets.ts";
import type { Tools } from "./tools.ts";

/** Answers how many; where there is no database yet there are none. */
export async function resealDatabase(
  tools: Tools,
  { config, dataDir }: Loaded,
  keys: readonly MasterKey[],
  to: MasterKey,
): Promise<number> {
  if (config.database_url === undefined && !existsSync(join(dataDir, "postgres"))) return 0;
  const { host } = tools.io;
  return tools.withData(({ database }) => resealWebhooks(database, (sealed) => rewrap(sealed, keys, to, chanceOf(host, CHANCE_TO_REWRAP))));
}
