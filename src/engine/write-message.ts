// What a customer writes to the provider: a thread that is kept, and that waits for staff while the last word is the customer's.
import { inEach, ReguaError } from "../kernel/errors.ts";
import { sha256 } from "../kernel/hash.ts";
import { plainText } from "../kernel/plain-text.ts";
import { DAY_MS } from "../kernel/time.ts";
import { insertMessage, threadOf, waitingBackups, waitingThreads, writtenSince, type MessageRow } from "../store/portal-matters.ts";
import type { WaitingBackup, WaitingThread } from "../store/portal-matters.ts";
import { changeCustomer } from "./change.ts";
import type { Engine } from "./engine.ts";
import { required, whoIs, type Who } from "./who.ts";

export const MESSAGE_CHARS_MAX = 4_000;
/** More than a worried person writes in a day. */
const A_DAY_MAX = 30;
const SHOWN = 60;
const INBOX = 200;

/**
 * Adds a customer's words to the thread. The evidence has the text's hash, and the thread the text. Staff answer by `replyTo`.
 * @throws ReguaError `words_missing`, `field_invalid`, `messages_spent`, `customer_unknown`
 */
export async function writeMessage(engine: Engine, ask: { customer: Who; by: string; text: string }): Promise<void> {
  const text = required("text", plainText(ask.text));
  if (text.length > MESSAGE_CHARS_MAX)
    throw new ReguaError("field_invalid", {
      field: "text",
      problem: inEach(`it has more than ${MESSAGE_CHARS_MAX} characters`, `tem mais de ${MESSAGE_CHARS_MAX} caracteres`),
    });
  const customerId = await whoIs(engine.db, ask.customer);
  await changeCustomer(engine, customerId, async (unit) => {
    const count = await writtenSince(unit.trx, customerId, unit.now - DAY_MS);
    if (count >= A_DAY_MAX) throw new ReguaError("messages_spent", { count });
    const id = (await engine.ids.take(1)).next();
    await insertMessage(unit.trx, { customerId, id, author: "customer", by: ask.by, at: unit.now, text, via: "portal" });
    unit.record(customerId, "conversation.message", ask.by, { from: "customer", text_sha256: sha256(text) });
  });
}

/** The newest messages, oldest of them first. @throws ReguaError `customer_unknown` */
export async function thread(engine: Engine, who: Who): Promise<MessageRow[]> {
  return threadOf(engine.db, await whoIs(engine.db, who), SHOWN);
}

/** What customers asked in the portal and nobody answered yet. */
export async function inbox(engine: Engine): Promise<{ threads: WaitingThread[]; backups: WaitingBackup[] }> {
  return { threads: await waitingThreads(engine.db, INBOX), backups: await waitingBackups(engine.db, INBOX) };
}
