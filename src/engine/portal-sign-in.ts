// Signing in to the portal: by the link of a message, or by a code sent to the customer's address. Both are told in the evidence.
import { ReguaError } from "../kernel/errors.ts";
import { sameSecret, sha256 } from "../kernel/hash.ts";
import type { Id } from "../kernel/ids.ts";
import { HOUR_MS, MINUTE_MS } from "../kernel/time.ts";
import {
  codesSince,
  customerByEmail,
  endSession,
  insertCode,
  insertSession,
  messageIdOf,
  openedBefore,
  sessionCustomer,
  spendCode,
  tryCode,
  type Addressee,
} from "../store/portal-access.ts";
import { changeCustomer } from "./change.ts";
import type { Engine } from "./engine.ts";
import type { PortalLinks } from "./portal-links.ts";

/** A day's errand; whoever comes back tomorrow opens a link again. */
export const SESSION_MS = 12 * HOUR_MS;
export const CODE_MINUTES = 15;
/** Six digits, five tries: one in two hundred thousand. */
const TRIES_MAX = 5;
/** Within the life of a code: nobody's mailbox is filled by whoever knows the address. */
const CODES_MAX = 5;

const AGENT_MAX = 200;

/** A session begun: `token` belongs into the customer's cookie, and is kept nowhere else. */
export interface Entered {
  token: string;
}

/**
 * Opens a session for whom the link is for. The first opening of a message's link goes into the evidence, with the name that the opening program gave
 * itself: some mail servers open links before their reader does.
 * @throws ReguaError `portal_link_invalid`, `portal_link_expired`
 */
export async function enterByLink(
  engine: Engine,
  links: PortalLinks,
  ask: { link: string; token: string; userAgent?: string | undefined },
): Promise<Entered> {
  const { customerId, outboxId } = await links.read(ask.link);
  await begin(engine, { customerId, outboxId, way: "link", token: ask.token, userAgent: ask.userAgent });
  return { token: ask.token };
}

/** What is sent to the address; null where it is no customer's or had enough of them, which the asker is not told. */
export interface CodeSent {
  to: Addressee;
  code: string;
}

/**
 * Begins an attempt to sign in by e-mail. `attempt` goes back to the asker's browser, `code` to the address alone.
 */
export async function askCode(engine: Engine, ask: { email: string; attempt: string; code: string }): Promise<CodeSent | null> {
  const now = engine.motorClock.now();
  const found = await customerByEmail(engine.db, ask.email.trim());
  const spent = found !== null && (await codesSince(engine.db, found.id, now - CODE_MINUTES * MINUTE_MS)) >= CODES_MAX;
  const customer = spent ? null : found;
  const row = { attemptHash: sha256(ask.attempt), customerId: customer?.id ?? null, codeHash: codeHash(ask.attempt, ask.code) };
  await insertCode(engine.db, row, now, now + CODE_MINUTES * MINUTE_MS);
  return customer ? { to: customer, code: ask.code } : null;
}

/** @throws ReguaError `portal_code_wrong`, whether the code, the address or the time is at fault */
export async function enterByCode(
  engine: Engine,
  ask: { attempt: string; code: string; token: string; userAgent?: string | undefined },
): Promise<Entered> {
  const attemptHash = sha256(ask.attempt);
  const found = await tryCode(engine.db, attemptHash, TRIES_MAX, engine.motorClock.now());
  const right = found !== null && sameSecret(found.codeHash, codeHash(ask.attempt, ask.code.replace(/\D/gu, "")));
  if (!right || found.customerId === null) throw new ReguaError("portal_code_wrong");
  await begin(engine, {
    customerId: found.customerId,
    outboxId: null,
    way: "code",
    token: ask.token,
    spend: attemptHash,
    userAgent: ask.userAgent,
  });
  return { token: ask.token };
}

/** The customer of a session; null when it is over. */
export async function customerOfSession(engine: Engine, token: string): Promise<Id | null> {
  return sessionCustomer(engine.db, sha256(token), engine.motorClock.now());
}

export async function leaveSession(engine: Engine, token: string): Promise<void> {
  await endSession(engine.db, sha256(token), engine.motorClock.now());
}

/** The attempt is in the hash: the same six digits of another attempt are another text. */
function codeHash(attempt: string, code: string): string {
  return sha256(`${attempt} ${code}`);
}

interface Beginning {
  customerId: Id;
  outboxId: Id | null;
  way: "link" | "code";
  token: string;
  userAgent: string | undefined;
  /** The attempt whose code was right. */
  spend?: string;
}

async function begin(engine: Engine, { customerId, outboxId, way, token, spend, userAgent }: Beginning): Promise<void> {
  const now = engine.motorClock.now();
  await changeCustomer(engine, customerId, async (unit) => {
    if (spend !== undefined && !(await spendCode(unit.trx, spend))) throw new ReguaError("portal_code_wrong");
    const known = outboxId !== null && (await openedBefore(unit.trx, customerId, outboxId));
    await insertSession(unit.trx, { hash: sha256(token), customerId, way, outboxId }, now, now + SESSION_MS);
    if (known) return;
    const messageId = outboxId === null ? null : await messageIdOf(unit.trx, customerId, outboxId);
    const agent = userAgent?.replace(/\p{Cc}/gu, "").slice(0, AGENT_MAX) ?? null;
    unit.record(customerId, "portal.opened", "customer", {
      way,
      user_agent: agent,
      ...(messageId === null ? {} : { message_id: messageId }),
    });
  });
}
