// The import against the real database: what is new is written once, with its evidence, and nobody is reminded of what the same import pays.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CsvSource } from "../src/adapters/sources/csv/source.ts";
import { importCustomers, type ImportResult } from "../src/engine/import-customers.ts";
import { recordReceipts } from "../src/engine/record-receipts.ts";
import { genesis } from "../src/kernel/chain.ts";
import { sha256 } from "../src/kernel/hash.ts";
import { HOUR_MS, parseDay } from "../src/kernel/time.ts";
import { findRef } from "../src/store/customers.ts";
import { openDatabase } from "../src/store/database.ts";
import { APP_ROLE, hasAppRole } from "../src/store/migrate.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";
import { at, evaluate, evidence, makeEngine, type World } from "./support/engine.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const REAL = join(root, "../shared/realdata/payments/accounts-receivable.csv");
const EXAMPLES = join(root, "examples");

let test: TestDatabase;
let world: World;
let folder: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "regua-import-"));
  test = await freshDatabase();
});

afterEach(async () => {
  await world.close();
  await test.drop();
  rmSync(folder, { recursive: true });
});

async function sandbox(now: string): Promise<void> {
  world = await makeEngine(test.url, { now: at(now), mode: "sandbox" });
  // The real file is older than the tests' policy.
  await world.rows("UPDATE policy_version SET activated_at = '2010-01-01T00:00:00Z'");
}

async function live(now: string): Promise<void> {
  world = await makeEngine(test.url, { now: at(now), mode: "live" });
}

async function run(map: string, paths: readonly string[]): Promise<ImportResult> {
  return importCustomers(world.engine, await CsvSource.open({ map, paths }), { by: "ana" });
}

/** One file in which each line is a customer, its service, an invoice and perhaps a payment. */
const MAP = `map: livro
files:
  - file: livro.csv
    dates: dd/mm/yyyy
    decimal: ","
    customer: { ref: cliente, name: nome, email: email }
    service: { ref: serviço }
    invoice: { ref: fatura, issued: emissão, due: vencimento, amount: valor, currency: moeda }
    payment: { id: recibo, paid: pago, amount: recebido }
`;
const HEADER = "cliente;nome;email;serviço;fatura;emissão;vencimento;valor;moeda;recibo;pago;recebido";

type Line = Partial<
  Record<
    "cliente" | "nome" | "email" | "servico" | "fatura" | "emissao" | "vencimento" | "valor" | "moeda" | "recibo" | "pago" | "recebido",
    string
  >
>;

function line(change: Line = {}): string {
  const all = {
    cliente: "7",
    nome: "Ana",
    email: "ana@cliente.example",
    servico: "S7",
    fatura: "F1",
    emissao: "01/11/2026",
    vencimento: "10/11/2026",
    valor: "29,90",
    moeda: "",
    recibo: "",
    pago: "",
    recebido: "",
    ...change,
  };
  return Object.values(all).join(";");
}

async function book(...lines: string[]): Promise<ImportResult> {
  const [map, csv] = [join(folder, "livro.map.yaml"), join(folder, "livro.csv")];
  writeFileSync(map, MAP);
  writeFileSync(csv, [HEADER, ...lines, ""].join("\n"));
  return run(map, [csv]);
}

const news = ({ customers, services, invoices, receipts, updated }: ImportResult): number[] => [
  customers,
  services,
  invoices,
  receipts,
  updated,
];

/** Everything an import may touch, to see that nothing did. */
async function everything(): Promise<unknown> {
  const tables = [
    "customer",
    "ref_index",
    "service",
    "invoice",
    "receipt",
    "allocation",
    "sandbox_account",
    "sandbox_receipt",
    "evidence",
    "outbox",
    "notice",
  ];
  return Promise.all(tables.map((table) => world.rows(`SELECT * FROM ${table} AS t ORDER BY t::text`)));
}

