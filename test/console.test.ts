// The console in a real browser on a real server: coming in, finding somebody, deciding a proof by keys, a ladder changed, and no barrier.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { axeFindings, openBrowser, openPage, type Watched } from "./support/browser.ts";
import { ANA, CONSOLE_SEEN, enter, enterFirst, PATIENT, turn } from "./support/console-door.ts";
import { fewCustomers, provideClaims, writeInPortal } from "./support/console-story.ts";
import { letter } from "./support/mails.ts";
import { makeHome, type Home } from "./support/program.ts";
import { pixReceipt } from "./support/proof-documents.ts";
import { startServer, type Server } from "./support/server.ts";

/** First load: what crosses the wire until the first page stands, compressed. */
const FIRST_LOAD_MAX = 500_000;

/** In the page: the text of what the palette's box names as chosen. */
const NAMED_BY_THE_BOX = `document.getElementById(document.querySelector("[role=combobox]").getAttribute("aria-activedescendant") ?? "")?.textContent ?? null`;

describe.skipIf(!CONSOLE_SEEN)("the console", () => {
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
    await enterFirst(page, server);
    await page.waitForLoadState("networkidle");
    expect(bytes).toBeLessThan(FIRST_LOAD_MAX);
    console.log(`first load: ${Math.round(bytes / 1000)} kB over the wire`);
  });

  it("finds a customer from anywhere by keys alone, and shows why its service is down", async () => {
    ({ telling } = await provideClaims(context, server.address));
    await page.keyboard.press("ControlOrMeta+k");
    await page.getByPlaceholder("Buscar").fill("sao jo");
    await page.getByRole("option", { name: /Padaria São José/u }).waitFor();
    await page.keyboard.press("ArrowDown");
    const spoken = (): Promise<string | null> => page.evaluate<string | null>(NAMED_BY_THE_BOX);
    await expect.poll(spoken, { message: "a screen reader is told the row that is chosen" }).toContain("Padaria São José");
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

  it("answers a customer's message from the case by suggested words made one's own, and ends another by a key", async () => {
    const visits = [];
    for (const [who, words] of [
      ["C3", "Obrigada, já recebi."],
      [telling, "Bom dia! Podem mandar o Pix?"],
    ] as const)
      visits.push(await writeInPortal(browser, home, server, who, words));
    const [other, first] = visits;
    await open(`/customers/${telling}`);
    await page.getByRole("link", { name: /^Uma mensagem espera resposta/u }).click();
    await page.getByRole("heading", { name: "Conversas" }).waitFor();
    await page.locator(".pill.fits", { hasText: "Como pagar" }).click();
    const box = page.getByLabel("Resposta", { exact: true });
    await expect.poll(() => box.inputValue(), PATIENT).toContain("R$ 59,90");
    await page.keyboard.press("Control+End");
    await page.keyboard.type("\n\nUm abraço da Ana.");
    await page.keyboard.press("Control+Enter");
    await page.getByText("Resposta na conversa do portal.").waitFor();
    await expect.poll(() => box.inputValue(), PATIENT).toBe("");
    await first?.goto(`${server.address}/portal/messages`);
    await first?.getByText("Um abraço da Ana.").waitFor();
    // The other one waits still; it is next by its key, and needs no answer.
    await page.keyboard.press("Escape");
    const list = page.getByRole("list", { name: "Conversas" });
    await expect.poll(() => list.getByText(/^espera desde/u).count(), PATIENT).toBe(1);
    await page.keyboard.press("k");
    await page.getByRole("link", { name: "Escola Aurora", exact: true }).waitFor();
    await page.keyboard.press("e");
    await page.getByText("A conversa já não espera por ninguém.").waitFor();
    await list.getByText(/^espera desde/u).waitFor({ state: "detached" });
    for (const visit of [first, other]) await visit?.context().close();
  }, 90_000);

  it("shows a mail's rule and words, and takes its file as a payment proof that a person vouches for", async () => {
    const [at, from] = [Date.parse("2026-11-12T15:00:00Z"), "contato@aurora.example"];
    const paid = { amount: 5990, at, endToEndId: "E00000000202611121500abcdef00077", as: "pdf" as const };
    const bytes = await pixReceipt({ ...paid, payer: PAYER, receiver: RECEIVER });
    const files = [{ name: "pix.pdf", type: "application/pdf", bytes }];
    await home.pipe(await letter({ from, text: "Segue o comprovante de pagamento", files, at, signed: false }), "mail", "receive");
    await open("/conversations");
    await page.getByRole("list", { name: "Conversas" }).getByRole("link", { name: "Escola Aurora" }).click();
    await page.getByText("A regra e as palavras").click();
    await page.getByText("pt.paid.proof").waitFor();
    await page.getByRole("button", { name: "Tratar “pix.pdf” como comprovante" }).click();
    await page.getByText("“pix.pdf” é lido e analisado").waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole("button", { name: "Tratar como comprovante" }).click();
    await page.getByText("Comprovante da fatura 20412").waitFor();
    await page.getByRole("link", { name: "Ver o comprovante" }).first().click();
    await page.getByRole("heading", { name: "Comprovantes" }).waitFor();
    await page.getByRole("article", { name: "Escola Aurora" }).waitFor();
  }, 90_000);

  it("keeps the filters of a list under a name, opens them, renames and deletes them", async () => {
    await open("/customers?filter=suspended&search=padaria");
    await page.getByRole("button", { name: "Salvar estes filtros" }).click();
    await page.getByLabel("Nome da vista").fill("Padarias fora do ar");
    await page.keyboard.press("Enter");
    const views = page.getByRole("group", { name: "Vistas salvas" });
    await views.getByRole("link", { name: "Padarias fora do ar" }).waitFor();
    await open("/customers");
    await views.getByRole("link", { name: "Padarias fora do ar" }).click();
    await page.waitForURL(/search=padaria/u);
    expect(await axeFindings(page)).toEqual([]);
    await views.getByRole("button", { name: /^Renomear/u }).click();
    await page.getByLabel("Nome da vista").fill("Padarias");
    await page.keyboard.press("Enter");
    await views.getByRole("link", { name: "Padarias", exact: true }).waitFor();
    await views.getByRole("button", { name: /^Apagar/u }).click();
    await views.getByRole("button", { name: "Salvar estes filtros" }).waitFor();
    expect(new URL(page.url()).searchParams.get("search")).toBe("padaria");
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
      const bruno = { name: "Bruno Lima", email: "bruno@hospedagem.example", password: ANA.password };
      await enter(second.page, `${server.address}${path}`, bruno);
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
    const pages = [
      "/",
      "/customers",
      `/customers/${telling}`,
      "/claims",
      "/money",
      "/promises",
      "/conversations",
      "/ladder",
      "/reports",
      "/settings",
    ];
    const found: Record<string, unknown> = {};
    for (const [scheme, width] of [
      ["light", 1360],
      ["dark", 390],
    ] as const) {
      await turn(page, scheme);
      await page.setViewportSize({ width, height: 860 });
      for (const path of pages) {
        await open(path);
        await expect.poll(() => page.locator(".mantine-Skeleton-root").count(), PATIENT).toBe(0);
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

const PAYER = { name: "Escola Aurora", taxId: "***.982.247-**", institution: "Banco Exemplo" };
const RECEIVER = { name: "Hospedagem Exemplo Ltda", taxId: "12.345.678/0001-95", key: "pix@hospedagem.example" };

/** Whether nothing stands out at the side. */
function isNarrow(): boolean {
  const { document, innerWidth } = globalThis as unknown as { document: { documentElement: { scrollWidth: number } }; innerWidth: number };
  return document.documentElement.scrollWidth <= innerWidth;
}
