// The one suite every payment gateway passes, whatever is behind it.
import { describe, expect, it } from "vitest";
import { wait } from "../../kernel/clock.ts";
import type { Cents } from "../../kernel/money.ts";
import type { Instant } from "../../kernel/time.ts";
import type { CallContext, Outcome } from "../outcome.ts";
import type { ChargeRequest, GatewayCharge, GatewayPayment, PaymentGateway, PaymentHint, WebhookDelivery } from "../payment-gateway.ts";

/** One gateway with its own fresh world behind it, whose truth can be seen and disturbed apart from the adapter. */
export interface GatewayWorld {
  gateway: PaymentGateway;
  /** What charges are asked for with. Left out: whatever the gateway has. */
  methods?: ChargeRequest["methods"];
  now(): Instant;
  /** Time passes, at the gateway and here. */
  pass(ms: number): void;
  /** How many charges were ever made for an invoice at the gateway. */
  chargesMade(invoiceRef: string): number;
  /** Somebody pays the charge, whatever state it is in. Answers what a payment hint would name. */
  pay(chargeId: string, amountCents: Cents): string;
  /** Money that names no charge of ours. */
  payUnnamed(amountCents: Cents): string;
  /** We pay somebody else from the same account. Answers the id under which it could be mistaken for money in. */
  sendOut(amountCents: Cents): string;
  /** A payment of which the money comes later, and its coming. Absent: money here is there or not. */
  later?: { pay(chargeId: string, amountCents: Cents): string; settle(paymentId: string): void };
  /** The gateway's own people give money back. */
  giveBack(paymentId: string, amountCents: Cents): void;
  /** A dispute takes the payment back, and its being won. Absent: this money cannot be disputed. */
  dispute?: { lose(paymentId: string): void; win(paymentId: string): void };
  /** The webhook that the gateway would send now about this id. */
  deliver(id: string): WebhookDelivery;
  /** The same, proved with another secret than ours. */
  deliverForged(id: string): WebhookDelivery;
  /** The next act is done, and its answer never arrives. */
  loseNextAnswer(): void;
  /** From now on no call is answered. */
  stall(): void;
  /** From now on every call is told to come again later. */
  busy(): void;
  /** From now on the credentials are refused, in words that contain them. */
  refuse(): void;
  /** Texts that must never show in an outcome. */
  secrets: readonly string[];
  close(): Promise<void>;
}

/** Opens a new world for each check. */
export type GatewayHarness = () => Promise<GatewayWorld>;

export interface GatewayCheck {
  name: string;
  run(world: GatewayWorld): Promise<void>;
}

/** Plenty for a call on a slow machine. */
const ample = (): CallContext => ({ signal: AbortSignal.timeout(15_000) });
/** How long after its deadline a call may take to give up, in milliseconds. */
const GIVING_UP_MS = 5_000;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const valueOf = <T>(outcome: Outcome<T>): T => {
  if (outcome.outcome !== "done") throw new Error(`expected done, got ${outcome.outcome}: ${outcome.reason}`);
  return outcome.value;
};

/** Of the payer: some gateways make no boleto without. */
const ADDRESS = { street: "Rua XV", number: "42", neighborhood: "Centro", city: "Curitiba", state: "PR", postalCode: "80020310" };

function requestOf(world: GatewayWorld, invoiceRef: string, more: Partial<ChargeRequest> = {}): ChargeRequest {
  return {
    invoiceRef,
    amountCents: 12_990,
    currency: world.gateway.capabilities.currencies[0] ?? "BRL",
    dueOn: Math.floor(world.now() / DAY_MS) + 5,
    description: `Fatura ${invoiceRef}, Hospedagem Exemplo`,
    methods: world.methods ?? world.gateway.capabilities.methods,
    payer: { name: "Ana Exemplo da Silva", taxId: "11144477735", email: "ana@example.com", address: ADDRESS },
    lateFee: world.gateway.capabilities.lateFee ? { finePercent: 2, interestPercentMonth: 1 } : null,
    ...more,
  };
}

