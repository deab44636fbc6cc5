// What a customer is told of a payment proof, on a real database: once, in the customer's language, and only while it is true.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { endClaim, type ClaimVerdict } from "../src/engine/end-claim.ts";
import { emptyTally } from "../src/engine/evaluate.ts";
import { openClaim } from "../src/engine/open-claim.ts";
import { recordReceipts } from "../src/engine/record-receipts.ts";
import { voidInvoice } from "../src/engine/void-invoice.ts";
import { dispatch, type Dispatcher } from "../src/jobs/dispatch.ts";
import { sweep } from "../src/jobs/sweep.ts";
import { DAY_MS, HOUR_MS } from "../src/kernel/time.ts";
import type { Mailer, OutgoingMail } from "../src/ports/mailer.ts";
import { done, refused } from "../src/ports/outcome.ts";
import { harshness } from "../src/words/tone.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";
import { addCustomer, addInvoice, addService, at, evidence, makeEngine, zone, type Row, type World } from "./support/engine.ts";
import { findingsOf } from "./support/payments.ts";

/** Monday; nothing is due by then but the proof. */
const NOW = at("2026-11-23T10:00");
const QUIET = { ladder: [{ step: "due", day: 60, do: "notify" }] };

let data: TestDatabase;
let world: World;
let sent: OutgoingMail[];
let bounces: boolean;
let customer: Row;

beforeEach(async () => {
  data = await freshDatabase();
  sent = [];
  bounces = false;
});

afterEach(async () => {
  await world.close();
  await data.drop();
});

async function open(policyDoc: object = {}, lang: "pt-BR" | "en" = "pt-BR"): Promise<void> {
  world = await makeEngine(data.url, { now: NOW, policyDoc: { ...QUIET, ...policyDoc } });
  customer = await addCustomer(world, { ref: "C1", email: "dono@padaria.example", lang });
  const service = await addService(world, customer, { ref: "S1" });
  await addInvoice(world, customer, { ref: "1042", service, issuedOn: "2026-11-01", dueOn: "2026-11-20" });
  await addInvoice(world, customer, { ref: "1043", service, issuedOn: "2026-11-01", dueOn: "2026-11-30" });
}

const mailer: Mailer = {
  send: (mail) => {
    sent.push(mail);
    return Promise.resolve(bounces ? refused("550 5.1.1 no such user", false) : done({ response: "250 ok", server: "test" }));
  },
  test: () => Promise.resolve(done({ detail: "" })),
  close: () => Promise.resolve(),
};

let tokens = 0;

/** What goes out at a moment, and nothing more when it is asked again. */
async function goesOut(moment = world.clock.now()): Promise<OutgoingMail[]> {
  world.clock.set(moment);
  const from = sent.length;
  const dispatcher: Dispatcher = {
    engine: world.engine,
    outside: { mailers: new Map([["email", mailer]]), panels: new Map() },
    newToken: () => `token-${(tokens += 1)}`,
    parallel: 1,
  };
  for (let round = 0; round < 3; round += 1) {
    const tally = emptyTally();
    await sweep(world.engine, tally);
    await dispatch(dispatcher, { tally });
    expect(tally.faults).toBe(0);
  }
  return sent.slice(from);
}

const claim = (releaseUntil: number | null = null): Promise<{ claimId: number }> =>
  openClaim(world.engine, { customer: "C1", invoice: "1042", releaseUntil, by: "portal" });
const end = (claimId: number, verdict: ClaimVerdict): Promise<void> =>
  endClaim(world.engine, { customer: "C1", claimId, end: verdict, reason: "conferido no extrato", by: "ana" });

async function pay(): Promise<void> {
  const receipt = { source: "banco", externalId: "E1", amount: 2990, currency: "BRL", invoiceRef: "1042", reason: null, actor: "banco" };
  await recordReceipts(world.engine, [{ ...receipt, customerId: customer.id, paidOn: zone.dayOf(world.clock.now()) }]);
}

const announced = async (): Promise<boolean[]> =>
  (await world.rows<{ announce: boolean }>("SELECT announce FROM claim ORDER BY claim_id")).map((row) => row.announce);

