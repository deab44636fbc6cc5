// The service API: who may, what each route does, what is refused and how, each act once; and its description.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verifyBundle } from "../src/evidence/verify.ts";
import { DAY_MS, MINUTE_MS, parseDay, parseInstant } from "../src/kernel/time.ts";
import { makeService, type Answer, type Service } from "./support/api.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";
import { addCustomer, addInvoice, addService, at, evidence, makeEngine, suspendFor, zone, type World } from "./support/engine.ts";

const NOW = at("2026-11-24T10:00");

let database: TestDatabase;
let world: World;
let service: Service;

beforeAll(async () => {
  database = await freshDatabase();
  world = await makeEngine(database.url, { now: NOW, mode: "sandbox" });
  service = await makeService(world);
});

afterAll(async () => {
  await service.api.close();
  await world.close();
  await database.drop();
});

const get = (url: string, options = {}): Promise<Answer> => service.ask("GET", url, options);
const post = (url: string, body?: unknown, options = {}): Promise<Answer> => service.ask("POST", url, { body, ...options });

/** A customer whose service is down for an invoice a week past due. */
async function suspended() {
  const customer = await addCustomer(world);
  const hosting = await addService(world, customer);
  const invoice = await addInvoice(world, customer, { dueOn: "2026-11-13", service: hosting });
  await suspendFor(world, customer, hosting, invoice, at("2026-11-18T10:00"));
  await world.rows("UPDATE service SET confirmed = 'suspended' WHERE service_id = $1", [hosting.id]);
  const [{ account } = { account: "" }] = await world.rows<{ account: string }>("SELECT account FROM service WHERE service_id = $1", [
    hosting.id,
  ]);
  await world.rows("INSERT INTO sandbox_account (account, access, by) VALUES ($1, 'suspended', 'us')", [account]);
  return { customer, hosting, invoice };
}

interface Operation {
  method: string;
  path: string;
  operationId: string;
  parameters: { name: string; in: string; required?: boolean }[];
  responses: Record<string, unknown>;
  security?: unknown[];
  requestBody?: unknown;
}

async function operations(): Promise<{ document: Record<string, unknown>; all: Operation[] }> {
  const { body: document } = await get("/openapi.json", { key: null });
  const paths = (
    document as { paths: Record<string, Record<string, Omit<Operation, "method" | "path" | "parameters"> & Partial<Operation>>> }
  ).paths;
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      parameters: operation.parameters ?? [],
      method: method.toUpperCase(),
      path,
    })),
  );
  return { document: document as Record<string, unknown>, all };
}

/** The server's own list: a tree, four columns a level. */
function routesIn(tree: string): string[] {
  const path: string[] = [];
  const routes: string[] = [];
  for (const line of tree.split("\n")) {
    const match = /^([│ ]*)[├└]── (\S*)(?: \(([^)]+)\))?/u.exec(line);
    if (!match) continue;
    path.length = (match[1] ?? "").length / 4;
    path.push(match[2] ?? "");
    for (const method of (match[3] ?? "").split(", ")) if (!["", "HEAD"].includes(method)) routes.push(`${method} ${path.join("")}`);
  }
  return routes.sort();
}

const withNumbers = (path: string): string => path.replaceAll("{id}", "1").replaceAll(/\{\w+\}/gu, "nobody");