const chargeFor = async (world: GatewayWorld, ref: string, more: Partial<ChargeRequest> = {}): Promise<GatewayCharge> =>
  valueOf(await world.gateway.charge(requestOf(world, ref, more), ample()));

const fetchOne = async (world: GatewayWorld, hint: PaymentHint): Promise<GatewayPayment> => {
  const found = valueOf(await world.gateway.fetchPayments(hint, ample()));
  expect(found).toHaveLength(1);
  return found[0] as GatewayPayment;
};

const byPayment = (id: string): PaymentHint => ({ kind: "payment", id });

/** Polls until there is nothing more; answers the payments and the cursor to go on with. */
async function pollAll(world: GatewayWorld, cursor: string | null, since: Instant): Promise<{ seen: GatewayPayment[]; cursor: string }> {
  const seen: GatewayPayment[] = [];
  let at = cursor;
  for (let pages = 0; pages < 200; pages += 1) {
    const page = valueOf(await world.gateway.poll({ cursor: at, since, now: world.now() }, ample()));
    seen.push(...page.payments);
    at = page.cursor;
    if (!page.more) return { seen, cursor: at };
  }
  throw new Error("the poll never ends");
}

const states = (seen: readonly GatewayPayment[]): string[] =>
  seen.map((one) => `${one.externalId} ${one.phase} ${one.amountCents} ${one.refundedCents} ${one.chargedBack}`).sort();

const charging: GatewayCheck[] = [
  {
    name: "a test of a gateway that works ends well and says something",
    run: async ({ gateway }) => expect(valueOf(await gateway.test(ample())).detail).not.toBe(""),
  },
  {
    name: "an invoice charged twice has one charge, which can be paid and carries its reference and amount to the cent",
    run: async (world) => {
      for (const amountCents of [101, 12_990, 33_333, 100_000_07]) {
        const ref = `F-${amountCents}`;
        const first = await chargeFor(world, ref, { amountCents });
        expect(first).toMatchObject({ invoiceRef: ref, amountCents, phase: "open", currency: world.gateway.capabilities.currencies[0] });
        expect(first.brCode ?? first.digitLine ?? first.url).not.toBeNull();
        expect(await chargeFor(world, ref, { amountCents })).toEqual(first);
        expect(world.chargesMade(ref)).toBe(1);
      }
    },
  },
  {
    name: "a charge that exists is answered as it is, also when another amount is asked for",
    run: async (world) => {
      const first = await chargeFor(world, "F-1");
      const second = await chargeFor(world, "F-1", { amountCents: 5_000, dueOn: Math.floor(world.now() / DAY_MS) + 20 });
      expect(second).toMatchObject({ chargeId: first.chargeId, amountCents: 12_990 });
      expect(world.chargesMade("F-1")).toBe(1);
    },
  },
  {
    name: "a charge whose answer was lost is unknown, and a repeat finds it",
    run: async (world) => {
      await world.gateway.test(ample());
      world.loseNextAnswer();
      expect((await world.gateway.charge(requestOf(world, "F-1"), ample())).outcome).toBe("unknown");
      const second = await chargeFor(world, "F-1");
      expect(second.phase).toBe("open");
      expect(await chargeFor(world, "F-1")).toEqual(second);
      expect(world.chargesMade("F-1")).toBe(1);
    },
  },
  {
    name: "five requests for one invoice side by side make one charge",
    run: async (world) => {
      const all = await Promise.all(Array.from({ length: 5 }, () => chargeFor(world, "F-1")));
      expect(new Set(all.map(({ chargeId }) => chargeId)).size).toBe(1);
      expect(world.chargesMade("F-1")).toBe(1);
    },
  },
  {
    name: "a charge due in the past is made all the same",
    run: async (world) => {
      const charge = await chargeFor(world, "F-1", { dueOn: Math.floor(world.now() / DAY_MS) - 40 });
      expect(charge.phase).toBe("open");
      expect(await chargeFor(world, "F-1", { dueOn: Math.floor(world.now() / DAY_MS) - 40 })).toEqual(charge);
    },
  },
  {
    name: "cancelling twice cancels once, an unknown charge is none, and a new charge may follow",
    run: async (world) => {
      const first = await chargeFor(world, "F-1");
      expect(valueOf(await world.gateway.cancelCharge(first.chargeId, ample()))).toBe("cancelled");
      expect(valueOf(await world.gateway.cancelCharge(first.chargeId, ample()))).toBe("cancelled");
      expect(valueOf(await world.gateway.cancelCharge("nothing-of-this-name", ample()))).toBe("cancelled");
      const second = await chargeFor(world, "F-1", { amountCents: 7_000 });
      expect(second).toMatchObject({ phase: "open", amountCents: 7_000 });
      expect(second.chargeId).not.toBe(first.chargeId);
      expect(await chargeFor(world, "F-1", { amountCents: 7_000 })).toEqual(second);
      expect(world.chargesMade("F-1")).toBe(2);
    },
  },
  {
    name: "a paid charge is not cancelled and not made anew",
    run: async (world) => {
      const charge = await chargeFor(world, "F-1");
      world.pay(charge.chargeId, 12_990);
      expect(valueOf(await world.gateway.cancelCharge(charge.chargeId, ample()))).toBe("paid");
      expect(await chargeFor(world, "F-1")).toMatchObject({ chargeId: charge.chargeId, phase: "paid" });
      expect(world.chargesMade("F-1")).toBe(1);
    },
  },
  {
    name: "a charge whose money went back entirely counts as none",
    run: async (world) => {
      const first = await chargeFor(world, "F-1");
      world.giveBack(world.pay(first.chargeId, 12_990), 12_990);
      const second = await chargeFor(world, "F-1");
      expect(second.phase).toBe("open");
      expect(second.chargeId).not.toBe(first.chargeId);
    },
  },
];

