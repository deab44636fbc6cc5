// The form of a file by its content, whatever its name says, and the pixels of a picture by its header alone.
import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { hugePng, pdfOfPages } from "../../../test/support/proof-edits.ts";
import { formOf, pictureSize } from "./sniff.ts";

const text = (words: string): Uint8Array => new TextEncoder().encode(words);
const picture = (form: "jpeg" | "png", progressive = false): Promise<Buffer> => {
  const grey = sharp({ create: { width: 300, height: 200, channels: 3, background: "#808080" } });
  return (form === "jpeg" ? grey.jpeg({ progressive }) : grey.png({ progressive })).toBuffer();
};
const MAIL = "Return-Path: <a@b.example>\r\nReceived: from x\r\n by y\r\nFrom: A <a@b.example>\r\nSubject: oi\r\n\r\nOlá\r\n";

describe("the form of a file", () => {
  it("is told by its first bytes", async () => {
    expect(formOf(await picture("jpeg"))).toBe("jpeg");
    expect(formOf(await picture("png"))).toBe("png");
    expect(formOf(pdfOfPages(1))).toBe("pdf");
    expect(formOf(text(MAIL))).toBe("mail");
  });

  it.each([
    ["a mail with line feeds only", MAIL.replaceAll("\r\n", "\n"), "mail"],
    ["a mail of an mbox", `From a@b.example Sun Nov 22 14:33:21 2026\n${MAIL}`, "mail"],
    ["a mail behind a byte order mark", `\ufeff${MAIL}`, "mail"],
    ["a mail with odd fields before the known ones", `X-Odd_1: x\r\n${MAIL}`, "mail"],
    ["a mail about a PDF", `${MAIL}%PDF-1.7`, "mail"],
    ["a PDF behind white space", "\r\n\r\n%PDF-1.4\n", "pdf"],
    ["a PDF behind a few bytes of its program", "HTTP/1.1 200\n\u0001\u0002%PDF-1.4\n", "pdf"],
    ["a PDF whose mark comes too late", `${" x".repeat(600)}%PDF-1.4`, null],
    ["a letter with one line that looks like a field", "From: mim\n\nOlá", null],
    ["a page", "<!doctype html><html><body>From: x Date: y</body></html>", null],
    ["a spreadsheet", "data;valor\n22/11/2026;29,90\n", null],
    ["an archive", "PK\u0003\u0004", null],
    ["a picture of another kind", "RIFF\u0000\u0000\u0000\u0000WEBPVP8 ", null],
    ["nothing", "", null],
  ])("of %s is told", (_, bytes, form) => {
    expect(formOf(text(bytes))).toBe(form);
  });
});

describe("the size of a picture", () => {
  it("is what its header says, without its pixels", async () => {
    for (const progressive of [false, true]) {
      expect(pictureSize((await picture("jpeg", progressive)).subarray(0, 1_000), "jpeg")).toEqual({ width: 300, height: 200 });
      expect(pictureSize((await picture("png", progressive)).subarray(0, 33), "png")).toEqual({ width: 300, height: 200 });
    }
    expect(pictureSize(hugePng(50_000, 50_000), "png")).toEqual({ width: 50_000, height: 50_000 });
  });

  it("is not that of the small picture in its EXIF", async () => {
    const small = await picture("jpeg");
    const app1 = Buffer.concat([Buffer.from("Exif\0\0"), small]);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(app1.length + 2);
    const large = await sharp({ create: { width: 900, height: 800, channels: 3, background: "#fff" } })
      .jpeg()
      .toBuffer();
    const nested = Buffer.concat([large.subarray(0, 2), Buffer.from([0xff, 0xe1]), length, app1, large.subarray(2)]);
    expect(pictureSize(nested, "jpeg")).toEqual({ width: 900, height: 800 });
  });

  it("is unknown of a picture without one, or of no pixels", async () => {
    expect(pictureSize((await picture("jpeg")).subarray(0, 20), "jpeg")).toBeNull();
    expect(pictureSize(hugePng(0, 5), "png")).toBeNull();
    expect(pictureSize(new Uint8Array([0xff, 0xd8, 0xff]), "jpeg")).toBeNull();
  });

  it("is asked of any bytes without harm", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.constantFrom("jpeg" as const, "png" as const), (bytes, form) => {
        const marked = new Uint8Array([0xff, 0xd8, ...bytes]);
        for (const each of [bytes, marked]) {
          formOf(each);
          const size = pictureSize(each, form);
          if (size) expect(size.width > 0 && size.height > 0).toBe(true);
        }
      }),
    );
  });
});