describe("the description", () => {
  it("is OpenAPI 3.1, with every route in it and every parameter of its path declared", async () => {
    const { document, all } = await operations();
    expect(document.openapi).toMatch(/^3\.1\./u);
    expect(document.info).toMatchObject({ title: "Régua", version: "0.0.0" });
    const routes = routesIn(service.api.printRoutes({ commonPrefix: false }));
    const described = all.map((each) => `${each.method} ${each.path.replaceAll(/\{(\w+)\}/gu, ":$1")}`);
    expect(routes).toEqual([...described, "GET /openapi.json"].sort());
    expect(all.length).toBeGreaterThan(25);
    expect(new Set(all.map((each) => each.operationId)).size).toBe(all.length);
    for (const each of all) {
      const inPath = [...each.path.matchAll(/\{(\w+)\}/gu)].map((match) => match[1]);
      const declared = each.parameters.filter((parameter) => parameter.in === "path");
      expect(new Set(declared.map((parameter) => parameter.name)), each.path).toEqual(new Set(inPath));
      expect(
        declared.every((parameter) => parameter.required),
        each.path,
      ).toBe(true);
      expect(Object.keys(each.responses).length, each.path).toBeGreaterThan(0);
    }
  });

  it("says of every route of the service that it needs a key, and of every POST that it needs an Idempotency-Key", async () => {
    const { all } = await operations();
    for (const each of all.filter(({ path }) => path.startsWith("/v1/"))) {
      expect(each.security, each.path).toEqual([{ key: [] }]);
      expect(each.responses, each.path).toHaveProperty("4XX");
      const key = each.parameters.find((parameter) => parameter.name === "idempotency-key");
      expect(key?.required ?? false, `${each.method} ${each.path}`).toBe(each.method === "POST");
    }
  });

  it("has only schemas of JSON Schema 2020-12: no `nullable`, and every reference leads somewhere", async () => {
    const { document } = await operations();
    const visit = (value: unknown): void => {
      if (value === null || typeof value !== "object") return;
      for (const [key, member] of Object.entries(value)) {
        expect(key).not.toBe("nullable");
        if (key === "$ref" && typeof member === "string") {
          const found = member
            .slice(2)
            .split("/")
            .reduce<unknown>((inner, name) => (inner as Record<string, unknown> | undefined)?.[name], document);
          expect(found, member).toBeDefined();
        }
        visit(member);
      }
    };
    visit(document);
  });
});

describe("who may", () => {
  it("refuses every route of the service without a valid key, as a problem with code and cure", async () => {
    const { all } = await operations();
    for (const { method, path } of all.filter((each) => each.path.startsWith("/v1/")).slice(0, 20)) {
      const answer = await service.ask(method, withNumbers(path), { key: null, headers: { "x-forwarded-for": "203.0.113.7" } });
      expect(answer.code, `${method} ${path}`).toBe(401);
      expect(answer.body, path).toMatchObject({ status: 401, code: "not_signed_in", type: "urn:regua:error:not_signed_in" });
      expect(answer.headers["content-type"]).toContain("application/problem+json");
      expect(answer.headers["www-authenticate"]).toBe("Bearer");
      expect(answer.headers["cache-control"]).toBe("no-store");
    }
  });

  it("lets a reading key read and not write", async () => {
    const reading = await service.key("reader", ["read"]);
    const { all } = await operations();
    for (const { method, path } of all.filter((each) => each.path.startsWith("/v1/") && each.method !== "GET")) {
      const answer = await service.ask(method, withNumbers(path), { key: reading });
      expect(answer.body, `${method} ${path}`).toMatchObject({ status: 403, code: "scope_missing" });
    }
    expect((await get("/v1/breaker", { key: reading })).code).toBe(200);
  });

  it("refuses a revoked key at once", async () => {
    const key = await service.key("former", ["read"]);
    expect((await get("/v1/breaker", { key })).code).toBe(200);
    await world.rows("UPDATE api_key SET revoked_at = created_at WHERE name = 'former'");
    expect((await get("/v1/breaker", { key })).code).toBe(401);
  });

  it("stops looking at keys from an address that sent thirty wrong ones in a minute", async () => {
    const headers = { "x-forwarded-for": "203.0.113.99" };
    const codes: number[] = [];
    for (let i = 0; i < 32; i += 1) codes.push((await get("/v1/breaker", { key: `rk_wrong-${i}`, headers })).code);
    expect(codes.slice(0, 30)).toEqual(Array.from({ length: 30 }, () => 401));
    expect(codes[31]).toBe(429);
    expect((await get("/v1/breaker")).code).toBe(200);
  });

  it("keeps no key, only hashes", async () => {
    const key = await service.key("hashed", ["read"]);
    const [row] = await world.rows<{ text: string }>("SELECT string_agg(api_key::text, ' ') AS text FROM api_key");
    expect(row?.text).not.toContain(key);
  });
});