const paying: GatewayCheck[] = [
  {
    name: "before it is paid a charge has no payment",
    run: async (world) => {
      const { chargeId } = await chargeFor(world, "F-1");
      expect(valueOf(await world.gateway.fetchPayments({ kind: "charge", id: chargeId }, ample()))).toEqual([]);
      for (const id of ["nothing-of-this-name", "1", "E".repeat(32), "../me", ""]) {
        expect(valueOf(await world.gateway.fetchPayments(byPayment(id), ample()))).toEqual([]);
      }
    },
  },
  {
    name: "a payment names the invoice, the same by charge, by payment, by webhook and by poll",
    run: async (world) => {
      const since = world.now();
      const { chargeId } = await chargeFor(world, "F-1");
      world.pass(MINUTE_MS);
      const id = world.pay(chargeId, 12_990);
      world.pass(MINUTE_MS);
      const payment = await fetchOne(world, byPayment(id));
      expect(payment).toMatchObject({ invoiceRef: "F-1", amountCents: 12_990, refundedCents: 0, chargedBack: false, paymentId: id });
      expect(await fetchOne(world, { kind: "charge", id: chargeId })).toMatchObject({ externalId: payment.externalId, invoiceRef: "F-1" });
      const verdict = world.gateway.verifyWebhook(world.deliver(id), world.now());
      if (verdict.verdict !== "verified") throw new Error(verdict.reason);
      expect(verdict.hints).toHaveLength(1);
      expect(await fetchOne(world, verdict.hints[0] as PaymentHint)).toMatchObject({ externalId: payment.externalId, invoiceRef: "F-1" });
      const { seen } = await pollAll(world, null, since);
      expect(seen).toHaveLength(1);
      expect(seen[0]).toMatchObject({ externalId: payment.externalId, invoiceRef: "F-1", paidOn: payment.paidOn, amountCents: 12_990 });
    },
  },
  {
    name: "less or more than was charged is told as it was paid",
    run: async (world) => {
      for (const [ref, paid] of [
        ["F-1", 5_001],
        ["F-2", 13_250],
      ] as const) {
        const { chargeId } = await chargeFor(world, ref);
        expect(await fetchOne(world, byPayment(world.pay(chargeId, paid)))).toMatchObject({ invoiceRef: ref, amountCents: paid });
      }
    },
  },
  {
    name: "a charge paid after it was cancelled is money all the same, and names its invoice",
    run: async (world) => {
      const since = world.now();
      const { chargeId } = await chargeFor(world, "F-1");
      valueOf(await world.gateway.cancelCharge(chargeId, ample()));
      const id = world.pay(chargeId, 12_990);
      expect(await fetchOne(world, byPayment(id))).toMatchObject({ invoiceRef: "F-1", amountCents: 12_990 });
      const { seen } = await pollAll(world, null, since);
      expect(seen.map(({ invoiceRef }) => invoiceRef)).toEqual(["F-1"]);
    },
  },
  {
    name: "money without a reference of ours is told without one",
    run: async (world) => {
      const since = world.now();
      const id = world.payUnnamed(4_321);
      expect(await fetchOne(world, byPayment(id))).toMatchObject({ invoiceRef: null, amountCents: 4_321 });
      expect((await pollAll(world, null, since)).seen).toMatchObject([{ invoiceRef: null, amountCents: 4_321 }]);
    },
  },
  {
    name: "money that we send is never a payment",
    run: async (world) => {
      const since = world.now();
      const id = world.sendOut(9_999);
      expect(valueOf(await world.gateway.fetchPayments(byPayment(id), ample()))).toEqual([]);
      const verdict = world.gateway.verifyWebhook(world.deliver(id), world.now());
      if (verdict.verdict === "verified") {
        for (const hint of verdict.hints) expect(valueOf(await world.gateway.fetchPayments(hint, ample()))).toEqual([]);
      }
      expect((await pollAll(world, null, since)).seen).toEqual([]);
    },
  },
  {
    name: "money that comes later is captured first and settled once it is there, under one id",
    run: async (world) => {
      if (!world.later) return expect(world.gateway.capabilities.methods).toEqual(["pix"]);
      const since = world.now();
      const { chargeId } = await chargeFor(world, "F-1");
      const id = world.later.pay(chargeId, 12_990);
      const captured = await fetchOne(world, byPayment(id));
      expect(captured.phase).toBe("captured");
      const first = await pollAll(world, null, since);
      expect(first.seen.map(({ phase }) => phase)).toEqual(["captured"]);
      world.pass(10 * DAY_MS);
      const between = await pollAll(world, first.cursor, since);
      expect(between.seen).toEqual([]);
      world.pass(20 * DAY_MS);
      world.later.settle(id);
      world.pass(MINUTE_MS);
      const settled = await pollAll(world, between.cursor, since);
      expect(settled.seen).toMatchObject([{ externalId: captured.externalId, phase: "settled", invoiceRef: "F-1" }]);
      expect((await pollAll(world, settled.cursor, since)).seen).toEqual([]);
    },
  },
];

