// The console's routes as staff meet them: the one-time link, roles, sessions, the second person, search, and what is noted of a look.
import { createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Api } from "../src/api/api.ts";
import { PERMISSIONS } from "../src/api/admin/permissions.ts";
import { BY_SERVER, ROLES, type Role } from "../src/store/staff.ts";
import { workOutComing } from "../src/engine/coming-days.ts";
import { writeSearch } from "../src/store/search.ts";
import { systemClock } from "../src/kernel/clock.ts";
import { formatInstant, HOUR_MS, MINUTE_MS, parseInstant } from "../src/kernel/time.ts";
import { inTransaction } from "../src/store/retry.ts";
import { addCustomer, addInvoice, addService, at, evaluate, evidence, suspendFor, type Row, type World } from "./support/engine.ts";
import { pix } from "./support/claims.ts";
import { cookiesOf, openSite, PASSWORD, type Console, type Person, type Site } from "./support/console.ts";

let open: Site;
let world: World;
let site: Console;
let padaria: Row;
const people = new Map<Role, Person>();
const by = (role: Role): Person => people.get(role) as Person;

beforeAll(async () => {
  open = await openSite();
  ({ world, site } = open);
  padaria = await addCustomer(world, { ref: "C-1", name: "Padaria São José" });
  const service = await addService(world, padaria, { ref: "S-1", name: "padaria-sao-jose.example" });
  const invoice = await addInvoice(world, padaria, { dueOn: "2026-11-10", service, ref: "20417" });
  await suspendFor(world, padaria, service, invoice, at("2026-11-17T09:00"));
  const other = await addCustomer(world, { ref: "C-2", name: "Oficina do Zé" });
  await addInvoice(world, other, { dueOn: "2026-11-20", ref: "20418" });
  await evaluate(world, padaria, other);
  await inTransaction(world.engine.db, (trx) => writeSearch(trx, [padaria.id, other.id]));
  for (const role of ROLES) people.set(role, await site.person(role));
});

afterAll(() => open.close());