describe("bad input", () => {
  it("names each field and what is wrong with it, and refuses fields it does not know", async () => {
    const answer = await post("/v1/customers", { ref: "X-1", name: "", colour: "blue" });
    expect(answer.body).toMatchObject({ status: 400, code: "request_invalid" });
    const { fields } = answer.body.details as { fields: { field: string }[] };
    expect(fields.map(({ field }) => field)).toEqual(expect.arrayContaining(["body.name", "body"]));
  });

  it("refuses what is not JSON, what is too large, a NUL, a day that is none, and a route that is none", async () => {
    const headers = { "content-type": "application/json" };
    expect((await post("/v1/receipts", "{", { headers })).body).toMatchObject({ status: 400, code: "request_invalid" });
    expect((await post("/v1/receipts", "a=b", { headers: { "content-type": "text/plain" } })).body).toMatchObject({
      code: "media_type_unsupported",
    });
    const big = { receipts: [{ externalId: "1", amountCents: 1, currency: "BRL", reason: "x".repeat(2_000_000) }] };
    expect((await post("/v1/receipts", big)).body).toMatchObject({ status: 413, code: "request_too_large" });
    expect((await get("/v1/customers/a%00b")).code).toBe(400);
    expect((await get("/v1/rehearse?on=2026-02-30")).code).toBe(400);
    expect((await get("/v1/nowhere")).body).toMatchObject({ status: 404, code: "route_unknown" });
    expect((await get("/nowhere", { key: null })).body).toMatchObject({ status: 404, code: "route_unknown" });
  });

  it("answers 404 with the catalogue's code for every number that is nobody's", async () => {
    const { all } = await operations();
    for (const { path } of all.filter((each) => each.method === "GET" && each.path.includes("{ref}"))) {
      const answer = await get(withNumbers(path));
      expect(answer.body, path).toMatchObject({ status: 404 });
      expect(["customer_unknown", "service_unknown", "invoice_unknown"]).toContain(answer.body.code);
    }
  });
});

