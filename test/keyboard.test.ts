// The two main stories with a keyboard alone, in a real Chromium: staff find a case, give more time and export it; a customer pays by Pix.
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CHROMIUM, openBrowser, openPage } from "./support/browser.ts";
import { makeHome, type Home } from "./support/program.ts";
import { startServer, type Server } from "./support/server.ts";

const BUILT = existsSync(join(import.meta.dirname, "../web/dist/index.html"));
if (CHROMIUM === null) console.warn("skipped: no Chromium on this machine (apt-get install chromium)");
if (!BUILT) console.warn("skipped: the console's pages are not built (npm run build:web)");

/** Run in the page, whose names are not known here: what is in hand, and whether that is seen. */
const FOCUS = `(() => {
  const node = document.activeElement;
  if (node === null || node === document.body) return { text: "", seen: true };
  const label = node.labels?.[0]?.textContent ?? node.getAttribute("aria-label") ?? "";
  // A field of text shows its caret.
  const seen = getComputedStyle(node).outlineStyle !== "none" || node.matches("input:not([type=checkbox], [type=radio]), textarea");
  return { text: label + " " + (node.textContent ?? ""), seen };
})()`;

/** Goes on by Tab until something called so is in hand. */
async function tabTo(page: Page, text: string): Promise<void> {
  for (let i = 0; i < 60; i += 1) {
    await page.keyboard.press("Tab");
    const focus = await page.evaluate<{ text: string; seen: boolean }>(FOCUS);
    expect(focus.seen, `focus on “${focus.text.slice(0, 40)}”`).toBe(true);
    if (focus.text.includes(text)) return;
  }
  throw new Error(`“${text}” is not reached by Tab`);
}

describe.skipIf(CHROMIUM === null || !BUILT)("with a keyboard alone", () => {
  let home: Home;
  let server: Server;
  let browser: Browser;

  beforeAll(async () => {
    home = makeHome();
    server = await startServer(home.data, ["--lang", "pt-BR", "start", "--port", "0"]);
    browser = await openBrowser("pt-BR");
  }, 300_000);

  afterAll(async () => {
    await browser?.close();
    server?.kill("SIGTERM");
    await server?.ended;
    await home?.remove();
  });

  it("staff come in, find a case, give more time, see the promise in its story, and take the dossier with them", async () => {
    const { page, faults } = await openPage(browser);
    await page.goto(`${server.address}${String(server.greeting.console)}`);
    await tabTo(page, "Seu nome");
    await page.keyboard.type("Ana Ribeiro");
    await tabTo(page, "E-mail");
    await page.keyboard.type("ana@hospedagem.example");
    await tabTo(page, "Senha");
    await page.keyboard.type("quatro palavras bem simples");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Olá, Ana" }).waitFor();

    await page.keyboard.press("ControlOrMeta+k");
    await page.waitForFunction("document.activeElement?.matches('[placeholder^=Buscar]')");
    await page.keyboard.type("festa na laje");
    await page.getByRole("button", { name: /Festa na Laje/u }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Festa na Laje Ingressos" }).waitFor();

    await tabTo(page, "Dar mais prazo");
    await page.keyboard.press("Enter");
    await page.getByText("O que isto muda").waitFor();
    await tabTo(page, "Por que precisa de prazo");
    await page.keyboard.type("recebe no dia 28");
    await tabTo(page, "Dar o prazo");
    await page.keyboard.press("Enter");
    await page
      .getByText(/mais prazo, até .*: recebe no dia 28/u)
      .first()
      .waitFor();

    const download = page.waitForEvent("download");
    await tabTo(page, "Baixar o dossiê");
    await page.keyboard.press("Enter");
    expect((await download).suggestedFilename()).toContain("C1049");
    expect(faults).toEqual([]);
    await page.context().close();
  }, 120_000);

  it("a customer opens the link, pays by Pix, and reads that the service comes back", async () => {
    const { page, faults } = await openPage(browser, { viewport: { width: 390, height: 844 } });
    await page.goto((server.greeting.portal as { url: string }).url);
    const amount = await page.locator(".amount").innerText();
    await tabTo(page, "Copiar código Pix");
    await page.keyboard.press("Enter");
    await tabTo(page, "Pagar agora (ensaio)");
    await page.keyboard.press("Enter");
    await page.waitForFunction(`document.querySelector(".amount")?.innerText !== ${JSON.stringify(amount)}`);
    expect(faults).toEqual([]);
    await page.context().close();
  }, 120_000);
});
