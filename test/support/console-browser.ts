// A real Chromium on the console of a real server: one browser for a file's tests, and what every page of it must hold.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** The machine's own browser; null where there is none. */
export const CHROMIUM = PLACES.find((path) => existsSync(path)) ?? null;

export async function openBrowser(): Promise<Browser> {
  if (CHROMIUM === null) throw new Error("no Chromium here");
  return chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-dev-shm-usage", "--force-prefers-reduced-motion"] });
}

export interface Watched {
  page: Page;
  /** Errors of the page, and whatever its own security policy blocked. */
  faults: string[];
}

export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<Watched> {
  const context = await browser.newContext({ viewport: { width: 1360, height: 900 }, locale: "pt-BR", ...options });
  // Put in by the browser's own tools, so that the page's policy need not let it in.
  await context.addInitScript(AXE);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => {
    // A refusal is part of the stories; the browser tells of each.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) faults.push(message.text());
  });
  return { page, faults };
}

/** The rules that a page is judged by. */
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export interface Barrier {
  id: string;
  impact: string;
  nodes: string[];
}

interface Axe {
  run(where: unknown, options: unknown): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>;
}

/** What keeps people out of the page as it stands, serious and critical, by WCAG 2.2 AA. */
export async function barriers(page: Page): Promise<Barrier[]> {
  return page.evaluate(async () => {
    const { axe, document } = globalThis as unknown as { axe: Axe; document: unknown };
    const values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
    const found = await axe.run(document, { runOnly: { type: "tag", values } });
    return found.violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.map((node) => node.html.slice(0, 200)) }));
  });
}