async function chainHolds(): Promise<void> {
  const heads = await world.rows<{ id: number; ref: string; seq: number; hash: string }>(
    "SELECT customer_id AS id, ref, evidence_seq AS seq, evidence_hash AS hash FROM customer ORDER BY 1",
  );
  expect(heads.length).toBeGreaterThan(0);
  for (const head of heads) {
    const entries = await world.rows<{ seq: number; entry: string }>(
      "SELECT seq, entry FROM evidence WHERE customer_id = $1 ORDER BY seq",
      [head.id],
    );
    let hash = genesis(head.ref);
    for (const [i, { seq, entry }] of entries.entries()) {
      expect([seq, (JSON.parse(entry) as { prev: string }).prev]).toEqual([i + 1, hash]);
      hash = sha256(entry);
    }
    expect([head.seq, head.hash]).toEqual([entries.length, hash]);
  }
}

const has = existsSync(REAL);

describe.skipIf(!has)(`the real file${has ? "" : ` (skipped: ${basename(REAL)} is not in ../shared/realdata)`}`, () => {
  const map = join(EXAMPLES, "accounts-receivable.map.yaml");

  it("is 100 customers, 2,466 invoices and 2,466 payments, once", async () => {
    await sandbox("2012-01-01T09:00");
    const first = await run(map, [REAL]);
    expect(first).toMatchObject({ customers: 100, services: 100, invoices: 2466, receipts: 2466, updated: 0, refused: [], lines: 2467 });
    const before = await everything();
    expect(news(await run(map, [REAL]))).toEqual([0, 0, 0, 0, 0]);
    expect(await everything()).toEqual(before);
    await chainHolds();
  });

  it("imported in the middle of its two years books the past, keeps the future for its day, and reminds nobody who has paid", async () => {
    await sandbox("2013-01-15T09:00");
    expect(await run(map, [REAL])).toMatchObject({ customers: 100, invoices: 2466, receipts: 2466, refused: [] });
    const [sum] = await world.rows(`
      SELECT (SELECT count(*)::int FROM receipt) AS booked, (SELECT count(*)::int FROM sandbox_receipt) AS waiting,
        (SELECT count(*)::int FROM receipt WHERE paid_on > '2013-01-15') AS early,
        (SELECT count(*)::int FROM sandbox_receipt WHERE arrives_on <= '2013-01-15') AS late,
        (SELECT sum(credit_cents)::int FROM receipt) AS credit,
        (SELECT count(*)::int FROM notice n JOIN invoice i USING (customer_id, invoice_id) WHERE i.state = 'paid') AS wrong`);
    expect(sum).toMatchObject({ early: 0, late: 0, credit: 0, wrong: 0 });
    expect((sum?.booked as number) + (sum?.waiting as number)).toBe(2466);
    const before = await everything();
    expect(news(await run(map, [REAL]))).toEqual([0, 0, 0, 0, 0]);
    expect(await everything()).toEqual(before);
  });
});

describe("the hosting example", () => {
  it("is four files that need each other", async () => {
    await live("2026-11-16T10:00");
    const map = join(EXAMPLES, "hosting.map.yaml");
    expect(await run(map, [])).toMatchObject({ customers: 5, services: 6, invoices: 11, receipts: 8, updated: 0, refused: [] });
    expect(news(await run(map, []))).toEqual([0, 0, 0, 0, 0]);
    expect(await world.rows("SELECT ref, name, email, since::text, tags FROM customer WHERE ref IN ('1003', '1005') ORDER BY ref")).toEqual(
      [
        {
          ref: "1003",
          name: "Estúdio Luz; Foto e Vídeo ME",
          email: "contato@estudioluz.example",
          since: "2024-01-05",
          tags: ["prioritário", "revenda"],
        },
        { ref: "1005", name: "Associação dos Moradores do Bairro Alto", email: null, since: "2022-05-15", tags: ["sem fins lucrativos"] },
      ],
    );
    expect(await world.rows("SELECT ref, panel, account, price_cents AS price FROM service WHERE ref = 'S-2005'")).toEqual([
      { ref: "S-2005", panel: "hestia", account: "bemestar", price: 124_990 },
    ]);
    expect(await world.rows("SELECT ref, paid_cents AS paid, state FROM invoice WHERE ref IN ('F-90005', 'F-90015') ORDER BY ref")).toEqual(
      [
        { ref: "F-90005", paid: 124_990, state: "paid" },
        { ref: "F-90015", paid: 60_000, state: "open" },
      ],
    );
  });

  it("given in any order is the same", async () => {
    await live("2026-11-16T10:00");
    const names = ["pagamentos", "faturas", "servicos", "clientes"].map((name) => join(EXAMPLES, `hosting-${name}.csv`));
    expect(await run(join(EXAMPLES, "hosting.map.yaml"), names)).toMatchObject({
      customers: 5,
      services: 6,
      invoices: 11,
      receipts: 8,
      refused: [],
    });
  });

  it("finds the customer of a payment through an invoice known before", async () => {
    await live("2026-11-16T10:00");
    const map = join(EXAMPLES, "hosting.map.yaml");
    const names = ["clientes", "servicos", "faturas"].map((name) => join(EXAMPLES, `hosting-${name}.csv`));
    expect(news(await run(map, names))).toEqual([5, 6, 11, 0, 0]);
    expect(news(await run(map, [join(EXAMPLES, "hosting-pagamentos.csv")]))).toEqual([0, 0, 0, 8, 0]);
  });
});

