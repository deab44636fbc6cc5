// Draws one page of text, QR codes and bar codes twice over: as a PDF with real text, and as a picture.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import sharp from "sharp";
import { prepareZXingModule, writeBarcode } from "zxing-wasm/writer";
import type { Instant } from "../../src/kernel/time.ts";

export type Mark =
  | { gap: number }
  /** `beside` stands at the right of the page on the same line. */
  | { text: string; size?: number; bold?: boolean; beside?: string }
  | { symbol: Symbol; width: number; height?: number };

export interface Page {
  /** Points; the height follows from the marks. */
  width: number;
  marks: readonly Mark[];
}

/** Dark modules of a code, row by row, without its quiet zone. */
export interface Symbol {
  columns: number;
  rows: number;
  dark: (column: number, row: number) => boolean;
}

export interface Making {
  producer: string;
  creator: string;
  createdAt: Instant;
  modifiedAt: Instant | null;
}

const require = createRequire(import.meta.url);
const MARGIN = 30;

/** As far as it is used here; the library ships no types. */
interface PdfDocument {
  info: Record<string, unknown>;
  on(event: "data", listener: (chunk: Buffer) => void): this;
  on(event: "end", listener: () => void): this;
  addPage(options: { size: [number, number]; margin: number }): this;
  font(name: string): this;
  fontSize(size: number): this;
  fillColor(colour: string): this;
  text(text: string, x: number, y: number, options: { lineBreak: false }): this;
  widthOfString(text: string): number;
  rect(x: number, y: number, width: number, height: number): this;
  fill(colour: string): this;
  end(): void;
}
type NewPdf = new (options: Record<string, unknown>) => PdfDocument;

let ready = false;

/** The modules of a QR code or an ITF bar code, by zxing's writer. */
export async function symbol(format: "QRCode" | "ITF", text: string): Promise<Symbol> {
  if (!ready) {
    const wasm = readFileSync(require.resolve("zxing-wasm/writer/zxing_writer.wasm"));
    prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasm).buffer } });
    ready = true;
  }
  const options = format === "QRCode" ? { options: "ecLevel=M" } : {};
  const written = await writeBarcode(text, { format, scale: 1, addQuietZones: false, ...options });
  if (written.error !== "") throw new Error(`no ${format} of ${text}: ${written.error}`);
  const { data, width, height } = written.symbol;
  const rows = format === "ITF" ? 1 : height;
  return { columns: width, rows, dark: (column, row) => (data[row * width + column] ?? 255) < 128 };
}

/** What is to be drawn, with its place: shared by both forms, so that they look the same. */
interface Placed {
  height: number;
  texts: { text: string; x: number; y: number; size: number; bold: boolean; end: boolean }[];
  bars: { x: number; y: number; width: number; height: number }[];
}

function place({ width, marks }: Page): Placed {
  const texts: Placed["texts"] = [];
  const bars: Placed["bars"] = [];
  let y = MARGIN;
  for (const mark of marks) {
    if ("gap" in mark) y += mark.gap;
    else if ("symbol" in mark) {
      bars.push(...modules(mark.symbol, MARGIN, y + 10, mark.width, mark.height ?? mark.width));
      y += (mark.height ?? mark.width) + 30;
    } else {
      const { text, size = 11, bold = false, beside } = mark;
      texts.push({ text, x: MARGIN, y, size, bold, end: false });
      if (beside !== undefined) texts.push({ text: beside, x: width - MARGIN, y, size, bold: true, end: true });
      y += size * 1.9;
    }
  }
  return { height: Math.ceil(y + MARGIN), texts, bars };
}

function modules({ columns, rows, dark }: Symbol, x: number, y: number, width: number, height: number): Placed["bars"] {
  const bars: Placed["bars"] = [];
  const [w, h] = [width / columns, height / rows];
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      if (!dark(column, row)) continue;
      let run = 1;
      while (column + run < columns && dark(column + run, row)) run += 1;
      bars.push({ x: x + column * w, y: y + row * h, width: run * w, height: h });
      column += run - 1;
    }
  }
  return bars;
}

/** A PDF of these pages. */
export function pagePdf(pages: readonly Page[], making: Making): Promise<Uint8Array> {
  const Pdf = require("pdfkit") as NewPdf;
  const pdf = new Pdf({ autoFirstPage: false, compress: true });
  Object.assign(pdf.info, { Producer: making.producer, Creator: making.creator, CreationDate: new Date(making.createdAt) });
  if (making.modifiedAt !== null) pdf.info.ModDate = new Date(making.modifiedAt);
  const chunks: Buffer[] = [];
  pdf.on("data", (chunk) => chunks.push(chunk));
  const ended = new Promise<Uint8Array>((resolve) => void pdf.on("end", () => resolve(new Uint8Array(Buffer.concat(chunks)))));
  for (const page of pages) {
    const { height, texts, bars } = place(page);
    pdf.addPage({ size: [page.width, height], margin: 0 });
    for (const bar of bars) pdf.rect(bar.x, bar.y, bar.width, bar.height);
    if (bars.length > 0) pdf.fill("#000000");
    pdf.fillColor("#111111");
    for (const { text, x, y, size, bold, end } of texts) {
      pdf.font(bold ? "Helvetica-Bold" : "Helvetica").fontSize(size);
      pdf.text(text, end ? x - pdf.widthOfString(text) : x, y, { lineBreak: false });
    }
  }
  pdf.end();
  return ended;
}

/** The page as a PNG, at so many pixels per point. */
export async function pagePng(page: Page, scale: number): Promise<Uint8Array> {
  const { height, texts, bars } = place(page);
  const escape = (text: string): string => text.replace(/&/gu, "&amp;").replace(/</gu, "&lt;");
  // Codes are drawn on whole pixels, as programs draw them on a screen.
  const whole = (value: number): number => Math.round(value * scale) / scale;
  const drawn = bars.map(
    ({ x, y, width, height: tall }) =>
      `<rect x="${whole(x)}" y="${whole(y)}" width="${whole(x + width) - whole(x)}" height="${whole(y + tall) - whole(y)}"/>`,
  );
  const written = texts.map(
    ({ text, x, y, size, bold, end }) =>
      `<text x="${x}" y="${y + size}" font-size="${size}"${bold ? ' font-weight="bold"' : ""}${end ? ' text-anchor="end"' : ""}>${escape(text)}</text>`,
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${page.width * scale}" height="${height * scale}" viewBox="0 0 ${page.width} ${height}"
    font-family="Liberation Sans, Arial, DejaVu Sans, sans-serif" fill="#111"><rect width="100%" height="100%" fill="#fff"/>${drawn.join("")}${written.join("")}</svg>`;
  return new Uint8Array(await sharp(Buffer.from(svg)).flatten({ background: "#ffffff" }).png().toBuffer());
}

/** Whether the machine has a font to draw with: without one, letters of a picture are boxes or nothing. */
export async function canDrawText(): Promise<boolean> {
  const [one, other] = await Promise.all(["A", "W"].map((text) => pagePng({ width: 100, marks: [{ text, size: 40 }] }, 1)));
  return one !== undefined && other !== undefined && Buffer.compare(one, other) !== 0;
}
