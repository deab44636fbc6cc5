// Webhooks to other systems, as staff keep them: added, listed, tried, their secrets changed, stopped ones resumed, removed.
import { inEach, ReguaError } from "../kernel/errors.ts";
import type { HouseFacts } from "../kernel/house-record.ts";
import { DAY_MS, formatInstant, type Instant } from "../kernel/time.ts";
import type { CallContext } from "../ports/outcome.ts";
import type { WebhookAnswer, WebhookSender } from "../ports/webhook-sender.ts";
import { countDeliveries, dropDeliveries, reopenDeliveries } from "../store/webhook-deliveries.ts";
import { appendToRecord } from "../store/house-record.ts";
import { inTransaction } from "../store/retry.ts";
import {
  deleteEndpoint,
  insertEndpoint,
  listEndpoints,
  noteAttempt,
  readEndpoint,
  replaceSecret,
  resealSecrets,
  resumeEndpoint,
  type EndpointRow,
} from "../store/webhook-endpoints.ts";
import type { Engine } from "./engine.ts";
import { eventText, TEST_EVENT, WEBHOOK_EVENTS } from "./webhook-events.ts";
import { required } from "./who.ts";

/** Seals secrets for where they lie, and opens them. The key is not in the database. */
export interface Vault {
  seal(place: string, text: string): string;
  /** Null: sealed under another key, or for another place. */
  open(place: string, sealed: string): string | null;
}

/** What every use of webhooks needs. */
export interface WebhookDesk {
  engine: Engine;
  sender: WebhookSender;
  vault: Vault;
}

/** A name stands in logs and beside secrets: short, and without what a reader could misread. */
const NAME = /^[a-z0-9][a-z0-9-]{0,39}$/u;

/** How long the secret before signs beside the new one. */
export const OVERLAP_MS = DAY_MS;

export const placeOf = (name: string): string => `webhooks.${name}.secret`;

/** `bytes`: 32 that nobody can guess, in base64url (the specification asks for at least 24). */
const secretOf = (bytes: string): string => `whsec_${Buffer.from(bytes, "base64url").toString("base64")}`;

/**
 * Events by their names; a subject (`promise`) or a star stands for many. Nothing named: all.
 * @throws ReguaError `webhook_event_unknown`
 */
function eventsNamed(names: readonly string[]): string[] {
  const wanted = names.length === 0 ? ["*"] : names.map((name) => name.trim());
  const chosen = wanted.flatMap((name) => {
    const found = WEBHOOK_EVENTS.filter((event) => name === "*" || event === name || event.startsWith(`${name.replace(/\.\*$/u, "")}.`));
    if (found.length === 0) throw new ReguaError("webhook_event_unknown", { value: name });
    return found;
  });
  return WEBHOOK_EVENTS.filter((event) => chosen.includes(event));
}

export interface NewWebhook {
  name: string;
  url: string;
  events: readonly string[];
  /** 32 bytes that nobody can guess, as base64url. */
  secret: string;
  by: string;
}

/**
 * Adds an endpoint; its secret is answered, the only time it is seen.
 * @throws ReguaError `field_invalid`, `webhook_event_unknown`, `webhook_address_refused`, `webhook_name_taken`
 */
export async function addWebhook({ engine, sender, vault }: WebhookDesk, ask: NewWebhook, context: CallContext): Promise<string> {
  const { name, url } = ask;
  if (!NAME.test(name))
    throw new ReguaError("field_invalid", {
      field: "name",
      problem: inEach(
        "it has 1 to 40 small letters, digits or dashes, beginning with a letter or digit",
        "tem de 1 a 40 letras minúsculas, dígitos ou hífens, começando com letra ou dígito",
      ),
    });
  const events = eventsNamed(ask.events);
  const vetted = await sender.vet(url, context);
  if (vetted.outcome !== "done") throw new ReguaError("webhook_address_refused", { problem: vetted.problem });
  const secret = secretOf(ask.secret);
  const [now, actor] = [engine.motorClock.now(), required("by", ask.by)];
  const row = { name, url, events, secret: vault.seal(placeOf(name), secret), madeAt: now, madeBy: actor };
  await inTransaction(engine.db, async (trx) => {
    if (!(await insertEndpoint(trx, row))) throw new ReguaError("webhook_name_taken", { value: name });
    await appendToRecord(trx, { actor, kind: "webhook.added", subject: name, before: null, after: told(row) }, now);
  });
  return secret;
}

/** As the record names an endpoint. Its address ends at the host: what follows is a password in many a system. */
const told = ({ url, events }: Pick<EndpointRow, "url" | "events">): HouseFacts => ({ host: new URL(url).origin, events });

/** An endpoint without its secrets, and how much waits for it. */
export type WebhookListed = Omit<EndpointRow, "secret" | "oldSecret"> & { open: number; givenUp: number };

export async function webhooks({ db }: Pick<Engine, "db">): Promise<WebhookListed[]> {
  const [rows, counts] = await Promise.all([listEndpoints(db), countDeliveries(db)]);
  const byName = new Map(counts.map((row) => [row.endpoint, row]));
  return rows.map(({ secret: _, oldSecret: __, ...row }) => {
    const { open = 0, givenUp = 0 } = byName.get(row.name) ?? {};
    return { ...row, open, givenUp };
  });
}