describe("an import", () => {
  it("of a paid and overdue invoice reminds nobody, of an unpaid one leaves it to the ladder", async () => {
    await live("2026-11-16T10:00");
    await book(
      line({ recibo: "R1", pago: "12/11/2026", recebido: "29,90" }),
      line({ cliente: "8", servico: "S8", fatura: "F2", email: "rui@cliente.example" }),
    );
    expect(await world.rows("SELECT key FROM notice")).toEqual([]);
    const due = await world.rows("SELECT ref, next_check_at FROM customer WHERE next_check_at <= $1 ORDER BY ref", [
      new Date(world.clock.now()),
    ]);
    expect(due.map((row) => row.ref)).toEqual(["8"]);
    const rui = await findRef(world.engine.db, "customer", "8");
    expect(await evaluate(world, { id: rui?.id ?? 0, ref: "8" })).toMatchObject({ messages: 1, notices: { reminder: 1 } });
  });

  it("defaults a customer's first day to the first invoice's, and a missing name to the number", async () => {
    await live("2026-11-16T10:00");
    await book(line({ nome: "", fatura: "F2", emissao: "01/11/2026" }), line({ nome: "", fatura: "F1", emissao: "03/02/2025" }));
    expect(await world.rows("SELECT name, since::text, lang FROM customer")).toEqual([{ name: "7", since: "2025-02-03", lang: "pt-BR" }]);
  });

  it("links services to the sandbox's panel, and makes their accounts", async () => {
    await sandbox("2026-11-16T10:00");
    await book(line());
    expect(await world.rows("SELECT panel, account FROM service")).toEqual([{ panel: "sandbox", account: "S7" }]);
    expect(await world.rows("SELECT account, access, by FROM sandbox_account")).toEqual([{ account: "S7", access: "active", by: null }]);
  });

  it("leaves live services without a panel untouched: unlinked", async () => {
    await live("2026-11-16T10:00");
    await book(line());
    expect(await world.rows("SELECT panel, account FROM service")).toEqual([{ panel: null, account: null }]);
    expect(await world.rows("SELECT account FROM sandbox_account")).toEqual([]);
  });

  it("keeps in one entry of evidence everything it wrote, and who did", async () => {
    await live("2026-11-16T10:00");
    await book(line(), line({ fatura: "F2", vencimento: "10/12/2026" }));
    const found = await findRef(world.engine.db, "customer", "7");
    expect(await evidence(world, { id: found?.id ?? 0, ref: "7" })).toMatchObject([
      {
        kind: "imported",
        actor: "ana",
        body: {
          from: "csv",
          customer: {
            ref: "7",
            name: "Ana",
            email: "ana@cliente.example",
            phone: null,
            tax_id: null,
            lang: "pt-BR",
            since: "2026-11-01",
            tags: [],
          },
          services: [{ ref: "S7", name: "S7", plan: null, price_cents: null, panel: null, account: null }],
          invoices: [
            { ref: "F1", service: "S7", issued_on: "2026-11-01", due_on: "2026-11-10", amount_cents: 2990, currency: "BRL" },
            { ref: "F2", service: "S7", issued_on: "2026-11-01", due_on: "2026-12-10", amount_cents: 2990, currency: "BRL" },
          ],
        },
      },
    ]);
    await chainHolds();
  });

  it("changes what is different, counts it apart, and says in the evidence what it was", async () => {
    await live("2026-11-16T10:00");
    await book(line());
    expect(news(await book(line({ email: "nova@cliente.example", vencimento: "20/11/2026", valor: "39,90" })))).toEqual([0, 0, 0, 0, 2]);
    expect(await world.rows("SELECT email FROM customer")).toEqual([{ email: "nova@cliente.example" }]);
    expect(await world.rows("SELECT due_on::text AS due, amount_cents AS amount FROM invoice")).toEqual([
      { due: "2026-11-20", amount: 3990 },
    ]);
    const found = await findRef(world.engine.db, "customer", "7");
    expect((await evidence(world, { id: found?.id ?? 0, ref: "7" })).at(-1)?.body).toEqual({
      from: "csv",
      changed: { email: { from: "ana@cliente.example", to: "nova@cliente.example" } },
      invoices: [{ ref: "F1", changed: { due_on: { from: "2026-11-10", to: "2026-11-20" }, amount_cents: { from: 2990, to: 3990 } } }],
    });
    await chainHolds();
  });

  it("takes the last word where lines differ about a customer, and a blank as no word", async () => {
    await live("2026-11-16T10:00");
    const lines = [line({ nome: "Ana" }), line({ nome: "Ana Lima", fatura: "F2" }), line({ nome: "", fatura: "F3" })];
    expect(news(await book(...lines))).toEqual([1, 1, 3, 0, 0]);
    expect(await world.rows("SELECT name FROM customer")).toEqual([{ name: "Ana Lima" }]);
    expect(news(await book(...lines))).toEqual([0, 0, 0, 0, 0]);
  });

  it("does not undo what staff changed since, where the file says nothing of it", async () => {
    await live("2026-11-16T10:00");
    await book(line());
    await world.rows("UPDATE customer SET lang = 'en', phone = '11 5555-0101'");
    expect(news(await book(line()))).toEqual([0, 0, 0, 0, 0]);
    expect(await world.rows("SELECT lang, phone FROM customer")).toEqual([{ lang: "en", phone: "11 5555-0101" }]);
  });

  it("begun again after it died between rows and receipts books what is missing", async () => {
    await live("2026-11-16T10:00");
    const paid = line({ recibo: "R1", pago: "12/11/2026", recebido: "29,90" });
    await world.rows(`CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'the disk is gone'; END $$`);
    await world.rows("CREATE TRIGGER die BEFORE INSERT ON receipt EXECUTE FUNCTION die()");
    await expect(book(paid)).rejects.toThrow("the disk is gone");
    const undecided = await world.rows<{ next: number }>("SELECT next_check_at AS next FROM customer");
    expect(undecided).toEqual([{ next: world.clock.now() + HOUR_MS }]);
    await world.rows("DROP TRIGGER die ON receipt");
    expect(news(await book(paid))).toEqual([0, 0, 0, 1, 0]);
    expect(await world.rows("SELECT key FROM notice")).toEqual([]);
    expect(await world.rows("SELECT state FROM invoice")).toEqual([{ state: "paid" }]);
  });

  it("run twice at the same moment is the same as once", async () => {
    await live("2026-11-16T10:00");
    const lines = Array.from({ length: 50 }, (_, i) =>
      line({ cliente: `${i}`, servico: `S${i}`, fatura: `F${i}`, recibo: `R${i}`, pago: "12/11/2026", recebido: "29,90" }),
    );
    const both = await Promise.all([book(...lines), book(...lines)]);
    const total = both.map(news).reduce((sum, each) => sum.map((n, i) => n + (each[i] ?? 0)));
    expect(total).toEqual([50, 50, 50, 50, 0]);
    await chainHolds();
  });

  it("needs no more rights than the program has", async () => {
    await live("2026-11-16T10:00");
    expect(await hasAppRole(test.url)).toBe(true);
    const limited = openDatabase({ url: test.url, role: APP_ROLE, max: 2 });
    const [map, csv] = [join(folder, "livro.map.yaml"), join(folder, "livro.csv")];
    writeFileSync(map, MAP);
    writeFileSync(csv, [HEADER, line({ recibo: "R1", pago: "12/11/2026", recebido: "29,90" })].join("\n"));
    const source = await CsvSource.open({ map, paths: [csv] });
    expect(news(await importCustomers({ ...world.engine, db: limited.db }, source, { by: "ana" }))).toEqual([1, 1, 1, 1, 0]);
    await limited.close();
  });

  it("of a customer with more lines than a batch takes it whole", async () => {
    await live("2026-11-16T10:00");
    const lines = Array.from({ length: 3500 }, (_, i) => line({ fatura: `F${i}`, recibo: `R${i}`, pago: "12/11/2026", recebido: "29,90" }));
    expect(news(await book(...lines, line({ cliente: "8", servico: "S8", fatura: "X" })))).toEqual([2, 2, 3501, 3500, 0]);
    await chainHolds();
  });
});

