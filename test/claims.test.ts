// Payment proofs as whole stories on a real database: sent, released, confirmed by money or ended by time, and what each does to access.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { decideClaim } from "../src/engine/end-claim.ts";
import { expireFiles } from "../src/engine/expire-files.ts";
import { claimPicture, listClaims, showClaim } from "../src/engine/read-claims.ts";
import { recordReceipts } from "../src/engine/record-receipts.ts";
import { voidInvoice } from "../src/engine/void-invoice.ts";
import { ReguaError } from "../src/kernel/errors.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, parseDay } from "../src/kernel/time.ts";
import type { ProofReader } from "../src/ports/proof-reader.ts";
import { makeService } from "./support/api.ts";
import { aDebtor, anIssuedSlip, makeDesk, NOW, pix, slip, type Debtor, type Desk } from "./support/claims.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";
import { addInvoice, at, desired, evaluate, evidence, makeEngine, zone, type World, type WorldOptions } from "./support/engine.ts";
import { findingsOf } from "./support/payments.ts";
import { rawPdf } from "./support/proof-edits.ts";

/** The suspension before the story, which stands in no entry. */
const PLANTED = expect.objectContaining({ code: "row_without_entry", table: "holds" }) as unknown;

let test: TestDatabase;
let world: World;
let desk: Desk;

beforeEach(async () => {
  test = await freshDatabase();
});

afterEach(async () => {
  desk.close();
  await world.close();
  await test.drop();
});

async function open(options: Partial<WorldOptions> = {}): Promise<void> {
  world = await makeEngine(test.url, { now: NOW, ...options });
  desk = makeDesk(world);
}

async function states(debtor: Debtor): Promise<{ state: string; ended_by: string | null }[]> {
  return world.rows("SELECT state, ended_by FROM claim WHERE customer_id = $1 ORDER BY claim_id", [debtor.customer.id]);
}

const access = async (debtor: Debtor): Promise<string | undefined> => (await desired(world, debtor.customer))[debtor.service.ref];

/** The same customer at a later moment, decided as a sweep would. */
async function until(moment: number, debtor: Debtor): Promise<void> {
  world.clock.set(moment);
  await evaluate(world, debtor.customer);
}

function receive(debtor: Debtor, amount = 2990): Promise<unknown> {
  const { customer, invoice } = debtor;
  const paidOn = zone.dayOf(world.clock.now());
  return recordReceipts(world.engine, [
    {
      customerId: customer.id,
      source: "banco",
      externalId: `E-${invoice.ref}`,
      amount,
      currency: "BRL",
      paidOn,
      invoiceRef: invoice.ref,
      reason: null,
      actor: "banco",
    },
  ]);
}

async function codeOf(asked: Promise<unknown>): Promise<string> {
  try {
    await asked;
  } catch (error) {
    if (error instanceof ReguaError) return error.code;
    throw error;
  }
  return "taken";
}

/** The reader takes one file after another; here its answers wait for one another, so that what follows happens at the same time. */
function answeringTogether(reader: ProofReader, files: number): ProofReader {
  let read = 0;
  let open = (): void => undefined;
  const all = new Promise<void>((resolve) => (open = resolve));
  return {
    read: async (bytes, context) => {
      const outcome = await reader.read(bytes, context);
      read += 1;
      if (read === files) open();
      await all;
      return outcome;
    },
    lacks: (context) => reader.lacks(context),
  };
}

/** Each document costs seconds, and a story has several. */
const SLOW = { timeout: 240_000 };

