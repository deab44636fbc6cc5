// The process that has the hostile file in its hands. It is given a folder, a file and a bounded life, and answers in lines on descriptor 3.
import { createWriteStream } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { PROOF_LIMITS, type ReadNote } from "../../ports/proof-reader.ts";
import type { ChildSays, KeyAnswer, Task } from "./protocol.ts";
import { isMemory, NotRead } from "./refusal.ts";
import { formOf, pictureSize } from "./sniff.ts";
import type { DocumentReading } from "./read-pdf.ts";
import type { Workshop } from "./programs.ts";
import type { KeySource } from "./signatures.ts";

const out = createWriteStream("", { fd: 3 });
const say = (line: ChildSays): Promise<void> => new Promise((resolve) => out.write(`${JSON.stringify(line)}\n`, () => resolve()));

/** Keys are the parent's affair: this process has no business on the network. */
function keysOfParent(): KeySource {
  const waiting = new Map<string, (records: readonly string[] | null) => void>();
  const lines = createInterface({ input: process.stdin });
  lines.on("line", (line) => {
    const { name, records } = JSON.parse(line) as KeyAnswer;
    waiting.get(name)?.(records);
    waiting.delete(name);
  });
  // The parent is gone, and nobody waits for an answer.
  lines.on("close", () => process.exit(1));
  return (name) =>
    new Promise((resolve) => {
      waiting.set(name, resolve);
      void say({ ask: name });
    });
}

/** The libraries of a form are loaded for that form alone: each takes a fifth of a second. */
async function readDocument(workshop: Workshop, bytes: Uint8Array, form: "pdf" | "jpeg" | "png"): Promise<DocumentReading> {
  if (form === "pdf") {
    const { readPdf } = await import("./read-pdf.ts");
    await writeFile(join(workshop.folder, "document.pdf"), bytes, { mode: 0o600 });
    return readPdf(workshop, bytes, "document.pdf");
  }
  const size = pictureSize(bytes, form);
  if (size === null) throw new NotRead("unreadable");
  if (size.width * size.height > PROOF_LIMITS.pixels) throw new NotRead("too_many_pixels");
  const [{ readPicture }, { pictureMarks }] = await Promise.all([import("./read-picture.ts"), import("./picture-marks.ts")]);
  const { codes, look, text, picture } = await readPicture(workshop, bytes, { letters: true, shown: form });
  const texts = text === null ? [] : [{ source: "ocr" as const, text: text.slice(0, PROOF_LIMITS.text) }];
  return { proof: { form, pages: 1, texts, codes, look, made: pictureMarks(bytes, form), mail: null }, picture };
}

async function read(task: Task): Promise<ChildSays> {
  const notes = new Set<ReadNote>();
  const workshop: Workshop = { folder: dirname(task.file), programMs: task.programMs, notes };
  const keys = keysOfParent();
  const bytes = new Uint8Array(await readFile(join(workshop.folder, basename(task.file))));
  const form = formOf(bytes);
  if (form === null) throw new NotRead("form");
  if (form !== "mail") return answer(await readDocument(workshop, bytes, form), [], notes);
  const { readMail } = await import("./read-mail.ts");
  const { reading, files } = await readMail(workshop, bytes, keys, (part, kind) => readDocument(workshop, part, kind));
  return answer(reading, files, notes);
}

function answer({ proof, picture }: DocumentReading, files: string[], notes: Set<ReadNote>): ChildSays {
  if (proof.codes.length > PROOF_LIMITS.codes) notes.add("more_left_out");
  return { read: { proof: { ...proof, codes: proof.codes.slice(0, PROOF_LIMITS.codes) }, picture, notes: [...notes].sort(), files } };
}

async function answered(task: Task): Promise<ChildSays> {
  try {
    return await read(task);
  } catch (error) {
    if (error instanceof NotRead) return { refused: error.refusal };
    process.stderr.write(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
    return { gave_up: isMemory(error) ? "memory" : "fault" };
  }
}

process.umask(0o077);
await say(await answered(JSON.parse(process.argv[2] ?? "") as Task));
process.exit(0);