describe("customers, services, invoices", () => {
  it("enters a customer, a service and an invoice, with who did it in the evidence, and shows them", async () => {
    const made = await post("/v1/customers", { ref: "A-1", name: "Padaria Central", email: "a1@cliente.example", tags: ["vip"] });
    expect(made.code).toBe(201);
    expect(made.body).toMatchObject({ ref: "A-1", lang: "pt-BR", since: "2026-11-24", tags: ["vip"] });
    const hosting = await post("/v1/customers/A-1/services", { ref: "A-1-site", name: "Hospedagem Plus", priceCents: 2990 });
    expect(hosting.body).toMatchObject({ customer: "A-1", panel: "sandbox", account: "A-1-site", desired: "active" });
    const invoice = await post("/v1/customers/A-1/invoices", {
      ref: "A-1-f",
      service: "A-1-site",
      dueOn: "2026-12-10",
      amountCents: 2990,
      currency: "BRL",
    });
    expect(invoice.body).toMatchObject({ ref: "A-1-f", issuedOn: "2026-11-24", openCents: 2990, state: "open" });
    const shown = await get("/v1/customers/A-1");
    expect(shown.body).toMatchObject({ owedCents: 2990, services: [{ ref: "A-1-site" }], invoices: [{ ref: "A-1-f", daysPastDue: -16 }] });
    expect(shown.headers["cache-control"]).toBe("no-store");
    expect((await get("/v1/services/A-1-site")).body).toMatchObject({ name: "Hospedagem Plus" });
    expect((await get("/v1/invoices/A-1-f")).body).toMatchObject({ service: "A-1-site", amountCents: 2990, currency: "BRL" });
    const [row] = await world.rows<{ id: number }>("SELECT customer_id AS id FROM customer WHERE ref = 'A-1'");
    const entries = await evidence(world, { id: Number(row?.id), ref: "A-1" });
    expect(entries.map(({ kind, actor }) => [kind, actor])).toEqual([
      ["customer.created", "api:billing"],
      ["service.created", "api:billing"],
      ["invoice.issued", "api:billing"],
    ]);
  });

  it("refuses a number that is taken, another currency, and a due date before the issue", async () => {
    await post("/v1/customers", { ref: "B-1", name: "B" });
    expect((await post("/v1/customers", { ref: "B-1", name: "B" })).body).toMatchObject({ status: 409, code: "ref_taken" });
    const invoice = { ref: "B-1-f", dueOn: "2026-12-10", amountCents: 100, currency: "EUR" };
    expect((await post("/v1/customers/B-1/invoices", invoice)).body).toMatchObject({ status: 422, code: "currency_differs" });
    const backwards = { ...invoice, currency: "BRL", issuedOn: "2026-12-11" };
    expect((await post("/v1/customers/B-1/invoices", backwards)).body).toMatchObject({ status: 422, code: "field_invalid" });
    const link = { link: { panel: "nowhere", account: "x" } };
    expect((await post("/v1/customers/B-1/services", { ref: "B-1-s", name: "B", ...link })).body).toMatchObject({ code: "panel_unknown" });
  });

  it("corrects only what is named, with the values before and after in the evidence", async () => {
    await post("/v1/customers", { ref: "C-1", name: "Antes", email: "c1@cliente.example" });
    const answer = await service.ask("PATCH", "/v1/customers/C-1", { body: { name: "Depois", email: null } });
    expect(answer.body).toMatchObject({ name: "Depois", email: null, lang: "pt-BR" });
    const [row] = await world.rows<{ id: number }>("SELECT customer_id AS id FROM customer WHERE ref = 'C-1'");
    const entries = await evidence(world, { id: Number(row?.id), ref: "C-1" });
    expect(entries.at(-1)).toMatchObject({
      kind: "customer.changed",
      body: { changed: { name: { from: "Antes", to: "Depois" }, email: { from: "c1@cliente.example", to: null } } },
    });
    const count = entries.length;
    await service.ask("PATCH", "/v1/customers/C-1", { body: { name: "Depois" } });
    expect(await evidence(world, { id: Number(row?.id), ref: "C-1" })).toHaveLength(count);
  });

  it("keeps a postal address, with the CEP bare, and refuses what is none", async () => {
    await post("/v1/customers", { ref: "ADR-1", name: "Ana" });
    const path = "/v1/customers/ADR-1/address";
    expect((await get(path)).body).toEqual({ address: null });
    const address = { street: "Rua XV", number: "S/N", neighborhood: "Centro", city: "Curitiba", state: "PR", postalCode: "80020-310" };
    const kept = { address: { ...address, postalCode: "80020310" } };
    expect((await service.ask("PUT", path, { body: address })).body).toEqual(kept);
    expect((await service.ask("PUT", path, { body: { ...address, state: "Paraná" } })).code).toBe(400);
    expect((await service.ask("PUT", path, { body: { ...address, postalCode: "8002031" } })).code).toBe(400);
    expect((await get(path)).body).toEqual(kept);
  });

  it("lists in pages that neither repeat nor leave out anybody, and finds by a part of the name", async () => {
    for (let i = 0; i < 5; i += 1) await post("/v1/customers", { ref: `D-${i}`, name: `Floricultura 100% ${i}` });
    const seen: string[] = [];
    let cursor = "";
    do {
      const { body } = await get(`/v1/customers?limit=2&search=${encodeURIComponent("100% ")}${cursor && `&cursor=${cursor}`}`);
      seen.push(...(body.customers as { ref: string }[]).map(({ ref }) => ref));
      cursor = (body.next as string | null) ?? "";
    } while (cursor !== "");
    expect(seen).toEqual(["D-0", "D-1", "D-2", "D-3", "D-4"]);
    expect((await get("/v1/customers?cursor=abc")).code).toBe(422);
  });

  it("ties a service to another account, and asks the new one to follow", async () => {
    const { hosting } = await suspended();
    const answer = await post(`/v1/services/${hosting.ref}/link`, { link: { panel: "sandbox", account: "nova" } });
    expect(answer.body).toMatchObject({ panel: "sandbox", account: "nova", desired: "suspended" });
    await service.work();
    expect((await get(`/v1/services/${hosting.ref}`)).body).toMatchObject({ actual: "suspended", suspendedByUs: true });
    expect((await post(`/v1/services/${hosting.ref}/link`, { link: null })).body).toMatchObject({ panel: null, account: null });
  });

  it("voids an open invoice, and the service that was down because of it comes back", async () => {
    const { hosting, invoice } = await suspended();
    expect((await post(`/v1/invoices/${invoice.ref}/void`, { reason: "issued twice" })).body).toMatchObject({
      state: "void",
      openCents: 0,
    });
    await service.work();
    expect((await get(`/v1/services/${hosting.ref}`)).body).toMatchObject({ desired: "active", actual: "active" });
    expect((await post(`/v1/invoices/${invoice.ref}/void`, { reason: "again" })).body).toMatchObject({ code: "invoice_not_open" });
  });
});