const goingBack: GatewayCheck[] = [
  {
    name: "a refund under one key is made once, also after a lost answer, and shows on the payment",
    run: async (world) => {
      const { chargeId } = await chargeFor(world, "F-1");
      const id = world.pay(chargeId, 12_990);
      const { paymentId } = await fetchOne(world, byPayment(id));
      const currency = world.gateway.capabilities.currencies[0] ?? "BRL";
      const refund = (amountCents: Cents, key: string) => world.gateway.refund({ paymentId, amountCents, currency, key }, ample());
      expect(valueOf(await refund(2_990, "r1"))).toMatchObject({ amountCents: 2_990 });
      expect(valueOf(await refund(2_990, "r1"))).toMatchObject({ amountCents: 2_990 });
      world.loseNextAnswer();
      expect((await refund(1_000, "r2")).outcome).toBe("unknown");
      expect(valueOf(await refund(1_000, "r2"))).toMatchObject({ amountCents: 1_000 });
      expect(await fetchOne(world, byPayment(id))).toMatchObject({ amountCents: 12_990, refundedCents: 3_990 });
      expect((await refund(10_000, "r3")).outcome).toBe("refused");
      expect(await fetchOne(world, byPayment(id))).toMatchObject({ refundedCents: 3_990 });
    },
  },
  {
    name: "a refund made at the gateway is seen by webhook and, weeks later, by poll, once",
    run: async (world) => {
      const since = world.now();
      const { chargeId } = await chargeFor(world, "F-1");
      const id = world.pay(chargeId, 12_990);
      world.pass(MINUTE_MS);
      const first = await pollAll(world, null, since);
      world.pass(25 * DAY_MS);
      const between = await pollAll(world, first.cursor, since);
      world.giveBack(id, 990);
      world.pass(DAY_MS);
      const verdict = world.gateway.verifyWebhook(world.deliver(id), world.now());
      if (verdict.verdict !== "verified") throw new Error(verdict.reason);
      expect(await fetchOne(world, verdict.hints[0] as PaymentHint)).toMatchObject({ refundedCents: 990 });
      const { seen, cursor } = await pollAll(world, between.cursor, since);
      expect(seen).toMatchObject([{ invoiceRef: "F-1", refundedCents: 990, amountCents: 12_990 }]);
      expect((await pollAll(world, cursor, since)).seen).toEqual([]);
    },
  },
  {
    name: "a disputed payment is charged back, and is not once the dispute is won",
    run: async (world) => {
      if (!world.dispute) return expect(world.gateway.capabilities.methods).toEqual(["pix"]);
      const since = world.now();
      const { chargeId } = await chargeFor(world, "F-1");
      const id = world.pay(chargeId, 12_990);
      const first = await pollAll(world, null, since);
      world.pass(3 * DAY_MS);
      world.dispute.lose(id);
      world.pass(MINUTE_MS);
      expect(await fetchOne(world, byPayment(id))).toMatchObject({ chargedBack: true, amountCents: 12_990 });
      const lost = await pollAll(world, first.cursor, since);
      expect(lost.seen).toMatchObject([{ chargedBack: true, invoiceRef: "F-1" }]);
      world.pass(3 * DAY_MS);
      world.dispute.win(id);
      world.pass(MINUTE_MS);
      expect(await fetchOne(world, byPayment(id))).toMatchObject({ chargedBack: false });
      expect((await pollAll(world, lost.cursor, since)).seen).toMatchObject([{ chargedBack: false }]);
    },
  },
];

