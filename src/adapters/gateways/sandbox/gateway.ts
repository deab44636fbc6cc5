// A payment gateway without an account behind it: valid codes that pay nobody, and payments that come when somebody says so.
import { z } from "zod";
import type { Clock } from "../../../kernel/clock.ts";
import { sha256 } from "../../../kernel/hash.ts";
import type { Cents } from "../../../kernel/money.ts";
import type { Instant } from "../../../kernel/time.ts";
import { done, refused, unknown } from "../../../ports/outcome.ts";
import type { CallContext, Outcome } from "../../../ports/outcome.ts";
import type {
  ChargeRequest,
  GatewayCapabilities,
  GatewayCharge,
  GatewayPayment,
  GatewayRefund,
  PaymentGateway,
  PaymentHint,
  PollPage,
  PollRequest,
  RefundRequest,
  WebhookDelivery,
  WebhookVerdict,
} from "../../../ports/payment-gateway.ts";
import { DEADLINE, orDeadline } from "../../panels/deadline.ts";
import { OneAtATime } from "../../panels/one-at-a-time.ts";
import { jsonOf } from "../api.ts";
import { bodyId, forged, headerOf, sameText, textOf } from "../delivery.ts";
import { chargeOf, newCharge, paymentOf, phaseOf, refundedOf, type SandboxCharges, type SandboxReceiver } from "./charges.ts";

/** `lost`: the act is done and its answer never arrives; `stall`: nothing is answered any more. */
export type SandboxGatewayFault = "ok" | "lost" | "stall" | "busy" | "refuse";

export interface SandboxGatewayOptions {
  charges: SandboxCharges;
  receiver: SandboxReceiver;
  clock: Clock;
  /** What a webhook must carry; absent: none is believed. */
  token?: string;
  /** Asked at every call, whether it acts or only reads; absent: nothing ever fails. */
  faults?: (act: boolean) => SandboxGatewayFault;
}

const PAGE = 25;

const cursorSchema = z.strictObject({ v: z.literal(1), after: z.int(), since: z.int() });
const event = z.looseObject({ id: z.string().min(1), charge: z.string() });

export class SandboxGateway implements PaymentGateway {
  readonly kind = "sandbox";
  readonly capabilities: GatewayCapabilities = {
    methods: ["pix", "boleto"],
    refunds: "partial",
    currencies: ["BRL"],
    lateFee: false,
    webhooks: ["payment"],
    webhookProof: "token",
    pageHosts: [],
  };
  readonly #options: SandboxGatewayOptions;
  readonly #line = new OneAtATime();

  constructor(options: SandboxGatewayOptions) {
    this.#options = options;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  test(context: CallContext): Promise<Outcome<{ detail: string }>> {
    return this.#answer(false, context, () => Promise.resolve(done({ detail: "Sandbox: charges are made here and paid by nobody." })));
  }