describe("a payment proof is told of", () => {
  it("when it comes, with the end of its release, and when the bank confirms it", async () => {
    await open();
    await claim(NOW + HOUR_MS);
    const [received, ...more] = await goesOut();
    expect(more).toEqual([]);
    expect(received).toMatchObject({ to: "dono@padaria.example", subject: "Recebemos o comprovante da fatura 1042" });
    expect(received?.text).toContain(
      "O serviço fica no ar até segunda-feira, 23 de novembro, às 11h, enquanto o banco confirma o pagamento.",
    );
    // The other invoice is listed as open; the one that the proof is for is not asked for again.
    expect(received?.text).toContain("Fatura 1043");
    expect(received?.text).not.toContain("Fatura 1042, ");
    await pay();
    const [thanks, ...nothing] = await goesOut(NOW + HOUR_MS / 2);
    expect(nothing).toEqual([]);
    expect(thanks?.text).toContain("O pagamento da fatura 1042 está confirmado. Obrigado.");
    expect(await announced()).toEqual([false]);
    expect(await goesOut(NOW + 20 * DAY_MS)).toEqual([]);
    const kinds = (await evidence(world, customer)).filter(({ kind }) => kind.startsWith("message")).map(({ body }) => body.template);
    expect(kinds).toEqual(["claim_released", "claim_confirmed"]);
    expect(await findingsOf(world, customer)).toEqual([]);
  });

  it("only as confirmed where the money was faster than the mail: what is not true any more never leaves", async () => {
    await open();
    await claim(NOW + HOUR_MS);
    await pay();
    expect((await goesOut()).map(({ subject }) => subject)).toEqual(["Pagamento da fatura 1042 confirmado"]);
    const notices = await world.rows("SELECT step, state FROM notice ORDER BY step");
    expect(notices).toEqual([
      { step: "claim-confirmed", state: "accepted" },
      { step: "claim-received", state: "superseded" },
    ]);
  });

  it("in the customer's language, and each proof of an invoice in a message of its own that accuses nobody", async () => {
    await open({}, "en");
    const mails: OutgoingMail[] = [];
    for (const verdict of ["contradicted", "refused"] as const) {
      const { claimId } = await claim();
      mails.push(...(await goesOut()));
      await end(claimId, verdict);
      world.clock.set(world.clock.now() + HOUR_MS);
      mails.push(...(await goesOut()));
    }
    expect(mails.map(({ subject }) => subject)).toEqual([
      "We received the payment proof for invoice 1042",
      "We did not find the payment of invoice 1042",
      "We received the payment proof for invoice 1042",
      "About the payment proof for invoice 1042",
    ]);
    expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(4);
    // Contradicted: the invoice is listed again, with the ways to pay and what to send.
    expect(mails[1]?.text).toMatch(/please send us your bank's own statement[^]*Invoice 1042, /u);
    for (const { subject, text } of mails) expect(harshness(`${subject}\n${text}`, "en")).toEqual([]);
  });

  it("with thanks when the money is there, though staff confirmed it before", async () => {
    await open();
    const { claimId } = await claim();
    expect(await goesOut()).toHaveLength(1);
    await end(claimId, "confirmed");
    expect(await goesOut(NOW + DAY_MS)).toEqual([]);
    expect(await announced()).toEqual([true]);
    await pay();
    expect((await goesOut()).map(({ subject }) => subject)).toEqual(["Pagamento da fatura 1042 confirmado"]);
  });

  it("as expired in the morning after a review that ended at night", async () => {
    await open();
    world.clock.set(at("2026-11-23T21:30"));
    await claim();
    // An answer goes out at once, at any hour; what our own clock says waits for the day.
    expect(await goesOut()).toHaveLength(1);
    expect(await goesOut(at("2026-11-28T21:31"))).toEqual([]);
    const [expired] = await goesOut(at("2026-11-29T08:00"));
    expect(expired?.text).toContain("O banco ainda não nos informou o pagamento da fatura 1042");
  });

  it("no more where its invoice was withdrawn, its address is gone, or the policy says so", async () => {
    await open();
    await claim();
    await goesOut();
    await voidInvoice(world.engine, { invoice: "1042", reason: "emitida por engano", by: "ana" });
    expect(await goesOut(NOW + DAY_MS)).toEqual([]);
    expect(await announced()).toEqual([false]);
  });

  it("by a channel that gave up never again, and then not of its end either way twice", async () => {
    await open();
    bounces = true;
    const { claimId } = await claim();
    expect(await goesOut()).toHaveLength(1);
    await end(claimId, "refused");
    expect(await goesOut()).toHaveLength(1);
    expect(await announced()).toEqual([false]);
    expect(await goesOut(NOW + DAY_MS)).toEqual([]);
  });

  it("to nobody where the policy says so, nor of claims from before such messages", async () => {
    await open({ announce: { claims: false } });
    const { claimId } = await claim(NOW + HOUR_MS);
    await end(claimId, "refused");
    expect(await goesOut()).toEqual([]);
    expect(await announced()).toEqual([false]);
    await world.close();
    await data.drop();
    data = await freshDatabase();
    await open();
    await claim();
    await world.rows("UPDATE outbox SET state = 'superseded'");
    await world.rows("UPDATE notice SET state = 'superseded'");
    await world.rows("UPDATE claim SET announce = false");
    expect(await goesOut(NOW + 10 * DAY_MS)).toEqual([]);
    expect(await world.rows("SELECT state FROM claim")).toEqual([{ state: "expired" }]);
  });
});