describe("coming in", () => {
  it("takes a one-time link once, and signs its person in under a cookie that scripts cannot read", async () => {
    const token = await site.invite("support");
    expect((await site.ask("POST", "/admin/invite", { body: { token } })).body).toMatchObject({ role: "support", madeBy: "tests" });
    const body = { token, name: "Ana", email: "ana@provedor.example", password: PASSWORD, lang: "pt-BR" };
    const first = await site.ask("POST", "/admin/invite/accept", { body });
    expect(first.code).toBe(200);
    expect(String(first.headers["set-cookie"])).toMatch(/regua\.session_token=.*HttpOnly; SameSite=Strict/u);
    expect((await site.ask("GET", "/admin/me", { cookie: cookiesOf(first) })).body).toMatchObject({ name: "Ana", role: "support" });
    expect((await site.ask("POST", "/admin/invite/accept", { body })).body).toMatchObject({ code: "invite_not_valid" });
  });

  it("is for whom it was made for: nobody acts under a colleague's address", async () => {
    const token = await site.invite("support", { email: "Bia@provedor.example" });
    const body = { token, name: "Bia", email: "chefe@provedor.example", password: PASSWORD, lang: "pt-BR" };
    expect((await site.ask("POST", "/admin/invite/accept", { body })).body).toMatchObject({ code: "invite_of_another" });
    expect((await site.ask("POST", "/admin/invite/accept", { body: { ...body, email: "bia@provedor.example" } })).code).toBe(200);
  });

  it("opens nothing by a link that a server printed for the first person, once there is one", async () => {
    const token = await site.invite("owner", { by: BY_SERVER });
    expect((await site.ask("POST", "/admin/invite", { body: { token } })).body).toMatchObject({ code: "invite_not_valid" });
    const body = { token, name: "Mais um", email: "mais-um@provedor.example", password: PASSWORD, lang: "pt-BR" };
    expect((await site.ask("POST", "/admin/invite/accept", { body })).body).toMatchObject({ code: "invite_not_valid" });
  });

  it("leaves a link good when what was given with it cannot be used", async () => {
    const token = await site.invite("support");
    const body = { token, name: "Ana", email: "owner@provedor.example", password: PASSWORD, lang: "pt-BR" };
    expect((await site.ask("POST", "/admin/invite/accept", { body })).body).toMatchObject({ code: "staff_exists" });
    const weak = { ...body, email: "nova@provedor.example", password: "curta" };
    expect((await site.ask("POST", "/admin/invite/accept", { body: weak })).body).toMatchObject({ code: "password_weak" });
    expect((await site.ask("POST", "/admin/invite/accept", { body: { ...weak, password: PASSWORD } })).code).toBe(200);
  });

  it("says the same of a wrong password and of somebody unknown", async () => {
    const wrong = await site.ask("POST", "/admin/sign-in", { body: { email: "owner@provedor.example", password: "outra coisa qualquer" } });
    const nobody = await site.ask("POST", "/admin/sign-in", { body: { email: "ninguem@provedor.example", password: PASSWORD } });
    expect([wrong.code, wrong.body.code, wrong.body.detail]).toEqual([nobody.code, nobody.body.code, nobody.body.detail]);
    expect(wrong.code).toBe(401);
  });

  it("gives cookies that only this host may set where the connection is TLS", async () => {
    const body = { email: "owner@provedor.example", password: PASSWORD };
    const headers = { "x-forwarded-proto": "https", origin: "https://localhost:80" };
    const answer = await site.ask("POST", "/admin/sign-in", { body, headers });
    expect(String(answer.headers["set-cookie"])).toMatch(
      /^__Host-regua\.session_token=[^;]+; Max-Age=\d+; Path=\/; HttpOnly; Secure; SameSite=Strict/u,
    );
  });

  it("refuses what another site sends with the visitor's cookie", async () => {
    const { cookie } = by("owner");
    for (const headers of [{ origin: "https://mau.example" }, { "sec-fetch-site": "cross-site" }] as Record<string, string>[])
      expect((await site.ask("POST", "/admin/me/language", { cookie, headers, body: { lang: "en" } })).body.code).toBe("origin_refused");
  });

  it("stops whoever guesses, by the account too", async () => {
    const tries = await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        site.ask("POST", "/admin/sign-in", {
          body: { email: "alvo@provedor.example", password: "chute" },
          headers: { "x-forwarded-for": `198.51.100.${i + 1}` },
        }),
      ),
    );
    expect(tries.filter((each) => each.code === 429).length).toBeGreaterThanOrEqual(2);
  });
});

describe("the second factor", () => {
  it("is asked for at each sign-in once a code was given, and each code kept for its loss works once", async () => {
    const person = await site.person("support", "fator@provedor.example");
    const begun = await person.ask("POST", "/admin/me/second-factor", { body: { password: PASSWORD } });
    const { uri, codes } = begun.body as { uri: string; codes: string[] };
    const confirmed = await person.ask("POST", "/admin/me/second-factor/confirm", { body: { code: totp(uri) } });
    expect(confirmed.code).toBe(200);
    const from = (n: number) => ({ "x-forwarded-for": `203.0.113.${n}` });
    const signIn = async (n: number) =>
      site.ask("POST", "/admin/sign-in", { body: { email: person.email, password: PASSWORD }, headers: from(n) });
    const asked = await signIn(1);
    expect(asked.body).toEqual({ next: "second_factor" });
    expect((await site.ask("GET", "/admin/me", { cookie: cookiesOf(asked) })).code).toBe(401);
    const give = async (cookie: string, code: string, n: number) =>
      site.ask("POST", "/admin/sign-in/code", { cookie, body: { code }, headers: from(n) });
    expect((await give(cookiesOf(asked), "000000", 2)).code).toBe(401);
    const done = await give(cookiesOf(asked), codes[0] ?? "", 3);
    expect(done.body).toEqual({ next: "done" });
    expect((await site.ask("GET", "/admin/me", { cookie: cookiesOf(done) })).body).toMatchObject({ twoFactor: true });
    expect((await give(cookiesOf(await signIn(4)), codes[0] ?? "", 5)).code).toBe(401);
  });
});

