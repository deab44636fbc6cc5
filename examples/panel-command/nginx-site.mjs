// What the four regua-nginx scripts share: which file a site includes, what nginx serves for it, and the switch between the two.
import { execFile } from "node:child_process";
import { readFile, readdir, readlink, rename, rm, symlink, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { basename, join } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs, promisify } from "node:util";

/** Exit codes: done; a wrong argument; refused; refused, ask again later (sysexits.h). */
export const EXIT = { done: 0, refused: 1, usage: 64, later: 75 };

/** Ends the script with an exit code and one line. */
export class Stop extends Error {
  constructor(exit, message) {
    super(message);
    this.exit = exit;
  }
}

const COMMON = {
  site: { type: "string" },
  "access-dir": { type: "string" },
  probe: { type: "string", default: "http://127.0.0.1:80" },
  wait: { type: "string", default: "10" },
};

/** Reads the arguments; what stands after `--` is the command that makes nginx reload. */
export function readArguments(more = {}, { site = true, reload = true } = {}) {
  const { values, positionals } = parseArgs({ options: { ...COMMON, ...more }, allowPositionals: true });
  const folder = values["access-dir"];
  if (!folder?.startsWith("/")) throw new Stop(EXIT.usage, "--access-dir must be an absolute path");
  if (site && !isSiteName(values.site ?? "")) throw new Stop(EXIT.usage, "--site must be a host name");
  if (reload && !positionals[0]?.startsWith("/")) throw new Stop(EXIT.usage, "the reload command must follow --, with an absolute path");
  const seconds = Number(values.wait);
  if (!(seconds > 0)) throw new Stop(EXIT.usage, "--wait must be a number of seconds");
  return { ...values, site: values.site ?? "", folder, waitMs: seconds * 1000, reload: positionals };
}

const isSiteName = (name) => /^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/.test(name) && !name.includes("..");

/** Runs a script's body; errors become one line on the error output and an exit code. */
export async function main(body) {
  try {
    await body();
  } catch (error) {
    console.error(error.message);
    process.exitCode = error instanceof Stop ? error.exit : error.code?.startsWith?.("ERR_PARSE_ARGS") ? EXIT.usage : EXIT.refused;
  }
}

const linkOf = ({ folder, site }) => join(folder, `${site}.conf`);
const becauseOf = ({ folder, site }) => join(folder, `${site}.because`);
const byOtherOf = ({ folder, site }) => join(folder, `${site}.by-other`);

/** A small file's first line; null when it is absent. */
async function firstLine(path) {
  try {
    return (await readFile(path, "utf8")).split("\n")[0].trim();
  } catch (error) {
    if (error.code === "ENOENT") return null;
    throw error;
  }
}

/** "open", "suspended", or null for a site that is not ours to switch. */
async function linked(options) {
  try {
    const target = basename(await readlink(linkOf(options)));
    return target === "suspended.conf" ? "suspended" : "open";
  } catch (error) {
    if (error.code === "ENOENT") return null;
    throw error;
  }
}

/** What a visitor gets now. Only our suspended page carries the header. */
function served({ probe, site }) {
  return new Promise((resolve, reject) => {
    const asked = request(
      new URL("/.well-known/regua-probe", probe),
      { method: "HEAD", headers: { host: site }, agent: false, timeout: 5000 },
      (answer) => {
        answer.resume();
        resolve(answer.headers["regua-access"] === "suspended" ? "suspended" : "open");
      },
    );
    asked.once("timeout", () => asked.destroy(new Error("no answer within 5 seconds")));
    asked.once("error", (error) => reject(new Stop(EXIT.later, `nginx does not answer at ${probe}: ${error.message}`)));
    asked.end();
  });
}

/** Old workers answer new connections until they learn of the reload: so many answers in a row must be the wanted one. */
const IN_A_ROW = 5;

/** Asks until nginx serves what is wanted, or the time is over; answers what it serves. */
async function settled(options, wanted, waitMs) {
  const end = performance.now() + waitMs;
  let row = 0;
  for (;;) {
    const now = await served(options);
    row = now === wanted ? row + 1 : 0;
    if (row >= IN_A_ROW) return wanted;
    if (performance.now() > end) return now;
    await pause(row > 0 ? 5 : 50);
  }
}

/** One line for `read`. The truth is what nginx serves; the files tell whose suspension it is. */
export async function describeSite(options) {
  const link = await linked(options);
  if (link === null) return "absent";
  const byOther = await firstLine(byOtherOf(options));
  if (byOther !== null) return `suspended by-other ${byOther}`.trim();
  // A reload may be under way: a short patience, then what visitors get.
  const now = await settled(options, link, Math.min(options.waitMs, 1000));
  if (now === "open") return "active";
  const because = await firstLine(becauseOf(options));
  return because === null ? "suspended by-other switched by hand" : `suspended by-us ${because}`.trim();
}

/** Every site that has a link in the folder. */
export async function siteNames(folder) {
  const names = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isSymbolicLink() && entry.name.endsWith(".conf"));
  return names.map((entry) => entry.name.slice(0, -".conf".length)).sort();
}

/** Replaces a file at once: nginx may be reading it. */
async function put(path, text) {
  await writeFile(`${path}.new.${process.pid}`, text);
  await rename(`${path}.new.${process.pid}`, path);
}

async function pointTo(options, name) {
  const fresh = `${linkOf(options)}.new.${process.pid}`;
  await symlink(name, fresh);
  await rename(fresh, linkOf(options));
}

async function reload(options) {
  const [program, ...rest] = options.reload;
  await promisify(execFile)(program, rest);
}

async function switchTo(options, wanted) {
  const before = await linked(options);
  if (before !== wanted) await pointTo(options, `${wanted}.conf`);
  try {
    await reload(options);
  } catch (error) {
    // nginx keeps its old configuration then: the file goes back too, so that both say the same.
    if (before !== null && before !== wanted) await pointTo(options, `${before}.conf`);
    throw new Stop(
      EXIT.later,
      `nginx did not reload: ${String(error.stderr || error.message)
        .trim()
        .split("\n")
        .at(-1)}`,
    );
  }
  const now = await settled(options, wanted, options.waitMs);
  if (now !== wanted) throw new Stop(EXIT.later, `nginx still serves the site ${now} after ${options.waitMs / 1000} seconds`);
}

/** Suspends a site of ours; leaves alone what is absent, another's, or suspended already. */
export async function suspendSite(options, suspendedConf, reason) {
  const state = await describeSite(options);
  if (state !== "active") return;
  const shared = join(options.folder, "suspended.conf");
  if ((await readFile(shared, "utf8").catch(() => null)) !== suspendedConf) await put(shared, suspendedConf);
  // Ours first, then the switch: a suspended site without this file is taken for another's and never opened.
  await put(becauseOf(options), `${reason}\n`);
  await switchTo(options, "suspended");
}

/** Opens a site that we suspended; leaves alone everything else. */
export async function unsuspendSite(options) {
  const state = await describeSite(options);
  if (!state.startsWith("suspended by-us")) return;
  await switchTo(options, "open");
  await rm(becauseOf(options), { force: true });
}
