// One act on many customers, against the real database: what was foreseen is what comes, one refused stops nobody, and undoing asks what came since.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BULK_MAX } from "../src/engine/bulk.ts";
import { rememberActs } from "./support/bulk.ts";
import { addCustomer, addInvoice, addService, at, evaluate, evidence, suspendFor, type Row, type World } from "./support/engine.ts";
import { openSite, type Person, type Site } from "./support/console.ts";
import type { Answer } from "./support/api.ts";

let open: Site;
let world: World;
let ana: Person;
let counted = 0;

beforeAll(async () => {
  open = await openSite();
  ({ world } = open);
  ana = await open.site.person("support", "ana@provedor.example");
});

afterAll(() => open.close());

interface Stand {
  next: { kind: string; at: string } | null;
}
interface Line {
  ref: string;
  refused: { code: string; message: string; cure: string; reasons: { text: string; wouldChange: unknown }[] } | null;
  until: string | null;
  before: Stand | null;
  after: Stand | null;
  back: string[];
  down: string[];
  tells: string[];
}

const HOLD = { act: "hold", kind: "manual", until: "2026-12-04" };
const LIFT = { act: "lift", kind: "manual" };
const REASON = "Enchente em Blumenau";

const ask = async (path: string, body: object, headers?: Record<string, string>): Promise<Answer> =>
  ana.ask("POST", `/admin/bulk${path}`, { body, ...(headers ? { headers } : {}) });
const preview = async (customers: readonly Row[], act: object): Promise<Line[]> =>
  linesOf(await ask("/preview", { customers: refs(customers), act }));
const carryOut = async (customers: readonly Row[], act: object, headers?: Record<string, string>) =>
  ask("", { customers: refs(customers), act, reason: REASON }, headers);
const undo = async (id: unknown): Promise<Answer> => ask(`/${String(id)}/undo`, { reason: "Filtro errado" });

const refs = (customers: readonly Row[]): string[] => customers.map(({ ref }) => ref);
const linesOf = ({ body }: Answer): Line[] => (body as unknown as { rows: Line[] }).rows;
const codes = (lines: readonly Line[]): (string | null)[] => lines.map(({ refused }) => refused?.code ?? null);

/** Late since the 18th: the reminder is out, the warning comes next. */
async function late(): Promise<Row> {
  const customer = await addCustomer(world, { ref: `L-${(counted += 1)}`, name: `Cliente ${counted}` });
  const service = await addService(world, customer);
  await addInvoice(world, customer, { dueOn: "2026-11-18", service });
  await evaluate(world, customer);
  return customer;
}

/** Down since the 17th for an invoice of the 10th. */
async function down(): Promise<Row> {
  const customer = await addCustomer(world, { ref: `D-${(counted += 1)}`, name: `Cliente ${counted}` });
  const service = await addService(world, customer, { name: `site-${counted}.example` });
  const invoice = await addInvoice(world, customer, { dueOn: "2026-11-10", service });
  await suspendFor(world, customer, service, invoice, at("2026-11-17T09:00"));
  return customer;
}

async function paidUp(): Promise<Row> {
  const customer = await addCustomer(world, { ref: `P-${(counted += 1)}` });
  await addService(world, customer);
  return customer;
}

const nextOf = async ({ ref }: Row): Promise<Stand["next"]> => {
  const { body } = await ana.ask("GET", `/admin/matters?filter=all&limit=200`);
  const mine = (body as unknown as { customers: (Stand & { ref: string })[] }).customers.find((each) => each.ref === ref);
  return mine?.next ?? null;
};
const standingHolds = async ({ id }: Row): Promise<{ kind: string; reason: string }[]> =>
  world.rows("SELECT kind, reason FROM hold WHERE customer_id = $1 AND kind <> 'overdue' AND lifted_at IS NULL ORDER BY hold_id", [id]);
const entriesOf = async (customer: Row, kind: string) => (await evidence(world, customer)).filter((entry) => entry.kind === kind);
const levelOf = async ({ id }: Row): Promise<string | undefined> =>
  (await world.rows<{ desired: string }>("SELECT desired FROM service WHERE customer_id = $1 ORDER BY service_id", [id]))[0]?.desired;

