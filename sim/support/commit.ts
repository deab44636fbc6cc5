// The commit that is checked out, read from the files of .git: a replay is worth little without it.
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** Its short name; null where there is no checkout. */
export function commitOf(root: string): string | null {
  const git = folderOf(join(root, ".git"));
  if (git === null) return null;
  const head = read(join(git, "HEAD"));
  const ref = /^ref: (.+)$/u.exec(head ?? "")?.[1];
  if (ref === undefined) return head?.slice(0, 7) ?? null;
  // The branches of a worktree are those of the checkout that it was made from.
  const shared = resolve(git, read(join(git, "commondir")) ?? ".");
  const packed = read(join(shared, "packed-refs")) ?? "";
  const hash = read(join(git, ref)) ?? read(join(shared, ref)) ?? packed.split("\n").find((line) => line.endsWith(` ${ref}`));
  return hash?.slice(0, 7) ?? null;
}

/** In a worktree `.git` is a file that says where the folder is. */
function folderOf(path: string): string | null {
  if (!existsSync(path)) return null;
  if (statSync(path).isDirectory()) return path;
  const said = /^gitdir: (.+)$/u.exec(read(path) ?? "")?.[1];
  return said === undefined ? null : resolve(dirname(path), said);
}

function read(path: string): string | null {
  return existsSync(path) ? readFileSync(path, "utf8").trim() : null;
}
