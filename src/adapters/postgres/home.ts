// Where the server of one data folder lives: inside that folder, unless the account that runs the server cannot enter it.
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { ReguaError } from "../../kernel/errors.ts";
import { sha256 } from "../../kernel/hash.ts";
import { barrier, isRoot, serverAccount, type Account } from "./account.ts";

/** The folders and files of one server. */
export interface Home {
  /** Holds everything below. */
  folder: string;
  /** The cluster itself; it belongs to the account. */
  data: string;
  /** Held while a server is looked for, started or stopped. */
  gate: string;
  /** Held, shared, by every process of ours that uses the server. */
  users: string;
  serverLog: string;
  account: Account | null;
  /** Remembers, once a cluster is there, that it is apart. Losing the place is then an error, not a new empty database. */
  confirm(): void;
}

/** What is kept beside the cluster, readable only by us. */
export interface Keys {
  /** The port of the last start. */
  port: number;
  adminPassword: string;
  ownerPassword: string;
  /** The network in which the server was last started: one machine, or one container. */
  network: string;
}

// Where Debian, Fedora and the file hierarchy standard (FHS 3.0, 5.8) put the state of a service.
const APART = "/var/lib/regua";

/**
 * The home of a data folder's server; makes the folders that are missing.
 * @throws ReguaError database_folder_blocked, database_place_lost, database_place_shared, account errors
 */
export function openHome(dataDir: string, log: (line: string) => void): Home {
  makeFolder(dataDir);
  const real = realpathSync(dataDir);
  const inside = join(real, "postgres");
  const insideAccount = serverAccount(join(inside, "data"));
  makeFolder(inside);
  const pointer = join(inside, "elsewhere.json");
  const pointed = readJson<{ place: string }>(pointer)?.place;
  const blocked = insideAccount && pointed === undefined ? barrier(insideAccount, inside) : null;
  if (pointed === undefined && blocked === null) return homeAt(inside, insideAccount, () => undefined);

  if (insideAccount && blocked !== null && existsSync(join(inside, "data"))) {
    throw new ReguaError("database_folder_blocked", { folder: blocked, account: insideAccount.name });
  }
  const place = pointed ?? join(APART, sha256(real).slice(0, 16));
  const account = serverAccount(join(place, "data"));
  if (pointed !== undefined && !existsSync(join(place, "data"))) throw new ReguaError("database_place_lost", { folder: real, place });
  if (pointed === undefined)
    log(`The account ${account?.name} cannot enter ${blocked}: the database of ${real} is kept in ${place}. Back up both.`);
  makeFolder(dirname(place));
  makeFolder(place);
  claimPlace(place, real);
  return homeAt(place, account, () => {
    if (pointed === undefined) writePrivate(pointer, JSON.stringify({ place }));
  });
}

function homeAt(folder: string, account: Account | null, confirm: () => void): Home {
  const at = (name: string) => join(folder, name);
  return { folder, data: at("data"), gate: at("gate.lock"), users: at("users.lock"), serverLog: at("server.log"), account, confirm };
}

// The place knows its data folder, so that a copy of the folder (a restored backup, say) does not quietly write into the original's database.
function claimPlace(place: string, real: string): void {
  const file = join(place, "belongs-to.json");
  const before = readJson<{ folder: string }>(file)?.folder;
  if (before === real) return;
  if (before !== undefined && readJson<{ place: string }>(join(before, "postgres", "elsewhere.json"))?.place === place) {
    throw new ReguaError("database_place_shared", { folder: real, other: before, place });
  }
  writePrivate(file, JSON.stringify({ folder: real }));
}

// As root the folder must let the server's account pass through (but not list it); otherwise only we may enter.
function makeFolder(folder: string): void {
  const mode = isRoot() ? 0o711 : 0o700;
  // Said again after making it: a root with umask 077, as hardened servers have, would shut the account out.
  if (mkdirSync(folder, { recursive: true, mode }) !== undefined) chmodSync(folder, mode);
}

/** The keys beside the cluster, or null when there are none yet. */
export function readKeys(home: Home): Keys | null {
  return readJson<Keys>(join(home.folder, "server.json"));
}

export function writeKeys(home: Home, keys: Keys): void {
  writePrivate(join(home.folder, "server.json"), JSON.stringify(keys));
}

function readJson<T>(file: string): T | null {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as T;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

/** Writes a file only we may read; whole or not at all, also when the power goes: a lost password would lock us out of the cluster. */
function writePrivate(file: string, text: string): void {
  const half = `${file}.half`;
  const handle = openSync(half, "w", 0o600);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(half, file);
}
