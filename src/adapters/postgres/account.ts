// Which account of the machine runs the server, and which folders that account can enter.
import { readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { ReguaError } from "../../kernel/errors.ts";

/** The account the server runs as when we are root: PostgreSQL refuses to run as root itself. */
export interface Account {
  name: string;
  uid: number;
  gid: number;
}

// An account of our own first, then PostgreSQL's (Debian, Fedora, Alpine and macOS differ), then the one every machine has.
const CANDIDATES = ["regua", "postgres", "_postgres", "nobody"];

/** Whether this process is root. */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/**
 * The account for the server, or null when we are an ordinary user and simply run it ourselves.
 * @param dataFolder the cluster's folder: once it exists its owner stays the account, whatever users are added later.
 * @throws ReguaError database_account_missing
 */
export function serverAccount(dataFolder: string): Account | null {
  if (!isRoot()) return null;
  const accounts = readAccounts();
  const owner = statSync(dataFolder, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) {
    return { name: accounts.find(({ uid }) => uid === owner.uid)?.name ?? String(owner.uid), uid: owner.uid, gid: owner.gid };
  }
  for (const name of CANDIDATES) {
    const account = accounts.find((each) => each.name === name);
    if (account && account.uid !== 0) return account;
  }
  throw new ReguaError("database_account_missing", { candidates: CANDIDATES.join(", ") });
}

function readAccounts(): Account[] {
  const accounts: Account[] = [];
  for (const line of readFileSync("/etc/passwd", "utf8").split("\n")) {
    const [name, , uid, gid] = line.split(":");
    if (name && uid && gid) accounts.push({ name, uid: Number(uid), gid: Number(gid) });
  }
  return accounts;
}

/**
 * The outermost folder on the way to `folder` that the account may not pass through, or null when it can enter.
 * Reads the permission bits only: an access list may allow more, and then we merely copy what need not be copied.
 */
export function barrier(account: Account, folder: string): string | null {
  const parent = dirname(folder);
  const above = parent === folder ? null : barrier(account, parent);
  if (above !== null) return above;
  const { uid, gid, mode } = statSync(folder);
  const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
  return (mode & bit) === 0 ? folder : null;
}
