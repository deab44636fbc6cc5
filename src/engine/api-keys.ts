// Keys with which other systems act: made once, kept as a hash, known in the evidence by their name.
import { inEach, ReguaError } from "../kernel/errors.ts";
import { sha256 } from "../kernel/hash.ts";
import { MINUTE_MS } from "../kernel/time.ts";
import {
  findApiKey,
  insertApiKey,
  listApiKeys,
  lockKeyNames,
  markKeyRevoked,
  seeApiKey,
  type ApiKeyRow,
  type Scope,
} from "../store/api-keys.ts";
import { appendToRecord } from "../store/house-record.ts";
import { inTransaction } from "../store/retry.ts";
import type { Engine } from "./engine.ts";

/** So that a key found in a log or a repository is known for what it is. */
const PREFIX = "rk_";

/** A name stands in evidence and logs: short, and without what a reader could misread. */
const NAME = /^[a-z0-9][a-z0-9._-]{0,39}$/u;

/** Use is noted to the minute. */
const SEEN_EVERY_MS = MINUTE_MS;

/**
 * Makes a key of 32 random bytes (`secret`, base64url) and answers it, the only time it is seen.
 * @throws ReguaError `field_invalid`, `api_key_name_taken`
 */
export async function addApiKey(
  engine: Engine,
  request: { name: string; scopes: readonly Scope[]; secret: string; by: string },
): Promise<string> {
  const { name, scopes, by: actor } = request;
  if (!NAME.test(name))
    throw new ReguaError("field_invalid", {
      field: "name",
      problem: inEach(
        "it has 1 to 40 small letters, digits, dots, dashes or underscores, beginning with a letter or digit",
        "tem de 1 a 40 letras minúsculas, dígitos, pontos, hífens ou sublinhados, começando com letra ou dígito",
      ),
    });
  if (scopes.length === 0)
    throw new ReguaError("field_invalid", {
      field: "scopes",
      problem: inEach("a key needs at least one of read, write", "uma chave precisa de ao menos uma de read, write"),
    });
  const key = `${PREFIX}${request.secret}`;
  const now = engine.motorClock.now();
  await inTransaction(engine.db, async (trx) => {
    await lockKeyNames(trx);
    if (!(await insertApiKey(trx, { hash: sha256(key), name, scopes }, now))) throw new ReguaError("api_key_name_taken", { value: name });
    await appendToRecord(trx, { actor, kind: "key.made", subject: name, before: null, after: { scopes } }, now);
  });
  return key;
}

/** Who a key belongs to; null when it is unknown or revoked. Found by its hash, so that a comparison's time tells nothing. */
export async function readApiKey(engine: Engine, key: string): Promise<ApiKeyRow | null> {
  if (!key.startsWith(PREFIX)) return null;
  const hash = sha256(key);
  const found = await findApiKey(engine.db, hash);
  const now = engine.motorClock.now();
  if (found && (found.lastUsedAt === null || found.lastUsedAt < now - SEEN_EVERY_MS))
    await seeApiKey(engine.db, hash, now, now - SEEN_EVERY_MS);
  return found;
}

export async function apiKeys(engine: Engine): Promise<ApiKeyRow[]> {
  return listApiKeys(engine.db);
}

/** From this moment on no process accepts the key. @throws ReguaError `api_key_unknown` */
export async function revokeApiKey(engine: Engine, name: string, by: string): Promise<void> {
  const now = engine.motorClock.now();
  await inTransaction(engine.db, async (trx) => {
    const before = await markKeyRevoked(trx, name, now);
    if (!before) throw new ReguaError("api_key_unknown", { value: name });
    await appendToRecord(trx, { actor: by, kind: "key.revoked", subject: name, before: { scopes: before.scopes }, after: null }, now);
  });
}
