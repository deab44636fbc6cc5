// What the pictures are of: every page of the console, of the customers' portal, and the page of a suspended site.
import type { Page } from "playwright-core";

export interface Shot {
  name: string;
  /** With names of the stage, for example `:telling` for a customer whose story is worth a picture. */
  path: string;
  ready?: (page: Page) => Promise<void>;
}

const tab = (n: number) => async (page: Page) => page.getByRole("tab").nth(n).click();

export const CONSOLE: readonly Shot[] = [
  { name: "today", path: "/console/" },
  { name: "customers", path: "/console/customers?filter=late" },
  { name: "customers-many", path: "/console/customers?filter=owing", ready: chooseSome },
  { name: "customers-many-act", path: "/console/customers?filter=owing", ready: actOnSome },
  { name: "customers-search", path: "/console/customers?search=cl" },
  { name: "case", path: "/console/customers/:telling" },
  { name: "case-letters", path: "/console/customers/:telling", ready: tab(1) },
  { name: "case-books", path: "/console/customers/:telling", ready: tab(2) },
  { name: "case-act", path: "/console/customers/:telling", ready: async (page) => page.locator(".acts button").first().click() },
  { name: "claims", path: "/console/claims", ready: async (page) => page.locator(".paper img, .empty").first().waitFor({ timeout: 5_000 }).catch(() => undefined) }, // prettier-ignore
  { name: "money", path: "/console/money" },
  { name: "promises", path: "/console/promises" },
  { name: "conversations", path: "/console/conversations", ready: async (page) => page.locator(".talk-suggested .pill.fits").first().waitFor({ timeout: 5_000 }).catch(() => undefined) }, // prettier-ignore
  { name: "ladder", path: "/console/ladder" },
  { name: "ladder-texts", path: "/console/ladder", ready: tab(1) },
  { name: "ladder-rules", path: "/console/ladder", ready: tab(2) },
  { name: "reports", path: "/console/reports" },
  { name: "settings", path: "/console/settings" },
  { name: "settings-team", path: "/console/settings", ready: tab(1) },
  { name: "settings-webhooks", path: "/console/settings", ready: tab(3) },
  { name: "settings-record", path: "/console/settings", ready: tab(4) },
  { name: "settings-mine", path: "/console/settings", ready: tab(5) },
  { name: "palette", path: "/console/", ready: findAnything },
];

/** Seen by who is not signed in. */
export const DOOR: readonly Shot[] = [{ name: "sign-in", path: "/console/sign-in" }];

export const PORTAL: readonly Shot[] = [
  { name: "portal", path: "/portal/" },
  { name: "portal-invoice", path: "/portal/invoices/:invoice" },
  { name: "portal-time", path: "/portal/time" },
  { name: "portal-proof", path: "/portal/proof" },
  { name: "portal-backup", path: "/portal/backup" },
  { name: "portal-leave", path: "/portal/leave" },
  { name: "portal-messages", path: "/portal/messages" },
  { name: "portal-terms", path: "/portal/terms" },
  { name: "portal-sign-in", path: "/portal/sign-in" },
  { name: "suspended", path: "/suspended" },
];

async function findAnything(page: Page): Promise<void> {
  await page.keyboard.press("ControlOrMeta+k");
  await page.getByRole("combobox").last().fill("es");
}

/** The first rows, a range of them by Shift. */
async function chooseSome(page: Page): Promise<void> {
  const boxes = page.locator(".pick input");
  await boxes.first().click();
  await boxes.nth(Math.min(4, (await boxes.count()) - 1)).click({ modifiers: ["Shift"] });
}

async function actOnSome(page: Page): Promise<void> {
  await chooseSome(page);
  await page.locator(".many-acts button").first().click();
  await page.locator(".many-list li").first().waitFor();
}
