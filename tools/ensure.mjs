// Makes `npm start`, `npm test` and `npm run check` work on a fresh clone: installs what the lock file names, once.
// Plain JavaScript: it runs on whatever Node the machine has (20 or later), before our own Node 24 is there.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const stamp = join(root, "node_modules", ".regua-lock");
const lock = createHash("sha256")
  .update(readFileSync(join(root, "package-lock.json")))
  .digest("hex");
const installed = existsSync(stamp) && readFileSync(stamp, "utf8") === lock;

if (!installed) {
  console.error("Installing what Régua needs (once; about half a minute)…");
  const done = spawnSync("npm", ["ci", "--no-fund", "--no-audit", "--loglevel=error"], { cwd: root, stdio: ["ignore", 2, 2] });
  if (done.status !== 0) {
    console.error("npm ci did not finish. Its message is above. Check the network and the free disk, then run the same command again.");
    process.exit(2);
  }
  writeFileSync(stamp, lock);
}
