// The commands about money that waits for its owner, run as the real program on a database of its own.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { importStatement } from "../src/engine/import-statement.ts";
import { recordReceipts } from "../src/engine/record-receipts.ts";
import { parseDay } from "../src/kernel/time.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";
import { addCustomer, addInvoice, addService, at, makeEngine, suspendFor, type World } from "./support/engine.ts";
import { aLine, booksOf } from "./support/payments.ts";
import { makeHome, type Home } from "./support/program.ts";

interface Listed {
  waiting: {
    id: number;
    amount: number;
    paidOn: string;
    matches: { match: number; customer: string; invoice: string | null; confidence: string }[];
  }[];
  next: string | null;
}

let test: TestDatabase;
let world: World;
let home: Home;

beforeAll(async () => {
  test = await freshDatabase();
  const now = at("2026-11-24T12:00");
  world = await makeEngine(test.url, { now, mode: "sandbox", policyDoc: { receipts: { book_matches: "none" } } });
  const lima = await addCustomer(world, { ref: "C1", name: "Maria José Lima" });
  const service = await addService(world, lima, { ref: "site-1" });
  const invoice = await addInvoice(world, lima, { ref: "1042", service, dueOn: "2026-11-10" });
  await suspendFor(world, lima, service, invoice, at("2026-11-20T09:00"));
  const second = await addCustomer(world, { ref: "C2", name: "Outra Pessoa" });
  const other = {
    customerId: second.id,
    source: "staff",
    externalId: "pix=7",
    amount: 5000,
    currency: "BRL",
    paidOn: parseDay("2026-11-23"),
  };
  await recordReceipts(world.engine, [{ ...other, invoiceRef: null, reason: "visto no aplicativo", actor: "ana" }]);
  await importStatement(
    world.engine,
    [
      aLine({ externalId: "f1", payer: { name: "MARIA JOSE LIMA", taxId: null }, memo: "PIX RECEBIDO" }),
      aLine({ externalId: "f2", amountCents: 5000, memo: "PIX \u001b[31mDEPOSITO" }),
      aLine({ externalId: "f3", amountCents: 123_456, memo: "TRANSF ENTRE CONTAS" }),
    ],
    { by: "ana" },
  );
  home = makeHome({ DATABASE_URL: test.url });
}, 60_000);

afterAll(async () => {
  await home.remove();
  await world.close();
  await test.drop();
});

describe("regua money", () => {
  it("lists what waits with its candidates, gives each its owner by one command, and puts aside what is nobody's", async () => {
    const { waiting, next } = await home.json<Listed>("money", "waiting");
    expect([waiting.map(({ amount }) => amount), next]).toEqual([[2990, 5000, 123_456], null]);
    const [lima, declared, own] = waiting;
    expect(lima).toMatchObject({ paidOn: "2026-11-24", matches: [{ match: 1, customer: "C1" }] });
    const page = await home.run("--lang", "pt-BR", "money", "waiting");
    expect(page.out).toMatch(/^sandbox · 2026-11-24\n/u);
    expect(page.out).toContain("1. ");
    expect(page.out).toContain("o nome de quem pagou é o do cliente");
    expect(page.out).toContain("Nenhum candidato: indique a fatura ou o cliente.");
    expect(page.out).not.toContain("\u001b");
    expect(page.out.split("\n").filter((line) => [...line].length > 100)).toEqual([]);
    const id = String(lima?.id);
    expect((await home.run("money", "assign", id)).err).toContain("give one of --match");
    expect((await home.run("money", "assign", id, "--match", "9")).err).toContain("candidates");
    expect((await home.run("money", "assign", id, "--invoice", "9999")).code).toBe(1);
    const assigned = await home.run("--lang", "en", "--actor", "ana", "money", "assign", id, "--match", "1");
    expect(assigned.err).toBe("");
    expect(assigned.out).toContain(`The money ${id} is Maria José Lima (C1)'s, and booked.`);
    expect((await home.json<{ services: { desired: string }[] }>("show", "C1")).services).toMatchObject([{ desired: "active" }]);
    expect((await home.run("money", "assign", id, "--match", "1")).err).toContain("does not wait any more");
    const same = await home.json<object>("money", "assign", String(declared?.id), "--receipt", "staff=pix=7");
    expect(same).toEqual({ id: declared?.id, assigned: true });
    expect(await world.rows("SELECT settled_on FROM receipt WHERE external_id = 'pix=7'")).toEqual([
      { settled_on: parseDay("2026-11-24") },
    ]);
    expect((await home.run("money", "dismiss", String(own?.id))).code).toBe(1);
    const aside = await home.json<object>("money", "dismiss", String(own?.id), "--reason", "transferência entre contas nossas");
    expect(aside).toEqual({ id: own?.id, dismissed: true });
    expect((await home.run("--lang", "en", "money", "waiting")).out).toContain("No money waits for its owner.");
    // What was put aside can still be somebody's: a customer's, as credit.
    const late = await home.json<{ customer: string }>("money", "assign", String(own?.id), "--customer", "C2", "--reason", "era da C2");
    expect(late).toMatchObject({ customer: "C2", assigned: true });
    expect(await booksOf(world)).toMatchObject({ received: 2990 + 5000 + 123_456, waiting: 0 });
  }, 240_000);
});
