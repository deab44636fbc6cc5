// Webhooks in a real browser on a real server: added, tried, heard of a fact that a person makes true, and removed; each on record.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Browser, Page } from "playwright-core";
import { axeFindings, openBrowser, openPage, type Watched } from "./support/browser.ts";
import { CONSOLE_SEEN, enterFirst } from "./support/console-door.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";
import { makeHome, type Home } from "./support/program.ts";
import { startServer, type Server } from "./support/server.ts";
import { aReceiver, type Receiver } from "./support/webhooks.ts";

describe.skipIf(!CONSOLE_SEEN)("webhooks in the console", () => {
  let data: TestDatabase;
  let home: Home;
  let server: Server;
  let browser: Browser;
  let watched: Watched;
  let page: Page;
  let receiver: Receiver;

  beforeAll(async () => {
    data = await freshDatabase();
    home = makeHome({ DATABASE_URL: data.url });
    receiver = await aReceiver();
    await home.json("init", "--sandbox", "--empty", "--date", "2026-11-02");
    server = await startServer(home.data, ["--lang", "pt-BR", "serve", "--port", "0"], { DATABASE_URL: data.url });
    browser = await openBrowser();
    watched = await openPage(browser);
    page = watched.page;
    await enterFirst(page, server);
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    server?.kill("SIGTERM");
    await server?.ended;
    await receiver?.server.close();
    await home?.remove();
    await data?.drop();
  });

  it("are added with a secret that appears once, tried, and hear of what a person does a moment later", { timeout: 90_000 }, async () => {
    await page.goto(`${server.address}/console/settings`);
    await page.getByRole("button", { name: "Testar agora" }).last().click();
    await page.getByText("Funciona.").waitFor();
    await page.getByRole("tab", { name: "Webhooks" }).click();
    await page.getByText("Nenhum outro sistema é avisado ainda.").waitFor();
    await page.getByLabel("Nome").fill("central");
    await page.getByLabel("Endereço").fill("https://hooks.example.com/regua");
    await page.getByRole("button", { name: "Acrescentar" }).click();
    // In the sandbox nothing leaves this machine: refused, with what to do.
    await page.getByText("127.0.0.1:3000").waitFor();
    await page.getByLabel("Endereço").fill(receiver.url);
    await page.getByRole("button", { name: "Acrescentar" }).click();
    await page.getByText("O segredo de central aparece só desta vez:").waitFor();
    receiver.secrets = [(await page.locator("code", { hasText: "whsec_" }).textContent())?.trim() ?? ""];
    await page.getByRole("button", { name: "Enviar um teste" }).click();
    await page.getByText("Foi aceito:").waitFor();
    expect(receiver.types()).toEqual(["webhook.test"]);
    expect(await axeFindings(page)).toEqual([]);

    const acted = await page.context().request.post(`${server.address}/admin/customers`, {
      headers: { origin: server.address, "idempotency-key": "um" },
      data: { ref: "C-1", name: "Padaria São José", email: "padaria@cliente.example", lang: "pt-BR" },
    });
    expect(acted.status()).toBe(201);
    const issued = await page.context().request.post(`${server.address}/admin/customers/C-1/invoices`, {
      headers: { origin: server.address, "idempotency-key": "dois" },
      data: { ref: "F-1", amountCents: 2990, currency: "BRL", dueOn: "2026-11-20" },
    });
    expect(issued.status()).toBe(201);
    await expect.poll(() => receiver.types(), { timeout: 30_000 }).toEqual(["webhook.test", "invoice.issued"]);
    expect(receiver.heard[1]?.data).toMatchObject({ customer: "C-1", invoice: "F-1", amountCents: 2990 });
    expect(receiver.forged).toBe(0);

    await page.getByRole("button", { name: "Remover" }).click();
    await page.getByText("Parar de avisar?").waitFor();
    await page.getByRole("button", { name: "Remover" }).click();
    await page.getByText("Nenhum outro sistema é avisado ainda.").waitFor();

    await page.getByRole("tab", { name: "Registro" }).click();
    await page.getByText(/^Webhook central removido/u).waitFor();
    // From the first policy and the server's own link on, newest first.
    expect(await page.getByRole("list", { name: "Registro" }).getByRole("listitem").allTextContents()).toEqual(
      [
        /^Webhook central removido/u,
        /^Webhook central acrescentado/u,
        / entrou com o papel “responsável”/u,
        /^Convite para quem receber/u,
        /^Política /u,
      ].map((sentence) => expect.stringMatching(sentence) as string),
    );
    expect(await axeFindings(page)).toEqual([]);
    expect(watched.faults).toEqual([]);
  });
});
