// The installation's key for secrets in the configuration: a file of its owner's alone, or the environment; and every sealed value opened with it.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inEach, ReguaError, type InEach } from "../kernel/errors.ts";
import { CHANCE_TO_SEAL, isSealed, masterKey, seal, unseal, type MasterKey } from "../kernel/seal.ts";
import { fileWhy } from "./file-why.ts";
import type { Host } from "./io.ts";

/** 32 bytes as base64url; wins over the file. For systems that hand secrets to programs. */
export const KEY_VARIABLE = "REGUA_SECRET_KEY";

export const keyFile = (dataDir: string): string => join(dataDir, "secret.key");

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The keys that open what is sealed here, the present one first; none where none was made. The second stands only while a rotation is under way.
 * @throws ReguaError `secret_key_unusable`
 */
export function readKeys(env: Env, dataDir: string): MasterKey[] {
  const given = env[KEY_VARIABLE];
  if (given !== undefined && given !== "") return given.split(/\s+/u).map((text) => keyOf(text, KEY_VARIABLE));
  const file = keyFile(dataDir);
  if (!existsSync(file)) return [];
  if ((statSync(file).mode & 0o077) !== 0)
    throw new ReguaError("secret_key_unusable", {
      where: file,
      problem: inEach("others than its owner may read it (chmod 600)", "outros além do dono podem lê-la (chmod 600)"),
    });
  return readFileSync(file, "utf8")
    .split(/\s+/u)
    .filter((text) => text !== "")
    .map((text) => keyOf(text, file));
}

function keyOf(text: string, where: string): MasterKey {
  const bytes = Buffer.from(text, "base64url");
  if (bytes.length !== 32)
    throw new ReguaError("secret_key_unusable", {
      where,
      problem: inEach("a key is 32 bytes, written as base64url", "uma chave são 32 bytes, escritos em base64url"),
    });
  return masterKey(bytes);
}

/** The present key; the first time it is made, and written for its owner's eyes only. */
export function ensureKey(host: Host, dataDir: string): MasterKey {
  const [first] = readKeys(host.env, dataDir);
  if (first) return first;
  const made = host.newSecret();
  writeKeys(dataDir, [made]);
  return keyOf(made, keyFile(dataDir));
}

/** Written whole or not at all. */
export function writeKeys(dataDir: string, keys: readonly string[]): void {
  const file = keyFile(dataDir);
  const half = `${file}.new`;
  try {
    // As the database makes it: its own user passes through when the program runs as root.
    mkdirSync(dataDir, { recursive: true, mode: 0o711 });
    writeFileSync(half, `${keys.join("\n")}\n`, { mode: 0o600 });
    renameSync(half, file);
  } catch (error) {
    rmSync(half, { force: true });
    throw new ReguaError("file_unwritable", { file, why: fileWhy(error) }, { cause: error });
  }
}

/** Bytes that nobody can guess. */
export function chanceOf(host: Host, length: number): Uint8Array {
  let bytes = Buffer.alloc(0);
  while (bytes.length < length) bytes = Buffer.concat([bytes, Buffer.from(host.newSecret(), "base64url")]);
  return bytes.subarray(0, length);
}

export const sealFor = (host: Host, key: MasterKey, place: string, text: string): string =>
  seal(text, place, key, chanceOf(host, CHANCE_TO_SEAL));

/** The same tree with every sealed text opened; those that do not open are named by their place. */
export function openSealed(value: unknown, keys: readonly MasterKey[], problems: InEach[], place = ""): unknown {
  if (typeof value === "string" && isSealed(value)) {
    const text = unseal(value, place, keys);
    if (text === null)
      problems.push(
        inEach(
          `${place}: it was sealed under another key or for another place; give its secret again, or bring its key back (${KEY_VARIABLE})`,
          `${place}: foi selado com outra chave ou para outro lugar; dê o segredo de novo, ou traga a chave de volta (${KEY_VARIABLE})`,
        ),
      );
    return text ?? "";
  }
  if (Array.isArray(value)) return value.map((member, i) => openSealed(member, keys, problems, `${place}[${i}]`));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, openSealed(member, keys, problems, place === "" ? name : `${place}.${name}`)]),
  );
}
