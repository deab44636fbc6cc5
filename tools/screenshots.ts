// Pictures of every page of the console, in both languages, light and dark, on a desk and on a phone: `npm run screenshots -- FOLDER`.
// They are of the sample provider, as `npm start` shows it. `--address URL --link PATH` takes a server that is there already.
import { mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { openBrowser } from "../test/support/browser.ts";
import { startServer } from "../test/support/server.ts";
import { provideClaims } from "../test/support/console-story.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    address: { type: "string" },
    link: { type: "string" },
    email: { type: "string", default: "ana@hospedagem.example" },
    password: { type: "string", default: "quatro palavras bem simples" },
    only: { type: "string" },
  },
});
const folder = resolve(positionals[0] ?? "screenshots");
const data = join(folder, ".data");

const PAGES: readonly { name: string; path: string; ready?: (page: Page) => Promise<void> }[] = [
  { name: "today", path: "/" },
  { name: "customers", path: "/customers?filter=late" },
  { name: "customers-search", path: "/customers?search=cl" },
  { name: "case", path: "/customers/:telling" },
  { name: "case-letters", path: "/customers/:telling", ready: async (page) => page.getByRole("tab").nth(1).click() },
  { name: "case-books", path: "/customers/:telling", ready: async (page) => page.getByRole("tab").nth(2).click() },
  { name: "case-act", path: "/customers/:telling", ready: async (page) => page.locator(".acts button").first().click() },
  { name: "claims", path: "/claims" },
  { name: "money", path: "/money" },
  { name: "promises", path: "/promises" },
  { name: "ladder", path: "/ladder" },
  { name: "ladder-texts", path: "/ladder", ready: async (page) => page.getByRole("tab").nth(1).click() },
  { name: "ladder-rules", path: "/ladder", ready: async (page) => page.getByRole("tab").nth(2).click() },
  { name: "reports", path: "/reports" },
  { name: "settings", path: "/settings" },
  { name: "settings-team", path: "/settings", ready: async (page) => page.getByRole("tab").nth(1).click() },
  { name: "settings-mine", path: "/settings", ready: async (page) => page.getByRole("tab").nth(3).click() },
  { name: "palette", path: "/", ready: async (page) => findAnything(page) },
];

async function findAnything(page: Page): Promise<void> {
  await page.keyboard.press("ControlOrMeta+k");
  await page.getByRole("textbox").last().fill("es");
}

const SIZES = { desk: { width: 1360, height: 860 }, phone: { width: 390, height: 844 } } as const;

async function signIn(context: BrowserContext, address: string, link: string | null): Promise<void> {
  const page = await context.newPage();
  if (link === null) {
    await page.goto(`${address}/console/sign-in`);
    await page.locator("input[type=email]").fill(values.email);
    await page.locator("input[type=password]").fill(values.password);
  } else {
    await page.goto(`${address}${link}`);
    await page.locator("input").nth(0).fill("Ana Ribeiro");
    await page.locator("input[type=email]").fill(values.email);
    await page.locator("input[type=password]").fill(values.password);
  }
  await page.locator("button[type=submit]").click();
  await page.locator("h1").waitFor();
  await page.waitForURL(`${address}/console/`);
  await page.close();
}

async function shoot(browser: Browser, address: string, link: string | null): Promise<void> {
  const first = await browser.newContext();
  await signIn(first, address, link);
  const state = await first.storageState();
  const { telling } = await provideClaims(first, address);
  await first.close();
  for (const lang of ["pt-BR", "en"] as const)
    for (const scheme of ["light", "dark"] as const)
      for (const [size, viewport] of Object.entries(SIZES)) {
        const set = `${size}-${lang}-${scheme}`;
        if (values.only && !set.includes(values.only)) continue;
        const context = await browser.newContext({
          storageState: state,
          viewport,
          colorScheme: scheme,
          locale: lang,
          deviceScaleFactor: 1,
        });
        await context.addInitScript(`localStorage.setItem("regua.lang", ${JSON.stringify(lang)})`);
        const page = await context.newPage();
        for (const { name, path, ready } of PAGES) {
          await page.goto(`${address}/console${path.replace(":telling", telling)}`);
          await page.locator("h1").waitFor();
          await page.waitForLoadState("networkidle");
          await ready?.(page);
          await page.waitForLoadState("networkidle");
          await page.waitForTimeout(250);
          await page.screenshot({ path: join(folder, `${name}-${set}.png`) });
        }
        await context.close();
        console.log(set);
      }
}

mkdirSync(folder, { recursive: true });
const browser = await openBrowser();
try {
  if (values.address !== undefined) await shoot(browser, values.address, values.link ?? null);
  else {
    const server = await startServer(data, ["--lang", "pt-BR", "start", "--port", "0"]);
    try {
      await shoot(browser, server.address, String(server.greeting.console));
    } finally {
      server.kill("SIGTERM");
      await server.ended;
      rmSync(data, { recursive: true, force: true });
    }
  }
} finally {
  await browser.close();
}
console.log(folder);
