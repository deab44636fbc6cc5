// The project's own files, as git sees them: tracked or new, not ignored; each read and parsed once.
import { spawnSync } from "node:child_process";
import { existsSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** Folders that are never ours, for a tree without git (an unpacked archive). */
const NOT_OURS = new Set([".git", ".regua", "coverage", "dist", "node_modules"]);

/** Past this size a file is data, and reading it would cost more than the rules are worth. */
const BYTES_MAX = 1_000_000;

/** A text file of the project. */
export class ProjectFile {
  /** Relative to the root, with forward slashes. */
  readonly path: string;
  readonly text: string;
  #nodes: ts.Node[] | undefined;
  #source: ts.SourceFile | undefined;

  constructor(path: string, text: string) {
    this.path = path;
    this.text = text;
  }

  get isCode(): boolean {
    return /\.([mc]?[jt]s|tsx)$/u.test(this.path);
  }

  get isTypeScript(): boolean {
    return /\.tsx?$/u.test(this.path);
  }

  /** Tests, their builders and conformance suites: they build a world, so most rules for production do not bind them. */
  get isTest(): boolean {
    return /\.test\.tsx?$|^test\/|^src\/.+\/(conformance|testing)\//u.test(this.path);
  }

  get lines(): string[] {
    const lines = this.text.split("\n");
    if (lines.at(-1) === "") lines.pop();
    return lines;
  }

  get source(): ts.SourceFile {
    this.#source ??= ts.createSourceFile(this.path, this.text, ts.ScriptTarget.Latest, true);
    return this.#source;
  }

  /** Every node of the syntax tree, parents before children. */
  get nodes(): readonly ts.Node[] {
    if (!this.#nodes) {
      this.#nodes = [];
      const open: ts.Node[] = [this.source];
      for (let node = open.pop(); node; node = open.pop()) {
        this.#nodes.push(node);
        ts.forEachChild(node, (child) => void open.push(child));
      }
    }
    return this.#nodes;
  }

  /** The line, counted from 1, that a node or a position in the text stands on. */
  lineOf(place: ts.Node | number): number {
    const position = typeof place === "number" ? place : place.getStart(this.source);
    return this.source.getLineAndCharacterOfPosition(position).line + 1;
  }
}

/** Reads the project under `root`. Binary files and very large ones are left out. */
export function readProject(root: string): ProjectFile[] {
  const files: ProjectFile[] = [];
  for (const path of listPaths(root).sort()) {
    const full = join(root, path);
    if (!existsSync(full)) continue; // deleted, and not yet committed
    const about = lstatSync(full);
    if (!about.isFile() || about.size > BYTES_MAX) continue;
    const bytes = readFileSync(full);
    if (!bytes.includes(0)) files.push(new ProjectFile(path, bytes.toString("utf8")));
  }
  return files;
}

function listPaths(root: string): string[] {
  const git = spawnSync("git", ["ls-files", "-coz", "--exclude-standard"], { cwd: root, encoding: "utf8", maxBuffer: 64_000_000 });
  if (git.status === 0) return git.stdout.split("\0").filter((path) => path !== "");
  return [...walk(root, "")];
}

function* walk(root: string, folder: string): Generator<string> {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isFile()) yield path;
    else if (entry.isDirectory() && !NOT_OURS.has(entry.name)) yield* walk(root, path);
  }
}
