// The console in a real browser on a real server: coming in, finding somebody, deciding a proof by keys, a ladder changed, and no barrier.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { axeFindings, CHROMIUM, openBrowser, openPage, type Watched } from "./support/browser.ts";
import { provideClaims } from "./support/console-story.ts";
import { makeHome, type Home } from "./support/program.ts";
import { startServer, type Server } from "./support/server.ts";

const BUILT = existsSync(join(import.meta.dirname, "../web/dist/index.html"));
if (CHROMIUM === null) console.warn("skipped: no Chromium on this machine (apt-get install chromium)");
if (!BUILT) console.warn("skipped: the console's pages are not built (npm run build:web)");

/** First load: what crosses the wire until the first page stands, compressed. */
const FIRST_LOAD_MAX = 500_000;

const PERSON = { name: "Ana Ribeiro", email: "ana@hospedagem.example", password: "quatro palavras bem simples" };

describe.skipIf(CHROMIUM === null || !BUILT)("the console", () => {
  let home: Home;
  let server: Server;
  let browser: Browser;
  let watched: Watched;
  let page: Page;
  let context: BrowserContext;
  let telling: string;
  const open = async (path: string): Promise<void> => {
    await page.goto(`${server.address}/console${path}`);
    await page.locator("h1").waitFor();
  };

  beforeAll(async () => {
    home = makeHome();
    await home.json("init", "--sandbox", "--empty", "--date", "2026-11-02");
    server = await startServer(home.data, ["--lang", "pt-BR", "serve", "--port", "0"]);
    await fewCustomers(home, server);
    browser = await openBrowser();
    watched = await openPage(browser);
    page = watched.page;
    context = page.context();
  }, 300_000);

  afterAll(async () => {
    await browser?.close();
    server?.kill("SIGTERM");
    await server?.ended;
    await home?.remove();
  });

  it("lets the first person in by the link that the server printed, within the budget of a first load", async () => {
    let bytes = 0;
    const session = await context.newCDPSession(page);
    await session.send("Network.enable");
    session.on("Network.loadingFinished", (event) => (bytes += event.encodedDataLength));
    await page.goto(`${server.address}${String(server.greeting.console)}`);
    await page.getByLabel("Seu nome").fill(PERSON.name);
    await page.getByLabel("E-mail").fill(PERSON.email);
    await page.getByLabel("Senha").fill(PERSON.password);
    await page.getByRole("button", { name: "Criar meu acesso" }).click();
    await page.getByRole("heading", { name: "Olá, Ana" }).waitFor();
    await page.waitForLoadState("networkidle");
    expect(bytes).toBeLessThan(FIRST_LOAD_MAX);
    console.log(`first load: ${Math.round(bytes / 1000)} kB over the wire`);
  });

  it("finds a customer from anywhere by keys alone, and shows why its service is down", async () => {
    ({ telling } = await provideClaims(context, server.address));
    await page.keyboard.press("ControlOrMeta+k");
    await page.getByPlaceholder("Buscar").fill("sao jo");
    await page.getByRole("button", { name: /Padaria São José/u }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Padaria São José" }).waitFor();
    await page.getByText("suspensão decidida para S1").first().waitFor();
  });

  it("decides a payment proof with one key and a word, and the queue moves on", async () => {
    await open("/claims");
    const queue = page.getByRole("list", { name: "Comprovantes" });
    await expect.poll(() => queue.getByRole("listitem").count()).toBe(2);
    const first = (await queue.getByRole("listitem").first().innerText()).split("\n")[0] ?? "";
    await page.locator(".paper img").waitFor();
    await page.keyboard.press("a");
    await page.getByLabel("Motivo").fill("Está no extrato de hoje.");
    await page.keyboard.press("Control+Enter");
    await expect.poll(() => queue.getByRole("listitem").count()).toBe(1);
    expect(await queue.innerText()).not.toContain(first);
  });

  it("moves a step of the ladder by the arrow keys, plays it on the past beside the present one, and keeps it for a second person", async () => {
    await open("/ladder");
    const step = page.getByRole("slider", { name: /^suspensão,/u });
    await step.focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await page.getByText("ladder[suspend].day: 5 → 7").waitFor();
    await page.getByRole("tab", { name: "Reprise" }).click();
    await page.getByRole("button", { name: "Reprisar" }).click();
    const row = (name: string) => page.getByRole("row", { name: new RegExp(`^${name}`, "u") });
    await row("Dias fora do ar").waitFor();
    // Two services went down in truth; two days more of patience leave fewer days without them.
    await page.getByText(/De fato, esses dias tiveram \d+ mensagens e 2 suspensões/u).waitFor();
    await expect.poll(() => row("Suspensões").innerText()).toMatch(/^Suspensões\s+2\s+[012]\s/u);
    await expect.poll(() => row("Dias fora do ar").innerText()).toMatch(/−[\d,]+$/u);
    await page.getByText("As pessoas pagam quando pagaram").waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole("button", { name: "Guardar como versão" }).click();
    await page.getByText("Quem escreveu não ativa").waitFor();
  });

  it("puts the kept ladder in force by a second person, who comes in by a link of the first", async () => {
    const invited = await context.request.post(`${server.address}/admin/team/invite`, {
      headers: { origin: server.address, "idempotency-key": "second-person" },
      data: { role: "owner" },
    });
    const { path } = (await invited.json()) as { path: string };
    const second = await openPage(browser);
    try {
      await second.page.goto(`${server.address}${path}`);
      await second.page.getByLabel("Seu nome").fill("Bruno Lima");
      await second.page.getByLabel("E-mail").fill("bruno@hospedagem.example");
      await second.page.getByLabel("Senha").fill(PERSON.password);
      await second.page.getByRole("button", { name: "Criar meu acesso" }).click();
      await second.page.getByRole("heading", { name: "Olá, Bruno" }).waitFor();
      await second.page.goto(`${server.address}/console/ladder`);
      await second.page.getByRole("button", { name: "Ver", exact: true }).first().click();
      await second.page.getByRole("button", { name: "Ativar agora" }).click();
      await second.page.getByText(/Em vigor a partir de/u).waitFor();
      await second.page.getByText("a que está na tela").waitFor();
      const step = second.page.getByRole("slider", { name: /^suspensão,/u });
      expect(await step.getAttribute("aria-valuenow")).toBe("7");
      expect(second.faults).toEqual([]);
    } finally {
      await second.page.context().close();
    }
  });

  it("has no serious barrier on any page, light or dark, on a desk or on a phone", async () => {
    const pages = ["/", "/customers", `/customers/${telling}`, "/claims", "/money", "/promises", "/ladder", "/reports", "/settings"];
    const found: Record<string, unknown> = {};
    for (const [scheme, width] of [
      ["light", 1360],
      ["dark", 390],
    ] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width, height: 860 });
      for (const path of pages) {
        await open(path);
        // A page is looked at when it is all there: on a busy machine a report may take longer than a second.
        await expect.poll(() => page.locator(".mantine-Skeleton-root").count(), { timeout: 15_000 }).toBe(0);
        const seen = await axeFindings(page);
        if (seen.length > 0) found[`${path} ${scheme}`] = seen;
        expect(await page.evaluate(isNarrow), `${path} at ${width}`).toBe(true);
      }
    }
    expect(found).toEqual({});
  }, 180_000);

  it("comes under a policy of its own, with a nonce that no two answers share, and in nobody's frame", async () => {
    const [one, two] = await Promise.all([1, 2].map(async () => (await fetch(`${server.address}/console/customers`)).headers));
    const policy = one?.get("content-security-policy") ?? "";
    expect(policy).toMatch(/default-src 'none'; script-src 'self'; .*frame-ancestors 'none'/u);
    expect(policy).not.toBe(two?.get("content-security-policy"));
    expect([one?.get("x-content-type-options"), one?.get("referrer-policy")]).toEqual(["nosniff", "same-origin"]);
  });

  it("answers with the page for its own addresses only: a copy left behind by an editor would be no page of it", async () => {
    const code = async (path: string): Promise<number> => (await fetch(`${server.address}/console/${path}`)).status;
    expect(await Promise.all(["customers", "customers/C.1~x", "customers.bak", "backup.sql", "sign-in~", ".env"].map(code))).toEqual([
      200, 200, 404, 404, 404, 404,
    ]);
  });

  it("runs nothing that its own policy forbids, and meets no fault", () => {
    expect(watched.faults).toEqual([]);
  });
});

