// The pictures of the documents, in both languages: pages on a desk as they are, and phones side by side. Small files, since everybody who clones has them.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import sharp from "sharp";
import { openBrowser } from "../test/support/browser.ts";
import { LANGS, openAs, shotOf, show, type Stage } from "./screenshot-stage.ts";
import { DOOR, type Shot } from "./screenshot-pages.ts";

type Scheme = "light" | "dark";

const DESK = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
/** Sharp on a good screen, and still a small file. */
const SCALE = 1.5;
const GAP = 28;
const PAPER: Readonly<Record<Scheme, string>> = { light: "#eceae3", dark: "#0b1010" };

const DESKS: readonly { name: string; shot: Shot; scheme: Scheme }[] = [
  { name: "today", shot: shotOf("today"), scheme: "light" },
  { name: "customers", shot: shotOf("customers"), scheme: "light" },
  { name: "many", shot: shotOf("customers-many-act"), scheme: "light" },
  { name: "case", shot: { ...shotOf("case"), path: "/console/customers/:week" }, scheme: "light" },
  { name: "case-act", shot: shotOf("case-act"), scheme: "light" },
  { name: "claims", shot: shotOf("claims"), scheme: "light" },
  { name: "promises", shot: shotOf("promises"), scheme: "light" },
  { name: "conversations", shot: shotOf("conversations"), scheme: "light" },
  { name: "ladder", shot: shotOf("ladder"), scheme: "dark" },
  { name: "reports", shot: shotOf("reports"), scheme: "light" },
  { name: "team", shot: shotOf("settings-team"), scheme: "light" },
];

const PHONES: readonly { name: string; scheme: Scheme; shots: readonly Shot[] }[] = [
  { name: "portal", scheme: "light", shots: [shotOf("portal"), shotOf("portal-invoice"), shotOf("portal-proof")] },
  { name: "portal-more", scheme: "dark", shots: [shotOf("portal-leave"), shotOf("portal-messages"), shotOf("suspended")] },
];

/** Into `folder`/LANGUAGE. */
export async function makePictures(stage: Stage, folder: string): Promise<void> {
  for (const lang of LANGS) {
    const place = join(folder, lang);
    mkdirSync(place, { recursive: true });
    const browser = await openBrowser(lang);
    const open = (who: "staff" | "customer" | "nobody", scheme: Scheme, viewport: typeof DESK): Promise<Page> =>
      openAs(browser, stage, who, lang, { viewport, colorScheme: scheme, deviceScaleFactor: SCALE });
    for (const { name, shot, scheme } of DESKS) {
      const page = await open("staff", scheme, DESK);
      await show(page, stage, shot);
      await save(await page.screenshot(), join(place, `${name}.webp`));
      await page.context().close();
    }
    for (const shot of DOOR) {
      const page = await open("nobody", "light", DESK);
      await show(page, stage, shot);
      await save(await page.screenshot(), join(place, `${shot.name}.webp`));
      await page.context().close();
    }
    for (const { name, scheme, shots } of PHONES) {
      const page = await open("customer", scheme, PHONE);
      const pictures: Buffer[] = [];
      for (const shot of shots) {
        await show(page, stage, shot);
        pictures.push(await page.screenshot());
      }
      await page.context().close();
      await save(await sideBySide(pictures, PAPER[scheme]), join(place, `${name}.webp`));
    }
    await browser.close();
  }
}

async function save(picture: Buffer, file: string): Promise<void> {
  await sharp(picture).webp({ quality: 82, effort: 6 }).toFile(file);
}

async function sideBySide(pictures: readonly Buffer[], background: string): Promise<Buffer> {
  const [width, height, gap] = [PHONE.width, PHONE.height, GAP].map((size) => size * SCALE) as [number, number, number];
  const corners = Buffer.from(
    `<svg width="${width}" height="${height}"><rect width="${width}" height="${height}" rx="${gap}" fill="#fff"/></svg>`,
  );
  const phones = await Promise.all(pictures.map((picture) => sharp(picture).composite([{ input: corners, blend: "dest-in" }]).png().toBuffer())); // prettier-ignore
  return sharp({ create: { width: pictures.length * (width + gap) + gap, height: height + 2 * gap, channels: 3, background } })
    .composite(phones.map((input, i) => ({ input, left: Math.round(gap + i * (width + gap)), top: gap })))
    .png()
    .toBuffer();
}
