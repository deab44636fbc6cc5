// One act on many customers in a real browser on a real server: chosen by keys and by mouse, foreseen, done, looked at again and undone.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Browser, Locator, Page } from "playwright-core";
import { axeFindings, openBrowser, openPage, type Watched } from "./support/browser.ts";
import { CONSOLE_SEEN, enterFirst, PATIENT } from "./support/console-door.ts";
import { fewCustomers } from "./support/console-story.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";
import { makeHome, type Home } from "./support/program.ts";
import { startServer, type Server } from "./support/server.ts";

describe.skipIf(!CONSOLE_SEEN)("many customers at once, in the console", () => {
  let data: TestDatabase;
  let home: Home;
  let server: Server;
  let browser: Browser;
  let watched: Watched;
  let page: Page;
  const bar = (): Locator => page.getByRole("group", { name: "Ações para os clientes escolhidos" });
  const box = (name: string): Locator => page.getByRole("checkbox", { name: new RegExp(`^Escolher ${name}`, "u") });
  const panel = (): Locator => page.getByRole("dialog");

  beforeAll(async () => {
    data = await freshDatabase();
    home = makeHome({ DATABASE_URL: data.url });
    await home.json("init", "--sandbox", "--empty", "--date", "2026-11-02");
    server = await startServer(home.data, ["--lang", "pt-BR", "serve", "--port", "0"], { DATABASE_URL: data.url });
    await fewCustomers(home, server);
    browser = await openBrowser();
    watched = await openPage(browser);
    page = watched.page;
    await enterFirst(page, server);
  }, 180_000);

  afterAll(async () => {
    await browser?.close();
    server?.kill("SIGTERM");
    await server?.ended;
    await home?.remove();
    await data?.drop();
  });

  it("are chosen by keys alone, a range by Shift and an arrow; and stay chosen under another filter", { timeout: 60_000 }, async () => {
    await page.goto(`${server.address}/console/customers?filter=owing`);
    await box("Padaria").focus();
    await page.keyboard.press("Space");
    await bar().getByText("1 cliente escolhido", { exact: true }).waitFor();
    await page.keyboard.press("Shift+ArrowDown");
    await page.keyboard.press("Shift+ArrowDown");
    await bar().getByText("3 clientes escolhidos", { exact: true }).waitFor();
    expect(await page.locator("input:focus").getAttribute("aria-label")).toMatch(/Escola/u);
    await page.keyboard.press("Space");
    await bar().getByText("2 clientes escolhidos", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Com promessa" }).click();
    await page.getByText("Ninguém neste filtro.").waitFor();
    await bar().getByText("2 fora desta lista").waitFor();
    await page.getByRole("button", { name: "Com fatura aberta" }).click();
    await box("Padaria").waitFor();
    expect(await page.getByRole("checkbox", { checked: true }).count()).toBe(2);
    expect(await axeFindings(page)).toEqual([]);
  });

  it(
    "are given a hold that was foreseen for each, services back included, and then undone by one button",
    { timeout: 90_000 },
    async () => {
      await page.getByRole("checkbox", { name: "Escolher os 3 mostrados" }).click();
      await bar().getByRole("button", { name: "Colocar um bloqueio" }).click();
      await panel().getByText("O que muda para 3 clientes").waitFor(PATIENT);
      // Two of them are down, and come back with it.
      expect(
        await panel()
          .getByText(/^volta: /u)
          .count(),
      ).toBe(2);
      const go = panel().getByRole("button", { name: "Colocar em 3 clientes" });
      expect(await go.isDisabled()).toBe(true);
      expect(await axeFindings(page)).toEqual([]);
      await panel().getByLabel("Motivo").fill("Enchente em Blumenau");
      await go.click();
      await panel().getByText("Bloqueio colocado em 3 clientes").waitFor(PATIENT);
      expect(await axeFindings(page)).toEqual([]);
      await page.keyboard.press("Escape");
      // Somebody lifts one of them meanwhile, on the customer's own page; its evidence says that it was one act on three.
      await page.getByRole("link", { name: /Escola Aurora/u }).click();
      await page.getByText("bloqueio colocado: Enchente em Blumenau · um ato para 3 clientes").waitFor(PATIENT);
      await page.getByRole("button", { name: "Retirar um bloqueio" }).click();
      await panel().locator("textarea").first().fill("Não é de Blumenau");
      await panel().getByRole("button", { name: "Retirar", exact: true }).click();
      await panel().waitFor({ state: "detached" });
      await page.goBack();
      await bar().getByRole("button", { name: "Último resultado" }).click();
      await panel().getByRole("button", { name: "Desfazer para 3 clientes" }).click();
      await panel().getByText("Desfeito para 2 clientes").waitFor(PATIENT);
      await panel().getByText("Aconteceu outra coisa desde então (bloqueio retirado), e o bloqueio fica.").waitFor();
      expect(await axeFindings(page)).toEqual([]);
      await page.keyboard.press("Escape");
    },
  );

  it("stay as they are where the rules refuse, with what would change that, on a phone too", { timeout: 60_000 }, async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${server.address}/console/customers?filter=owing`);
    await page.getByRole("checkbox", { name: "Escolher os 3 mostrados" }).click();
    await bar().getByRole("button", { name: "Retirar um bloqueio" }).click();
    await panel().getByText("3 ficam como estão").waitFor(PATIENT);
    expect(await panel().getByText("Não há bloqueio de cobrança deste tipo (decisão da equipe).").count()).toBe(3);
    expect(await panel().getByRole("button", { name: "Nada a fazer" }).isDisabled()).toBe(true);
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press("Escape");
    const [foot, nav] = [await bar().boundingBox(), await page.locator(".bottom").boundingBox()];
    expect((foot?.y ?? 0) + (foot?.height ?? 0), "the bar stands above the places at the foot").toBeLessThanOrEqual(nav?.y ?? 0);
    expect(watched.faults).toEqual([]);
  });
});