describe("a payment proof", SLOW, () => {
  it("gives access back for an hour, and is confirmed by the money itself", async () => {
    await open();
    const debtor = await aDebtor(world);
    const sent = await desk.submit(debtor, await pix({ as: "pdf", rest: "story1" }));
    expect(sent).toMatchObject({ recommendation: "release", releaseUntil: NOW + HOUR_MS });
    expect(await access(debtor)).toBe("active");
    // A claim is no money: nothing is booked by it.
    expect(await world.rows("SELECT paid_cents FROM invoice WHERE customer_id = $1", [debtor.customer.id])).toEqual([{ paid_cents: 0 }]);
    world.clock.set(NOW + 20 * MINUTE_MS);
    await receive(debtor);
    expect(await states(debtor)).toEqual([{ state: "confirmed", ended_by: "bank" }]);
    await until(NOW + 30 * DAY_MS, debtor);
    expect(await access(debtor)).toBe("active");
    const entries = await evidence(world, debtor.customer);
    expect(entries.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["claim.opened", "receipt", "claim.confirmed"]));
    const opened = entries.find(({ kind }) => kind === "claim.opened")?.body.proof as { sha256: string; checks: unknown[]; found: unknown };
    expect(opened.sha256).toMatch(/^[0-9a-f]{64}$/u);
    expect(opened.checks).toHaveLength(13);
    expect(await findingsOf(world, debtor.customer)).toEqual([PLANTED]);
  });

  it.each([
    ["the same file", "exact"],
    ["almost the same picture", "look"],
  ] as const)("sent by two customers in the same second releases for one of them: %s", async (_what, kind) => {
    await open();
    const debtors = await Promise.all([aDebtor(world), aDebtor(world), aDebtor(world)]);
    const screenshot = (second: number): Promise<Uint8Array> =>
      pix({ as: "screenshot", endToEndId: null, at: NOW - HOUR_MS / 2 - second * 1000, rest: "" });
    const same = await pix({ as: "pdf", rest: "race" });
    const files = kind === "exact" ? debtors.map(() => same) : await Promise.all(debtors.map((_, i) => screenshot(i)));
    desk.tools.reader = answeringTogether(desk.tools.reader, debtors.length);
    const sent = await Promise.all(debtors.map((debtor, i) => desk.submit(debtor, files[i] ?? same)));
    expect(sent.filter(({ releaseUntil }) => releaseUntil !== null)).toHaveLength(1);
    expect(sent.filter(({ recommendation }) => recommendation === "person")).toHaveLength(2);
  });

  it("that no money follows is over with its window: access is taken back, and the review expires", async () => {
    await open();
    const debtor = await aDebtor(world);
    await desk.submit(debtor, await pix({ as: "pdf", rest: "story2" }));
    await until(NOW + HOUR_MS + MINUTE_MS, debtor);
    // Sunday is no day to suspend on, and Monday is.
    await until(at("2026-11-23T10:00"), debtor);
    expect(await access(debtor)).toBe("suspended");
    await until(NOW + 6 * DAY_MS, debtor);
    expect(await states(debtor)).toEqual([{ state: "expired", ended_by: "policy" }]);
    expect(await access(debtor)).toBe("suspended");
    expect(await findingsOf(world, debtor.customer)).toEqual([PLANTED]);
  });

  it("gives one release for an invoice, however many follow, and is not taken a fourth time", async () => {
    await open();
    const debtor = await aDebtor(world);
    await desk.submit(debtor, await pix({ as: "pdf", rest: "first" }));
    expect(await codeOf(pix({ as: "pdf", rest: "early" }).then((bytes) => desk.submit(debtor, bytes)))).toBe("claim_open");
    for (const [i, rest] of ["second", "third"].entries()) {
      await until(NOW + (i + 1) * 7 * DAY_MS, debtor);
      const sent = await desk.submit(debtor, await pix({ as: "pdf", rest, at: world.clock.now() - HOUR_MS }));
      expect(sent).toMatchObject({ recommendation: "person", releaseUntil: null });
      expect(await access(debtor)).toBe("suspended");
    }
    await until(NOW + 21 * DAY_MS, debtor);
    expect(await codeOf(pix({ as: "pdf", rest: "fourth" }).then((bytes) => desk.submit(debtor, bytes)))).toBe("claims_spent");
  });

  it("of a customer whose proof the bank contradicted goes to a person from then on", async () => {
    await open();
    const debtor = await aDebtor(world);
    const sent = await desk.submit(debtor, await pix({ as: "pdf", rest: "forger" }));
    expect(await access(debtor)).toBe("active");
    await decideClaim(world.engine, { claimId: sent.claimId, end: "contradicted", reason: "o banco não tem esse Pix", by: "ana" });
    expect(await states(debtor)).toEqual([{ state: "contradicted", ended_by: "ana" }]);
    await until(at("2026-11-23T10:00"), debtor);
    expect(await access(debtor)).toBe("suspended");
    const other = await addInvoice(world, debtor.customer, { service: debtor.service, dueOn: "2026-11-15" });
    const next = await desk.submit(debtor, await pix({ as: "pdf", rest: "honest", at: world.clock.now() - HOUR_MS }), other.ref);
    expect(next).toMatchObject({ recommendation: "person", releaseUntil: null });
    expect(await codeOf(decideClaim(world.engine, { claimId: sent.claimId, end: "confirmed", reason: "engano", by: "ana" }))).toBe(
      "claim_not_open",
    );
    expect(await codeOf(decideClaim(world.engine, { claimId: 1, end: "confirmed", reason: "engano", by: "ana" }))).toBe("claim_not_known");
  });

  it("of a scheduled payment waits for its day and releases nothing; the money of that day confirms it", async () => {
    await open();
    const debtor = await aDebtor(world);
    const sent = await desk.submit(debtor, await pix({ as: "pdf", rest: "later", endToEndId: null, scheduled: parseDay("2026-11-25") }));
    expect(sent).toMatchObject({ recommendation: "wait", releaseUntil: null });
    expect(sent.reviewUntil).toBeGreaterThan(at("2026-11-25T23:59"));
    expect(await access(debtor)).toBe("suspended");
    world.clock.set(at("2026-11-25T08:00"));
    await receive(debtor);
    expect(await states(debtor)).toEqual([{ state: "confirmed", ended_by: "bank" }]);
    expect(await access(debtor)).toBe("active");
  });

  it("of a boleto is released to the end of the next banking day, by the policy's margin", async () => {
    await open({ policyDoc: { claims: { release: { boleto_margin_hours: 6 } } } });
    const debtor = await aDebtor(world);
    const sent = await desk.submit(debtor, await slip(await anIssuedSlip(world, debtor), { as: "pdf" }));
    // Paid on Sunday it counts as paid on Monday, and is credited on Tuesday.
    expect(sent).toMatchObject({ recommendation: "release", releaseUntil: at("2026-11-25T06:00") });
  });

  it("is refused where the policy takes none: everywhere, or of customers with a tag", async () => {
    await open({ policyDoc: { claims: { refuse_tags: ["sem-comprovante"] } } });
    const bytes = await pix({ as: "pdf", rest: "closed" });
    expect(await codeOf(desk.submit(await aDebtor(world, { tags: ["sem-comprovante"] }), bytes))).toBe("claims_closed");
    expect(await codeOf(desk.submit(await aDebtor(world), bytes))).toBe("taken");
  });

  it("goes to a person where the policy wants one, and a file that is none is refused with its reason", async () => {
    await open({ policyDoc: { claims: { neutral: "person", scheduled: "person" } } });
    const scheduled = await pix({ as: "pdf", rest: "p", endToEndId: null, scheduled: parseDay("2026-11-25") });
    expect(await desk.submit(await aDebtor(world), scheduled)).toMatchObject({ recommendation: "person" });
    const empty = rawPdf(["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [] /Count 0 >>"]);
    const debtor = await aDebtor(world);
    expect(await codeOf(desk.submit(debtor, new TextEncoder().encode("MZ this is a program")))).toBe("proof_refused");
    expect(["proof_refused", "taken"]).toContain(await codeOf(desk.submit(debtor, empty)));
    expect(await codeOf(desk.submit(await aDebtor(world), scheduled.slice(0, 400)))).toBe("proof_refused");
  });

  it("ends as refused with an invoice that is withdrawn, since nobody paid it", async () => {
    await open();
    const debtor = await aDebtor(world);
    await desk.submit(debtor, await pix({ as: "pdf", rest: "voided" }));
    await voidInvoice(world.engine, { invoice: debtor.invoice.ref, reason: "emitida por engano", by: "ana" });
    expect(await states(debtor)).toEqual([{ state: "refused", ended_by: "ana" }]);
    expect(await findingsOf(world, debtor.customer)).toEqual([PLANTED]);
  });

  it("loses its file after the policy's days; its hash and what was read stay, and a copy is known again", async () => {
    await open({ policyDoc: { claims: { keep_files_days: 30 } } });
    const debtor = await aDebtor(world);
    const bytes = await pix({ as: "pdf", rest: "kept" });
    const { claimId } = await desk.submit(debtor, bytes);
    const { sha256 } = (await showClaim(world.engine, claimId)).claim;
    expect(await desk.tools.files.get(sha256 ?? "")).toEqual(bytes);
    expect((await claimPicture(world.engine, desk.tools.files, claimId)).type).toMatch(/^image\/(?:png|jpeg)$/u);
    world.clock.set(NOW + 30 * DAY_MS);
    expect(await expireFiles(world.engine, desk.tools.files)).toBe(0);
    world.clock.set(NOW + 31 * DAY_MS);
    expect(await expireFiles(world.engine, desk.tools.files)).toBe(1);
    expect(await expireFiles(world.engine, desk.tools.files)).toBe(0);
    expect(await desk.tools.files.get(sha256 ?? "")).toBeNull();
    expect(await codeOf(claimPicture(world.engine, desk.tools.files, claimId))).toBe("claim_picture_gone");
    expect((await showClaim(world.engine, claimId)).claim).toMatchObject({ sha256, removedAt: world.clock.now() });
    const other = await aDebtor(world);
    const copy = await desk.submit(other, bytes);
    expect(copy.checks.find(({ rule }) => rule === "same_file")).toMatchObject({ verdict: "contradicts", because: "other_customer" });
    expect(copy).toMatchObject({ recommendation: "person", releaseUntil: null });
  });
});

