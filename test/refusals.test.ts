// Refusals in the language of who is refused: by header, by the staff member's own, English for keys; the code and the log stay as they are.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeService, type Service } from "./support/api.ts";
import { openSite, type Person, type Site } from "./support/console.ts";
import { makeHome, type Home } from "./support/program.ts";

let open: Site;
let service: Service;
let auditor: Person;
let home: Home;

beforeAll(async () => {
  open = await openSite();
  service = await makeService(open.world);
  auditor = await open.site.person("auditor");
  home = makeHome();
});

afterAll(async () => {
  await home.remove();
  await service.api.close();
  await open.close();
});

const invoice = { ref: "1", dueOn: "2026-12-01", amountCents: 2990, currency: "BRL" };

describe("the service API", () => {
  it("answers a key in English unless it asks otherwise, and says which language the answer is in", async () => {
    const plain = await service.ask("GET", "/v1/customers/C-404");
    expect(plain.body).toMatchObject({ code: "customer_unknown", title: "Not found", detail: "There is no customer “C-404”." });
    expect(plain.headers).toMatchObject({ "content-language": "en", vary: "accept-language" });
    const asked = await service.ask("GET", "/v1/customers/C-404", { headers: { "accept-language": "pt-BR,pt;q=0.9,en;q=0.8" } });
    expect(asked.code).toBe(404);
    expect(asked.body).toMatchObject({
      type: "urn:regua:error:customer_unknown",
      code: "customer_unknown",
      title: "Não encontrado",
      detail: "Não há cliente “C-404”.",
      cure: "Use o número do cliente como `regua customers` mostra.",
    });
    expect(asked.headers).toMatchObject({ "content-language": "pt-BR", vary: "accept-language" });
  });

  it("says in Portuguese what a schema refuses, field by field", async () => {
    const ask = { body: { ...invoice, dueOn: "amanhã", ref: 7 }, headers: { "accept-language": "pt" } };
    const { code, body } = await service.ask("POST", "/v1/customers/C-404/invoices", ask);
    expect([code, body.code]).toEqual([400, "request_invalid"]);
    expect(body.detail).toMatch(/^O pedido não pode ser usado: .*body\.ref: o valor não é do tipo esperado/u);
    expect(JSON.stringify(body)).not.toMatch(/Invalid|expected|received/u);
    const missing = await service.ask("POST", "/v1/customers/C-404/invoices", { body: {}, headers: { "accept-language": "pt" } });
    expect(missing.body.details.fields).toContainEqual({ field: "body.dueOn", problem: "falta este campo" });
  });

  it("repeats an answer as it was first given, under the same Idempotency-Key", async () => {
    const ask = { body: invoice, once: "one-language" };
    const first = await service.ask("POST", "/v1/customers/C-404/invoices", { ...ask, headers: { "accept-language": "pt-BR" } });
    const again = await service.ask("POST", "/v1/customers/C-404/invoices", { ...ask, headers: { "accept-language": "en" } });
    expect(first.code).toBeGreaterThanOrEqual(400);
    expect(again.text).toBe(first.text);
  });
});

describe("the console", () => {
  it("is answered in the language that its person chose, and by their roles' names", async () => {
    const act = ["POST", "/admin/keys"] as const;
    const { code, body, headers } = await auditor.ask(...act);
    expect([code, body.code, headers["content-language"]]).toEqual([403, "role_missing", "pt-BR"]);
    expect(body.detail).toBe("O papel “auditoria” não pode fazer isto: criar uma chave da API.");
    expect(body.cure).toBe("Peça a um colega com um destes papéis: responsável.");
    const english = await auditor.ask(...act, { headers: { "accept-language": "en" } });
    expect(english.body).toMatchObject({ code: "role_missing", detail: "The role “auditor” may not do this: addApiKey." });
  });

  it("is answered in the language of the page before anybody is signed in", async () => {
    const ask = { body: { token: "a-link-that-nobody-ever-made" }, headers: { "accept-language": "pt-BR" } };
    const { body } = await open.site.ask("POST", "/admin/invite", ask);
    expect(body).toMatchObject({ code: "invite_not_valid", detail: "Este link já foi usado, expirou ou nunca existiu." });
  });
});

describe("the command line", () => {
  it("refuses in the language asked for, machines included, under the same code", async () => {
    const { code, err } = await home.run("--lang", "pt-BR", "--json", "init");
    expect(code).toBe(1);
    expect(JSON.parse(err)).toEqual({
      error: "init_mode_needed",
      message: "Diga qual dos dois: um ensaio ou a coisa real.",
      cure: "Rode `regua init --sandbox` para ensaiar, ou `regua init --live --provider FILE`.",
      details: {},
    });
  });
});