describe("receipts", () => {
  const receipt = (change: object) => ({ receipts: [{ externalId: "r", amountCents: 2990, currency: "BRL", ...change }] });

  it("books a receipt once, however often and under whatever key it is sent, and the service comes back", async () => {
    const { customer, hosting, invoice } = await suspended();
    const body = receipt({ source: "pix", externalId: "e2e-1", invoice: invoice.ref });
    expect((await post("/v1/receipts", body)).body).toEqual({ booked: 1, known: 0 });
    expect((await post("/v1/receipts", body)).body).toEqual({ booked: 0, known: 1 });
    await service.work();
    expect((await get(`/v1/services/${hosting.ref}`)).body).toMatchObject({ actual: "active" });
    const listed = await get(`/v1/receipts?customer=${customer.ref}`);
    expect(listed.body.receipts).toMatchObject([{ source: "pix", allocatedCents: 2990, creditCents: 0, actor: "api:billing" }]);
    expect(listed.body.next).toBeNull();
  });

  it("takes all of a request or nothing", async () => {
    const { customer, invoice } = await suspended();
    const good = { externalId: "all-1", customer: customer.ref, amountCents: 100, currency: "BRL" };
    const bad = [
      [{ customer: "nobody" }, "customer_unknown"],
      [{ customer: undefined }, "field_invalid"],
      [{ invoice: "nothing" }, "invoice_unknown"],
      [{ currency: "USD" }, "currency_differs"],
      [{ paidOn: "2026-11-25" }, "field_invalid"],
      [{ externalId: "all-1", amountCents: 200 }, "receipt_differs"],
    ] as const;
    for (const [change, code] of bad) {
      const answer = await post("/v1/receipts", { receipts: [good, { ...good, externalId: "all-2", ...change }] });
      expect(answer.body, code).toMatchObject({ code });
    }
    const other = await addCustomer(world);
    expect((await post("/v1/receipts", receipt({ customer: other.ref, invoice: invoice.ref }))).body).toMatchObject({
      code: "invoice_unknown",
    });
    const [{ n } = { n: -1 }] = await world.rows<{ n: number }>("SELECT count(*)::int AS n FROM receipt WHERE external_id LIKE 'all-%'");
    expect(n).toBe(0);
  });
});

