// What the portal's pages cost on a phone: real Chromium as a middling phone on a slow 4G, and the sizes of what is loaded: `npm run phone`.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, CDPSession } from "playwright-core";
import { openBrowser } from "../test/support/browser.ts";
import { startServer } from "../test/support/server.ts";
import { openAs, setStage, type Stage } from "./screenshot-stage.ts";
import { PORTAL } from "./screenshot-pages.ts";

/** Lighthouse's own phone: 1.6 Mbit/s down, 750 kbit/s up, 150 ms there and back, a processor four times slower. */
const NETWORK = { offline: false, latency: 150, downloadThroughput: (1_638 * 1024) / 8, uploadThroughput: (750 * 1024) / 8 };
const SLOWER = 4;
const ROUNDS = 3;

interface Figures {
  fcp: number;
  lcp: number;
  cls: number;
  /** What tasks longer than 50 ms took above that. */
  tbt: number;
  kB: number;
  requests: number;
}

const OBSERVE = `(() => {
  globalThis.figures = { fcp: 0, lcp: 0, cls: 0, tbt: 0 };
  const seen = (type, each) => new PerformanceObserver((list) => list.getEntries().forEach(each)).observe({ type, buffered: true });
  seen("paint", (entry) => { if (entry.name === "first-contentful-paint") figures.fcp = entry.startTime; });
  seen("largest-contentful-paint", (entry) => { figures.lcp = entry.startTime; });
  seen("layout-shift", (entry) => { if (!entry.hadRecentInput) figures.cls += entry.value; });
  seen("longtask", (entry) => { figures.tbt += Math.max(0, entry.duration - 50); });
})()`;

async function measure(browser: Browser, stage: Stage, who: "customer" | "staff" | "nobody", path: string): Promise<Figures> {
  const page = await openAs(browser, stage, who, "pt-BR", { viewport: { width: 390, height: 844 }, deviceScaleFactor: 3, isMobile: true });
  await page.addInitScript(OBSERVE);
  const session: CDPSession = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.setCacheDisabled", { cacheDisabled: true });
  await session.send("Network.emulateNetworkConditions", NETWORK);
  await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
  let bytes = 0;
  let requests = 0;
  session.on("Network.loadingFinished", (event) => {
    bytes += event.encodedDataLength;
    requests += 1;
  });
  await page.goto(`${stage.address}${Object.entries(stage.names).reduce((text, [name, value]) => text.replace(name, value), path)}`);
  await page.waitForLoadState("networkidle");
  await page.waitForTimeout(500);
  const found = await page.evaluate<Pick<Figures, "fcp" | "lcp" | "cls" | "tbt">>("figures");
  await page.context().close();
  return { ...found, kB: bytes / 1000, requests };
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

const data = mkdtempSync(join(tmpdir(), "regua-phone-"));
const browser = await openBrowser("pt-BR");
try {
  const server = await startServer(join(data, "regua"), ["--lang", "pt-BR", "start", "--port", "0"]);
  try {
    const stage = await setStage(server);
    console.log("| page | FCP ms | LCP ms | CLS | TBT ms | kB | requests |\n|---|---|---|---|---|---|---|");
    const pages = [
      ...PORTAL.map(({ name, path }) => ({ name, path, who: name === "portal-sign-in" ? ("nobody" as const) : ("customer" as const) })),
      { name: "console, sign-in", path: "/console/sign-in", who: "nobody" as const },
      { name: "console, today", path: "/console/", who: "staff" as const },
    ];
    for (const { name, path, who } of pages) {
      const rounds: Figures[] = [];
      for (let i = 0; i < ROUNDS; i += 1) rounds.push(await measure(browser, stage, who, path));
      const of = (key: keyof Figures): number => median(rounds.map((round) => round[key]));
      console.log(`| ${[name, Math.round(of("fcp")), Math.round(of("lcp")), of("cls").toFixed(3), Math.round(of("tbt")), of("kB").toFixed(1), of("requests")].join(" | ")} |`); // prettier-ignore
    }
  } finally {
    server.kill("SIGTERM");
    await server.ended;
  }
} finally {
  await browser.close();
  rmSync(data, { recursive: true, force: true });
}
