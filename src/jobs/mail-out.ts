// Sends the mail of conversations: taken under a lease, handed over with no transaction open, and its end recorded.
import type { Engine } from "../engine/engine.ts";
import type { LinkTo } from "../engine/portal-links.ts";
import { recordOutgoing } from "../engine/record-outgoing.ts";
import { deadline } from "../kernel/clock.ts";
import type { Acceptance, Mailer } from "../ports/mailer.ts";
import { unknown, type Outcome } from "../ports/outcome.ts";
import { takeOutgoing, type TakenOutgoing } from "../store/mail-out.ts";
import { layoutHtml } from "../words/layout.ts";
import { LINK_MARK } from "../words/portal.ts";
import { CALL_DEADLINE_MS } from "./call.ts";

export interface Postman {
  engine: Engine;
  mailer: Mailer;
  links: { make(to: LinkTo): Promise<string> };
  newToken: () => string;
}

/** Few at a time: each is given its whole deadline within the lease. */
const BATCH = 5;
const LEASE_MS = (BATCH + 1) * CALL_DEADLINE_MS;
const AT_ONCE_MAX = 5_000;

/** Sends what is to go now. Answers how many were accepted. */
export async function sendOutgoing(postman: Postman, stopping: () => boolean = () => false): Promise<number> {
  const { engine, newToken } = postman;
  let accepted = 0;
  for (let sent = 0; sent < AT_ONCE_MAX && !stopping();) {
    const token = newToken();
    const motorNow = engine.motorClock.now();
    const taken = await takeOutgoing(engine.db, { token, now: engine.clock.now(), motorNow, until: motorNow + LEASE_MS, limit: BATCH });
    if (taken.length === 0) break;
    for (const mail of taken) {
      const outcome = await handOver(postman, mail).catch((error: unknown) =>
        unknown(error instanceof Error ? error.message : String(error)),
      );
      if ((await recordOutgoing(engine, token, mail, outcome)) === "done") accepted += 1;
    }
    sent += taken.length;
  }
  return accepted;
}

async function handOver({ engine, mailer, links }: Postman, mail: TakenOutgoing): Promise<Outcome<Acceptance>> {
  const { provider } = await engine.settings.load(engine.db, engine.clock.now());
  const { messageId, to, subject, lang, sender, inReplyTo, customerId } = mail;
  const named = customerId !== null && mail.text.includes(LINK_MARK);
  const token = named ? await links.make({ customerId, outboxId: null, to }) : "";
  const text = mail.text.replaceAll(LINK_MARK, () => token);
  const html = layoutHtml({ subject, text }, provider, lang);
  const context = { signal: deadline(CALL_DEADLINE_MS) };
  return mailer.send({ messageId, to, subject, text, html, repeat: mail.unknowns > 0, sender, inReplyTo, lang }, context);
}
