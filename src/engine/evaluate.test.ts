// What a batch does when the database goes away under it, met by seeds of the simulator whose line to the database breaks.
import { afterAll, beforeAll, expect, it } from "vitest";
import { freshDatabase, type TestDatabase } from "../../test/support/database.ts";
import { addCustomer, addInvoice, addService, at, makeEngine, type Row, type World } from "../../test/support/engine.ts";
import { sweep } from "../jobs/sweep.ts";
import { isAway } from "../store/trouble.ts";
import { emptyTally } from "./evaluate.ts";

let data: TestDatabase;
let world: World;

beforeAll(async () => {
  data = await freshDatabase();
  world = await makeEngine(data.url, { now: at("2026-11-03T09:00") });
  await world.rows(
    `CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$`,
  );
  await world.rows(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'this row is wrong'; END $$`);
});

afterAll(async () => {
  await world.close();
  await data.drop();
});

async function owing(ref: string): Promise<Row> {
  const customer = await addCustomer(world, { ref });
  const service = await addService(world, customer);
  await addInvoice(world, customer, { service, dueOn: "2026-10-27" });
  return customer;
}

/** Has each new notice of a customer meet a trigger. */
async function trap(customer: Row, does: "cut" | "refuse"): Promise<void> {
  await world.rows(
    `CREATE TRIGGER trap BEFORE INSERT ON notice FOR EACH ROW WHEN (NEW.customer_id = ${customer.id}) EXECUTE FUNCTION ${does}()`,
  );
}

const faults = () => world.rows<{ ref: string; fault: string }>("SELECT ref, fault FROM customer WHERE fault IS NOT NULL ORDER BY ref");

it("a session that breaks while customers are decided sets nobody aside: the next sweep has them all", async () => {
  const customer = await owing("C-1");
  await owing("C-2");
  await trap(customer, "cut");
  const failed = await sweep(world.engine, emptyTally()).catch((error: unknown) => error);
  expect(isAway(failed)).toBe(true);
  expect(await faults()).toEqual([]);
  await world.rows("DROP TRIGGER trap ON notice");
  const tally = emptyTally();
  await sweep(world.engine, tally);
  expect(tally).toMatchObject({ customers: 2, faults: 0 });
});

it("a customer that cannot be written is set aside with its fault, and the others of its batch are written", async () => {
  const customer = await owing("C-3");
  await owing("C-4");
  await trap(customer, "refuse");
  const tally = emptyTally();
  await sweep(world.engine, tally);
  await world.rows("DROP TRIGGER trap ON notice");
  expect(tally).toMatchObject({ customers: 1, faults: 1 });
  expect(await faults()).toEqual([{ ref: "C-3", fault: "this row is wrong" }]);
});

it.each([
  [Object.assign(new Error("terminating connection due to administrator command"), { code: "57P01" }), true],
  [Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" }), true],
  [new Error("Connection terminated unexpectedly"), true],
  [Object.assign(new Error("duplicate key value"), { code: "23505" }), false],
  [new TypeError("Cannot read properties of undefined"), false],
  ["no error at all", false],
])("%s: the database is away: %s", (error, away) => {
  expect(isAway(error)).toBe(away);
});
