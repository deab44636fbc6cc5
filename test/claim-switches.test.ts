// Payment proofs switched off: everywhere, for a segment, for one customer; and what a forger's next proof comes to.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { switchClaims } from "../src/engine/bar-claims.ts";
import { endClaim } from "../src/engine/end-claim.ts";
import { openClaim } from "../src/engine/open-claim.ts";
import { ReguaError } from "../src/kernel/errors.ts";
import { HOUR_MS } from "../src/kernel/time.ts";
import { makeService } from "./support/api.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";
import { addCustomer, addInvoice, addService, at, evidence, makeEngine, type Row, type World } from "./support/engine.ts";
import { findingsOf } from "./support/payments.ts";

const NOW = at("2026-11-23T10:00");
const LADDER = [{ step: "due", day: 60, do: "notify" }];

let data: TestDatabase;
let world: World;

beforeEach(async () => {
  data = await freshDatabase();
});

afterEach(async () => {
  await world.close();
  await data.drop();
});

async function open(policyDoc: object = {}): Promise<void> {
  world = await makeEngine(data.url, { now: NOW, policyDoc: { ladder: LADDER, ...policyDoc } });
}

/** With two invoices, so that a second claim can be opened. */
async function customer(ref: string, tags: string[] = []): Promise<Row> {
  const made = await addCustomer(world, { ref, tags });
  const service = await addService(world, made, { ref: `S-${ref}` });
  for (const n of [1, 2]) await addInvoice(world, made, { ref: `${ref}-${n}`, service, dueOn: "2026-11-20" });
  return made;
}

/** The release that a claim of an invoice is given; or the code of the refusal. */
async function claim(ref: string): Promise<number | null | string> {
  const releaseUntil = world.clock.now() + HOUR_MS;
  try {
    return (await openClaim(world.engine, { customer: ref.split("-")[0] ?? "", invoice: ref, releaseUntil, by: "portal" })).releaseUntil;
  } catch (error) {
    if (error instanceof ReguaError) return error.code;
    throw error;
  }
}

describe("payment proofs", () => {
  it("are taken from nobody where the policy accepts none, whatever a segment says", async () => {
    await open({ claims: { accept: false }, segments: [{ segment: "vip", when: { tags: ["vip"] }, ladder: LADDER, accept_claims: true }] });
    await customer("A");
    await customer("B", ["vip"]);
    expect([await claim("A-1"), await claim("B-1")]).toEqual(["claims_closed", "claims_closed"]);
    expect(await world.rows("SELECT claim_id FROM claim")).toEqual([]);
  });

  it("are not taken for the invoices of a segment that sends none, and from the others they are", async () => {
    await open({ segments: [{ segment: "revenda", when: { tags: ["revenda"] }, ladder: LADDER, accept_claims: false }] });
    await customer("A");
    await customer("B", ["revenda"]);
    expect([await claim("A-1"), await claim("B-1")]).toEqual([NOW + HOUR_MS, "claims_closed"]);
  });

  it("are not taken from one customer while staff say so, by the API too, and the reason stands in the evidence", async () => {
    await open();
    const one = await customer("A");
    await customer("B");
    expect(await claim("A-1")).toBe(NOW + HOUR_MS);
    const service = await makeService(world, "working");
    const off = { accept: false, reason: "três comprovantes alterados neste mês" };
    const ask = (body: object) => service.ask("POST", "/v1/customers/A/claims/switch", { body });
    expect((await ask(off)).body).toEqual({ changed: true });
    expect((await ask(off)).body).toEqual({ changed: false });
    expect((await ask({ accept: false, reason: " " })).code).toBe(400);
    expect((await service.ask("GET", "/v1/customers/A")).body).toMatchObject({ claimsBarred: off.reason });
    expect([await claim("A-2"), await claim("B-1")]).toEqual(["claims_closed", NOW + HOUR_MS]);
    // The one under review goes on: it was taken in good order.
    expect(await world.rows("SELECT state FROM claim WHERE customer_id = $1", [one.id])).toEqual([{ state: "under_review" }]);
    await switchClaims(world.engine, { customer: "A", accept: true, reason: "conta recuperada pelo dono", by: "ana" });
    expect(await claim("A-2")).toBe(NOW + HOUR_MS);
    const said = (await evidence(world, one)).filter(({ kind }) => kind.startsWith("claims.")).map(({ kind, body }) => [kind, body.reason]);
    expect(said).toEqual([
      ["claims.barred", off.reason],
      ["claims.accepted", "conta recuperada pelo dono"],
    ]);
    expect(await findingsOf(world, one)).toEqual([]);
    await service.api.close();
  });

  it("of a customer whose earlier one was contradicted release nothing, for another invoice neither", async () => {
    await open();
    await customer("A");
    await customer("B");
    const { claimId } = await openClaim(world.engine, { customer: "A", invoice: "A-1", releaseUntil: NOW + HOUR_MS, by: "portal" });
    await endClaim(world.engine, { customer: "A", claimId, end: "contradicted", reason: "o banco não tem esse Pix", by: "ana" });
    expect([await claim("A-2"), await claim("B-1")]).toEqual([null, NOW + HOUR_MS]);
  });
});
