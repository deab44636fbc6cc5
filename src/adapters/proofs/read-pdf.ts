// A PDF read: its text as pdf.js sees it, what it says of its making, and its first pages drawn for codes and for people.
import { getDocumentProxy } from "unpdf";
import { PROOF_LIMITS, type ReadProof } from "../../ports/proof-reader.ts";
import { pdfDate, updatesOf } from "./pdf-marks.ts";
import { drawPages, type Workshop } from "./programs.ts";
import type { ChildReading } from "./protocol.ts";
import { isMemory, NotRead } from "./refusal.ts";
import { readPixels, type PictureReading } from "./read-picture.ts";

type Pdf = Awaited<ReturnType<typeof getDocumentProxy>>;

/** Pages drawn and searched for codes: a receipt has one, a slip with its receipt two. */
const PAGES_DRAWN = 3;
/** Pages whose letters are recognised when the PDF has no text: each takes a second. */
const PAGES_RECOGNISED = 2;
/** Fewer letters are a heading over a scanned page. */
const TEXT_MIN = 30;
const PROGRAMS_MAX = 10;
const PROGRAM_LENGTH = 200;

export type DocumentReading = Omit<ChildReading, "notes" | "files">;

/** @throws NotRead `encrypted`, `too_many_pages`, `unreadable` */
export async function readPdf(workshop: Workshop, bytes: Uint8Array, file: string): Promise<DocumentReading> {
  // pdf.js takes the bytes away from whoever gives them.
  const updates = updatesOf(bytes);
  const pdf = await open(bytes.slice());
  const pages = pdf.numPages;
  if (pages > PROOF_LIMITS.pages) throw new NotRead("too_many_pages");
  const text = await textOf(workshop, pdf);
  const made = { ...(await makingOf(pdf)), updates };
  const drawn = await drawPages(workshop, file, Math.min(pages, PAGES_DRAWN));
  if (pages > PAGES_DRAWN && drawn.length > 0) workshop.notes.add("more_left_out");
  const letters = text.trim().length < TEXT_MIN;
  const seen: PictureReading[] = [];
  for (const [index, page] of drawn.entries())
    seen.push(await readPixels(workshop, page, { letters: letters && index < PAGES_RECOGNISED, shown: "png" }));
  const recognised = seen.map((page) => page.text).filter((found) => found !== null);
  const texts: ReadProof["texts"] = [
    ...(text.trim() === "" ? [] : [{ source: "pdf_text" as const, text }]),
    ...recognised.map((found) => ({ source: "ocr" as const, text: found.slice(0, PROOF_LIMITS.text) })),
  ];
  const codes = [...new Set(seen.flatMap((page) => page.codes))];
  return {
    proof: { form: "pdf", pages, texts, codes, look: seen[0]?.look ?? null, made, mail: null },
    picture: seen[0]?.picture ?? null,
  };
}

async function open(data: Uint8Array): Promise<Pdf> {
  try {
    return await getDocumentProxy(data, {
      verbosity: 0,
      disableFontFace: true,
      useSystemFonts: false,
      enableXfa: false,
      stopAtErrors: false,
      maxImageSize: PROOF_LIMITS.pixels,
    });
  } catch (error) {
    throw refusal(error);
  }
}

function refusal(error: unknown): unknown {
  if (isMemory(error) || error instanceof NotRead) return error;
  return new NotRead(error instanceof Error && error.name === "PasswordException" ? "encrypted" : "unreadable");
}

/**
 * Read piece by piece, so that a page unpacked into a hundred million letters ends where enough of them are read. The rest is left lying:
 * pdf.js waits for somebody to take it, but when it is told to stop it trips over itself (5.6: "Controller is already closed").
 */
async function textOf({ notes }: Workshop, pdf: Pdf): Promise<string> {
  const parts: string[] = [];
  let left: number = PROOF_LIMITS.text;
  try {
    for (let number = 1; number <= pdf.numPages && left > 0; number += 1) {
      const page = await pdf.getPage(number);
      const reader = (page.streamTextContent() as ReadableStream<{ items: { str?: string; hasEOL?: boolean }[] }>).getReader();
      for (let piece = await reader.read(); !piece.done && left > 0; piece = await reader.read()) {
        const letters = piece.value.items.map(({ str = "", hasEOL }) => str + (hasEOL === true ? "\n" : "")).join("");
        parts.push(letters.slice(0, left));
        left -= letters.length;
      }
      parts.push("\n");
      left -= 1;
    }
  } catch (error) {
    throw refusal(error);
  }
  if (left <= 0) notes.add("text_cut");
  return parts.join("").slice(0, PROOF_LIMITS.text).trimEnd();
}

async function makingOf(pdf: Pdf): Promise<Omit<ReadProof["made"], "updates">> {
  try {
    const { info, metadata } = await pdf.getMetadata();
    const said = info as Record<string, unknown>;
    const more = ["xmp:creatortool", "pdf:producer"].map((name): unknown => metadata?.get(name));
    const programs = [said.Producer, said.Creator, ...more]
      .filter((program) => typeof program === "string")
      .map((program) => program.replace(/[\p{Cc}\s]+/gu, " ").trim())
      .filter((program) => program !== "")
      .map((program) => program.slice(0, PROGRAM_LENGTH));
    return {
      programs: [...new Set(programs)].slice(0, PROGRAMS_MAX),
      createdAt: pdfDate(said.CreationDate),
      modifiedAt: pdfDate(said.ModDate),
    };
  } catch (error) {
    if (isMemory(error)) throw error;
    // Its description is broken, not the document.
    return { programs: [], createdAt: null, modifiedAt: null };
  }
}
