// The two programs of the system that help reading: pdftoppm draws the pages of a PDF, tesseract recognises letters. Both may be missing.
import { execFile } from "node:child_process";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { ReadNote } from "../../ports/proof-reader.ts";

const execute = promisify(execFile);

/** Where they work and how long each call may take. */
export interface Workshop {
  /** Emptied by whoever made it. */
  folder: string;
  programMs: number;
  /** What was left out is said here. */
  notes: Set<ReadNote>;
}

/**
 * Pixels of the longer side of a drawn page: of A4, some 220 dots an inch, at which the narrow bars of a slip are two pixels wide.
 * pdftoppm keeps to it whatever the size of the page, so that no page can ask for more.
 */
const DRAWN_SIDE = 2_600;
const OUTPUT_MAX = 1_000_000;
/** Kilobytes that a program may hold. */
const MEMORY_KB = 1_000_000;
/** Fewer make a picture, not a page of letters. */
const LETTERS_MIN = 3;

/** Memory is bounded by the system; where it cannot, the time is what bounds it. */
const BOUNDED = ["-c", `ulimit -v ${MEMORY_KB} 2>/dev/null; exec "$@"`, "sh"] as const;

async function runIn(workshop: Workshop, program: string, args: readonly string[]): Promise<string | "missing" | "failed"> {
  try {
    const { stdout } = await execute("/bin/sh", [...BOUNDED, program, ...args], {
      cwd: workshop.folder,
      timeout: workshop.programMs,
      killSignal: "SIGKILL",
      maxBuffer: OUTPUT_MAX,
      encoding: "utf8",
    });
    return stdout;
  } catch (error) {
    // 127 is the shell's word for a program that is not there.
    return (error as { code?: unknown }).code === 127 ? "missing" : "failed";
  }
}

async function drawnIn(folder: string): Promise<string[]> {
  const number = (name: string): number => Number(name.replace(/\D/gu, ""));
  const names = (await readdir(folder)).filter((name) => /^page-\d+\.ppm$/u.test(name));
  return names.sort((a, b) => number(a) - number(b)).map((name) => join(folder, name));
}

/** Three bytes a pixel. */
export interface Pixels {
  data: Buffer;
  width: number;
  height: number;
}

/** The first pages of a PDF, in order. Empty: they cannot be drawn here. */
export async function drawPages(workshop: Workshop, file: string, pages: number): Promise<Pixels[]> {
  // Of a mail's attachment that was given up half way.
  for (const old of await drawnIn(workshop.folder)) await rm(old);
  const said = await runIn(workshop, "pdftoppm", ["-scale-to", String(DRAWN_SIDE), "-f", "1", "-l", String(pages), file, "page"]);
  if (said === "missing" || said === "failed") workshop.notes.add(said === "missing" ? "no_pdftoppm" : "pdftoppm_failed");
  // Killed half way, it leaves half a page behind.
  if (said === "missing" || said === "failed") return [];
  const drawn: Pixels[] = [];
  for (const name of (await drawnIn(workshop.folder)).slice(0, pages)) {
    const page = pixelsOf(await readFile(name));
    if (page) drawn.push(page);
  }
  return drawn;
}

/** Its own form (PPM), which needs no decoding: packed as PNG it took ten times as long. */
function pixelsOf(file: Buffer): Pixels | null {
  const match = /^P6\s(\d{1,5})\s(\d{1,5})\s255\s/u.exec(file.toString("latin1", 0, 40));
  if (!match) return null;
  const [width, height, data] = [Number(match[1]), Number(match[2]), file.subarray(match[0].length)];
  return width > 0 && height > 0 && data.length === width * height * 3 ? { data, width, height } : null;
}

/** The letters of a picture, as recognised; null when there are none, or nobody to recognise them. Pages turned by quarters are seen. */
export async function recogniseLetters(workshop: Workshop, png: Uint8Array): Promise<string | null> {
  const name = "letters.png";
  await writeFile(join(workshop.folder, name), png, { mode: 0o600 });
  const said = await runIn(workshop, "tesseract", [name, "stdout", "-l", "por", "--psm", "1"]);
  if (said === "missing" || said === "failed") {
    workshop.notes.add(said === "missing" ? "no_tesseract" : "tesseract_failed");
    return null;
  }
  const text = said.replace(/\f/gu, "\n").trim();
  return text.length < LETTERS_MIN ? null : text;
}
