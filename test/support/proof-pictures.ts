// Treats a picture as telephones, messengers and people do: photographed at an angle, sent through a messenger, saved by an editor.
import sharp, { type Exif } from "sharp";

export interface PhotoOptions {
  /** Degrees by which the paper lies askew. Default 7. */
  degrees?: number;
  /** Standard deviation of each pixel's noise, of 255. Default 6. */
  noise?: number;
  /** Gaussian blur in pixels; 0 for none. Default 0.8. */
  blur?: number;
  /** JPEG quality. Default 82. */
  quality?: number;
  /** EXIF orientation: 1 upright, 3 upside down, 6 and 8 on a side. The picture is turned so that it is right once that is obeyed. */
  orientation?: 1 | 3 | 6 | 8;
  /** EXIF `Software`. Default: none, only the camera's make and time. */
  software?: string;
  /** EXIF `DateTimeOriginal`, as `2026:11-22 14:33:21` is written there: with colons. Default 2026:11:22 14:40:00. */
  takenAt?: string;
}

/** How far a picture must be turned so that a viewer who obeys the orientation sees it upright. */
const TURN = { 1: 0, 3: 180, 6: 270, 8: 90 } as const;

/** A photo of the page on a table, as JPEG. */
export async function photograph(png: Uint8Array, options: PhotoOptions = {}): Promise<Uint8Array> {
  const { degrees = 7, noise = 6, blur = 0.8, quality = 82, orientation = 1, software, takenAt = "2026:11:22 14:40:00" } = options;
  // Steps that sharp would order by itself are made one after the other.
  const lying = await sharp(png).rotate(degrees, { background: "#8a7a66" }).png().toBuffer();
  const table = sharp(lying).extend({ top: 60, bottom: 60, left: 60, right: 60, background: "#8a7a66" });
  const { data, info } = await (blur > 0 ? table.blur(blur) : table).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  addNoise(data, noise);
  const flat = await sharp(data, { raw: { width: info.width, height: info.height, channels: info.channels } })
    .png()
    .toBuffer();
  const exif: Exif = {
    IFD0: {
      Make: "Exemplo",
      Model: "Telefone 12",
      Orientation: String(orientation),
      ...(software === undefined ? {} : { Software: software }),
    },
    IFD2: { DateTimeOriginal: takenAt },
  };
  const photo = sharp(flat).rotate(TURN[orientation]).jpeg({ quality }).withExif(exif);
  return new Uint8Array(await photo.withMetadata({ orientation }).withExifMerge(exif).toBuffer());
}

/** The same numbers in every run: a sum of uniform ones is near enough to a bell curve. */
function addNoise(pixels: Buffer, deviation: number): void {
  if (deviation === 0) return;
  let state = 20_261_122;
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 0x1_0000_0000;
  };
  for (let at = 0; at < pixels.length; at += 1) {
    const bell = next() + next() + next() - 1.5;
    pixels[at] = Math.max(0, Math.min(255, Math.round((pixels[at] ?? 0) + bell * 2 * deviation)));
  }
}

/** As a messenger passes it on: smaller, compressed again, without any metadata. */
export async function recompress(picture: Uint8Array, { width = 1_200, quality = 60 } = {}): Promise<Uint8Array> {
  return new Uint8Array(await sharp(picture).rotate().resize({ width, withoutEnlargement: true }).jpeg({ quality }).toBuffer());
}

/** The picture saved as JPEG by a program that names itself in the EXIF. */
export async function withSoftware(picture: Uint8Array, software: string): Promise<Uint8Array> {
  const exif = { IFD0: { Software: software, DateTime: "2026:11:22 15:10:00" } };
  return new Uint8Array(await sharp(picture).rotate().jpeg({ quality: 90 }).withExif(exif).toBuffer());
}
