// What a page costs on a phone: `npm run phone` opens the portal's pages, and the console's first two, as a middling phone on a slow 4G would,
// each time with nothing kept, and prints the medians as a table for docs/portal.md.
import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import type { Browser } from "playwright-core";
import { openBrowser } from "../test/support/browser.ts";
import { makeHome } from "../test/support/program.ts";
import { startServer } from "../test/support/server.ts";
import { PORTAL } from "./screenshot-pages.ts";
import { addressOf, openAs, setStage, type Stage } from "./screenshot-stage.ts";

const { values } = parseArgs({
  options: {
    /** Loads of each page; the figure is the median. */
    rounds: { type: "string", default: "3" },
    /** Only pages whose name begins so. */
    page: { type: "string", default: "" },
  },
});

/**
 * Lighthouse's slow 4G: 150 ms there and back, 1.6 Mbit/s down, 750 kbit/s up, a processor four times slower. The browser's tools hold back
 * requests, not packets: Lighthouse takes 3.75 times the latency and 0.9 of the rates for them, and so do we (github.com/GoogleChrome/lighthouse,
 * docs/throttling.md).
 */
const NETWORK = {
  offline: false,
  latency: 150 * 3.75,
  downloadThroughput: (1.6 * 1024 * 1024 * 0.9) / 8,
  uploadThroughput: (750 * 1024 * 0.9) / 8,
};
const SLOWER = 4;
const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };

/** Of a first load, compressed, the document and its data included. */
const BOUNDS_KB = { portal: 250, console: 500 } as const;

interface Figures {
  /** Milliseconds until something, and the largest thing, is drawn. */
  fcp: number;
  lcp: number;
  /** What moved after it was drawn, as the browser weighs it. */
  cls: number;
  /** What tasks longer than 50 ms took above that. */
  tbt: number;
  kB: number;
  requests: number;
}

const OBSERVE = `(() => {
  const figures = (globalThis.figures = { fcp: 0, lcp: 0, cls: 0, tbt: 0 });
  const seen = (type, each) => new PerformanceObserver((list) => list.getEntries().forEach(each)).observe({ type, buffered: true });
  seen("paint", (entry) => { if (entry.name === "first-contentful-paint") figures.fcp = entry.startTime; });
  seen("largest-contentful-paint", (entry) => { figures.lcp = entry.startTime; });
  seen("layout-shift", (entry) => { if (!entry.hadRecentInput) figures.cls += entry.value; });
  seen("longtask", (entry) => { figures.tbt += entry.duration - 50; });
})()`;

interface Subject {
  name: string;
  path: string;
  who: keyof Stage["states"];
  of: keyof typeof BOUNDS_KB;
}

const SUBJECTS: readonly Subject[] = [
  ...PORTAL.map(({ name, path }): Subject => ({ name, path, who: name === "portal-sign-in" ? "nobody" : "customer", of: "portal" })),
  { name: "console-sign-in", path: "/console/sign-in", who: "nobody", of: "console" },
  { name: "console-today", path: "/console/", who: "staff", of: "console" },
];

async function load(browser: Browser, stage: Stage, { path, who }: Subject): Promise<Figures> {
  const page = await openAs(browser, stage, who, "pt-BR", PHONE);
  await page.addInitScript(OBSERVE);
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.setCacheDisabled", { cacheDisabled: true });
  await session.send("Network.emulateNetworkConditions", NETWORK);
  await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
  const traffic = { bytes: 0, done: 0, under: 0 };
  session.on("Network.requestWillBeSent", () => (traffic.under += 1));
  session.on("Network.loadingFailed", () => (traffic.under -= 1));
  session.on("Network.loadingFinished", ({ encodedDataLength }) => {
    traffic.bytes += encodedDataLength;
    traffic.done += 1;
    traffic.under -= 1;
  });
  await page.goto(addressOf(stage, path));
  await page.locator("h1").waitFor({ timeout: 90_000 });
  // A slow processor is quiet between two requests, and the portal asks for news two seconds after it came: a second is between the two.
  for (let before = -1; before !== traffic.done || traffic.under > 0;) {
    before = traffic.done;
    await page.waitForTimeout(1_000);
  }
  const seen = await page.evaluate<Pick<Figures, "fcp" | "lcp" | "cls" | "tbt">>("figures");
  const figures = { ...seen, kB: traffic.bytes / 1000, requests: traffic.done };
  await page.context().close();
  return figures;
}

const median = (found: readonly number[]): number => [...found].sort((a, b) => a - b)[found.length >> 1] ?? 0;

async function measure(browser: Browser, stage: Stage): Promise<void> {
  console.log("| page | FCP ms | LCP ms | CLS | TBT ms | kB | requests |\n|---|---|---|---|---|---|---|");
  const largest = { portal: 0, console: 0 };
  for (const subject of SUBJECTS.filter(({ name }) => name.startsWith(values.page))) {
    const rounds: Figures[] = [];
    for (let i = 0; i < Number(values.rounds); i += 1) rounds.push(await load(browser, stage, subject));
    const of = (key: keyof Figures, digits = 0): string => median(rounds.map((round) => round[key])).toFixed(digits);
    largest[subject.of] = Math.max(largest[subject.of], Number(of("kB", 1)));
    console.log(`| ${[subject.name, of("fcp"), of("lcp"), of("cls", 3), of("tbt"), of("kB", 1), of("requests")].join(" | ")} |`);
  }
  for (const [name, kB] of Object.entries(largest)) {
    const bound = BOUNDS_KB[name as keyof typeof BOUNDS_KB];
    console.log(`\nThe largest first load of the ${name}: ${kB.toFixed(0)} kB, bound ${bound} kB.`);
    if (kB > bound) process.exitCode = 1;
  }
  const busy = loadavg()[0] ?? 0;
  console.log(`\nChromium ${browser.version()}, ${cpus().length} cores, load ${busy.toFixed(0)}; medians of ${values.rounds}.`);
}

const home = makeHome();
const browser = await openBrowser("pt-BR");
try {
  const server = await startServer(home.data, ["--lang", "pt-BR", "start", "--port", "0"]);
  try {
    await measure(browser, await setStage(server));
  } finally {
    server.kill("SIGTERM");
    await server.ended;
  }
} finally {
  await browser.close();
  await home.remove();
}