/** Whether nothing stands out at the side. */
function isNarrow(): boolean {
  const { document, innerWidth } = globalThis as unknown as { document: { documentElement: { scrollWidth: number } }; innerWidth: number };
  return document.documentElement.scrollWidth <= innerWidth;
}

/** Three customers as another system would send them: two late enough to be suspended, one late since yesterday. */
async function fewCustomers(home: Home, { address }: Server): Promise<void> {
  const { key } = await home.json<{ key: string }>("keys", "add", "billing", "--scopes", "read,write");
  let acts = 0;
  const post = async (path: string, body: object): Promise<void> => {
    const headers = {
      authorization: `Bearer ${key}`,
      "idempotency-key": `act-${(acts += 1)}`,
      "content-type": "application/json",
    };
    const answer = await fetch(`${address}/v1${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
  };
  const people = [
    { ref: "C1", name: "Padaria São José", site: "padaria-sao-jose.example", dueOn: "2026-11-03" },
    { ref: "C2", name: "Oficina do Zé", site: "oficina.example", dueOn: "2026-11-04" },
    { ref: "C3", name: "Escola Aurora", site: "aurora.example", dueOn: "2026-11-11" },
  ];
  for (const [i, { ref, name, site, dueOn }] of people.entries()) {
    await post("/customers", { ref, name, email: `contato@${site}`, since: "2025-01-10" });
    await post(`/customers/${ref}/services`, { ref: `S${i + 1}`, name: site, plan: "plus", priceCents: 5990 });
    await post(`/customers/${ref}/invoices`, {
      ref: `2041${i}`,
      service: `S${i + 1}`,
      issuedOn: "2026-11-02",
      dueOn,
      amountCents: 5990,
      currency: "BRL",
    });
  }
  await home.json("sandbox", "advance", "--to", "2026-11-13");
}
