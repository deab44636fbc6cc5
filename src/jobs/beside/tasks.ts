// Writes in the billing system beside us what is to be written there: looks first, acts once, and never twice after a lost answer.
import { planTasks, recordTask, type Carried } from "../../engine/billing-tasks.ts";
import { takeServices, WHMCS } from "../../engine/billing-rows.ts";
import { MINUTE_MS } from "../../kernel/time.ts";
import { done, refused, unknown, type Outcome } from "../../ports/outcome.ts";
import { isLocked, lockSync } from "../../store/billing.ts";
import { takeTasks, type Task } from "../../store/billing-tasks.ts";
import type { MotorLog } from "../motor.ts";
import { callContext, type Beside } from "./reading.ts";

export interface TaskOptions extends Beside {
  log: MotorLog;
  newToken: () => string;
  stopping?: () => boolean;
}

const BATCH = 5;
/** Longer than the calls of all tasks of a batch together, each to its deadline. */
const LEASE_MS = 10 * MINUTE_MS;

/** Finds and carries out all that can be written now. Answers how many were tried. */
export async function workTasks(options: TaskOptions): Promise<number> {
  const { engine, terms, log } = options;
  if (await isLocked(engine.db, WHMCS)) return 0;
  await planTasks(engine, terms);
  let tried = 0;
  while (!options.stopping?.()) {
    const token = options.newToken();
    const now = engine.motorClock.now();
    const tasks = await takeTasks(engine.db, { token, now, until: now + LEASE_MS, limit: BATCH });
    if (tasks.length === 0) return tried;
    for (const task of tasks) {
      const outcome = await carryOut(options, task);
      if (outcome.outcome !== "done") log.error({ kind: task.kind, about: task.billingId, reason: outcome.reason }, "whmcs: not written");
      await recordTask(engine, task, token, outcome);
      tried += 1;
      // Whatever comes next would be refused too, and an address that keeps failing is banned.
      if (outcome.outcome === "refused" && outcome.credentials) {
        await lockSync(engine.db, WHMCS, outcome.reason);
        return tried;
      }
    }
  }
  return tried;
}

async function carryOut(options: TaskOptions, task: Task): Promise<Carried> {
  try {
    if (task.kind === "payment") return await bookPayment(options, task);
    if (task.kind === "reply") return await reply(options, task);
    return await writeService(options, task);
  } catch (error) {
    return unknown(error instanceof Error ? error.message : String(error));
  }
}

/** Booked under its number already, by us before a lost answer or by a module there: then it is done. */
async function bookPayment({ system }: TaskOptions, { billingId, payload }: Task): Promise<Carried> {
  const { transid = "", amount = 0, on = 0 } = payload;
  const found = notYet(await system.paymentsNamed(transid, callContext()));
  if (found.outcome !== "done") return found;
  if (found.value.some(({ invoiceId, amountIn }) => invoiceId === billingId && amountIn > 0))
    return done({ note: "it was booked there already" });
  const invoice = notYet(await system.invoice(billingId, callContext()));
  if (invoice.outcome !== "done") return invoice;
  if (!invoice.value) return done({ note: "the invoice is not there any more", superseded: true });
  // Other money paid it there: booked on top, ours would become credit that nobody paid in. A person sees both.
  if (invoice.value.state === "Paid")
    return done({ note: "other money has paid the invoice there: not booked, see both payments", superseded: true });
  if (invoice.value.state === "Cancelled")
    return refused("the invoice is cancelled in WHMCS: open it there, or book the payment as credit");
  return noted(await system.bookPayment({ invoiceId: billingId, transid, amount, on }, callContext()));
}

/** What only looks leaves nothing unknown behind, however it ends. */
function notYet<T>(outcome: Outcome<T>): Outcome<T> {
  return outcome.outcome === "unknown" ? refused(outcome.reason, true) : outcome;
}

async function reply({ system }: TaskOptions, { billingId, payload }: Task): Promise<Carried> {
  const { mark = "", text = "" } = payload;
  const ticket = notYet(await system.ticket(billingId, callContext()));
  if (ticket.outcome !== "done") return ticket;
  if (!ticket.value) return done({ note: "the ticket is not there any more", superseded: true });
  const { messages } = ticket.value;
  if (messages.some((message) => message.author === "staff" && message.text.includes(mark)))
    return done({ note: "it was answered already" });
  if (messages.at(-1)?.author === "staff") return done({ note: "a person answered first", superseded: true });
  return noted(await system.reply(billingId, text, callContext()));
}

/** Holding off a suspension, and what a service is, are levels: written when they differ, and read again. */
async function writeService({ engine, system, terms }: TaskOptions, { kind, billingId, payload }: Task): Promise<Carried> {
  const before = notYet(await system.service(billingId, callContext()));
  if (before.outcome !== "done") return before;
  const service = before.value;
  if (!service) return done({ note: "the service is not there any more", superseded: true });
  const { until = 0, state = "Active", reason = "" } = payload;
  if (kind === "state" && service.state === state) return done({ note: "it says so already" });
  const said =
    kind === "hold_off"
      ? await system.holdOff(billingId, until, callContext())
      : await system.setState(billingId, state, reason, callContext());
  if (said.outcome !== "done") return said;
  const after = await system.service(billingId, callContext());
  if (after.outcome !== "done") return unknown(`written, but not read again: ${after.reason}`);
  if (after.value) await takeServices(engine, terms, [after.value], []);
  const holds = kind === "hold_off" ? after.value?.heldOff.on === true : after.value?.state === state;
  return holds ? done({ note: null }) : refused("WHMCS answered success, and the service reads as before", true);
}

const noted = (said: Outcome<null>): Carried => (said.outcome === "done" ? done({ note: null }) : said);