describe("an act on many, foreseen", () => {
  it("says of each what comes before and after, what comes back, and why it is refused; and writes nothing", async () => {
    const [one, dark, none] = [await late(), await down(), await paidUp()];
    const written = await rememberActs(world);
    const lines = await preview([one, dark, none, { id: 0, ref: "ninguem" }], HOLD);
    expect(codes(lines)).toEqual([null, null, "bulk_nothing_open", "customer_unknown"]);
    expect(lines[0]?.before?.next).not.toBeNull();
    expect(lines[0]?.after?.next?.at).not.toEqual(lines[0]?.before?.next?.at);
    expect(lines[1]).toMatchObject({ back: [expect.stringContaining("site-")], down: [] });
    expect(lines[2]?.refused?.cure).toMatch(/Nada a fazer/u);
    expect(await rememberActs(world)).toEqual(written);
  });

  it("is what then comes: the same next step, the same services back, the same refusals", async () => {
    const all = [await late(), await down(), await paidUp()];
    const foreseen = await preview(all, HOLD);
    const done = await carryOut(all, HOLD);
    expect(done.code).toBe(200);
    expect(codes(linesOf(done))).toEqual(codes(foreseen));
    expect(linesOf(done).map(({ until }) => until)).toEqual(foreseen.map(({ until }) => until));
    expect(foreseen[0]?.until).toBe("2026-12-05T03:00:00.000Z");
    for (const [i, customer] of all.entries())
      if (foreseen[i]?.refused === null) expect(await nextOf(customer), customer.ref).toEqual(foreseen[i]?.after?.next);
    expect(await levelOf(all[1] as Row)).toBe("active");
  });

  it("shows what lifting brings: the service that goes down again, and the next step", async () => {
    const dark = await down();
    await carryOut([dark], HOLD);
    const [line] = await preview([dark], LIFT);
    expect(line).toMatchObject({ refused: null, back: [], down: [expect.stringContaining("site-")] });
    expect(codes(await preview([await late()], LIFT))).toEqual(["bulk_no_hold"]);
    await carryOut([dark], LIFT);
    expect(await levelOf(dark)).toBe("suspended");
    expect(await standingHolds(dark)).toEqual([]);
  });

  it("gives more time by the rules of a promise: granted with its deadline, or refused with reasons and what would change them", async () => {
    const [one, barred] = [await late(), await addCustomer(world, { ref: "B-1", barred: "cheques devolvidos" })];
    for (const dueOn of ["2026-08-10", "2026-09-10", "2026-10-09"]) await addInvoice(world, one, { dueOn, paidOn: dueOn });
    await addInvoice(world, barred, { dueOn: "2026-11-18" });
    const time = { act: "time" };
    const foreseen = await preview([one, barred], time);
    expect(codes(foreseen)).toEqual([null, "promise_refused"]);
    expect(foreseen[0]?.tells).toEqual(["promise-granted"]);
    expect(foreseen[1]?.refused?.reasons[0]?.text).not.toBe("");
    expect(await entriesOf(barred, "promise.refused")).toEqual([]);
    const done = linesOf(await carryOut([one, barred], time));
    expect(done.map(({ until }) => until)).toEqual(foreseen.map(({ until }) => until));
    expect((await entriesOf(one, "promise.granted"))[0]?.body).toMatchObject({ until: foreseen[0]?.until, together: { customers: 2 } });
    expect(await entriesOf(barred, "promise.refused")).toHaveLength(1);
  });
});