describe("an act is carried out once", () => {
  const customer = (ref: string) => ({ ref, name: "Uma vez" });

  it("answers the same to the same request, and refuses the key for another one", async () => {
    const first = await post("/v1/customers", customer("E-1"), { once: "once-1" });
    const again = await post("/v1/customers", customer("E-1"), { once: "once-1" });
    expect([again.code, again.text]).toEqual([first.code, first.text]);
    expect(again.headers["idempotency-replayed"]).toBe("true");
    expect((await post("/v1/customers", customer("E-2"), { once: "once-1" })).body).toMatchObject({ code: "idempotency_key_reused" });
  });

  it("keeps refusals too, with their media type", async () => {
    const first = await post(
      "/v1/customers/nobody/invoices",
      { ref: "x", dueOn: "2026-12-01", amountCents: 1, currency: "BRL" },
      { once: "r" },
    );
    const again = await post(
      "/v1/customers/nobody/invoices",
      { ref: "x", dueOn: "2026-12-01", amountCents: 1, currency: "BRL" },
      { once: "r" },
    );
    expect(first.body).toMatchObject({ status: 404, code: "customer_unknown" });
    expect([again.text, again.headers["content-type"]]).toEqual([first.text, first.headers["content-type"]]);
  });

  it("asks for the key on every POST, and takes each key's own for itself", async () => {
    const { all } = await operations();
    for (const { path } of all.filter((each) => each.method === "POST"))
      expect((await service.ask("POST", withNumbers(path), { once: null })).body, path).toMatchObject({ code: "idempotency_key_missing" });
    const other = await service.key("second-system", ["read", "write"]);
    expect((await post("/v1/customers", customer("E-3"), { once: "once-1", key: other })).code).toBe(201);
  });

  it("says that a request is in flight, and lets it be carried out by another once its process is gone", async () => {
    const taken = (ago: number, code: number | null) =>
      world.rows(
        `INSERT INTO idempotency (scope, key, request_hash, answer_code, created_at)
         SELECT scope, $1, request_hash, $2, $3::timestamptz FROM idempotency WHERE key = 'once-2' AND scope = 'api:billing'`,
        [`lost-${ago}-${code}`, code, new Date(NOW - ago)],
      );
    await post("/v1/breaker/approve", undefined, { once: "once-2" });
    const send = (key: string) => post("/v1/breaker/approve", undefined, { once: key });
    for (const [ago, code] of [
      [1_000, null],
      [1_000, 0],
      [2 * MINUTE_MS, null],
      [2 * MINUTE_MS, 0],
    ] as const)
      await taken(ago, code);
    expect((await send("lost-1000-null")).body).toMatchObject({ status: 409, code: "idempotency_in_flight" });
    expect((await send("lost-1000-0")).body).toMatchObject({ status: 409, code: "idempotency_in_flight" });
    expect((await send("lost-120000-null")).code).toBe(200);
    expect((await send("lost-120000-0")).body).toMatchObject({ status: 409, code: "idempotency_answer_lost" });
  });

  it("undoes the work of a request whose key was taken over meanwhile", async () => {
    const { once } = await import("../src/engine/once.ts");
    const { createCustomer } = await import("../src/engine/save-customer.ts");
    const slow = await once(world.engine, { scope: "api:slow", key: "k" }, "hash");
    world.clock.set(NOW + 2 * MINUTE_MS);
    const fast = await once(world.engine, { scope: "api:slow", key: "k" }, "hash");
    world.clock.set(NOW);
    if (slow.kind !== "run" || fast.kind !== "run") throw new Error("both were to run");
    const make = (engine: typeof world.engine, ref: string) => createCustomer(engine, { ref, name: "N", by: "api:slow" });
    await expect(make(slow.engine, "slow-1")).rejects.toThrow("carried out elsewhere");
    await make(fast.engine, "fast-1");
    expect((await get("/v1/customers/slow-1")).code).toBe(404);
    expect((await get("/v1/customers/fast-1")).code).toBe(200);
  });

  it("books two of the same sent at the same moment once", async () => {
    const { customer: who } = await suspended();
    const body = { kind: "manual", reason: "called", until: "2026-12-01T00:00:00Z" };
    const answers = await Promise.all([1, 2, 3].map(() => post(`/v1/customers/${who.ref}/holds`, body, { once: "at-once" })));
    expect(answers.filter(({ code }) => code === 201).length).toBeGreaterThan(0);
    for (const answer of answers) if (answer.code !== 201) expect(answer.body).toMatchObject({ code: "idempotency_in_flight" });
    const shown = await get(`/v1/customers/${who.ref}`);
    expect((shown.body.holds as { kind: string }[]).filter(({ kind }) => kind === "manual")).toHaveLength(1);
  });
});

