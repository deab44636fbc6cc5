// Reads a section's settings from a file or a pipe, and writes it into the configuration beside what is there.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { InvalidArgumentError } from "commander";
import { parse, parseDocument, type Document } from "yaml";
import type { z } from "zod";
import { inEach, ReguaError } from "../kernel/errors.ts";
import { issuesIn } from "../kernel/issues.ts";
import { fileWhy } from "./file-why.ts";
import { loadConfig, type Loaded } from "./config.ts";
import type { Tools } from "./tools.ts";

/** The configuration that a command works with. */
export const loadFor = ({ io, options }: Tools): Loaded => loadConfig(io.host.env, io.host.cwd, options);

/** What a gateway or a panel may be called, as a command's argument. */
export function nameOf(text: string): string {
  if (!/^[a-z][a-z0-9-]{0,39}$/u.test(text))
    throw new InvalidArgumentError("Give a name of small letters, digits and hyphens, beginning with a letter.");
  return text;
}

/** Settings as written, read by their schema. @throws ReguaError `config_invalid` naming the file and each field */
export function checkSettings<T extends z.ZodType>(schema: T, written: unknown, file: string): z.output<T> {
  const parsed = schema.safeParse(written);
  if (parsed.success) return parsed.data;
  const problems = issuesIn(parsed.error.issues);
  throw new ReguaError("config_invalid", { problems: inEach(`${file}: ${problems.en}`, `${file}: ${problems["pt-BR"]}`) });
}

/** YAML of a file, or of standard input with `-`. */
export function readSettings({ io }: Tools, file: string): unknown {
  try {
    // Descriptor 0: a pipe gives no file name, and a secret belongs on no command line.
    return parse(readFileSync(file === "-" ? 0 : resolve(io.host.cwd, file), "utf8"));
  } catch (error) {
    throw new ReguaError("file_unreadable", { file, why: fileWhy(error) });
  }
}

/** Changes the configuration file, comments kept. Written whole or not at all, and for its owner's eyes only: it holds keys. Answers its path. */
export function editConfig({ io, options }: Tools, { file, dataDir }: Loaded, edit: (document: Document) => void): string {
  const named = options.config ?? io.host.env.REGUA_CONFIG;
  const target = file ?? (named === undefined ? join(dataDir, "regua.yaml") : resolve(io.host.cwd, named));
  const document = parseDocument(existsSync(target) ? readFileSync(target, "utf8") : "");
  edit(document);
  const half = `${target}.new`;
  try {
    // As the database makes it: its own user passes through when the program runs as root.
    mkdirSync(dirname(target), { recursive: true, mode: 0o711 });
    writeFileSync(half, document.toString({ lineWidth: 0 }), { mode: 0o600 });
    renameSync(half, target);
  } catch (error) {
    rmSync(half, { force: true });
    throw new ReguaError("file_unwritable", { file: target, why: fileWhy(error) }, { cause: error });
  }
  return target;
}
