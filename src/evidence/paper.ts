// A printable page by page: heads, paragraphs, lines of label and value, and tables, over pdfkit; the same input gives the same bytes.
import { createRequire } from "node:module";
import type { Instant } from "../kernel/time.ts";

/** As far as it is used here; the library ships no types. */
interface Pdf {
  y: number;
  page: { height: number; width: number };
  on(event: "data", listener: (chunk: Buffer) => void): this;
  on(event: "end", listener: () => void): this;
  font(name: string): this;
  fontSize(size: number): this;
  fillColor(color: string): this;
  text(text: string, x?: number, y?: number, options?: Record<string, unknown>): this;
  heightOfString(text: string, options?: Record<string, unknown>): number;
  moveTo(x: number, y: number): this;
  lineTo(x: number, y: number): this;
  lineWidth(width: number): this;
  strokeColor(color: string): this;
  stroke(): this;
  rect(x: number, y: number, width: number, height: number): this;
  fill(color: string): this;
  addPage(): this;
  switchToPage(page: number): this;
  bufferedPageRange(): { start: number; count: number };
  end(): void;
}

const Pdf = createRequire(import.meta.url)("pdfkit") as new (options: Record<string, unknown>) => Pdf;

const MARGIN = 56;
/** A4 in points. */
const WIDTH = 595.28 - 2 * MARGIN;
const FOOT = 40;
const INK = "#1d2426";
const DIM = "#5c686b";
const LINE = "#d5dbdc";

const PLAIN = "Helvetica";
const BOLD = "Helvetica-Bold";
const MONO = "Courier";

export interface Column {
  head: string;
  /** Shares of the width. */
  share: number;
  right?: boolean;
}

export class Paper {
  readonly #pdf: Pdf;
  readonly #done: Promise<Buffer>;
  readonly #foot: (page: number, pages: number) => string;