describe("a line is refused, with its number and the reason, when", () => {
  const twice = async (...lines: string[]): Promise<string[]> => {
    const said = (result: ImportResult): string[] => result.refused.map((one) => `${one.line}: ${one.reason.en}`);
    const first = said(await book(...lines));
    const before = await everything();
    const again = await book(...lines);
    expect(said(again)).toEqual(first);
    expect(news(again)).toEqual([0, 0, 0, 0, 0]);
    expect(await everything()).toEqual(before);
    return first;
  };

  it("its invoice is another customer's", async () => {
    await live("2026-11-16T10:00");
    expect(await twice(line(), line({ cliente: "8", servico: "S8" }))).toEqual(["3: the invoice “F1” is another customer's"]);
  });

  it("its service is another customer's", async () => {
    await live("2026-11-16T10:00");
    expect(await twice(line(), line({ cliente: "8", fatura: "F2" }))).toEqual(["3: the service “S7” is another customer's"]);
  });

  it("it says another amount for an invoice of the same file", async () => {
    await live("2026-11-16T10:00");
    const [said] = await twice(line(), line({ valor: "39,90" }));
    expect(said).toBe("3: the invoice “F1” is already in line 2 of livro.csv, and says something else there");
  });

  it("the amount changed under a payment", async () => {
    await live("2026-11-16T10:00");
    await book(line({ recibo: "R1", pago: "12/11/2026", recebido: "10,00" }));
    expect(await twice(line({ valor: "39,90" }))).toEqual(["2: the invoice “F1” is known with another amount, and part of it is paid"]);
  });

  it("the due date of a paid invoice changed", async () => {
    await live("2026-11-16T10:00");
    const paid = { recibo: "R1", pago: "12/11/2026", recebido: "29,90" };
    await book(line(paid));
    expect(await twice(line({ ...paid, vencimento: "12/11/2026" }))).toEqual([
      "2: the invoice “F1” is known with other dates, and is paid",
    ]);
  });

  it("the currency differs from the provider's", async () => {
    await live("2026-11-16T10:00");
    expect(await twice(line({ moeda: "USD" }))).toEqual(["2: the invoice is in USD, and the provider bills in BRL"]);
  });

  it("a live payment is dated tomorrow", async () => {
    await live("2026-11-16T10:00");
    expect(await twice(line({ recibo: "R1", pago: "17/11/2026", recebido: "29,90" }))).toEqual([
      "2: the payment is dated 2026-11-17, which is not yet",
    ]);
  });

  it("a known payment comes with another amount, also when the sandbox still holds it back", async () => {
    await sandbox("2026-11-16T10:00");
    await book(
      line({ recibo: "R1", pago: "17/11/2026", recebido: "29,90" }),
      line({ fatura: "F2", recibo: "R2", pago: "12/11/2026", recebido: "29,90" }),
    );
    expect(
      await twice(
        line({ recibo: "R1", pago: "17/11/2026", recebido: "9,90" }),
        line({ fatura: "F2", recibo: "R2", pago: "12/11/2026", recebido: "9,90" }),
      ),
    ).toEqual([
      "2: the payment “R1” is known already, and says something else",
      "3: the payment “R2” is known already, and says something else",
    ]);
  });

  it("a payment names an invoice that nobody has, or a customer is missing", async () => {
    await live("2026-11-16T10:00");
    const map = join(folder, "m.yaml");
    const csv = join(folder, "pagamentos.csv");
    writeFileSync(map, "map: p\nfiles:\n  - payment: { id: id, invoice: fatura, customer: cliente, paid: pago, amount: valor }\n");
    writeFileSync(csv, "id;fatura;cliente;pago;valor\n1;F9;;2026-11-12;5,00\n2;;77;2026-11-12;5,00\n");
    const { refused } = await run(map, [csv]);
    expect(refused.map((one) => `${one.line}: ${one.reason.en}`).sort()).toEqual([
      "2: the payment names the invoice “F9”, which nobody has",
      "3: there is no customer “77”",
    ]);
  });
});

