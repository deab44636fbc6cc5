// A picture read: codes, recognised letters, how it looks, and a plain copy drawn anew from its pixels.
import sharp, { type OutputInfo, type Sharp } from "sharp";
import { PROOF_LIMITS } from "../../ports/proof-reader.ts";
import type { ChildReading } from "./protocol.ts";
import { differenceHash, LOOK_HEIGHT, LOOK_WIDTH } from "./look.ts";
import { recogniseLetters, type Pixels, type Workshop } from "./programs.ts";
import { isMemory, NotRead } from "./refusal.ts";
import { skewOf } from "./skew.ts";
import { readSymbols, type Grey } from "./symbols.ts";

/** Longer side at which pictures are read: the bars of a slip photographed whole are still some four pixels wide. */
const READ_SIDE = 2_600;
/** Below it letters are too small to be recognised well, and the picture is enlarged. */
const LETTERS_SIDE = 1_500;
/** What people are shown. */
const SHOWN_SIDE = 1_600;
/** A screenshot stays sharp as PNG; a page of photographs would be five times this. */
const PNG_MAX = 1_000_000;
const SKEW_WIDTH = 500;
/** A page whose pixels differ by less, of 255, has nothing on it. */
const INK_MIN = 16;
/** Turned by less, letters and bars are read as well as level ones. */
const SKEW_MIN = 0.5;

interface Wanted {
  letters: boolean;
  shown: "jpeg" | "png";
}

export interface PictureReading {
  codes: string[];
  look: string | null;
  /** Recognised letters; null when they were not asked for, or there are none. */
  text: string | null;
  picture: NonNullable<ChildReading["picture"]>;
}

sharp.cache(false);
sharp.concurrency(1);

/**
 * Decodes under the limits of the port, upright as its EXIF says, on white.
 * @throws NotRead `unreadable`
 */
export async function readPicture(workshop: Workshop, bytes: Uint8Array, wanted: Wanted): Promise<PictureReading> {
  return readPixels(workshop, await decode(bytes), wanted);
}

/** A page drawn already, upright and within the limits. */
export async function readPixels(workshop: Workshop, page: Pixels, wanted: Wanted): Promise<PictureReading> {
  const all = await grey(open(page));
  const picture = await shownPicture(page, wanted.shown);
  // An empty page would take as long as a full one.
  if (isEmpty(all)) return { codes: [], look: null, text: null, picture };
  const level = await levelled(all);
  const codes = await readSymbols(all, level);
  const text = wanted.letters ? await recogniseLetters(workshop, await lettersPng(level ?? all)) : null;
  return { codes, look: await lookOf(page), text, picture };
}

function isEmpty({ pixels }: Grey): boolean {
  let [darkest, brightest] = [255, 0];
  for (let at = 0; at < pixels.length; at += 1) {
    const value = pixels[at] ?? 0;
    if (value < darkest) darkest = value;
    if (value > brightest) brightest = value;
    // The first letters tell; all of five million pixels one by one cost a tenth of a second.
    if (brightest - darkest >= INK_MIN) return false;
  }
  return true;
}

async function decode(bytes: Uint8Array): Promise<Pixels> {
  try {
    const { data, info } = await sharp(bytes, { limitInputPixels: PROOF_LIMITS.pixels, failOn: "error", sequentialRead: true })
      .autoOrient()
      .resize({ width: READ_SIDE, height: READ_SIDE, fit: "inside", withoutEnlargement: true })
      .flatten({ background: "#ffffff" })
      .toColourspace("srgb")
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    return { data: await threeChannels(data, info), width: info.width, height: info.height };
  } catch (error) {
    if (isMemory(error)) throw error;
    throw new NotRead("unreadable");
  }
}

/** A grey picture may stay of one channel. */
async function threeChannels(data: Buffer, { width, height, channels }: OutputInfo): Promise<Buffer> {
  if (channels === 3) return data;
  return sharp(data, { raw: { width, height, channels } }).toColourspace("srgb").removeAlpha().raw().toBuffer();
}

const open = ({ data, width, height }: Pixels): Sharp => sharp(data, { raw: { width, height, channels: 3 } });

async function grey(picture: Sharp): Promise<Grey> {
  const { data, info } = await picture.greyscale().toColourspace("b-w").raw().toBuffer({ resolveWithObject: true });
  return { pixels: new Uint8Array(data), width: info.width, height: info.height };
}

/** The page with its lines level; null when they are. */
async function levelled(page: Grey): Promise<Grey | null> {
  const raw = { raw: { width: page.width, height: page.height, channels: 1 as const } };
  const small = await grey(sharp(page.pixels, raw).resize({ width: SKEW_WIDTH, withoutEnlargement: true }));
  const angle = skewOf(small.pixels, small.width, small.height);
  if (Math.abs(angle) < SKEW_MIN) return null;
  return grey(sharp(page.pixels, raw).rotate(angle, { background: "#ffffff" }));
}

async function lettersPng({ pixels, width, height }: Grey): Promise<Uint8Array> {
  const picture = sharp(pixels, { raw: { width, height, channels: 1 } });
  const side = Math.max(width, height);
  if (side < LETTERS_SIDE) picture.resize({ width: Math.min(2 * width, Math.round((width * LETTERS_SIDE) / side)), kernel: "cubic" });
  // Without it tesseract guesses the size of the letters from a resolution that is not there.
  return picture.withMetadata({ density: 200 }).png({ compressionLevel: 1 }).toBuffer();
}

async function lookOf(page: Pixels): Promise<string | null> {
  const { pixels } = await grey(open(page).resize(LOOK_WIDTH, LOOK_HEIGHT, { fit: "fill" }));
  return differenceHash(pixels);
}

async function shownPicture(page: Pixels, form: "jpeg" | "png"): Promise<PictureReading["picture"]> {
  const shown = open(page).resize({ width: SHOWN_SIDE, height: SHOWN_SIDE, fit: "inside", withoutEnlargement: true });
  if (form === "png") {
    const { data, info } = await shown.clone().png().toBuffer({ resolveWithObject: true });
    if (data.length <= PNG_MAX) return { type: "image/png", base64: data.toString("base64"), width: info.width, height: info.height };
  }
  const { data, info } = await shown.jpeg({ quality: 82 }).toBuffer({ resolveWithObject: true });
  return { type: "image/jpeg", base64: data.toString("base64"), width: info.width, height: info.height };
}