describe("an act on many, done", () => {
  it("is done for the others where one is refused, and each evidence names the person, the reason and on how many", async () => {
    const [one, none, two] = [await late(), await paidUp(), await late()];
    const done = await carryOut([one, none, two], HOLD);
    expect(codes(linesOf(done))).toEqual([null, "bulk_nothing_open", null]);
    for (const customer of [one, two]) {
      const [entry] = await entriesOf(customer, "hold.placed");
      expect(entry).toMatchObject({ actor: "staff:ana@provedor.example" });
      expect(entry?.body).toMatchObject({ reason: REASON, together: { act: done.body.id, customers: 3 } });
    }
    expect(codes(linesOf(await carryOut([one, two], HOLD)))).toEqual(["bulk_hold_stands", "bulk_hold_stands"]);
  });

  it("changes nothing twice, however often the request is sent", async () => {
    const all = [await late(), await late()];
    const key = { "idempotency-key": "uma-vez-so" };
    const first = await carryOut(all, HOLD, key);
    const again = await carryOut(all, HOLD, key);
    expect(again.text).toBe(first.text);
    expect(again.headers["idempotency-replayed"]).toBe("true");
    for (const customer of all) expect(await entriesOf(customer, "hold.placed")).toHaveLength(1);
    expect((await carryOut(all, LIFT, key)).body.code).toBe("idempotency_key_reused");
  });

  it("takes a customer once, and no more than a person can look through", async () => {
    const one = await late();
    expect(linesOf(await carryOut([one, one], HOLD))).toHaveLength(1);
    const many = Array.from({ length: BULK_MAX + 1 }, (_, i) => ({ id: 0, ref: `X${i}` }));
    expect((await carryOut(many, HOLD)).body).toMatchObject({ code: "bulk_too_many", details: { count: BULK_MAX + 1, max: BULK_MAX } });
    expect((await ask("/preview", { customers: refs(many), act: HOLD })).code).toBe(422);
  });

  it("is not there for what ends a service or books money, nor for holds that are one customer's matter", async () => {
    const one = await late();
    for (const act of [{ act: "terminate" }, { act: "write_off" }, { act: "pay" }, { ...HOLD, kind: "abuse" }, { ...LIFT, kind: "legal" }])
      expect((await carryOut([one], act)).code, JSON.stringify(act)).toBe(400);
    expect((await ask("", { customers: [one.ref], act: HOLD, reason: " " })).code).toBe(400);
    expect(codes(linesOf(await carryOut([one], { ...HOLD, until: "2026-11-01" })))).toEqual(["hold_invalid"]);
  });
});

describe("an act on many, undone", () => {
  it("lifts what it gave and no other hold, as an act of its own in the evidence; once", async () => {
    const all = [await late(), await down(), await paidUp()];
    const { body } = await carryOut(all, HOLD);
    // Opened by somebody, and worked on by the program: neither is something done about the customer.
    await ana.ask("GET", `/admin/cases/${all[0]?.ref}`);
    await evaluate(world, all[0] as Row);
    const undone = await undo(body.id);
    expect(linesOf(undone).map(({ ref, refused }) => [ref, refused])).toEqual([
      [all[0]?.ref, null],
      [all[1]?.ref, null],
    ]);
    expect(await standingHolds(all[0] as Row)).toEqual([]);
    expect(await levelOf(all[1] as Row)).toBe("suspended");
    expect(await entriesOf(all[0] as Row, "hold.placed")).toHaveLength(1);
    const [entry] = await entriesOf(all[0] as Row, "hold.released");
    expect(entry?.body).toMatchObject({ reason: "Filtro errado", undoes: true, together: { act: body.id, customers: 2 } });
    expect(codes(linesOf(await undo(body.id)))).toEqual(["bulk_undone", "bulk_undone"]);
  });

  it("leaves alone whom a payment, a word or another act reached since, and says what it was", async () => {
    const all = [await late(), await late(), await late()];
    const [paid, lifted] = all as [Row, Row, Row];
    const { body } = await carryOut(all, HOLD);
    const owner = await open.site.person("owner", `dona-${counted}@provedor.example`);
    const receipt = {
      source: "manual",
      externalId: `R-${paid.ref}`,
      customer: paid.ref,
      amountCents: 1000,
      currency: "BRL",
      paidOn: "2026-11-24",
      reason: "Pix",
    };
    const booked = await owner.ask("POST", "/admin/receipts", { body: { receipts: [receipt] } });
    expect(booked.code, booked.text).toBeLessThan(300);
    await carryOut([lifted], LIFT);
    const lines = linesOf(await undo(body.id));
    expect(codes(lines)).toEqual(["bulk_touched", "bulk_touched", null]);
    expect(lines[0]?.refused?.message).toContain("dinheiro recebido");
    expect(lines[1]?.refused?.message).toContain("bloqueio retirado");
    expect(await standingHolds(paid)).toHaveLength(1);
  });

  it("is for holds alone: a promise was a word given, and what was lifted went on", async () => {
    const one = await late();
    const { body } = await carryOut([one], { act: "time" });
    expect((await undo(body.id)).body.code).toBe("bulk_not_undone");
    expect((await undo(999_999_999)).body.code).toBe("bulk_unknown");
  });
});
