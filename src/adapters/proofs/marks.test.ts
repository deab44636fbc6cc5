// What files say of their making: programs and dates of pictures, dates and later writings of PDFs, read without decoding anything.
import fc from "fast-check";
import sharp, { type Sharp } from "sharp";
import { describe, expect, it } from "vitest";
import { editedPdf } from "../../../test/support/proof-edits.ts";
import { pixReceipt } from "../../../test/support/proof-documents.ts";
import { withSoftware } from "../../../test/support/proof-pictures.ts";
import { parseInstant } from "../../kernel/time.ts";
import { pdfDate, updatesOf } from "./pdf-marks.ts";
import { pictureMarks } from "./picture-marks.ts";

const NOTHING = { programs: [], createdAt: null, modifiedAt: null, updates: 0 };
const AT = parseInstant("2026-11-22T17:33:21Z");
const PARTY = { name: "Servidor Bom", taxId: "12.345.678/0001-95" };
const blank = (): Sharp => sharp({ create: { width: 60, height: 40, channels: 3, background: "#fff" } });

/** A PNG with one more chunk after its header; its check sum is left open, which no reader of notes looks at. */
async function pngWith(name: string, data: Buffer): Promise<Buffer> {
  const png = await blank().png().toBuffer();
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  return Buffer.concat([png.subarray(0, 33), length, Buffer.from(name), data, Buffer.alloc(4), png.subarray(33)]);
}

describe("a picture's own account of its making", () => {
  it("names the editor and its time, in Brasília where no offset is written", async () => {
    const marks = pictureMarks(await withSoftware(await blank().png().toBuffer(), "Adobe Photoshop 25.1"), "jpeg");
    expect(marks).toEqual({ ...NOTHING, programs: ["Adobe Photoshop 25.1"], modifiedAt: parseInstant("2026-11-22T15:10:00-03:00") });
  });

  it("has the camera's time with the offset that it wrote", async () => {
    const exif = { IFD2: { DateTimeOriginal: "2026:11:22 14:33:21", OffsetTimeOriginal: "+01:00" } };
    const marks = pictureMarks(await blank().jpeg().withExif(exif).toBuffer(), "jpeg");
    expect(marks).toEqual({ ...NOTHING, createdAt: parseInstant("2026-11-22T14:33:21+01:00") });
  });

  it("is read from a PNG's EXIF, its notes and its XMP", async () => {
    const exif = await blank()
      .png()
      .withExif({ IFD0: { Software: "GIMP 2.10" } })
      .toBuffer();
    expect(pictureMarks(exif, "png").programs).toEqual(["GIMP 2.10"]);
    expect(pictureMarks(await pngWith("tEXt", Buffer.from("Software\0gnome-screenshot")), "png").programs).toEqual(["gnome-screenshot"]);
    expect(pictureMarks(await pngWith("iTXt", Buffer.from("Software\0\0\0\0\0Édition")), "png").programs).toEqual(["Édition"]);
    const xmp = '<x:xmpmeta><rdf:Description xmp:CreatorTool="Canva"/><stEvt:softwareAgent>Adobe Photoshop 25.1</stEvt:softwareAgent>';
    expect(pictureMarks(await pngWith("iTXt", Buffer.from(`XML:com.adobe.xmp\0\0\0\0\0${xmp}`)), "png").programs).toEqual([
      "Canva",
      "Adobe Photoshop 25.1",
    ]);
  });

  it("is read from a JPEG's XMP", async () => {
    const jpeg = await blank().jpeg().withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"><a xmp:CreatorTool="Canva"/></x:xmpmeta>').toBuffer();
    expect(pictureMarks(jpeg, "jpeg").programs).toEqual(["Canva"]);
  });

  it("is nothing where metadata was taken off, as messengers do", async () => {
    expect(pictureMarks(await blank().jpeg().toBuffer(), "jpeg")).toEqual(NOTHING);
    expect(pictureMarks(await blank().png().toBuffer(), "png")).toEqual(NOTHING);
  });

  it("of any bytes is told, or is nothing, in bounded words", async () => {
    const whole = await withSoftware(await blank().png().toBuffer(), "x".repeat(900));
    expect(pictureMarks(whole, "jpeg").programs[0]).toHaveLength(200);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 30 }), (changes) => {
        const bent = new Uint8Array(whole);
        for (const [place, byte] of changes) bent[place + 2] = byte;
        const { programs } = pictureMarks(bent, "jpeg");
        expect(programs.every((program) => program.length <= 200)).toBe(true);
      }),
    );
  });
});

describe("dates as PDF writes them", () => {
  it.each([
    ["D:20261122143321-03'00'", "2026-11-22T17:33:21Z"],
    ["D:20261122143321-03'00", "2026-11-22T17:33:21Z"],
    ["D:20261122143321+0530", "2026-11-22T09:03:21Z"],
    ["D:20261122173321Z", "2026-11-22T17:33:21Z"],
    ["D:20261122173321Z00'00'", "2026-11-22T17:33:21Z"],
    ["20261122143321", "2026-11-22T17:33:21Z"],
    ["D:202611221433", "2026-11-22T17:33:00Z"],
    ["D:2026", "2026-01-01T03:00:00Z"],
  ])("%j is %s", (written, instant) => {
    expect(pdfDate(written)).toBe(parseInstant(instant));
  });

  it.each(["D:20260231143321Z", "D:20261322", "D:00001122", "today", "", null, 20261122, "D:20261122253321Z"])("%j is none", (written) => {
    expect(pdfDate(written)).toBeNull();
  });
});

describe("the times a PDF was written on after it was made", () => {
  const receipt = (): Promise<Uint8Array> =>
    pixReceipt({ amount: 2990, at: AT, endToEndId: null, payer: PARTY, receiver: PARTY, as: "pdf" });

  it("are none of a PDF as its bank wrote it", async () => {
    expect(updatesOf(await receipt())).toBe(0);
  });

  it("are counted", async () => {
    const once = editedPdf(await receipt(), { at: AT });
    expect([updatesOf(once), updatesOf(editedPdf(once, { at: AT }))]).toEqual([1, 2]);
  });

  it("do not count the first part of a PDF laid out for the web", () => {
    const linearized =
      "%PDF-1.4\n1 0 obj <</Linearized 1>> endobj\nxref\ntrailer\nstartxref\n0\n%%EOF\n2 0 obj\nxref\ntrailer\nstartxref\n116\n%%EOF\n";
    expect(updatesOf(Buffer.from(linearized))).toBe(0);
  });

  it("are not made of words alone", () => {
    expect(updatesOf(Buffer.from(`%PDF-1.4 ${"%%EOF ".repeat(9)} startxref x %%EOF startxref 12 %%EOF`))).toBe(0);
  });
});
