// PDFs changed after they were made, and files made to hurt whoever reads them.
import { createHash } from "node:crypto";
import { crc32, deflateSync } from "node:zlib";
import type { Instant } from "../../src/kernel/time.ts";

/** `D:20261122173321Z`. */
function pdfDate(at: Instant): string {
  return `D:${new Date(at).toISOString().replace(/\D/gu, "").slice(0, 14)}Z`;
}

/** The number that stands under a name of the last trailer. */
function trailerNumber(pdf: string, name: string): number {
  const trailer = pdf.slice(pdf.lastIndexOf("trailer"));
  return Number(new RegExp(`/${name} (\\d+)`, "u").exec(trailer)?.[1]);
}

/**
 * The PDF saved again by an editor as an incremental update: its old bytes, then a new description with another time of change, as PDF
 * editors and signing programs write it.
 */
export function editedPdf(
  pdf: Uint8Array,
  { at, program = "Sejda 3.2.84", createdAt }: { at: Instant; program?: string; createdAt?: Instant },
): Uint8Array {
  const old = Buffer.from(pdf).toString("latin1");
  const [size, root, info] = [trailerNumber(old, "Size"), trailerNumber(old, "Root"), trailerNumber(old, "Info")];
  const before = Number(/startxref\s+(\d+)\s+%%EOF\s*$/u.exec(old)?.[1]);
  const creation = createdAt === undefined ? "" : `/CreationDate (${pdfDate(createdAt)})`;
  const object = `\n${info} 0 obj\n<< /Producer (${program}) ${creation} /ModDate (${pdfDate(at)}) >>\nendobj\n`;
  const place = String(old.length + 1).padStart(10, "0");
  const xref = `xref\n0 1\n0000000000 65535 f \n${info} 1\n${place} 00000 n \n`;
  const trailer = `trailer\n<< /Size ${size} /Root ${root} 0 R /Info ${info} 0 R /Prev ${before} >>\n`;
  return Buffer.from(`${old}${object}${xref}${trailer}startxref\n${old.length + object.length}\n%%EOF\n`, "latin1");
}