describe("promises and holds", () => {
  it("offers, grants, lists and cancels more time", async () => {
    const { customer, hosting } = await suspended();
    for (const dueOn of ["2026-08-10", "2026-09-10", "2026-10-09"]) await addInvoice(world, customer, { dueOn, paidOn: dueOn });
    const offer = await get(`/v1/customers/${customer.ref}/promises/offer`);
    expect(offer.body).toMatchObject({ granted: true, suspended: true, kind: "release", owedCents: 2990 });
    expect((offer.body.conditions as { text: string }[]).every(({ text }) => text.length > 10)).toBe(true);
    const ask = { reason: "salary on Friday", askedBy: "customer" };
    expect((await post(`/v1/customers/${customer.ref}/promises`, ask)).body).toMatchObject({ code: "conditions_not_accepted" });
    const made = await post(`/v1/customers/${customer.ref}/promises`, { ...ask, acceptedConditions: true });
    expect(made.body).toMatchObject({ kind: "release" });
    await service.work();
    expect((await get(`/v1/services/${hosting.ref}`)).body).toMatchObject({ actual: "active" });
    const refused = await post(`/v1/customers/${customer.ref}/promises`, { ...ask, acceptedConditions: true });
    expect(refused.body, refused.text).toMatchObject({
      status: 409,
      code: "promise_refused",
      details: { reasons: [{ rule: "promise_running" }, { rule: "too_soon" }] },
    });
    const listed = await get(`/v1/customers/${customer.ref}/promises`);
    expect(listed.body.promises).toMatchObject([{ protocol: made.body.protocol as string, state: "running", owner: "api:billing" }]);
    const cancel = `/v1/customers/${customer.ref}/promises/${String(made.body.protocol)}/cancel`;
    expect((await post(cancel, { reason: "asked by mistake" })).body).toMatchObject({ state: "cancelled" });
    expect((await post(cancel, { reason: "asked by mistake" })).body).toMatchObject({ status: 404, code: "promise_unknown" });
  });

  it("places and releases a hold, and never the ladder's own", async () => {
    const { customer } = await suspended();
    const url = `/v1/customers/${customer.ref}/holds`;
    expect((await post(url, { kind: "dispute", reason: "says it was paid" })).body).toMatchObject({ code: "hold_needs_end" });
    const placed = await post(url, { kind: "dispute", reason: "says it was paid", until: "2026-12-01T12:00:00-03:00" });
    expect(placed.code).toBe(201);
    const { holds } = (await get(`/v1/customers/${customer.ref}`)).body as { holds: { id: number; kind: string; placedBy: string }[] };
    expect(holds.find(({ kind }) => kind === "dispute")).toMatchObject({ id: placed.body.id as number, placedBy: "api:billing" });
    const byDay = await post(url, { kind: "manual", reason: "until the end of the month", until: "2026-11-30" });
    const [through] = await world.rows<{ until: number }>("SELECT until FROM hold WHERE hold_id = $1", [byDay.body.id]);
    expect(through?.until).toBe(parseInstant("2026-12-01T00:00:00-03:00"));
    const overdue = holds.find(({ kind }) => kind === "overdue");
    expect((await post(`${url}/${overdue?.id ?? 0}/release`, { reason: "please" })).body).toMatchObject({ code: "hold_is_overdue" });
    expect((await post(`${url}/${String(placed.body.id)}/release`, { reason: "settled" })).body).toMatchObject({ state: "released" });
  });
});