  constructor(about: { title: string; author: string; lang: string; at: Instant; foot: (page: number, pages: number) => string }) {
    const date = new Date(about.at);
    this.#foot = about.foot;
    this.#pdf = new Pdf({
      size: "A4",
      margins: { top: MARGIN, left: MARGIN, right: MARGIN, bottom: MARGIN + FOOT },
      bufferPages: true,
      lang: about.lang,
      displayTitle: true,
      info: {
        Title: shown(about.title),
        Author: shown(about.author),
        Creator: "Régua",
        Producer: "Régua",
        CreationDate: date,
        ModDate: date,
      },
    });
    const chunks: Buffer[] = [];
    this.#pdf.on("data", (chunk) => chunks.push(chunk));
    this.#done = new Promise((resolve) => this.#pdf.on("end", () => resolve(Buffer.concat(chunks))));
  }

  /** Writes at the left edge, a gap below what stands above it. */
  #write(text: string, style: { font: string; size: number; color: string; gap: number; indent?: number }): void {
    const indent = style.indent ?? 0;
    const width = WIDTH - indent;
    this.#pdf.font(style.font).fontSize(style.size).fillColor(style.color);
    const what = shown(text);
    this.#pdf.text(what, MARGIN + indent, this.#pdf.y + style.gap, { width, lineGap: 2 });
  }

  title(text: string): void {
    this.#write(text, { font: BOLD, size: 18, color: INK, gap: 0 });
  }

  head(text: string): void {
    this.#room(64);
    this.#write(text, { font: BOLD, size: 12, color: INK, gap: 18 });
    this.rule();
  }

  /** Who or when stands above what. */
  moment(text: string): void {
    this.#room(40);
    this.#write(text, { font: BOLD, size: 8.5, color: DIM, gap: 7 });
  }

  line(text: string, indent = 0): void {
    this.#write(text, { font: PLAIN, size: 9.5, color: INK, gap: 1, indent });
  }

  note(text: string, indent = 0): void {
    this.#write(text, { font: PLAIN, size: 8.5, color: DIM, gap: 1, indent });
  }

  code(text: string): void {
    this.#write(text, { font: MONO, size: 8.5, color: INK, gap: 3, indent: 12 });
  }

  rule(): void {
    const y = this.#pdf.y + 3;
    this.#pdf.lineWidth(0.6).strokeColor(LINE).moveTo(MARGIN, y).lineTo(MARGIN + WIDTH, y).stroke(); // prettier-ignore
    this.#pdf.y = y + 3;
  }

  /** Digits to be typed or compared one by one. */
  digits(text: string): void {
    this.#write(text, { font: "Courier-Bold", size: 12.5, color: INK, gap: 8 });
  }

  /** Bars and the spaces between them by turns, a bar first: widths in narrow bars, as wide and high as asked for, in points. */
  bars(widths: readonly number[], { width, height }: { width: number; height: number }): void {
    this.#room(height + 24);
    const unit = width / widths.reduce((sum, each) => sum + each, 0);
    const top = this.#pdf.y + 12;
    let x = MARGIN;
    for (const [i, each] of widths.entries()) {
      if (i % 2 === 0) this.#pdf.rect(x, top, each * unit, height);
      x += each * unit;
    }
    this.#pdf.fill("#000");
    this.#pdf.y = top + height + 6;
  }

  table(columns: readonly Column[], rows: readonly (readonly string[])[]): void {
    this.#row(columns, columns.map(({ head }) => head), { font: BOLD, color: DIM }); // prettier-ignore
    for (const row of rows) this.#row(columns, row, { font: PLAIN, color: INK });
  }

  #row(columns: readonly Column[], cells: readonly string[], style: { font: string; color: string }): void {
    const total = columns.reduce((sum, { share }) => sum + share, 0);
    const widths = columns.map(({ share }) => (WIDTH * share) / total);
    this.#pdf.font(style.font).fontSize(8.5).fillColor(style.color);
    const heights = cells.map((cell, i) => this.#pdf.heightOfString(shown(cell), { width: (widths[i] ?? 0) - 8 }));
    const height = Math.max(...heights) + 5;
    this.#room(height);
    const top = this.#pdf.y + 2;
    let x = MARGIN;
    for (const [i, cell] of cells.entries()) {
      const width = widths[i] ?? 0;
      this.#pdf.text(shown(cell), x, top, { width: width - 8, align: columns[i]?.right === true ? "right" : "left" });
      x += width;
    }
    this.#pdf.y = top + height - 3;
  }

  /** What belongs together is not parted by the end of a page. */
  #room(height: number): void {
    if (this.#pdf.y + height > this.#pdf.page.height - MARGIN - FOOT) this.#pdf.addPage();
  }

  /** Numbers the pages and closes the document. */
  async end(): Promise<Buffer> {
    const { count } = this.#pdf.bufferedPageRange();
    for (let page = 0; page < count; page += 1) {
      this.#pdf.switchToPage(page);
      this.#pdf.font(PLAIN).fontSize(7).fillColor(DIM);
      // Height zero and no break: a line below the margin would open a page of its own.
      const at = this.#pdf.page.height - MARGIN;
      this.#pdf.text(shown(this.#foot(page + 1, count)), MARGIN, at, { width: WIDTH, height: 10, lineBreak: false, ellipsis: true });
    }
    this.#pdf.end();
    return this.#done;
  }
}

/** What Windows-1252 has besides Latin-1: the letters that a PDF's own fonts can show. */
const ALSO = "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ";

/** The text with letters of other scripts as question marks: the fonts that every reader has know Western European ones. */
export function shown(text: string): string {
  return [
    ...text
      .normalize("NFC")
      .replaceAll("\r\n", "\n")
      .replaceAll("\u00a0", " ")
      .replaceAll("\u202f", " ")
      .replaceAll("−", "-")
      .replaceAll("→", "›"),
  ]
    .map((letter) => (letter === "\n" || /^[\u0020-\u007e\u00a1-\u00ff]$/u.test(letter) || ALSO.includes(letter) ? letter : plain(letter)))
    .join("");
}

function plain(letter: string): string {
  const [base = ""] = letter.normalize("NFD");
  return /^[\u0020-\u007e]$/u.test(base) ? base : "?";
}