describe("any lines", () => {
  it("imported twice are the same as once, refuse the same lines, and account for every cent", async () => {
    await live("2026-11-16T10:00");
    const small = (letter: string, max: number): fc.Arbitrary<string> => fc.integer({ min: 1, max }).map((n) => `${letter}${n}`);
    const made = fc.array(
      fc.record({
        cliente: small("C", 3),
        servico: fc.oneof(small("S", 3), fc.constant("")),
        fatura: fc.oneof(small("F", 6), fc.constant("")),
        nome: fc.constantFrom("Ana", "Rui", ""),
        email: fc.constantFrom("ana@cliente.example", "", "ana"),
        vencimento: fc.constantFrom("10/11/2026", "20/11/2026", "31/02/2026"),
        valor: fc.constantFrom("29,90", "39,90", "0"),
        moeda: fc.constantFrom("", "", "BRL", "USD"),
        recibo: small("R", 6),
        pago: fc.constantFrom("", "12/11/2026", "20/11/2026"),
        recebido: fc.constantFrom("29,90", "10,00", "50,00"),
      }),
      { minLength: 1, maxLength: 25 },
    );
    let n = 0;
    await fc.assert(
      fc.asyncProperty(made, async (lines) => {
        n += 1;
        const own = (ref: string): string => (ref === "" ? "" : `${n}-${ref}`);
        const texts = lines.map((one) =>
          line({ ...one, cliente: own(one.cliente), servico: own(one.servico), fatura: own(one.fatura), recibo: own(one.recibo) }),
        );
        const first = await book(...texts);
        const before = await everything();
        const again = await book(...texts);
        expect(news(again)).toEqual([0, 0, 0, 0, 0]);
        expect(again.refused.map((one) => one.line)).toEqual(first.refused.map((one) => one.line));
        expect(await everything()).toEqual(before);
      }),
      { numRuns: 30 },
    );
    await chainHolds();
    expect(
      await world.rows(`SELECT r.receipt_id FROM receipt r LEFT JOIN allocation a USING (customer_id, receipt_id)
        GROUP BY r.customer_id, r.receipt_id HAVING r.amount_cents <> r.credit_cents + COALESCE(sum(a.amount_cents), 0)`),
    ).toEqual([]);
  }, 120_000);
});

describe("a payment", () => {
  it("booked before under the same source and number is known", async () => {
    await live("2026-11-16T10:00");
    await book(line());
    const found = await findRef(world.engine.db, "customer", "7");
    await recordReceipts(world.engine, [
      {
        customerId: found?.id ?? 0,
        source: "livro",
        externalId: "R1",
        amount: 2990,
        currency: "BRL",
        paidOn: parseDay("2026-11-12"),
        invoiceRef: "F1",
        reason: null,
        actor: "ana",
      },
    ]);
    expect(news(await book(line({ recibo: "R1", pago: "12/11/2026", recebido: "29,90" })))).toEqual([0, 0, 0, 0, 0]);
  });
});