const webhooks: GatewayCheck[] = [
  {
    name: "the same delivery has the same event id, another event another",
    run: async (world) => {
      const { chargeId } = await chargeFor(world, "F-1");
      const id = world.pay(chargeId, 12_990);
      const first = world.deliver(id);
      world.pass(MINUTE_MS);
      world.giveBack(id, 100);
      const verdicts = [first, first, world.deliver(id)].map((delivery) => world.gateway.verifyWebhook(delivery, world.now()));
      const ids = verdicts.map((verdict) => (verdict.verdict === "verified" ? verdict.eventId : "forged"));
      expect(ids[0]).toBe(ids[1]);
      expect(ids[2]).not.toBe(ids[0]);
      expect(ids).not.toContain("forged");
    },
  },
  {
    name: "a delivery proved with another secret, or with nothing, is forged",
    run: async (world) => {
      const { chargeId } = await chargeFor(world, "F-1");
      const id = world.pay(chargeId, 12_990);
      const honest = world.deliver(id);
      const bare = { ...honest, headers: {}, query: new URLSearchParams(), remoteAddress: "203.0.113.9" };
      for (const delivery of [world.deliverForged(id), bare]) {
        const verdict = world.gateway.verifyWebhook(delivery, world.now());
        expect(verdict.verdict).toBe("forged");
        for (const secret of world.secrets) expect(JSON.stringify(verdict)).not.toContain(secret);
      }
    },
  },
  {
    name: "a signed delivery replayed weeks later is refused",
    run: async (world) => {
      const { chargeId } = await chargeFor(world, "F-1");
      const delivery = world.deliver(world.pay(chargeId, 12_990));
      world.pass(20 * DAY_MS);
      const { verdict } = world.gateway.verifyWebhook(delivery, world.now());
      // Where nothing is signed there is no time to go by: the payment is fetched, and is as it is.
      expect(verdict).toBe(world.gateway.capabilities.webhookProof === "signature" ? "forged" : "verified");
    },
  },
  {
    name: "no body, however broken, makes the check fail",
    run: async (world) => {
      const honest = world.deliver(world.payUnnamed(100));
      for (const text of [
        "",
        "null",
        "[]",
        '{"pix":3}',
        '{"id":"x","event":"PAYMENT_RECEIVED","payment":7}',
        "\u0000",
        "{".repeat(5_000),
      ]) {
        const verdict = world.gateway.verifyWebhook({ ...honest, rawBody: Buffer.from(text) }, world.now());
        if (verdict.verdict === "verified") expect(verdict.eventId).not.toBe("");
      }
    },
  },
];

