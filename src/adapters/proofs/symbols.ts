// QR codes and bar codes in a picture: zxing with the WebAssembly of its package, asked again with the picture turned, larger or in black and white.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import sharp from "sharp";
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";

/** One byte a pixel. */
export interface Grey {
  pixels: Uint8Array;
  width: number;
  height: number;
}

const SLIP_BARS = 44;
/** Longer side up to which a picture is tried at double size. */
const SMALL = 1_700;
/** What is thought to be a code's edge when all is made black or white. */
const MIDDLE = 128;

let prepared = false;

/** Left to itself the library would fetch its program from a public server. */
function prepare(): void {
  if (prepared) return;
  const wasm = readFileSync(createRequire(import.meta.url).resolve("zxing-wasm/reader/zxing_reader.wasm"));
  prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasm).buffer } });
  prepared = true;
}

/**
 * The contents of the codes. zxing turns a picture by quarters itself; `level` is the picture with its lines level, where that is another
 * one: a bar code is lost a few degrees askew.
 */
export async function readSymbols(grey: Grey, level: Grey | null): Promise<string[]> {
  const found = new Set<string>();
  const tries: (() => Promise<Grey>)[] = [
    () => Promise.resolve(grey),
    ...(level ? [() => Promise.resolve(level)] : []),
    () => Promise.resolve(blackAndWhite(level ?? grey)),
    ...(Math.max(grey.width, grey.height) <= SMALL ? [() => doubled(level ?? grey)] : []),
  ];
  // The first two see different codes of one page; the others are for pages on which nothing was seen.
  const always = level ? 2 : 1;
  for (const [index, attempt] of tries.entries()) {
    if (index >= always && found.size > 0) break;
    for (const code of await readOnce(await attempt())) found.add(code);
  }
  return [...found];
}

async function readOnce({ pixels, width, height }: Grey): Promise<string[]> {
  prepare();
  // Red, green, blue and opaque in one stroke. `Uint32Array.from` with a function took 400 ms for a page, the loop 13, and the reading 65.
  const rgba = new Uint32Array(pixels.length);
  for (let at = 0; at < rgba.length; at += 1) rgba[at] = 0xff000000 + (pixels[at] ?? 0) * 0x010101;
  const data = new Uint8ClampedArray(rgba.buffer);
  const results = await readBarcodes(
    { data, width, height, colorSpace: "srgb" },
    { formats: ["QRCode", "ITF"], tryHarder: true, maxNumberOfSymbols: 8 },
  );
  // Any row of lines is an ITF code of a few digits to a willing eye; the one on payment slips has 44.
  const sure = results.filter(({ format, text, isValid }) => isValid && text !== "" && (format !== "ITF" || text.length === SLIP_BARS));
  return sure.map(({ text }) => text);
}

function blackAndWhite({ pixels, width, height }: Grey): Grey {
  return { pixels: pixels.map((value) => (value < MIDDLE ? 0 : 255)), width, height };
}

async function doubled({ pixels, width, height }: Grey): Promise<Grey> {
  const raw = { raw: { width, height, channels: 1 as const } };
  const { data, info } = await sharp(pixels, raw)
    .resize(width * 2, height * 2, { kernel: "cubic" })
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { pixels: new Uint8Array(data), width: info.width, height: info.height };
}
