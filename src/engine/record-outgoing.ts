// How a mail of a conversation fared: its row, and the customer's evidence.
import { HOUR_MS, MINUTE_MS, type Instant } from "../kernel/time.ts";
import type { Acceptance } from "../ports/mailer.ts";
import type { Outcome } from "../ports/outcome.ts";
import { endOutgoing, type OutgoingEnd, type TakenOutgoing } from "../store/mail-out.ts";
import { inTransaction } from "../store/retry.ts";
import { changeCustomer } from "./change.ts";
import type { Engine } from "./engine.ts";

const BACKOFF_MS = [MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, HOUR_MS];
/** About two days, as for notices. */
const ATTEMPTS_MAX = 52;

export async function recordOutgoing(
  engine: Engine,
  token: string,
  mail: TakenOutgoing,
  outcome: Outcome<Acceptance>,
): Promise<OutgoingEnd["state"]> {
  const now = engine.clock.now();
  const end = endOf(mail, outcome, now);
  const { customerId } = mail;
  if (customerId === null) await inTransaction(engine.db, (trx) => endOutgoing(trx, token, end));
  else
    await changeCustomer(engine, customerId, async (unit) => {
      if (!(await endOutgoing(unit.trx, token, end))) return;
      const kind = end.state === "done" ? "accepted" : end.state === "refused" ? "refused" : end.unknown ? "unknown" : "delayed";
      unit.record(customerId, `mail.${kind}`, "channel:email", {
        message_id: mail.messageId,
        to: mail.to,
        attempt: mail.attempts,
        answer: end.answer,
        ...(outcome.outcome === "done" ? { server: outcome.value.server } : {}),
      });
    });
  return end.state;
}

function endOf(mail: TakenOutgoing, outcome: Outcome<Acceptance>, now: Instant): OutgoingEnd {
  const base = { id: mail.id, unknown: outcome.outcome === "unknown", notBefore: now, endedAt: now };
  if (outcome.outcome === "done") return { ...base, state: "done", answer: outcome.value.response };
  const final = outcome.outcome === "refused" && !outcome.retry;
  if (final || mail.attempts >= ATTEMPTS_MAX) return { ...base, state: "refused", answer: outcome.reason };
  const wait = BACKOFF_MS[Math.min(mail.attempts, BACKOFF_MS.length) - 1] ?? HOUR_MS;
  return { ...base, state: "open", notBefore: now + wait, answer: outcome.reason };
}