/** The secrets that sign at a moment, the present one first; null where this machine's key does not open them. */
export function secretsOf(vault: Vault, row: EndpointRow, now: Instant): string[] | null {
  const place = placeOf(row.name);
  const present = vault.open(place, row.secret);
  if (present === null) return null;
  const old = row.oldSecret !== null && row.oldSecretUntil !== null && row.oldSecretUntil > now ? vault.open(place, row.oldSecret) : null;
  return old === null ? [present] : [present, old];
}

/** Names of those whose secret this machine's key does not open. */
export async function secretsClosed({ engine, vault }: WebhookDesk): Promise<string[]> {
  const rows = await listEndpoints(engine.db);
  return rows.filter((row) => vault.open(placeOf(row.name), row.secret) === null).map(({ name }) => name);
}

async function there({ engine }: WebhookDesk, name: string): Promise<EndpointRow> {
  const row = await readEndpoint(engine.db, name);
  if (!row) throw new ReguaError("webhook_unknown", { value: name });
  return row;
}

/**
 * Sends a test event now, once, whether the endpoint is stopped or not. `id`: a fresh name for it.
 * @throws ReguaError `webhook_unknown`, `webhook_secret_closed`
 */
export async function testWebhook(desk: WebhookDesk, ask: { name: string; id: string }, context: CallContext): Promise<WebhookAnswer> {
  const { engine, sender, vault } = desk;
  const row = await there(desk, ask.name);
  const now = engine.motorClock.now();
  const secrets = secretsOf(vault, row, now);
  if (secrets === null) throw new ReguaError("webhook_secret_closed", { value: row.name });
  const body = eventText(TEST_EVENT, formatInstant(now), { webhook: row.name });
  const id = `msg_${ask.id.replace(/[^A-Za-z0-9]/gu, "")}`;
  const answer = await sender.send({ url: row.url, id, timestamp: Math.floor(now / 1000), body, secrets }, context);
  const word = {
    name: row.name,
    at: now,
    event: TEST_EVENT,
    accepted: answer.outcome === "done",
    answer: answer.words,
    restingUntil: null,
  };
  await inTransaction(engine.db, (trx) => noteAttempt(trx, { ...word, test: true }));
  return answer;
}

/**
 * Another secret, answered this once; the one before signs beside it until the instant answered.
 * @throws ReguaError `webhook_unknown`
 */
export async function rotateWebhook(
  desk: WebhookDesk,
  ask: { name: string; secret: string; by: string },
): Promise<{ secret: string; oldUntil: Instant }> {
  const { engine, vault } = desk;
  const secret = secretOf(ask.secret);
  const now = engine.motorClock.now();
  const oldUntil = now + OVERLAP_MS;
  const after = { oldSignsUntil: formatInstant(oldUntil) };
  for (;;) {
    const { name, secret: from } = await there(desk, ask.name);
    const done = await inTransaction(engine.db, async (trx) => {
      if (!(await replaceSecret(trx, name, from, vault.seal(placeOf(name), secret), oldUntil))) return false;
      await appendToRecord(trx, { actor: ask.by, kind: "webhook.secret", subject: name, before: null, after }, now);
      return true;
    });
    if (done) return { secret, oldUntil };
  }
}

/** A stopped endpoint is told again, of what was given up too. @throws ReguaError `webhook_unknown` */
export async function resumeWebhook(engine: Engine, name: string, by: string): Promise<void> {
  await inTransaction(engine.db, async (trx) => {
    const row = await readEndpoint(trx, name);
    if (!row || !(await resumeEndpoint(trx, name))) throw new ReguaError("webhook_unknown", { value: name });
    await reopenDeliveries(trx, name);
    if (row.state === "on") return;
    const before = { state: row.state, because: row.stoppedBecause };
    await appendToRecord(
      trx,
      { actor: by, kind: "webhook.resumed", subject: name, before, after: { state: "on" } },
      engine.motorClock.now(),
    );
  });
}

/** With what was on its way there. @throws ReguaError `webhook_unknown` */
export async function removeWebhook(engine: Engine, name: string, by: string): Promise<void> {
  await inTransaction(engine.db, async (trx) => {
    const row = await deleteEndpoint(trx, name);
    if (!row) throw new ReguaError("webhook_unknown", { value: name });
    await dropDeliveries(trx, name);
    const act = { actor: by, kind: "webhook.removed", subject: name, before: told(row), after: null } as const;
    await appendToRecord(trx, act, engine.motorClock.now());
  });
}

/** Every secret under another key; those that no key here opens stay as they are. Answers how many were moved. */
export async function resealWebhooks({ db }: Pick<Engine, "db">, rewrap: (sealed: string) => string | null): Promise<number> {
  let moved = 0;
  for (const row of await listEndpoints(db)) {
    const secret = rewrap(row.secret);
    if (secret === null) continue;
    const oldSecret = row.oldSecret === null ? null : rewrap(row.oldSecret);
    if (await resealSecrets(db, row, { secret, oldSecret })) moved += oldSecret === null ? 1 : 2;
  }
  return moved;
}