describe("the queue of proofs", SLOW, () => {
  it("shows those that wait for a person first, by the API too, with sentences in both languages and a safe picture", async () => {
    await open();
    const service = await makeService(world, "working", () => desk.tools);
    const [released, waits] = [await aDebtor(world), await aDebtor(world)];
    const file = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
    const body = { customer: released.customer.ref, invoice: released.invoice.ref, file: file(await pix({ as: "pdf", rest: "api1" })) };
    const made = await service.ask("POST", "/v1/claims", { body, once: "one" });
    expect(made.code, service.lines.join("\n")).toBe(201);
    expect(made.body).toMatchObject({ state: "under_review", recommendation: "release", file: { form: "pdf", picture: true } });
    expect((await service.ask("POST", "/v1/claims", { body, once: "one" })).body).toEqual(made.body);
    const less = {
      customer: waits.customer.ref,
      invoice: waits.invoice.ref,
      file: file(await pix({ as: "pdf", rest: "api2", amount: 990 })),
    };
    const second = await service.ask("POST", "/v1/claims", { body: less });
    expect(second.body).toMatchObject({ recommendation: "person", releaseUntil: null });
    const { claims } = (await service.ask("GET", "/v1/claims")).body as { claims: { customer: string; checks: { text: object }[] }[] };
    expect(claims.map(({ customer }) => customer)).toEqual([waits.customer.ref, released.customer.ref]);
    expect(claims[0]?.checks[0]?.text).toEqual({
      "pt-BR": expect.stringMatching(/\.$/u) as string,
      en: expect.stringMatching(/\.$/u) as string,
    });
    const { id } = made.body as { id: number };
    const picture = await service.ask("GET", `/v1/claims/${id}/picture`);
    expect(picture.code, picture.text).toBe(200);
    expect(picture.headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "content-security-policy": "sandbox; default-src 'none'",
    });
    expect(String(picture.headers["content-disposition"])).toMatch(/^attachment; filename="claim-\d+\.(?:png|jpg)"$/u);
    const decided = await service.ask("POST", `/v1/claims/${id}/decide`, { body: { end: "contradicted", reason: "o banco não tem" } });
    expect(decided.body).toMatchObject({ state: "contradicted", endedBy: "api:billing" });
    expect((await service.ask("GET", `/v1/claims/${id}`)).body).toMatchObject({ id, receipts: [], waiting: [] });
    expect((await service.ask("POST", "/v1/claims", { body: { ...less, file: "no base64!" } })).code).toBe(400);
    expect((await service.ask("GET", "/v1/claims/1")).body).toMatchObject({ code: "claim_not_known" });
    expect((await listClaims(world.engine, released.customer.ref)).map(({ state }) => state)).toEqual(["contradicted"]);
    await service.api.close();
  });
});