const polling: GatewayCheck[] = [
  {
    name: "polling alone yields every payment exactly once, and goes on from any cursor",
    run: async (world) => {
      const since = world.now();
      const made: string[] = [];
      for (let index = 0; index < 130; index += 1) {
        world.pass(7 * MINUTE_MS);
        made.push(world.payUnnamed(1_000 + index));
      }
      world.pass(MINUTE_MS);
      const cursors: (string | null)[] = [null];
      const seen: GatewayPayment[] = [];
      for (let more = true; more;) {
        const page = valueOf(await world.gateway.poll({ cursor: cursors.at(-1) ?? null, since, now: world.now() }, ample()));
        cursors.push(page.cursor);
        seen.push(...page.payments);
        more = page.more;
      }
      expect(cursors.length).toBeGreaterThan(3);
      expect(seen.map(({ amountCents }) => amountCents).sort((a, b) => a - b)).toEqual(made.map((_, index) => 1_000 + index));
      const middle = Math.floor(cursors.length / 2);
      const resumed = await pollAll(world, cursors[middle] ?? null, since);
      expect(states(resumed.seen)).toEqual(states(seen).filter((state) => resumed.seen.some((one) => state.startsWith(one.externalId))));
      const before = await pollUntil(world, cursors[middle] ?? null, since);
      expect(states([...before, ...resumed.seen])).toEqual(states(seen));
      expect((await pollAll(world, cursors.at(-1) ?? null, since)).seen).toEqual([]);
    },
  },
  {
    name: "a payment that comes between two pages or two rounds is neither lost nor repeated",
    run: async (world) => {
      const since = world.now();
      const amounts: number[] = [];
      const seen: GatewayPayment[] = [];
      let cursor: string | null = null;
      for (let index = 0; index < 40; index += 1) {
        world.pass(11 * MINUTE_MS);
        amounts.push(2_000 + index);
        world.payUnnamed(2_000 + index);
        const page: { payments: readonly GatewayPayment[]; cursor: string } = valueOf(
          await world.gateway.poll({ cursor, since, now: world.now() }, ample()),
        );
        seen.push(...page.payments);
        cursor = page.cursor;
      }
      world.pass(MINUTE_MS);
      // The round under way ended before the last payments; the next one sees them.
      for (let round = 0; round < 2; round += 1) {
        const rest = await pollAll(world, cursor, since);
        seen.push(...rest.seen);
        cursor = rest.cursor;
      }
      expect(seen.map(({ amountCents }) => amountCents).sort((a, b) => a - b)).toEqual(amounts);
    },
  },
  {
    name: "what was paid before the poll's beginning is left out, and an unreadable cursor is refused",
    run: async (world) => {
      world.payUnnamed(1_111);
      world.pass(2 * DAY_MS);
      const since = world.now();
      world.payUnnamed(2_222);
      world.pass(MINUTE_MS);
      expect((await pollAll(world, null, since)).seen.map(({ amountCents }) => amountCents)).toEqual([2_222]);
      for (const cursor of ["", "{}", "page 2", '{"v":2}']) {
        expect(await world.gateway.poll({ cursor, since, now: world.now() }, ample())).toMatchObject({ outcome: "refused", retry: false });
      }
    },
  },
];