/** RFC 6238 of the secret in an `otpauth:` address. */
function totp(uri: string): string {
  const secret = new URL(uri).searchParams.get("secret") ?? "";
  const bits = [...secret].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from((bits.match(/.{8}/gu) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(systemClock.now() / 30_000)));
  const mac = createHmac("sha1", key).update(counter).digest();
  const offset = (mac[19] ?? 0) & 15;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

describe("sessions", () => {
  it("are listed with where they are, and one that is ended is out at once", async () => {
    const person = await site.person("support", "sessoes@provedor.example");
    const again = await site.ask("POST", "/admin/sign-in", {
      body: { email: person.email, password: PASSWORD },
      headers: { "x-forwarded-for": "203.0.113.77", "user-agent": "Telefone" },
    });
    const { sessions } = (await person.ask("GET", "/admin/me/sessions")).body as {
      sessions: { id: string; current: boolean; ip: string; agent: string }[];
    };
    expect(sessions).toHaveLength(2);
    const other = sessions.find((each) => !each.current);
    const { motorClock } = world.engine;
    await world.rows(`UPDATE staff_session SET updated_at = '${formatInstant(motorClock.now() - 2 * HOUR_MS)}'`);
    await person.ask("GET", "/admin/me");
    const after = (await person.ask("GET", "/admin/me/sessions")).body as { sessions: { current: boolean; seenAt: string }[] };
    const usedFor = (current: boolean) => motorClock.now() - parseInstant(after.sessions.find((s) => s.current === current)?.seenAt ?? "");
    expect(usedFor(true)).toBeLessThan(MINUTE_MS);
    expect(usedFor(false)).toBeGreaterThan(HOUR_MS);
    expect(other).toMatchObject({ ip: "203.0.113.77", agent: "Telefone" });
    await person.ask("POST", `/admin/me/sessions/${other?.id}/end`);
    expect((await site.ask("GET", "/admin/me", { cookie: cookiesOf(again) })).code).toBe(401);
    await person.ask("POST", "/admin/sign-out");
    expect((await person.ask("GET", "/admin/me")).code).toBe(401);
  });

  it("end when somebody is switched off, who cannot come back; and the last owner cannot be", async () => {
    const person = await site.person("finance", "saiu@provedor.example");
    const { staff } = (await by("owner").ask("GET", "/admin/team")).body as { staff: { id: string; email: string }[] };
    const idOf = (email: string) => staff.find((each) => each.email === email)?.id;
    await by("owner").ask("POST", `/admin/team/${idOf(person.email)}`, { body: { disabled: true } });
    expect((await person.ask("GET", "/admin/me")).code).toBe(401);
    expect(
      (
        await site.ask("POST", "/admin/sign-in", {
          body: { email: person.email, password: PASSWORD },
          headers: { "x-forwarded-for": "203.0.113.9" },
        })
      ).code,
    ).toBe(401);
    const last = await by("owner").ask("POST", `/admin/team/${idOf("owner@provedor.example")}`, { body: { role: "support" } });
    expect(last.body).toMatchObject({ code: "last_owner" });
    expect((await by("owner").ask("GET", "/admin/me")).body).toMatchObject({ role: "owner" });
  });
});

describe("the permission table", () => {
  it("holds every route behind the gate, and lets each role do what its row says and nothing else", async () => {
    const routes = await routesOf();
    expect(new Set(routes.map((route) => route.operation))).toEqual(new Set(Object.keys(PERMISSIONS)));
    for (const { method, url, operation } of routes)
      for (const role of ROLES) {
        const path = url.replace(":ref", "C-none").replace(/:(id|version|name|which)/u, "999");
        // Nothing of what is asked for exists, and the bodies are not there: who may is refused for that, and who may not before it.
        const { code, body } = await by(role).ask(
          method,
          path,
          method === "GET" || NO_BODY.has(operation) ? {} : { body: { nothing: true } },
        );
        const allowed = (PERMISSIONS[operation] ?? []).includes(role);
        const seen = `${role} ${method} ${path} ${code}`;
        if (allowed) expect([401, 403], seen).not.toContain(code);
        else expect((body as { code?: string } | null)?.code, seen).toBe("role_missing");
        expect(code, seen).toBeLessThan(500);
      }
  }, 60_000);

  it("stands before every address under /admin but the door's own, listed here one by one", async () => {
    const behind = (await routesOf()).map(({ method, url }) => `${method} ${url}`);
    const answered = addressesOf(site.api);
    expect(behind.filter((each) => !answered.includes(each))).toEqual([]);
    expect(answered.filter((each) => !behind.includes(each)).sort()).toEqual([
      // The document names routes, and nothing of anybody.
      "GET /admin/openapi.json",
      "POST /admin/invite",
      "POST /admin/invite/accept",
      "POST /admin/sign-in",
      "POST /admin/sign-in/code",
      "POST /admin/sign-out",
    ]);
  });

  it("takes no writing request, the door's own included, that another site could have sent", async () => {
    for (const each of addressesOf(site.api).filter((address) => !address.startsWith("GET "))) {
      const [method = "", url = ""] = each.split(" ");
      for (const headers of [{ origin: "https://mau.example" }, { "sec-fetch-site": "same-site" }] as Record<string, string>[]) {
        const { code, body } = await site.ask(method, url.replace(/:\w+/gu, "1"), { cookie: by("owner").cookie, headers });
        expect([code, body.code], each).toEqual([403, "origin_refused"]);
      }
    }
  });

  it("lets nobody in who is not signed in", async () => {
    for (const { method, url } of await routesOf()) {
      const { code, body } = await site.ask(method, url.replace(/:\w+/gu, "1"));
      expect([code, body.code], `${method} ${url}`).toEqual([401, "session_missing"]);
    }
  });
});

const NO_BODY = new Set(["endOtherSessions"]);

/** Every route behind the gate, as the console's own document lists them; registering one that the table lacks fails by itself. */
async function routesOf(): Promise<{ method: string; url: string; operation: string }[]> {
  const { paths } = (await site.ask("GET", "/admin/openapi.json")).body as {
    paths: Record<string, Record<string, { operationId: string }>>;
  };
  return Object.entries(paths).flatMap(([url, methods]) =>
    Object.entries(methods).flatMap(([method, { operationId: operation }]) =>
      DOOR.has(operation) ? [] : [{ method: method.toUpperCase(), url: url.replace(/\{(\w+)\}/gu, ":$1"), operation }],
    ),
  );
}

/** Every address under /admin that the server itself answers, whatever its document says. HEAD goes with GET. */
function addressesOf(api: Api): string[] {
  const found: string[] = [];
  const above: string[] = [];
  for (const line of api.printRoutes({ commonPrefix: false }).split("\n")) {
    const [, indent = "", part = "", methods = ""] = /^((?:│ {3}| {4})*)(?:├── |└── )(.*?)(?: \(([A-Z, ]+)\))?$/u.exec(line) ?? [];
    const depth = indent.length / 4;
    above.splice(depth, above.length, part);
    const url = above.join("");
    if (!url.startsWith("/admin")) continue;
    for (const method of methods.split(", ")) if (method !== "" && method !== "HEAD") found.push(`${method} ${url}`);
  }
  return found;
}

const DOOR = new Set(["signIn", "giveCode", "signOut", "readInvite", "acceptInvite"]);

describe("finding", () => {
  const found = async (text: string) => {
    const { body } = await by("support").ask("GET", `/admin/find?text=${encodeURIComponent(text)}`);
    return {
      customers: body.customers.map((each: { ref: string }) => each.ref),
      exact: body.exact.map((each: { kind: string }) => each.kind),
    };
  };

  it("knows a customer by the beginning of a name without its accents, by the domain, and by an invoice's number", async () => {
    expect(await found("sao jos")).toEqual({ customers: ["C-1"], exact: [] });
    expect(await found("padaria-sao-jose.ex")).toMatchObject({ customers: ["C-1"] });
    expect(await found("20417")).toEqual({ customers: ["C-1"], exact: ["invoice"] });
    expect(await found("'; drop table customer; --")).toEqual({ customers: [], exact: [] });
  });

  it("keeps up with what is corrected", async () => {
    await by("support").ask("PATCH", "/admin/customers/C-2", { body: { name: "Funilaria do Zé", taxId: "529.982.247-25" } });
    expect((await found("funil")).customers).toEqual(["C-2"]);
    expect((await found("oficina")).customers).toEqual([]);
    expect((await found("52998224725")).customers).toEqual(["C-2"]);
  });
});

describe("lists", () => {
  it("show who owes longest first, a page at a time", async () => {
    const first = await by("support").ask("GET", "/admin/matters?filter=late&limit=1");
    expect(first.body.customers.map((each: { ref: string }) => each.ref)).toEqual(["C-1"]);
    expect(first.body.customers[0]).toMatchObject({ name: "Padaria São José", owedCents: 2990, daysPastDue: 14, servicesDown: 1 });
    const second = await by("support").ask("GET", `/admin/matters?filter=late&limit=1&cursor=${first.body.next}`);
    expect(second.body.customers.map((each: { ref: string }) => each.ref)).toEqual(["C-2"]);
    expect((await by("support").ask("GET", "/admin/matters?filter=suspended")).body.customers).toHaveLength(1);
    expect((await by("support").ask("GET", "/admin/matters?filter=late&daysFrom=10&daysTo=20")).body.customers).toHaveLength(1);
    for (const filter of ["all", "owing", "late", "suspended", "attention", "promised"])
      for (const search of ["", "&search=padaria"])
        expect((await by("support").ask("GET", `/admin/matters?filter=${filter}${search}`)).code, `${filter} ${search}`).toBe(200);
    expect((await by("support").ask("GET", "/admin/matters?cursor=nonsense")).body.code).toBe("field_invalid");
  });

  it("count today's matters, and say reasons in the reader's language", async () => {
    const { body } = await by("auditor").ask("GET", "/admin/today");
    expect(body.counts).toMatchObject({ lateCustomers: 2, suspendedServices: 1, lateCents: 5980 });
    const because = async (lang: string) =>
      (await by("auditor").ask("GET", "/admin/cases/C-1", { headers: { "accept-language": lang } })).body.customer.services[0].because[0]
        .text;
    expect(await because("pt-BR")).toContain("fatura 20417");
    expect(await because("en")).toContain("invoice 20417");
  });
});

describe("what comes", () => {
  it("is answered at once: nothing before it was worked out, then the result with its time, in the reader's language", async () => {
    const look = async (lang: string) => (await by("auditor").ask("GET", "/admin/coming", { headers: { "accept-language": lang } })).body;
    expect(await look("en")).toEqual({ coming: null, working: null, comes: true });
    expect((await by("support").ask("POST", "/admin/coming/refresh", { body: {} })).body).toMatchObject({ coming: null, comes: true });
    expect(await workOutComing(world.engine, { lease: "tests" })).toBe(true);
    const { coming } = await look("en");
    expect(coming).toMatchObject({ factsAt: "2026-11-24T13:00:00.000Z", from: "2026-11-24", through: "2026-11-28", looked: 2, faults: 0 });
    expect(coming.days).toHaveLength(5);
    expect(coming.first[0]).toMatchObject({ customer: "C-2", kind: "message" });
    expect(coming.first[0].because[0].text).not.toBe((await look("pt-BR")).coming.first[0].because[0].text);
  });
});

describe("looking at a customer", () => {
  it("is in the customer's evidence, once an hour for each person", async () => {
    await by("finance").ask("GET", "/admin/cases/C-1");
    await by("finance").ask("GET", "/admin/customers/C-1");
    const views = (await evidence(world, padaria)).filter((entry) => entry.kind === "record.viewed");
    expect(views.filter((entry) => entry.actor === "staff:finance@provedor.example")).toHaveLength(1);
  });

  it("counts by whatever the person came to the data: a service, an invoice, receipts, a payment proof and its picture", async () => {
    const looks: Readonly<Record<string, (claim: number) => string>> = {
      getService: () => "/admin/services/S-1",
      getInvoice: () => "/admin/invoices/20417",
      listReceipts: () => "/admin/receipts?customer=C-1",
      getAddress: () => "/admin/customers/C-1/address",
      exportDossier: () => "/admin/customers/C-1/dossier?lang=en",
      getClaim: (claim) => `/admin/claims/${claim}`,
      getClaimPicture: (claim) => `/admin/claims/${claim}/picture`,
    };
    const file = await pix({ as: "pdf", rest: "looked", at: at("2026-11-24T09:00") });
    const sent = await by("owner").ask("POST", "/admin/claims", {
      body: { customer: "C-1", invoice: "20417", file: Buffer.from(file).toString("base64") },
    });
    for (const [operation, path] of Object.entries(looks)) {
      const person = await site.person("auditor", `${operation.toLowerCase()}@provedor.example`);
      expect((await person.ask("GET", path(Number(sent.body.id)))).code, operation).toBe(200);
      const views = (await evidence(world, padaria)).filter((entry) => entry.actor === `staff:${person.email}`);
      expect(
        views.map(({ kind, body }) => [kind, body]),
        operation,
      ).toEqual([["record.viewed", { what: operation }]]);
    }
  });
});

describe("a policy", () => {
  it("is drawn before it is kept, and put in force by somebody else than who wrote it", async () => {
    const owner = by("owner");
    const { body: now } = await owner.ask("GET", `/admin/policies/${encodeURIComponent(world.policy)}`);
    const ladder = now.doc.ladder.map((step: { step: string; day: number }) => (step.step === "suspend" ? { ...step, day: 9 } : step));
    const { body: draft } = await owner.ask("POST", "/admin/policies/draft", {
      body: { doc: { ...now.doc, ladder }, dueOn: "2026-12-01" },
    });
    expect(draft).toMatchObject({ ok: true, changes: ["ladder[suspend].day: 5 → 9"] });
    expect(draft.drawn.marks.some((mark: { kind: string; offset: number }) => mark.kind === "suspended" && mark.offset >= 9)).toBe(true);
    expect(draft.drawn.texts.filter((text: { lang: string }) => text.lang === "en").length).toBeGreaterThan(2);
    const replay = await by("auditor").ask("POST", "/admin/policies/replay", { body: { doc: { ...now.doc, ladder }, days: 13 } });
    expect(replay.body).toMatchObject({ from: "2026-11-11", through: "2026-11-23", looked: 2, total: 2, base: 2, next: null, faults: [] });
    expect(replay.body.sides.changed.suspensions).toBeLessThanOrEqual(replay.body.sides.present.suspensions);
    expect(replay.body.assumed.length).toBeGreaterThan(3);
    const { body: kept } = await owner.ask("POST", "/admin/policies", { body: { doc: { ...now.doc, ladder } } });
    const path = `/admin/policies/${encodeURIComponent(kept.version)}/activate`;
    expect((await owner.ask("POST", path, { body: {} })).body.code).toBe("policy_of_oneself");
    const second = await site.person("owner", "segunda@provedor.example");
    expect((await second.ask("POST", path, { body: {} })).code).toBe(200);
    expect((await owner.ask("GET", "/admin/policies")).body.inForce).toBe(kept.version);
  });

  it("that is wrong is told so in the reader's language, or the one that is asked for", async () => {
    const owner = by("owner");
    const { body: now } = await owner.ask("GET", `/admin/policies/${encodeURIComponent(world.policy)}`);
    const draft = async (change: object, headers: Record<string, string> = {}) =>
      (await owner.ask("POST", "/admin/policies/draft", { body: { doc: { ...now.doc, ...change } }, headers })).body;
    const english = { "accept-language": "en" };
    const unlawful = { late_fee: { fine_percent: 5, interest_percent_month: 0 }, ladder: now.doc.ladder.slice(1) };
    expect((await draft(unlawful)).findings).toEqual([
      {
        severity: "error",
        place: expect.stringMatching(/^late_fee\.fine_percent \(linha \d+\)$/u) as string,
        problem: expect.stringMatching(/^uma multa de 5 % está acima dos 2 % /u) as string,
        cure: "Diminua o valor, ou diga em late_fee.legal_basis o que permite mais.",
      },
    ]);
    expect((await draft(unlawful, english)).findings[0].problem).toMatch(/^a fine of 5 % is above the 2 %/u);
    expect((await draft({ scope: "acount" })).findings).toMatchObject([
      {
        place: expect.stringContaining("linha") as string,
        problem: "o texto “acount” não é conhecido",
        cure: "Você quis escrever “account”?",
      },
    ]);
    expect((await draft({ ladder: now.doc.ladder.slice(1) })).changes[0]).toMatch(/: retirado \(/u);
    expect((await draft({ ladder: now.doc.ladder.slice(1) }, english)).changes[0]).toMatch(/: taken out \(/u);
    const body = { doc: { ...now.doc, late_fee: unlawful.late_fee } };
    const refused = (await owner.ask("POST", "/admin/policies", { body })).body;
    expect(refused).toMatchObject({
      code: "policy_invalid",
      detail: expect.stringMatching(
        /^A política não pode ser usada: late_fee\.fine_percent: uma multa de 5 % .*\)\. Diminua o valor/u,
      ) as string,
      details: { problems: [{ severity: "error", place: "late_fee.fine_percent", cure: expect.stringMatching(/^Diminua/u) as string }] },
    });
  });
});

describe("the dossier", () => {
  it("comes as a document to be kept, in the language asked for", async () => {
    const { code, headers, text } = await by("auditor").ask("GET", "/admin/customers/C-1/dossier?lang=pt-BR");
    expect([code, headers["content-type"], headers["content-disposition"]]).toEqual([200, "application/pdf", "attachment"]);
    expect(text.slice(0, 5)).toBe("%PDF-");
  });
});

describe("the reports on trust", () => {
  it("say each check's name in the reader's language, open the list behind a number, and come as CSV", async () => {
    const ask = async (path: string, lang: string) =>
      (await by("auditor").ask("GET", `/admin/reports/${path}`, { headers: { "accept-language": lang } })).body;
    const before = await ask("trust?days=30", "en");
    expect(before.releases).toContainEqual({ month: "2026-11", what: "claim", outcome: "under_review", count: 1, cents: 2990 });
    const { releases } = await ask("trust/releases?days=30&what=claim&outcome=under_review&month=2026-11", "en");
    expect(releases.map((row: { customer: string; ref: string }) => [row.customer, row.ref])).toEqual([["C-1", "20417"]]);
    expect((await ask("trust/releases?days=30&what=promise", "en")).releases).toEqual([]);
    expect((await ask("trust/releases?days=30&month=november", "en")).code).toBe("request_invalid");
    const [claim] = (await by("owner").ask("GET", "/admin/claims?customer=C-1")).body.claims;
    const decided = await by("owner").ask("POST", `/admin/claims/${claim.id}/decide`, {
      body: { end: "refused", reason: "ilegível" },
    });
    expect(decided.code).toBe(200);
    await world.rows(`UPDATE claim_document SET checks = '[{"rule": "slip_code", "verdict": "contradicts"}]'`);
    const titles = [];
    for (const lang of ["en", "pt-BR"]) {
      const { proofs } = await ask("trust?days=30", lang);
      expect(proofs.totals).toMatchObject({ received: 1, refused: 1, contradicted: 0 });
      titles.push(...proofs.checks.map((row: { title: string }) => row.title));
    }
    expect(titles).toEqual(["Boleto code", "Código do boleto"]);
    for (const which of ["releases", "weekends", "last-day", "proofs", "senders"]) {
      const { code, text, headers } = await by("auditor").ask("GET", `/admin/reports/${which}?days=30`);
      expect([code, headers["content-type"]], which).toEqual([200, "text/csv; charset=utf-8"]);
      expect(text.startsWith("\uFEFF"), which).toBe(true);
    }
  });
});

describe("a report as CSV", () => {
  it("is text to a spreadsheet, whatever a step is called", async () => {
    const { text, headers } = await by("auditor").ask("GET", "/admin/reports/ageing?days=30");
    expect(headers["content-type"]).toContain("text/csv");
    expect(text).toMatch(/^\uFEFFdays_from,days_to,invoices,customers,amount\r\n-100000,0,/u);
  });
});
