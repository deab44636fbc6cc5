// Calls of the billing system's hook: verified, kept once, answered at once; what they tell is fetched before it is believed.
import { askCancellation } from "../../engine/ask-cancellation.ts";
import { WHMCS } from "../../engine/billing-rows.ts";
import { mayBillingSuspend, type Word } from "../../engine/billing-word.ts";
import { ReguaError } from "../../kernel/errors.ts";
import { DAY_MS, MINUTE_MS } from "../../kernel/time.ts";
import type { HookCall, VerifyHook } from "../../ports/billing-system.ts";
import { isLocked, knownRows } from "../../store/billing.ts";
import { endHook, keepHook, purgeHooks, takeHooks, type HookEvent, type HookKind } from "../../store/billing-tickets.ts";
import { countForged } from "../../store/gateways.ts";
import { retryAfter } from "../gateway-intake.ts";
import type { MotorLog } from "../motor.ts";
import { BesideSilent, readService, readWhole, type Beside } from "./reading.ts";
import { readTicket } from "./sync.ts";

export interface HookOptions extends Beside {
  log: MotorLog;
  /** Null: no secret is set up, and no call is taken. */
  verify: VerifyHook | null;
}

const KINDS: Readonly<Record<string, HookKind>> = {
  InvoicePaid: "invoice",
  InvoiceCreated: "invoice",
  AddInvoicePayment: "invoice",
  TicketOpen: "ticket",
  TicketUserReply: "ticket",
  CancellationRequest: "cancellation",
  PreModuleSuspend: "question",
};

const TAKEN_MS = 2 * MINUTE_MS;
const BATCH = 50;
const ATTEMPTS_MAX = 20;
/** A call cannot come again after minutes; what it told can be looked up for a month. */
const KEPT_MS = 30 * DAY_MS;

export type Heard = { taken: "forged" | "again" | "unknown_event" | "not_set_up" } | { taken: "kept" } | { taken: "asked"; word: Word };

export class BesideHooks {
  readonly #options: HookOptions;
  #working: Promise<void> = Promise.resolve();
  /** Written together: a flood of forgeries costs no statements of its own. */
  #forged = 0;

  constructor(options: HookOptions) {
    this.#options = options;
  }

  /** Verifies and keeps a call. A question is answered from our own facts; all else need not be waited for. */
  async hear(call: HookCall): Promise<Heard> {
    const { engine, verify, log } = this.#options;
    if (!verify) return { taken: "not_set_up" };
    const now = engine.motorClock.now();
    const verdict = verify(call, now);
    if (verdict.verdict === "forged") {
      log.info({ reason: verdict.reason }, "whmcs: call of the hook refused");
      this.#forged += 1;
      return { taken: "forged" };
    }
    const event = eventOf(verdict.body, verdict.nonce);
    if (!event) return { taken: "unknown_event" };
    if (!(await keepHook(engine.db, event, now))) return { taken: "again" };
    if (event.kind === "question") return { taken: "asked", word: await mayBillingSuspend(engine, event.billingId) };
    void this.workOff();
    return { taken: "kept" };
  }

  /** Works off calls that wait, those of a process that died included. Never throws. */
  workOff(): Promise<void> {
    return (this.#working = this.#working
      .then(() => this.#work())
      .catch((error: unknown) => this.#options.log.error({ err: error }, "whmcs: hooks")));
  }

  async purge(): Promise<void> {
    await purgeHooks(this.#options.engine.db, this.#options.engine.motorClock.now() - KEPT_MS);
  }

  async #work(): Promise<void> {
    const { engine } = this.#options;
    const forged = this.#forged;
    this.#forged = 0;
    if (forged > 0) {
      const today = engine.clock.now();
      await countForged(engine.db, WHMCS, (await engine.settings.load(engine.db, today)).zone.dayOf(today), forged);
    }
    while (!(await isLocked(engine.db, WHMCS))) {
      const now = engine.motorClock.now();
      const events = await takeHooks(engine.db, { now, until: now + TAKEN_MS, limit: BATCH });
      for (const event of events) await this.#follow(event);
      if (events.length < BATCH) return;
    }
  }

  async #follow(event: HookEvent & { attempts: number }): Promise<void> {
    const { engine, log } = this.#options;
    try {
      if (event.kind === "invoice") await readWhole(this.#options, [event.billingId]);
      else if (event.kind === "ticket") await readTicket(this.#options, event.billingId);
      else await this.#cancel(event);
      await endHook(engine.db, event.nonce, { answer: null, notBefore: null });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log.error(
        { err: error instanceof BesideSilent ? undefined : error, reason, event: event.event },
        "whmcs: what a hook told was not read",
      );
      const over = event.attempts >= ATTEMPTS_MAX;
      const notBefore = over ? null : engine.motorClock.now() + retryAfter(event.attempts);
      await endHook(engine.db, event.nonce, { answer: reason, notBefore });
    }
  }

  /** The service is read there first: it must be one of the customer's. Its end of term is the next due date. */
  async #cancel({ billingId, details }: HookEvent): Promise<void> {
    const { engine } = this.#options;
    const service = await readService(this.#options, billingId);
    const row = (await knownRows(engine.db, "service", [billingId])).get(billingId);
    if (!service || !row) return;
    const now = engine.clock.now();
    const today = (await engine.settings.load(engine.db, now)).zone.dayOf(now);
    const on = details.type === "Immediate" ? today : Math.max(today, service.nextDueOn ?? today);
    const reason = details.reason === undefined ? {} : { reason: details.reason };
    try {
      await askCancellation(engine, { customer: row.customerId, service: String(billingId), on, by: WHMCS, ...reason });
    } catch (error) {
      if (!(error instanceof ReguaError) || error.code !== "service_unknown") throw error;
    }
  }
}

const REASON_MAX = 2_000;

/** Only the number, and of a cancellation its two words, are taken from a call. */
function eventOf(body: unknown, nonce: string): HookEvent | null {
  if (body === null || typeof body !== "object") return null;
  const { event, id, type, reason } = body as Record<string, unknown>;
  const kind = typeof event === "string" ? KINDS[event] : undefined;
  if (kind === undefined || typeof event !== "string" || typeof id !== "number" || !Number.isSafeInteger(id) || id <= 0) return null;
  const details =
    kind === "cancellation"
      ? {
          ...(typeof type === "string" ? { type: type.slice(0, 60) } : {}),
          ...(typeof reason === "string" && reason.trim() !== "" ? { reason: reason.replaceAll("\0", "").slice(0, REASON_MAX) } : {}),
        }
      : {};
  return { nonce, event, kind, billingId: id, details };
}