  charge(request: ChargeRequest, context: CallContext): Promise<Outcome<GatewayCharge>> {
    if (request.currency !== "BRL") return Promise.resolve(refused("The sandbox charges in reais (BRL) only."));
    const { charges, receiver } = this.#options;
    return this.#act(request.invoiceRef, context, async () => {
      const all = await charges.of(request.invoiceRef);
      const standing = all.find((one) => phaseOf(one) === "paid") ?? all.find((one) => phaseOf(one) === "open");
      if (standing) return done(chargeOf(standing));
      const made = newCharge(request, all.length + 1, receiver);
      await charges.write(made);
      return done(chargeOf({ ...made, revision: 0 }));
    });
  }

  cancelCharge(chargeId: string, context: CallContext): Promise<Outcome<GatewayCharge["phase"]>> {
    const { charges } = this.#options;
    return this.#act(chargeId, context, async () => {
      const charge = await charges.read(chargeId);
      if (!charge) return done("cancelled");
      if (phaseOf(charge) !== "open") return done(phaseOf(charge));
      await charges.write({ ...charge, cancelled: true });
      return done("cancelled");
    });
  }

  /** The charge that stands for an invoice; null: none. */
  async chargeIdOf(invoiceRef: string): Promise<string | null> {
    const all = await this.#options.charges.of(invoiceRef);
    return all.find((one) => phaseOf(one) === "open")?.chargeId ?? null;
  }

  /** Somebody pays a charge, whatever state it is in. Answers null when there is none, or its money came before. */
  async pay(chargeId: string, amountCents: Cents | null): Promise<GatewayPayment | null> {
    const { charges, clock } = this.#options;
    const charge = await charges.read(chargeId);
    if (!charge || charge.money) return null;
    const money = {
      amountCents: amountCents ?? charge.amountCents,
      at: clock.now(),
      phase: "settled" as const,
      chargedBack: false,
      refunds: [],
    };
    await charges.write({ ...charge, money });
    return paymentOf({ ...charge, money });
  }

  verifyWebhook(delivery: WebhookDelivery, _now: Instant): WebhookVerdict {
    const { token } = this.#options;
    if (token === undefined) return forged("The sandbox believes no webhook from outside.");
    if (!sameText(headerOf(delivery, "x-sandbox-token") ?? "", token)) return forged("The header x-sandbox-token is missing or not ours.");
    const body = event.safeParse(jsonOf(textOf(delivery)));
    if (!body.success) return { verdict: "verified", eventId: bodyId(delivery), kind: "unreadable", hints: [] };
    return { verdict: "verified", eventId: body.data.id, kind: "payment", hints: [{ kind: "payment", id: body.data.charge }] };
  }

  fetchPayments(hint: PaymentHint, context: CallContext): Promise<Outcome<readonly GatewayPayment[]>> {
    return this.#answer(false, context, async () => {
      const charge = await this.#options.charges.read(hint.id);
      const payment = charge && paymentOf(charge);
      return done(payment ? [payment] : []);
    });
  }

  poll(request: PollRequest, context: CallContext): Promise<Outcome<PollPage>> {
    const read = cursorSchema.safeParse(request.cursor === null ? { v: 1, after: 0, since: request.since } : jsonOf(request.cursor));
    if (!read.success) return Promise.resolve(refused("The cursor is none of this gateway's."));
    const { after, since } = read.data;
    return this.#answer(false, context, async () => {
      const changed = await this.#options.charges.changedSince(after, PAGE);
      const payments = changed.flatMap((charge) => {
        const payment = paymentOf(charge);
        return payment && (payment.paidAt ?? 0) >= since ? [payment] : [];
      });
      const cursor = JSON.stringify({ v: 1, after: changed.at(-1)?.revision ?? after, since });
      return done({ payments, cursor, more: changed.length === PAGE });
    });
  }

  refund({ paymentId, amountCents, key }: RefundRequest, context: CallContext): Promise<Outcome<GatewayRefund>> {
    const { charges } = this.#options;
    return this.#act(paymentId, context, async () => {
      const charge = await charges.read(paymentId);
      if (!charge?.money) return refused("The sandbox has no payment of this id.");
      const { money } = charge;
      const refundId = sha256(`${paymentId} ${key}`).slice(0, 20);
      if (money.refunds.some((refund) => refund.key === key)) return done({ refundId, amountCents, phase: "done" });
      if (amountCents > money.amountCents - refundedOf(money)) return refused("Less than that is left of the payment.");
      await charges.write({ ...charge, money: { ...money, refunds: [...money.refunds, { key, amountCents }] } });
      return done({ refundId, amountCents, phase: "done" });
    });
  }

  #act<T>(key: string, context: CallContext, work: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
    return this.#answer(true, context, () => this.#line.run(key, context, work));
  }

  async #answer<T>(act: boolean, context: CallContext, work: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
    if (context.signal.aborted) return unknown("The deadline had passed before the call.");
    const fault = this.#options.faults?.(act) ?? "ok";
    if (fault === "busy") return refused("The sandbox was told to be busy.", true);
    if (fault === "refuse") return refused("The sandbox was told to refuse.");
    const outcome = await orDeadline(fault === "stall" ? new Promise<Outcome<T>>(() => undefined) : work(), context.signal);
    if (outcome === DEADLINE) return unknown("No answer came before the deadline.");
    return fault === "lost" ? unknown("The connection was lost.") : outcome;
  }
}
