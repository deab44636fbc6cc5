// What pictures are taken of: the sample provider's server, its owner and one of its customers signed in, both with something to look at.
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { openBrowser } from "../test/support/browser.ts";
import { provideClaims } from "../test/support/console-story.ts";
import type { Server } from "../test/support/server.ts";
import { CONSOLE, PORTAL, type Shot } from "./screenshot-pages.ts";

export const LANGS = ["pt-BR", "en"] as const;

type State = Awaited<ReturnType<BrowserContext["storageState"]>>;

export interface Stage {
  address: string;
  /** The owner's session in the console, the customer's in the portal, and nobody's. */
  states: Readonly<Record<"staff" | "customer" | "nobody", State | null>>;
  /** A customer late for months; another late for a week; an invoice of the portal's customer. */
  names: Readonly<Record<":telling" | ":week" | ":invoice", string>>;
}

const OWNER = { name: "Ana Ribeiro", email: "ana@hospedagem.example", password: "quatro palavras bem simples" };

/** Signs in as the owner and as a customer. */
export async function setStage({ address, greeting }: Server): Promise<Stage> {
  const browser = await openBrowser();
  try {
    const desk = await browser.newContext({ locale: "pt-BR" });
    const page = await desk.newPage();
    await page.goto(`${address}${String(greeting.console)}`);
    await page.locator("input").nth(0).fill(OWNER.name);
    await page.locator("input[type=email]").fill(OWNER.email);
    await page.locator("input[type=password]").fill(OWNER.password);
    await page.locator("button[type=submit]").click();
    await page.waitForURL(`${address}/console/`);
    const { telling } = await provideClaims(desk, address);
    const late = (await (await desk.request.get(`${address}/admin/matters?filter=late&limit=50`)).json()) as {
      customers: { ref: string }[];
    };
    for (const [i, { ref }] of late.customers.slice(0, 3).entries()) await writeTo(desk, address, ref, ANSWERS[i] ?? "");
    const visit = await (await browser.newContext({ locale: "pt-BR" })).newPage();
    await visit.goto((greeting.portal as { url: string }).url);
    const invoice = (await visit.locator("a[href*='/invoices/']").first().getAttribute("href"))?.split("/").at(-1) ?? "";
    await visit.goto(`${address}/portal/messages`);
    await visit.locator("textarea").fill("Bom dia! Mudei de banco e o boleto não chegou. Podem mandar o Pix?");
    await visit.locator("form:has(textarea) button").click();
    await visit.waitForLoadState();
    return {
      address,
      states: { staff: await desk.storageState(), customer: await visit.context().storageState(), nobody: null },
      names: { ":telling": telling, ":week": late.customers.at(-1)?.ref ?? telling, ":invoice": invoice },
    };
  } finally {
    await browser.close();
  }
}

/** What staff wrote lately, so that a conversation is not the only one. */
const ANSWERS = [
  "Bom dia! A segunda via está na sua área de cliente.",
  "Olá! A nota fiscal de outubro seguiu por e-mail.",
  "Boa tarde! O novo telefone está anotado, obrigada.",
];

async function writeTo(desk: BrowserContext, address: string, ref: string, text: string): Promise<void> {
  const { conversation } = (await (await desk.request.get(`${address}/admin/cases/${ref}`)).json()) as { conversation: { id: string } };
  const sent = await desk.request.post(`${address}/admin/conversations/${conversation.id}/reply`, {
    headers: { origin: address, "idempotency-key": `words-${ref}` },
    data: { text, via: "portal" },
  });
  if (!sent.ok()) throw new Error(`the answer was not taken: ${await sent.text()}`);
}

/** A page of somebody's, in a language. */
export async function openAs(
  browser: Browser,
  { address, states }: Stage,
  who: keyof Stage["states"],
  lang: string,
  look: BrowserContextOptions,
): Promise<Page> {
  const state = states[who];
  const context = await browser.newContext({ ...look, locale: lang, ...(state ? { storageState: state } : {}) });
  await context.addInitScript(`localStorage.setItem("regua.lang", ${JSON.stringify(lang)})`);
  const page = await context.newPage();
  if (who === "customer") await page.goto(`${address}/portal/lang/${lang}`);
  return page;
}

/** A path with names of the stage, as an address. */
export function addressOf({ address, names }: Stage, path: string): string {
  return address + Object.entries(names).reduce((text, [name, value]) => text.replace(name, value), path);
}

/** The page as a person would see it: everything there, nothing moving. */
export async function show(page: Page, stage: Stage, { path, ready }: Shot): Promise<void> {
  await page.goto(addressOf(stage, path));
  await page.locator("h1").first().waitFor();
  await page.waitForLoadState("networkidle");
  await ready?.(page);
  await page.waitForLoadState("networkidle");
  await page.waitForTimeout(250);
}

export function shotOf(name: string): Shot {
  const shot = [...CONSOLE, ...PORTAL].find((each) => each.name === name);
  if (!shot) throw new Error(`no page is called ${name}`);
  return shot;
}
