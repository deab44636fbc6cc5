// The poll's cursor against lists that lag, move and fail: every state once, from any cursor, and a cursor that does not grow.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CallContext } from "../../ports/outcome.ts";
import { done, refused } from "../../ports/outcome.ts";
import type { GatewayPayment } from "../../ports/payment-gateway.ts";
import { poll } from "./scan.ts";
import type { Feed, PollPlan } from "./scan.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 10, 10);
const context: CallContext = { signal: AbortSignal.timeout(60_000) };

interface Item {
  id: string;
  at: number;
  /** When the list learns of it. */
  listedAt: number;
  refunded: number;
}

function paymentOf({ id, at, refunded }: Item): GatewayPayment {
  return {
    externalId: id,
    paymentId: id,
    chargeId: null,
    invoiceRef: null,
    amountCents: 1_000,
    currency: "BRL",
    phase: "settled",
    refundedCents: refunded,
    chargedBack: false,
    method: "pix",
    paidOn: Math.floor(at / DAY),
    paidAt: at,
    payer: { name: null, taxId: null },
    endToEndId: null,
  };
}

/** A list by time of payment, newest first in pages of `size`, which learns of a payment up to an hour late. */
class World {
  readonly items: Item[] = [];
  now = START;
  fails = false;
  readonly #size: number;
  readonly #lateMs: number;

  constructor(size: number, lateMs = HOUR) {
    this.#size = size;
    this.#lateMs = lateMs;
  }