/** A PDF from its objects, numbered from 1, the first of which is the root. */
export function rawPdf(objects: readonly (string | Buffer)[], trailer = ""): Uint8Array {
  const parts: Buffer[] = [Buffer.from("%PDF-1.5\n%\xe2\xe3\xcf\xd3\n", "latin1")];
  let at = parts[0]?.length ?? 0;
  const places: number[] = [];
  for (const [index, object] of objects.entries()) {
    const bytes = Buffer.concat([Buffer.from(`${index + 1} 0 obj\n`), Buffer.from(object as string, "latin1"), Buffer.from("\nendobj\n")]);
    places.push(at);
    at += bytes.length;
    parts.push(bytes);
  }
  const rows = places.map((place) => `${String(place).padStart(10, "0")} 00000 n \n`).join("");
  const end = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R ${trailer}>>\nstartxref\n${at}\n%%EOF\n`;
  return Buffer.concat([...parts, Buffer.from(end)]);
}

/** A PDF of so many empty pages. */
export function pdfOfPages(count: number): Uint8Array {
  const kids = Array.from({ length: count }, (_, index) => `${index + 3} 0 R`).join(" ");
  const page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>";
  return rawPdf([
    "<< /Type /Catalog /Pages 2 0 R >>",
    `<< /Type /Pages /Kids [${kids}] /Count ${count} >>`,
    ...Array<string>(count).fill(page),
  ]);
}

/** A PDF of one page whose content is the given stream, unpacked by its reader. */
export function pdfOfStream(packed: Buffer, filters = "/FlateDecode"): Uint8Array {
  const stream = Buffer.concat([
    Buffer.from(`<< /Length ${packed.length} /Filter [${filters}] >>\nstream\n`),
    packed,
    Buffer.from("\nendstream"),
  ]);
  return rawPdf([
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>",
    stream,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
  ]);
}

/** A PDF whose page is packed twice over, into so many megabytes of drawing commands. */
export function pdfBomb(megabytes: number): Uint8Array {
  const commands = Buffer.alloc(megabytes * 1_000_000, "BT /F 12 Tf (x) Tj ET\n");
  return pdfOfStream(deflateSync(deflateSync(commands, { level: 9 }), { level: 9 }), "/FlateDecode /FlateDecode");
}

/** A page that draws itself: reading it to the end never comes to one, unless depth is watched. */
export function endlessPdf(): Uint8Array {
  const form = "<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /A 4 0 R /B 5 0 R >> >> /Length 23 >>\nstream\n";
  const doubled = `${form}/A Do /B Do /A Do /B Do\nendstream`;
  return rawPdf([
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 6 0 R /Resources << /XObject << /A 4 0 R /B 5 0 R >> >> >>",
    doubled,
    doubled,
    "<< /Length 5 >>\nstream\n/A Do\nendstream",
  ]);
}

const PADDING = Buffer.from("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a", "hex");

/** Encrypts as PDF 1.3 does (RC4, 40 bits). With an empty password anybody may open it: banks do so to forbid editing. */
export function encryptedPdf(password: string): Uint8Array {
  const id = createHash("md5").update("regua test").digest();
  const padded = (text: string): Buffer => Buffer.concat([Buffer.from(text, "latin1"), PADDING]).subarray(0, 32);
  const rc4 = (key: Buffer, data: Buffer): Buffer => arcfour(key, data);
  const ownerKey = createHash("md5").update(padded("dono")).digest().subarray(0, 5);
  const owner = rc4(ownerKey, padded(password));
  const permissions = Buffer.from([0xc0, 0xff, 0xff, 0xff]);
  const fileKey = createHash("md5").update(padded(password)).update(owner).update(permissions).update(id).digest().subarray(0, 5);
  const user = rc4(fileKey, PADDING);
  const objectKey = createHash("md5")
    .update(Buffer.concat([fileKey, Buffer.from([4, 0, 0, 0, 0])]))
    .digest()
    .subarray(0, 10);
  const content = rc4(objectKey, Buffer.from("BT /F 12 Tf 20 100 Td (Valor: R$ 29,90) Tj ET"));
  return rawPdf(
    [
      "<< /Type /Catalog /Pages 2 0 R >>",
      "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
      "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>",
      Buffer.concat([Buffer.from(`<< /Length ${content.length} >>\nstream\n`), content, Buffer.from("\nendstream")]),
      "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
      `<< /Filter /Standard /V 1 /R 2 /O <${owner.toString("hex")}> /U <${user.toString("hex")}> /P -64 >>`,
    ],
    `/Encrypt 6 0 R /ID [<${id.toString("hex")}> <${id.toString("hex")}>] `,
  );
}

/** RC4, which OpenSSL keeps in a drawer of its own. */
function arcfour(key: Buffer, data: Buffer): Buffer {
  const state = Array.from({ length: 256 }, (_, index) => index);
  const swap = (i: number, j: number): void => {
    [state[i], state[j]] = [state[j] ?? 0, state[i] ?? 0];
  };
  for (let i = 0, j = 0; i < 256; i += 1) {
    j = (j + (state[i] ?? 0) + (key[i % key.length] ?? 0)) & 255;
    swap(i, j);
  }
  let [i, j] = [0, 0];
  return Buffer.from(
    data.map((byte) => {
      i = (i + 1) & 255;
      j = (j + (state[i] ?? 0)) & 255;
      swap(i, j);
      return byte ^ (state[((state[i] ?? 0) + (state[j] ?? 0)) & 255] ?? 0);
    }),
  );
}

/** A PNG whose header promises so many pixels, with the beginning of the data that would make them. */
export function hugePng(width: number, height: number): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 6, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from("89504e470d0a1a0a", "hex"),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(Buffer.alloc(4_000_000))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
