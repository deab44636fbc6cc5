// The commands about charges, run as the real program on a sandbox with no account anywhere: made, shown again, paid, taken back.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freshEmptyDatabase, type TestDatabase } from "./support/database.ts";
import { makeHome, type Home } from "./support/program.ts";

const CSV = `number,name,email,service,price,invoice,issued,due,amount
77,Padaria Central,padaria@example.com,S77,29.90,F77,2026-10-23,2026-11-02,29.90
`;
const MAP = `map: test
files:
  - dates: yyyy-mm-dd
    decimal: "."
    customer: { ref: number, name: name, email: email, since: { constant: "2024-01-01" } }
    service: { ref: service, price: price }
    invoice: { ref: invoice, issued: issued, due: due, amount: amount }
`;

let database: TestDatabase;
let home: Home;

beforeAll(async () => {
  database = await freshEmptyDatabase();
  home = makeHome({ DATABASE_URL: database.url });
  writeFileSync(join(home.folder, "customers.csv"), CSV);
  writeFileSync(join(home.folder, "map.yaml"), MAP);
  await home.json("init", "--sandbox", "--empty", "--date", "2026-11-02");
  await home.json("import", "csv", "customers.csv", "--map", "map.yaml");
}, 120_000);
afterAll(async () => {
  await home.remove();
  await database.drop();
});

interface Charge {
  openCents: number;
  pixCode: string | null;
  boletoLine: string | null;
}

describe("the charge of an invoice in the sandbox", { timeout: 120_000 }, () => {
  it("is made with valid codes, is the same when it is asked for again, and the doctor counts it", async () => {
    const first = await home.json<Charge>("charge", "F77");
    expect(first).toMatchObject({ gateway: "sandbox", openCents: 2990 });
    expect((await home.run("pix", "decode", first.pixCode ?? "")).code).toBe(0);
    expect((await home.run("boleto", "decode", first.boletoLine ?? "")).code).toBe(0);
    expect(await home.json<Charge>("charge", "F77")).toEqual(first);
    const { checks } = await home.json<{ checks: { check: string; message: string }[] }>("doctor");
    expect(checks.find(({ check }) => check === "charges")?.message).toContain("1 open");
  });

  it("is paid by a command, which books it as any payment of a gateway, once", async () => {
    await home.json("sandbox", "pay", "F77");
    const shown = await home.json<{ receipts: { source: string; amountCents: number }[] }>("show", "77");
    expect(shown.receipts).toMatchObject([{ source: "sandbox", amountCents: 2990 }]);
    expect(await home.json<Charge>("charge", "F77")).toMatchObject({ openCents: 0, pixCode: null });
    expect((await home.run("sandbox", "pay", "F77")).code).toBe(1);
  });
});
