// A person who has no mouse: goes on by Tab until a thing is in hand, and notices where the thing in hand is not seen, or nothing is.
import type { Page } from "playwright-core";
import { expect } from "vitest";

export interface InHand {
  /** Its label and its words; empty where nothing is in hand. */
  text: string;
  /** What hides it from who looks for it. Null: it is in view, and drawn as the one in hand. */
  unseen: string | null;
  /** The dialog that it stands in. */
  dialog: string | null;
  /** The element's name, with its id. */
  what: string;
}

/** Run in the page, whose names are not known here. A box that a label or a frame stands for is seen where that is. */
const IN_HAND = `(() => {
  const node = document.activeElement;
  if (node === null || node === document.body || node === document.documentElement)
    return { text: "", unseen: "nothing is in hand", dialog: null, what: "body" };
  const labels = [...(node.labels ?? [])];
  const text = [...labels.map((label) => label.textContent), node.getAttribute("aria-label"), node.textContent].filter(Boolean).join(" ");
  const drawn = (each) => {
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(each);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 1 && !/, 0\\)$/.test(outlineColor);
  };
  const marked = [node, ...labels, node.parentElement].find(drawn);
  // Of words that go on in a second line the first counts: between the two may stand another.
  const box = (marked ?? node).getClientRects()[0] ?? node.getBoundingClientRect();
  const middle = (from, to, end) => (Math.max(from, 0) + Math.min(to, end)) / 2;
  const [x, y] = [middle(box.left, box.right, innerWidth), middle(box.top, Math.min(box.bottom, box.top + 40), innerHeight)];
  const out = box.right <= 0 || box.bottom <= 0 || box.left >= innerWidth || box.top >= innerHeight;
  const over = document.elementFromPoint(x, y);
  const drawing = node.ownerSVGElement ?? null;
  const mine = over !== null && [node, ...labels].some((each) => each.contains(over) || over.contains(each) || drawing?.contains(over));
  const behind = over === null ? "nothing" : over.outerHTML.slice(0, 80);
  const unseen = !marked ? "no outline" : out ? "out of view" : mine ? null : "behind " + behind;
  const dialog = node.closest("[role=dialog]");
  const name = dialog && (dialog.getAttribute("aria-label") ?? document.getElementById(dialog.getAttribute("aria-labelledby"))?.textContent ?? "");
  return { text, unseen, dialog: name, what: node.tagName.toLowerCase() + (node.id === "" ? "" : "#" + node.id) };
})()`;

export async function inHand(page: Page): Promise<InHand> {
  return page.evaluate<InHand>(IN_HAND);
}

/** A page is never left with nothing in hand: a reader would be at its beginning again, and not know why. */
export async function expectInHand(page: Page): Promise<InHand> {
  await expect.poll(async () => (await inHand(page)).what, { message: "nothing is in hand", timeout: 5_000 }).not.toBe("body");
  return inHand(page);
}

/** One Tab on, to something that is seen to be in hand. From the page's last thing it leads out of the page, which is nobody's fault. */
export async function tab(page: Page, key: "Tab" | "Shift+Tab" = "Tab"): Promise<InHand> {
  await page.keyboard.press(key);
  const now = await inHand(page);
  if (now.what !== "body") expect(now.unseen, `“${now.text.slice(0, 60)}” (${now.what}) is in hand`).toBeNull();
  return now;
}

/** Goes on by Tab until something called so is in hand. */
export async function tabTo(page: Page, text: string | RegExp, { limit = 80 } = {}): Promise<InHand> {
  const seen: string[] = [];
  for (let i = 0; i < limit; i += 1) {
    const now = await tab(page);
    if (typeof text === "string" ? now.text.includes(text) : text.test(now.text)) return now;
    seen.push(now.text.trim().slice(0, 30));
  }
  throw new Error(`${String(text)} is not reached by Tab, but: ${seen.join(" | ")}`);
}

/** All around by Tab: what is in hand on the way, up to where it began. */
export async function tabAround(page: Page, key: "Tab" | "Shift+Tab" = "Tab", limit = 200): Promise<InHand[]> {
  const way: InHand[] = [];
  for (let i = 0; i < limit; i += 1) {
    const now = await tab(page, key);
    if (now.what === "body") return way;
    way.push(now);
  }
  throw new Error(`no end after ${limit} times Tab: ${way.slice(-5).map(({ text }) => text.slice(0, 30)).join(" | ")}`); // prettier-ignore
}
