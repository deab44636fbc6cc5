// What is to be written in the billing system beside us: found from facts, each once, and recorded in one of three outcomes.
import { formatDay, HOUR_MS, MINUTE_MS, type Instant } from "../kernel/time.ts";
import { OUR_MARK } from "../ports/control-panel.ts";
import type { Outcome } from "../ports/outcome.ts";
import {
  addTasks,
  endTask,
  paymentsToBook,
  statesToWrite,
  suspensionsToHoldOff,
  type NewTask,
  type Task,
  type TaskEnd,
} from "../store/billing-tasks.ts";
import { inTransaction } from "../store/retry.ts";
import { WHMCS, type BesideTerms } from "./billing-rows.ts";
import { changeCustomer } from "./change.ts";
import type { Engine } from "./engine.ts";

const BATCH = 500;
/** WHMCS's own suspension is held off for services that it would reach within this. */
const SOON_DAYS = 7;

const FIRST_RETRY_MS = MINUTE_MS;
/** What is refused for what it is (a right that is missing, a cancelled invoice) is asked again as seldom: somebody may have mended it. */
const REFUSED_MS = 6 * HOUR_MS;
/** A call that was given up may be carried out late: until then a look would not find it, and a second one would book twice. */
export const LANDED_BY_MS = 5 * MINUTE_MS;
/** About ten days of refusals. */
const ATTEMPTS_MAX = 40;

/** Makes tasks of all that is not as it should be there. Answers how many are new. */
export async function planTasks(engine: Engine, terms: BesideTerms): Promise<number> {
  const now = engine.clock.now();
  const today = (await engine.settings.load(engine.db, now)).zone.dayOf(now);
  const ask = { soon: today + SOON_DAYS, until: today + terms.holdOffDays, limit: BATCH };
  const wanted: NewTask[] = [
    ...(await paymentsToBook(engine.db, WHMCS, BATCH)),
    ...(await suspensionsToHoldOff(engine.db, ask)),
    ...(terms.acts === "panel" ? await statesToWrite(engine.db, OUR_MARK, BATCH) : []),
  ];
  if (wanted.length === 0) return 0;
  const ids = await engine.ids.take(wanted.length);
  return addTasks(
    engine.db,
    wanted.map((task) => ({ ...task, id: ids.next() })),
    engine.motorClock.now(),
  );
}

/** How a task ended: `note` is what was found, for whoever reads the list of them. `superseded`: it is not wanted any more. */
export type Carried = Outcome<{ note: string | null; superseded?: true }>;

const EVIDENCE = { payment: "billing.payment_booked", hold_off: null, state: "billing.state_written", reply: "ticket.answered" } as const;

/** Records it; a worker that lost its lease changes nothing, and its successor looks before it acts. */
export async function recordTask(engine: Engine, task: Task, token: string, outcome: Carried): Promise<void> {
  const now = engine.motorClock.now();
  const end = endOf(task, outcome, now);
  const kind = EVIDENCE[task.kind];
  if (end.state !== "done" || kind === null) return void (await inTransaction(engine.db, (trx) => endTask(trx, task, token, end, now)));
  const { transid, amount, on, invoice, source, state, service, reason, ticket, text } = task.payload;
  await changeCustomer(engine, task.customerId, async (unit) => {
    if (!(await endTask(unit.trx, task, token, end, now))) return;
    const about =
      task.kind === "payment"
        ? {
            invoice: invoice ?? null,
            transaction: transid ?? null,
            source: source ?? null,
            amount_cents: amount ?? null,
            paid_on: on === undefined ? null : formatDay(on),
          }
        : task.kind === "state"
          ? { service: service ?? null, state: state ?? null, reason: reason ?? null }
          : { ticket: ticket ?? null, text: text ?? null };
    unit.record(task.customerId, kind, WHMCS, { ...about, note: end.answer });
  });
}

function endOf({ kind, attempts }: Task, outcome: Carried, now: Instant): TaskEnd {
  if (outcome.outcome === "done") {
    const { note, superseded } = outcome.value;
    return { state: superseded ? "superseded" : "done", answer: note };
  }
  const answer = outcome.reason;
  const again = Math.min(FIRST_RETRY_MS * 2 ** Math.min(attempts - 1, 10), HOUR_MS);
  if (outcome.outcome === "unknown") {
    // Setting a date twice is setting it once: only money and words are waited for.
    const wait = kind === "payment" || kind === "reply" ? Math.max(again, LANDED_BY_MS) : again;
    return { state: "open", answer, notBefore: now + wait, unknown: true };
  }
  const final = !outcome.retry && outcome.credentials === undefined && outcome.unreached === undefined;
  if (final && attempts >= ATTEMPTS_MAX) return { state: "refused", answer };
  return { state: "open", answer, notBefore: now + (final ? REFUSED_MS : again), unknown: false };
}
