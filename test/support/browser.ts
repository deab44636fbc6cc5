// The machine's own Chromium, driven as a person would: one browser for a file's tests, watched pages, and what axe finds wrong on them.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Null where the machine has none: the tests that need one say that they were skipped. */
export const CHROMIUM = PLACES.find((path) => existsSync(path)) ?? null;

/** As root a browser has no sandbox of its own; what it opens here is ours. `lang`: of its own words, such as a date field's. */
export async function openBrowser(lang = "en"): Promise<Browser> {
  if (CHROMIUM === null) throw new Error("no Chromium here");
  return chromium.launch({
    executablePath: CHROMIUM,
    args: ["--no-sandbox", "--disable-dev-shm-usage", `--lang=${lang}`],
    env: { ...process.env, LANGUAGE: lang },
  });
}

export interface Watched {
  page: Page;
  /** Errors of the page, and whatever its own security policy blocked. */
  faults: string[];
}

/** A page of a context of its own, on a desk unless the options say otherwise. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<Watched> {
  // Stillness is asked for here, since a context overrides the browser's own flag: a panel that fades in has too little contrast meanwhile.
  const still = { reducedMotion: "reduce" } as const;
  const context = await browser.newContext({ viewport: { width: 1360, height: 900 }, locale: "pt-BR", ...still, ...options });
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

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/**
 * What is serious or critical, one line each: the rule, and where. A page that `openPage` did not open must not stop the checker by its own
 * policy (`bypassCSP`).
 */
export async function axeFindings(page: Page): Promise<string[]> {
  if (!(await page.evaluate<boolean>("'axe' in globalThis"))) await page.evaluate(AXE);
  const options = JSON.stringify({ runOnly: { type: "tag", values: TAGS } });
  const { violations } = await page.evaluate<AxeResult>(`axe.run(document, ${options})`);
  const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  return grave.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}

interface AxeResult {
  violations: { id: string; impact: string | null; nodes: { html: string }[] }[];
}
