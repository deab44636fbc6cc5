// The two main stories with a keyboard alone, in a real Chromium: staff find a case, give more time, take its dossier and decide a claim; a
// suspended customer comes in by a code, pays by Pix and sees the service come back, asks for more time, and reaches the proof's file.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { axeFindings, openBrowser, openPage, type Watched } from "./support/browser.ts";
import { ANA, CONSOLE_SEEN, PATIENT, turn } from "./support/console-door.ts";
import { fewCustomers, provideClaims } from "./support/console-story.ts";
import { expectInHand, inHand, tab, tabAround, tabTo } from "./support/keyboard.ts";
import { makeHome, type Home } from "./support/program.ts";
import { startServer, type Server } from "./support/server.ts";

describe.skipIf(!CONSOLE_SEEN)("with a keyboard alone", () => {
  let home: Home;
  let server: Server;
  let browser: Browser;

  beforeAll(async () => {
    home = makeHome();
    await home.json("init", "--sandbox", "--empty", "--date", "2026-11-02");
    server = await startServer(home.data, ["--lang", "pt-BR", "serve", "--port", "0"]);
    await fewCustomers(home, server);
    browser = await openBrowser("pt-BR");
  }, 300_000);

  afterAll(async () => {
    await browser?.close();
    server?.kill("SIGTERM");
    await server?.ended;
    await home?.remove();
  });

  describe("a suspended customer", () => {
    let watched: Watched;
    let page: Page;

    beforeAll(async () => {
      watched = await openPage(browser, { viewport: { width: 390, height: 844 } });
      page = watched.page;
    });

    it("comes in by a code, pays by Pix, and sees the service come back while what is in hand stays there", async () => {
      await page.goto(`${server.address}/portal/sign-in`);
      await tabTo(page, "E-mail");
      await page.keyboard.type("contato@oficina.example");
      await page.keyboard.press("Enter");
      const told = await page.getByText(/O código é \d{6}/u).innerText();
      await tabTo(page, "Código de seis números");
      await page.keyboard.type(/\d{6}/u.exec(told)?.[0] ?? "");
      await page.keyboard.press("Enter");
      await page.locator(".amount").waitFor();
      expect(await page.locator(".state").innerText()).toBe("suspenso");
      await tabTo(page, "Copiar");
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name: "Copiado" }).first().waitFor();
      await tabTo(page, "Pagar agora (ensaio)");
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "Está tudo em dia." }).waitFor();
      await page.evaluate(() => Object.assign(globalThis, { stillTheSamePage: true }));
      await tabTo(page, "Mensagens");
      await page.getByText("O serviço está no ar de novo.").waitFor(PATIENT);
      expect(await page.locator(".state").innerText()).toBe("no ar");
      expect(await page.evaluate(() => "stillTheSamePage" in globalThis)).toBe(true);
      expect((await inHand(page)).text).toBe("Mensagens");
    }, 60_000);

    it("comes in by a message's link, goes past the page's head, asks for more time, reads why not, and goes on to what would help", async () => {
      const { url } = await home.json<{ url: string }>("portal", "link", "C3");
      await page.goto(`${server.address}${new URL(url).pathname}`);
      expect((await tab(page)).text).toBe("Ir para o conteúdo");
      await page.keyboard.press("Enter");
      expect((await expectInHand(page)).what).toBe("main#content");
      await tabTo(page, "Preciso de mais prazo");
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "Mais prazo" }).waitFor();
      await page.locator(".said li").first().waitFor();
      await tabTo(page, "Escrever para a equipe");
      await tabTo(page, "Ver como pagar");
      await page.keyboard.press("Enter");
      await page.locator(".amount").waitFor();
    }, 60_000);

    it("chooses the file of a payment proof and sends it", async () => {
      await page.goto(`${server.address}/portal/`);
      await tabTo(page, "Já paguei");
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "Já paguei" }).waitFor();
      const chooser = page.waitForEvent("filechooser");
      await tabTo(page, "Comprovante");
      await page.keyboard.press("Enter");
      await (await chooser).setFiles({ name: "nada.pdf", mimeType: "application/pdf", buffer: Buffer.from("no pdf at all") });
      await tabTo(page, "Enviar comprovante");
      await page.keyboard.press("Enter");
      await page.getByText("não é PDF, JPEG nem PNG").waitFor();
    }, 60_000);

    it("sees what is in hand on every page of the portal, forwards and backwards", async () => {
      for (const path of ["", "time", "proof", "leave", "backup", "terms", "messages", "sign-in"]) {
        await page.goto(`${server.address}/portal/${path}`);
        expect((await tabAround(page)).length, path).toBeGreaterThan(3);
        expect((await tabAround(page, "Shift+Tab")).length, path).toBeGreaterThan(3);
      }
      expect(watched.faults).toEqual([]);
    }, 120_000);
  });

  describe("staff", () => {
    let watched: Watched;
    let page: Page;
    const open = async (path: string): Promise<void> => {
      await page.goto(`${server.address}/console${path}`);
      await page.locator("h1").waitFor();
      await expect.poll(() => page.locator(".mantine-Skeleton-root").count(), PATIENT).toBe(0);
    };
    /** What is in hand, once the page has come to rest. */
    const held = async (text: string | RegExp): Promise<void> => {
      await expect.poll(async () => (await inHand(page)).text, PATIENT).toMatch(text);
    };

    beforeAll(async () => {
      watched = await openPage(browser);
      page = watched.page;
    });

    it("come in, and go past the places to the page", async () => {
      await page.goto(`${server.address}${String(server.greeting.console)}`);
      await held("Seu nome");
      await page.keyboard.type(ANA.name);
      await tabTo(page, "E-mail");
      await page.keyboard.type(ANA.email);
      await tabTo(page, "Senha");
      await page.keyboard.type(ANA.password);
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "Olá, Ana" }).waitFor();
      await expectInHand(page);
      await open("/");
      expect((await tab(page)).text).toBe("Ir para o conteúdo");
      await page.keyboard.press("Enter");
      expect((await expectInHand(page)).what).toBe("main#main");
      expect((await tab(page)).text).toContain("Em atraso");
      await page.keyboard.press("Alt+2");
      await page.getByRole("heading", { name: "Clientes" }).waitFor();
      expect((await expectInHand(page)).what).toBe("main#main");
    }, 60_000);

    it("find a case by the palette, give more time, and take its dossier with them", async () => {
      await open("/");
      await page.keyboard.press("ControlOrMeta+k");
      await held("Buscar");
      expect((await inHand(page)).dialog).toMatch(/^Buscar/u);
      await page.keyboard.press("Escape");
      await expectInHand(page);
      await page.keyboard.press("ControlOrMeta+k");
      await held("Buscar");
      await page.keyboard.type("sao jo");
      await page.getByRole("option", { name: /Padaria São José/u }).waitFor();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "Padaria São José" }).waitFor();
      await expect.poll(async () => (await inHand(page)).what, PATIENT).toBe("main#main");

      await tabTo(page, "Dar mais prazo");
      await page.keyboard.press("Enter");
      await page.getByText("O que isto muda").waitFor();
      for (const key of [...Array<"Tab">(9).fill("Tab"), ...Array<"Shift+Tab">(9).fill("Shift+Tab")])
        expect((await tab(page, key)).dialog).toBe("Dar mais prazo");
      await page.keyboard.press("Escape");
      await held("Dar mais prazo");
      await page.keyboard.press("Enter");
      await page.getByText("O que isto muda").waitFor();
      await tabTo(page, "Por que precisa de prazo");
      await page.keyboard.type("recebe no dia 28");
      await tabTo(page, "Motivo para passar por cima");
      await page.keyboard.type("cliente antigo");
      await tabTo(page, "Dar o prazo");
      await page.keyboard.press("Enter");
      await page.getByText(/recebe no dia 28/u).first().waitFor(); // prettier-ignore
      await expect.poll(async () => page.getByRole("dialog").count(), PATIENT).toBe(0);
      await held("Ações");

      await tabTo(page, "Dossiê");
      const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
      expect(download.suggestedFilename()).toBe("C1.pdf");
      await expectInHand(page);
    }, 90_000);

    it("decide two payment proofs, each by its key, and are led from one to the next", async () => {
      await provideClaims(page.context(), server.address);
      await open("/claims");
      const rows = page.getByRole("list", { name: "Comprovantes" }).getByRole("listitem");
      await expect.poll(() => rows.count(), PATIENT).toBe(2);
      await page.locator(".paper img").waitFor();
      await page.keyboard.press("a");
      await held("Motivo");
      await page.keyboard.press("Escape");
      await held("O banco confirma");
      await page.keyboard.press("a");
      await held("Motivo");
      await page.keyboard.type("Está no extrato de hoje.");
      await page.keyboard.press("ControlOrMeta+Enter");
      await expect.poll(() => rows.count(), PATIENT).toBe(1);
      const next = (await rows.first().innerText()).split("\n")[0] ?? "";
      await held(next);
      await page.keyboard.press("r");
      await held("Motivo");
      await tabTo(page, "Confirmar");
      await page.keyboard.press("Enter");
      await expect.poll(() => rows.count(), PATIENT).toBe(0);
      await expectInHand(page);
    }, 90_000);

    it("switch single letters off, which then open nothing, and on again", async () => {
      const pressSlashOnceTurned = async (): Promise<void> => {
        await open("/settings");
        await tabTo(page, "Instalação");
        await page.keyboard.press("ArrowLeft");
        await tabTo(page, "Letras sozinhas agem");
        await page.keyboard.press("Space");
        await open("/customers");
        await page.getByRole("heading", { name: "Clientes" }).waitFor();
        await page.keyboard.press("/");
      };
      await pressSlashOnceTurned();
      await page.keyboard.press("Alt+2");
      expect(await page.getByRole("dialog").count()).toBe(0);
      await pressSlashOnceTurned();
      await page.getByRole("dialog").waitFor();
      await page.keyboard.press("Escape");
    }, 60_000);

    it("open whatever opens over a page by keys, find no barrier there, light or dark, and are given back where they were", async () => {
      const found: string[] = [];
      const look = async (name: string): Promise<void> => {
        for (const colorScheme of ["light", "dark"] as const) {
          await turn(page, colorScheme);
          for (const finding of await axeFindings(page)) found.push(`${name}, ${colorScheme}: ${finding}`);
        }
      };
      const over = page.getByRole("dialog").or(page.getByRole("menu"));
      const leaves = async (opener: string): Promise<void> => {
        await page.keyboard.press("Escape");
        await expect.poll(() => over.count(), PATIENT).toBe(0);
        await held(opener);
      };
      await open("/");
      await tabTo(page, "Ana Ribeiro");
      await page.keyboard.press("Enter");
      await held(/^English$/u);
      await page.keyboard.press("ArrowDown");
      await held("Tema");
      await look("account");
      await leaves("Ana Ribeiro");
      await tabTo(page, "Buscar");
      await page.keyboard.press("Enter");
      await held("Buscar");
      await look("palette");
      for (const text of ["escola", " que ninguém tem"]) {
        await page.keyboard.type(text);
        await page.getByText(text === "escola" ? "Escola Aurora" : "Nada com esse começo").first().waitFor(); // prettier-ignore
        await look(`palette with “${text}”`);
      }
      await leaves("Buscar");
      await open("/customers/C3");
      const acts = await page.locator(".acts button").allInnerTexts();
      expect(acts.length).toBeGreaterThan(3);
      for (const act of acts) {
        await tabTo(page, act);
        await page.keyboard.press("Enter");
        await expect.poll(async () => (await inHand(page)).dialog, PATIENT).toBe(act);
        await expect.poll(() => page.locator(".mantine-Skeleton-root").count(), PATIENT).toBe(0);
        await look(act);
        await leaves(act);
      }
      await page.setViewportSize({ width: 390, height: 844 });
      await open("/");
      await tabTo(page, "Mais");
      await page.keyboard.press("Enter");
      await over.waitFor();
      await look("more");
      await leaves("Mais");
      expect(found).toEqual([]);
    }, 240_000);

    it("see what is in hand on every page, forwards on a desk and backwards on a narrow screen", async () => {
      for (const path of [
        "/",
        "/customers",
        "/customers/C3",
        "/claims",
        "/money",
        "/promises",
        "/conversations",
        "/ladder",
        "/reports",
        "/settings",
      ]) {
        await page.setViewportSize({ width: 1360, height: 900 });
        await open(path);
        expect((await tabAround(page)).length, path).toBeGreaterThan(8);
        await page.setViewportSize({ width: 390, height: 844 });
        expect((await tabAround(page, "Shift+Tab")).length, path).toBeGreaterThan(5);
      }
      expect(watched.faults).toEqual([]);
    }, 240_000);
  });
});
