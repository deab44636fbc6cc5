// What tests of the console in a browser share: whether it can be looked at here, patience, and how somebody comes in by a one-time link.
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { CHROMIUM } from "./browser.ts";
import type { Server } from "./server.ts";

const BUILT = existsSync(join(import.meta.dirname, "../../web/dist/index.html"));
if (CHROMIUM === null) console.warn("skipped: no Chromium on this machine (apt-get install chromium)");
if (!BUILT) console.warn("skipped: the console's pages are not built (npm run build:web)");

/** It takes a browser, and its built pages. */
export const CONSOLE_SEEN = CHROMIUM !== null && BUILT;

/** A machine that does other things besides is slow, and not wrong. */
export const PATIENT = { timeout: 15_000 };

export const ANA = { name: "Ana Ribeiro", email: "ana@hospedagem.example", password: "quatro palavras bem simples" };

/** The first person comes in by the link that the server printed. */
export async function enterFirst(page: Page, { address, greeting }: Server): Promise<void> {
  await enter(page, `${address}${String(greeting.console)}`, ANA);
}

/** Somebody comes in by a one-time link. */
export async function enter(page: Page, link: string, { name, email, password }: typeof ANA): Promise<void> {
  await page.goto(link);
  await page.getByLabel("Seu nome").fill(name);
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Senha").fill(password);
  await page.getByRole("button", { name: "Criar meu acesso" }).click();
  await page.getByRole("heading", { name: `Olá, ${name.split(" ")[0] ?? name}` }).waitFor();
}

/** Turns a page of the console light or dark, and waits until it stands so: it hears of the change a moment later, and colours take time. */
export async function turn(page: Page, colorScheme: "light" | "dark"): Promise<void> {
  await page.emulateMedia({ colorScheme });
  const stands = `document.documentElement.dataset.mantineColorScheme === "${colorScheme}" && document.getAnimations().every((each) => each.playState !== "running")`;
  await expect.poll(() => page.evaluate<boolean>(stands), PATIENT).toBe(true);
}