describe("the whole base", () => {
  it("rehearses, explains, and hands out evidence that verifies offline", async () => {
    const { customer, invoice } = await suspended();
    await post("/v1/receipts", { receipts: [{ externalId: "ev-1", invoice: invoice.ref, amountCents: 100, currency: "BRL" }] });
    const days = await get("/v1/rehearse?days=14");
    expect(days.body).toMatchObject({ from: "2026-11-25", through: "2026-12-08", breaker: null });
    expect((await get("/v1/rehearse?on=2020-01-01")).code).toBe(422);
    const why = await get(`/v1/customers/${customer.ref}/explain`);
    expect(why.body).toMatchObject({ customer: customer.ref, access: [{ desired: "suspended", because: [{ rule: "overdue_hold" }] }] });
    const later = await get(`/v1/customers/${customer.ref}/explain?at=2026-12-24T12:00:00Z`);
    expect(later.body.at).toBe("2026-12-24T12:00:00.000Z");
    const bundle = await get(`/v1/customers/${customer.ref}/evidence`);
    expect(bundle.headers["content-type"]).toContain("application/json");
    const report = verifyBundle(Buffer.from(bundle.text, "utf8"));
    expect(report.findings.filter(({ code }) => code === "seal_broken" || code === "out_of_form" || code === "entry_differs")).toEqual([]);
  });

  it("shows the breaker and lets a person open it", async () => {
    await world.rows("DELETE FROM breaker");
    await world.rows("INSERT INTO breaker (one, tripped_at, because) VALUES (true, $1, '900 suspensions in one hour, 100 allowed')", [
      new Date(NOW),
    ]);
    expect((await get("/v1/breaker")).body).toMatchObject({ tripped: true, because: "900 suspensions in one hour, 100 allowed" });
    expect((await post("/v1/breaker/approve")).code).toBe(200);
    expect((await get("/v1/breaker")).body).toMatchObject({ tripped: false, approvedBy: "api:billing" });
  });

  it("lists terminations, and takes the second signature only from another key", async () => {
    const { customer, hosting, invoice } = await suspended();
    const id = (await world.engine.ids.take(1)).next();
    await world.rows(
      `INSERT INTO termination (customer_id, termination_id, service_id, invoice_id, proposed_at) VALUES ($1, $2, $3, $4, $5)`,
      [customer.id, id, hosting.id, invoice.id, new Date(NOW - DAY_MS)],
    );
    const { terminations } = (await get("/v1/terminations")).body as { terminations: { id: number }[] };
    expect(terminations.find((each) => each.id === id)).toMatchObject({ customer: customer.ref, service: hosting.ref, firstBy: null });
    const url = `/v1/customers/${customer.ref}/terminations/${id}/approve`;
    expect((await post(url)).body).toEqual({ signatures: 1 });
    expect((await post(url)).body).toMatchObject({ code: "second_person_needed" });
    const colleague = await service.key("colleague", ["read", "write"]);
    expect((await post(url, undefined, { key: colleague })).body).toEqual({ signatures: 2 });
  });
});

describe("the process", () => {
  it("says that it is alive and whether it is ready, and counts without naming anybody", async () => {
    expect((await get("/healthz", { key: null })).body).toEqual({ alive: true, mode: "sandbox" });
    expect((await get("/readyz", { key: null })).body).toEqual({ ready: true, database: "ok", schema: "ok", motor: "working" });
    const { code, text } = await get("/metrics", { key: null });
    expect(code).toBe(200);
    expect(text).toContain('regua_outbox_open{kind="message"}');
    expect(text).toContain("regua_customers_due");
    expect(text).toMatch(/^regua_receipts_unseen \d+$/mu);
    expect(text).toMatch(/^regua_money_waiting \d+$/mu);
    expect(text).toContain("regua_breaker_tripped 0");
    expect(text).toContain('route="/v1/customers/:ref"');
    expect(text).not.toContain("cliente.example");
  });

  it("logs each request by its route, with no name, number, address or key in it", async () => {
    service.lines.length = 0;
    await post("/v1/customers", { ref: "LOG-77", name: "Segredo Total", email: "segredo@cliente.example" });
    await get("/v1/customers/LOG-77?x=1");
    await get("/v1/customers?search=Segredo");
    const text = service.lines.join("\n");
    expect(text).toContain("/v1/customers/:ref");
    for (const word of ["LOG-77", "Segredo", "segredo@", "rk_", "secret-of-test"]) expect(text).not.toContain(word);
  });

  it("is not ready while the motor starts", async () => {
    const starting = await makeStarting();
    expect(starting.code).toBe(503);
    expect(starting.body).toMatchObject({ ready: false, motor: "starting", database: "ok" });
  });

  async function makeStarting(): Promise<Answer> {
    const { buildApi } = await import("../src/api/server.ts");
    const { makeMetrics } = await import("../src/api/metrics.ts");
    const { default: pino } = await import("pino");
    const api = await buildApi({
      engine: world.engine,
      panels: [],
      mode: "live",
      metrics: makeMetrics(world.engine),
      motor: () => "starting",
      version: "0",
      log: pino({ level: "silent" }),
      newToken: () => "t",
    });
    const answer = await api.inject({ method: "GET", url: "/readyz" });
    await api.close();
    return { code: answer.statusCode, body: answer.json<unknown>(), text: answer.body, headers: {} };
  }
});

it("counts days as the provider's zone does", () => {
  expect(zone.dayOf(NOW)).toBe(parseDay("2026-11-24"));
});
