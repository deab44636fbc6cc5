// Builds the console's pages where they are missing or older than their sources: `npm run build:web`, and each start.
// What was built is known by the hash of all it was built from, so that a second start costs a look.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const web = join(root, "web");
const dist = join(web, "dist");
const STAMP = ".built-from";
const stamp = join(dist, STAMP);

/** The types that are generated need no building; what is built, or is being built aside, has no say in what it is built from. */
const LEFT_OUT = /^(dist(-\d+)?|generated)$/u;

function* files(folder: string): Generator<string> {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    if (LEFT_OUT.test(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* files(path);
    else yield path;
  }
}

function sourcesHash(): string {
  const hash = createHash("sha256");
  for (const path of [...files(web), join(root, "package-lock.json")])
    hash.update(path.slice(root.length)).update("\0").update(readFileSync(path));
  return hash.digest("hex");
}

/** Compressed once here, not at each request. */
function compress(folder: string): number {
  let bytes = 0;
  for (const name of readdirSync(folder)) {
    if (!/\.(js|css|svg)$/u.test(name)) continue;
    const path = join(folder, name);
    const content = readFileSync(path);
    writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
    writeFileSync(`${path}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
    bytes += content.length;
  }
  return bytes;
}

/** Whether the pages stand as their sources want them, afterwards. */
function build(): boolean {
  const wanted = sourcesHash();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return true;
  // A package that was shipped built has no builder, and needs none.
  const vite = join(root, "node_modules/vite/bin/vite.js");
  if (!existsSync(vite)) return existsSync(join(dist, "index.html"));
  process.stderr.write("Building the console's pages (once for each version; a few seconds)…\n");
  // Built aside and moved into its place whole: two starts at once, or one cut off, leave no half of it to a server.
  const aside = join(web, `dist-${process.pid}`);
  try {
    const ask = ["build", "--config", join(web, "vite.config.ts"), "--outDir", aside, "--emptyOutDir", "--logLevel", "error"];
    const done = spawnSync(process.execPath, [vite, ...ask], { cwd: root, stdio: ["ignore", 2, 2] });
    if (done.status !== 0) return false;
    compress(join(aside, "assets"));
    writeFileSync(join(aside, STAMP), wanted);
    rmSync(dist, { recursive: true, force: true });
    renameSync(aside, dist);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
  return true;
}

try {
  if (!build()) throw new Error("vite did not finish; its message is above");
} catch (error) {
  // The program does its work without its pages; they say so when somebody asks for them.
  process.stderr.write(`The console's pages could not be built: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