/** What the poll had answered before it reached a cursor, asked anew from the beginning. */
async function pollUntil(world: GatewayWorld, until: string | null, since: Instant): Promise<GatewayPayment[]> {
  const seen: GatewayPayment[] = [];
  for (let at: string | null = null; at !== until;) {
    const page: { payments: readonly GatewayPayment[]; cursor: string } = valueOf(
      await world.gateway.poll({ cursor: at, since, now: world.now() }, ample()),
    );
    seen.push(...page.payments);
    at = page.cursor;
  }
  return seen;
}

const outcomes: GatewayCheck[] = [
  {
    name: "a gateway that does not answer is unknown at the deadline, in every call",
    run: async (world) => {
      const { chargeId } = await chargeFor(world, "F-1");
      const id = world.pay(chargeId, 12_990);
      world.stall();
      for (const call of callsOf(world, chargeId, id, () => ({ signal: AbortSignal.timeout(200) }))) {
        const answer = await Promise.race([call(), wait(GIVING_UP_MS).then(() => "still waiting" as const)]);
        expect(answer).toMatchObject({ outcome: "unknown" });
      }
    },
  },
  {
    name: "a call whose deadline has passed changes nothing",
    run: async (world) => {
      expect((await world.gateway.charge(requestOf(world, "F-1"), { signal: AbortSignal.abort() })).outcome).not.toBe("done");
      expect(world.chargesMade("F-1")).toBe(0);
    },
  },
  {
    name: "a busy gateway is asked again later",
    run: async (world) => {
      const { chargeId } = await chargeFor(world, "F-1");
      const id = world.pay(chargeId, 12_990);
      world.busy();
      for (const call of callsOf(world, chargeId, id, ample)) expect(await call()).toMatchObject({ outcome: "refused", retry: true });
    },
  },
  {
    name: "refused credentials are refused for good, and no outcome carries a secret",
    run: async (world) => {
      const { chargeId } = await chargeFor(world, "F-1");
      const id = world.pay(chargeId, 12_990);
      const seen: unknown[] = [await world.gateway.test(ample())];
      world.refuse();
      for (const call of callsOf(world, chargeId, id, ample)) {
        const outcome = await call();
        expect(outcome).toMatchObject({ outcome: "refused", retry: false });
        seen.push(outcome);
      }
      const said = JSON.stringify(seen);
      for (const secret of world.secrets) expect(said).not.toContain(secret);
    },
  },
];

function callsOf(
  world: GatewayWorld,
  chargeId: string,
  paymentId: string,
  context: () => CallContext,
): (() => Promise<Outcome<unknown>>)[] {
  const { gateway } = world;
  const currency = gateway.capabilities.currencies[0] ?? "BRL";
  return [
    () => gateway.test(context()),
    () => gateway.charge(requestOf(world, "F-9"), context()),
    () => gateway.cancelCharge(chargeId, context()),
    () => gateway.fetchPayments({ kind: "charge", id: chargeId }, context()),
    () => gateway.fetchPayments(byPayment(paymentId), context()),
    () => gateway.poll({ cursor: null, since: world.now() - DAY_MS, now: world.now() }, context()),
    () => gateway.refund({ paymentId, amountCents: 100, currency, key: "k1" }, context()),
  ];
}

/** Every check, for those who want to run one against a broken gateway. */
export const paymentGatewayChecks: readonly GatewayCheck[] = [...charging, ...paying, ...goingBack, ...webhooks, ...polling, ...outcomes];

/** Registers the suite for one gateway. */
export function paymentGatewayConformance(name: string, harness: GatewayHarness): void {
  describe(`${name} as a payment gateway`, () => {
    for (const check of paymentGatewayChecks) {
      it(check.name, async () => {
        const world = await harness();
        try {
          await check.run(world);
        } finally {
          await world.gateway.close();
          await world.close();
        }
      });
    }
  });
}