  plan(): PollPlan {
    const page: Feed["page"] = ({ from, to }, at) => {
      if (this.fails) return Promise.resolve(refused("busy", true));
      const listed = this.items.filter((item) => item.at >= from && item.at <= to && item.listedAt <= this.now).toReversed();
      const offset = Number(at);
      const found = listed
        .slice(offset, offset + this.#size)
        .map((item) => ({ payment: paymentOf(item), againUntil: item.at + this.#lateMs }));
      const end = offset + this.#size;
      return Promise.resolve(done({ found, total: listed.length, next: end < listed.length ? String(end) : null }));
    };
    const feed: Feed = { name: "list", overlapMs: this.#lateMs, page };
    return { feeds: [feed], complete: (payment) => Promise.resolve(done(payment)) };
  }

  async poll(cursor: string | null): Promise<{ ids: string[]; cursor: string; more: boolean } | null> {
    const outcome = await poll(this.plan(), { cursor, since: START, now: this.now }, context);
    if (outcome.outcome !== "done") return null;
    const { payments, more } = outcome.value;
    return { ids: payments.map(({ externalId, refundedCents }) => `${externalId}/${refundedCents}`), cursor: outcome.value.cursor, more };
  }

  async round(cursor: string | null): Promise<{ ids: string[]; cursor: string }> {
    const ids: string[] = [];
    for (let at = cursor; ;) {
      const page = await this.poll(at);
      if (!page) throw new Error("the list failed");
      ids.push(...page.ids);
      at = page.cursor;
      if (!page.more) return { ids, cursor: at };
    }
  }
}

const step = fc.record({
  pass: fc.integer({ min: 0, max: 50 * 60_000 }),
  late: fc.integer({ min: 0, max: HOUR - 1 }),
  act: fc.constantFrom("pay", "pay", "pay", "poll", "poll", "refund", "fail"),
});

describe("polling lists", () => {
  it("answers every payment once, however late the list learns of it, whatever comes between two pages", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), fc.integer({ min: 1, max: 5 }), async (steps, size) => {
        const world = new World(size);
        const seen: string[] = [];
        let cursor: string | null = null;
        for (const { pass, late, act } of steps) {
          world.now += pass;
          if (act === "pay") world.items.push({ id: `p${world.items.length}`, at: world.now, listedAt: world.now + late, refunded: 0 });
          if (act === "fail") world.fails = !world.fails;
          if (act !== "poll") continue;
          const page = await world.poll(cursor);
          seen.push(...(page?.ids ?? []));
          cursor = page?.cursor ?? cursor;
        }
        world.fails = false;
        // The round under way may have begun before the last payment, and its list may have lagged.
        for (let round = 0; round < 2; round += 1) {
          world.now += HOUR / 2;
          const rest = await world.round(cursor);
          seen.push(...rest.ids);
          cursor = rest.cursor;
        }
        const unlisted = world.items.filter(({ listedAt }) => listedAt > world.now);
        expect(unlisted).toEqual([]);
        expect(seen.toSorted()).toEqual(world.items.map(({ id }) => `${id}/0`).toSorted());
      }),
      { numRuns: 300 },
    );
  });

  it("begins a list again when something left it between two pages: what moved up would be skipped", async () => {
    const items = Array.from({ length: 6 }, (_, index) => ({ id: `p${index}`, at: START + index * HOUR, listedAt: 0, refunded: 0 }));
    // Oldest change first, as at Mercado Pago: what changes now leaves the window, and everything behind it moves up.
    const page: Feed["page"] = (_window, at) => {
      const offset = Number(at);
      const found = items.slice(offset, offset + 2).map((item) => ({ payment: paymentOf(item), againUntil: START + 2 * DAY }));
      const answer = { found, total: items.length, next: offset + 2 < items.length ? String(offset + 2) : null };
      if (offset === 0 && items.length === 6) items.shift();
      return Promise.resolve(done(answer));
    };
    const plan: PollPlan = { feeds: [{ name: "changed", overlapMs: 0, page }], complete: (payment) => Promise.resolve(done(payment)) };
    const seen: string[] = [];
    let cursor: string | null = null;
    for (let more = true; more;) {
      const outcome = await poll(plan, { cursor, since: START, now: START + DAY }, context);
      if (outcome.outcome !== "done") throw new Error(outcome.reason);
      seen.push(...outcome.value.payments.map(({ externalId }) => externalId));
      ({ cursor, more } = outcome.value);
    }
    expect(seen.toSorted()).toEqual(["p0", "p1", "p2", "p3", "p4", "p5"]);
  });

  it("leaves out what was paid before it began, in lists that no date bounds", async () => {
    const items = [-3, -1, 0, 1].map((days) => ({ id: `d${days}`, at: START + days * DAY + HOUR, listedAt: 0, refunded: 0 }));
    const page: Feed["page"] = () =>
      Promise.resolve(done({ found: items.map((item) => ({ payment: paymentOf(item), againUntil: null })), next: null }));
    const plan: PollPlan = { feeds: [{ name: "waiting", overlapMs: 0, page }], complete: (payment) => Promise.resolve(done(payment)) };
    const outcome = await poll(plan, { cursor: null, since: START + 12 * HOUR, now: START + 2 * DAY }, context);
    expect(outcome).toMatchObject({ value: { payments: [{ externalId: "d0" }, { externalId: "d1" }], more: false } });
  });

  it("answers a payment again when something of it changed, and not otherwise", async () => {
    const world = new World(2);
    for (let index = 0; index < 5; index += 1) world.items.push({ id: `p${index}`, at: START + index, listedAt: 0, refunded: 0 });
    world.now = START + 60_000;
    const first = await world.round(null);
    expect(first.ids).toHaveLength(5);
    const [item] = world.items;
    if (item) item.refunded = 400;
    const second = await world.round(first.cursor);
    expect(second.ids).toEqual(["p0/400"]);
    expect((await world.round(second.cursor)).ids).toEqual([]);
  });

  it("forgets what no list will show again: the cursor's length follows the last hour, not the past", async () => {
    const world = new World(100);
    let cursor: string | null = null;
    const lengths: number[] = [];
    for (let hour = 0; hour < 48; hour += 1) {
      for (let index = 0; index < 200; index += 1) {
        world.now += HOUR / 200;
        world.items.push({ id: `p${world.items.length}`, at: world.now, listedAt: world.now, refunded: 0 });
      }
      ({ cursor } = await world.round(cursor));
      lengths.push(cursor.length);
    }
    expect(Math.max(...lengths)).toBeLessThan(1.2 * (lengths[1] ?? 0));
    expect((lengths.at(-1) ?? 0) / 200).toBeLessThan(60);
  });

  it("asks for a captured payment again on the day its money is due, until it is there", async () => {
    const asked: number[] = [];
    let phase: GatewayPayment["phase"] = "captured";
    let now = START;
    const payment = (): GatewayPayment => ({ ...paymentOf({ id: "ch_1", at: START, listedAt: 0, refunded: 0 }), phase });
    const dueAt = START + 30 * DAY;
    const page: Feed["page"] = ({ from, to }) =>
      Promise.resolve(
        done({
          next: null,
          found: from <= START && START <= to ? [{ payment: payment(), againUntil: dueAt + DAY, settlesAt: dueAt }] : [],
        }),
      );
    const plan: PollPlan = {
      feeds: [{ name: "events", overlapMs: HOUR, page }],
      complete: (one) => Promise.resolve(done(one)),
      recheck: () => {
        asked.push(now);
        return Promise.resolve(done({ payment: payment(), againUntil: dueAt + 9 * DAY, settlesAt: phase === "captured" ? dueAt : null }));
      },
    };
    const phases: string[] = [];
    let cursor: string | null = null;
    for (const at of [HOUR, 10 * DAY, 30 * DAY + 1, 30 * DAY + HOUR, 31 * DAY, 32 * DAY]) {
      now = START + at;
      if (at === 31 * DAY) phase = "settled";
      for (let more = true; more;) {
        const outcome = await poll(plan, { cursor, since: START - DAY, now }, context);
        if (outcome.outcome !== "done") throw new Error(outcome.reason);
        phases.push(...outcome.value.payments.map((one) => one.phase));
        ({ cursor, more } = outcome.value);
      }
    }
    expect(phases).toEqual(["captured", "settled"]);
    expect(asked.map((at) => at - START)).toEqual([30 * DAY + 1, 31 * DAY]);
  });
});
