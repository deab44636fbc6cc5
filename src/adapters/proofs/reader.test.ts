// Honest documents read in the real child process: PDF, photo, screenshot, passed on by a messenger, turned, edited, by mail.
import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { pixReceipt, slipReceipt, type PixReceipt, type SlipReceipt } from "../../../test/support/proof-documents.ts";
import { canDrawText } from "../../../test/support/proof-drawing.ts";
import { editedPdf, encryptedPdf, pdfOfPages } from "../../../test/support/proof-edits.ts";
import { bankMail, forwarded, mailKeys } from "../../../test/support/proof-mail.ts";
import { photograph, recompress, withSoftware } from "../../../test/support/proof-pictures.ts";
import { pagePdfOfPicture } from "../../../test/support/proof-scan.ts";
import { findEndToEndIds } from "../../codes/find-codes.ts";
import { formatDigitLine, makeBoleto } from "../../codes/boleto.ts";
import { makeStaticBrCode } from "../../codes/make-br-code.ts";
import { sha256 } from "../../kernel/hash.ts";
import { MINUTE_MS, parseDay, parseInstant } from "../../kernel/time.ts";
import type { Reading } from "../../ports/proof-reader.ts";
import type { Proof } from "../../proofs/proof.ts";
import { storedKeys } from "./dkim-keys.ts";
import { ChildProofReader } from "./reader.ts";

/** A machine under load takes ten times as long; nothing here depends on it. */
const PATIENCE = 240_000;
const AT = parseInstant("2026-11-22T17:33:21Z");
const ID = "E18236120202611221733s0326120V4K";
const BR_CODE = makeStaticBrCode({
  key: "pix@servidorbom.example",
  amountCents: 2_990,
  txid: "FAT1042",
  name: "Servidor Bom",
  city: "Curitiba",
});
const SLIP = makeBoleto({ bank: "341", amountCents: 2_990, due: parseDay("2026-11-23"), freeField: "1091234567890123456789012" });
const PAYER = { name: "Padaria São João Ltda", taxId: "***.982.247-**", institution: "Nubank" };
const RECEIVER = { name: "Servidor Bom Hospedagem Ltda", taxId: "12.345.678/0001-95", key: "pix@servidorbom.example" };
const BANK = "bancoexemplo.example";

const pix = (change: Partial<PixReceipt> = {}): Promise<Uint8Array> =>
  pixReceipt({ amount: 2_990, at: AT, endToEndId: ID, payer: PAYER, receiver: RECEIVER, qr: BR_CODE, as: "pdf", ...change });
const slip = (change: Partial<SlipReceipt> = {}): Promise<Uint8Array> =>
  slipReceipt({ amount: 2_990, paidAt: AT, ...SLIP, payer: PAYER, receiver: RECEIVER, style: "above", as: "pdf", ...change });

const reader = new ChildProofReader({ keys: storedKeys(mailKeys(BANK)), fileMs: PATIENCE, programMs: PATIENCE });
const lacks = await reader.lacks({ signal: AbortSignal.timeout(PATIENCE) });
const fonts = await canDrawText();
const noLetters = lacks.some((program) => program !== "pdftoppm") || !fonts;
const noPages = lacks.includes("pdftoppm");
const LETTERS = "(skipped where tesseract with its language por, or a font, is not installed)";
const PAGES = "(skipped where pdftoppm is not installed)";

async function read(bytes: Uint8Array): Promise<Reading> {
  const outcome = await reader.read(bytes, { signal: AbortSignal.timeout(PATIENCE) });
  if (outcome.outcome !== "done") throw new Error(`not read: ${outcome.outcome}, ${outcome.reason}`);
  return outcome.value;
}

const textOf = ({ proof }: Reading, source: Proof["texts"][number]["source"]): string =>
  proof.texts
    .filter((text) => text.source === source)
    .map(({ text }) => text)
    .join("\n");

const distance = (a: string | null, b: string | null): number =>
  (BigInt(`0x${a ?? "0"}`) ^ BigInt(`0x${b ?? "0"}`)).toString(2).replaceAll("0", "").length;

describe("a receipt as PDF", { timeout: PATIENCE }, () => {
  let reading: Reading;
  let bytes: Uint8Array;
  beforeAll(async () => {
    bytes = await pix();
    reading = await read(bytes);
  }, PATIENCE);

  it("gives its text with accents, in lines", () => {
    const text = textOf(reading, "pdf_text");
    for (const words of [ID, "R$ 29,90", "22/11/2026 às 14:33:21", "Padaria São João Ltda", "***.982.247-**"])
      expect(text).toContain(words);
    expect(findEndToEndIds(text)).toHaveLength(1);
  });

  it("tells what it is and how it was made", () => {
    expect(reading.proof).toMatchObject({ form: "pdf", sha256: sha256(bytes), bytes: bytes.length, pages: 1, mail: null });
    expect(reading.proof.made).toEqual({
      programs: ["BancoExemplo PDF Service 4.2", "Banco Exemplo"],
      createdAt: AT + MINUTE_MS,
      modifiedAt: null,
      updates: 0,
    });
    expect(reading.files).toEqual([sha256(bytes)]);
  });

  it.skipIf(noPages)(`has its QR code read, and a plain picture of its page ${PAGES}`, async () => {
    expect(reading.proof.codes).toEqual([BR_CODE]);
    expect(reading.proof.look).toMatch(/^[0-9a-f]{16}$/u);
    const { width, height, exif, format } = await sharp(reading.picture?.bytes).metadata();
    expect({ width, height, exif, type: `image/${format}` }).toEqual({
      width: reading.picture?.width,
      height: reading.picture?.height,
      exif: undefined,
      type: reading.picture?.type,
    });
    expect(reading.notes).toEqual([]);
  });

  it("passes wherever a proof is asked for", () => {
    // The port may not import the rules, nor the rules the port: here the two shapes are held together, in both directions.
    const asProof: Proof = reading.proof;
    const asRead: Reading["proof"] = asProof;
    expect(asRead).toBe(reading.proof);
  });
});

describe("a receipt as a picture", { timeout: PATIENCE }, () => {
  it("photographed askew, with noise and blur, still has its codes", async () => {
    const photo = await read(await pix({ as: "photo" }));
    expect(photo.proof).toMatchObject({ form: "jpeg", pages: 1, codes: [BR_CODE] });
    expect(photo.proof.made).toMatchObject({ programs: [], createdAt: parseInstant("2026-11-22T14:40:00-03:00") });
    expect((await read(await slip({ as: "photo" }))).proof.codes).toEqual([SLIP.barCode]);
  });

  it.skipIf(noLetters)(`photographed askew has its letters recognised ${LETTERS}`, async () => {
    const letters = textOf(await read(await slip({ as: "photo" })), "ocr");
    for (const words of [formatDigitLine(SLIP.digitLine), "R$ 29,90", "12.345.678/0001-95", "22/11/2026"]) expect(letters).toContain(words);
  });

  it("as a screenshot is read like its page", async () => {
    const screenshot = await read(await pix({ as: "screenshot" }));
    expect(screenshot.proof).toMatchObject({ form: "png", codes: [BR_CODE], made: { programs: [], createdAt: null, modifiedAt: null } });
    if (!noLetters) expect(textOf(screenshot, "ocr")).toContain("R$ 29,90");
    if (!noPages) expect(distance(screenshot.proof.look, (await read(await pix())).proof.look)).toBeLessThanOrEqual(4);
  });

  it("passed on by a messenger keeps its codes and its look", async () => {
    const photo = await pix({ as: "photo" });
    const [sent, passedOn] = [await read(photo), await read(await recompress(photo))];
    expect(passedOn.proof.codes).toEqual([BR_CODE]);
    expect(passedOn.proof.sha256).not.toBe(sent.proof.sha256);
    expect(distance(sent.proof.look, passedOn.proof.look)).toBeLessThanOrEqual(4);
  });

  it("turned, as its EXIF says, is shown upright", async () => {
    const page = await pix({ as: "screenshot" });
    const options = { degrees: 0, noise: 0, blur: 0 };
    const upright = await read(await photograph(page, options));
    for (const orientation of [3, 6, 8] as const) {
      const turned = await read(await photograph(page, { ...options, orientation }));
      expect([turned.picture?.width, turned.picture?.height]).toEqual([upright.picture?.width, upright.picture?.height]);
      expect(distance(upright.proof.look, turned.proof.look)).toBeLessThanOrEqual(4);
      expect(turned.proof.codes).toEqual([BR_CODE]);
    }
  });

  it("lying on its side, with nothing that says so, has its codes, and its letters where they are recognised", async () => {
    const sideways = await sharp(await slip({ as: "photo", photo: { degrees: 96 } }))
      .jpeg()
      .toBuffer();
    const reading = await read(sideways);
    expect(reading.proof.codes).toEqual([SLIP.barCode]);
    if (!noLetters) expect(textOf(reading, "ocr")).toContain("12.345.678/0001-95");
  });

  it("saved by an editor names the editor, and what is shown carries no such mark", async () => {
    const { proof, picture } = await read(await withSoftware(await pix({ as: "screenshot" }), "Adobe Photoshop 25.1"));
    expect(proof.made).toMatchObject({
      programs: ["Adobe Photoshop 25.1"],
      modifiedAt: parseInstant("2026-11-22T15:10:00-03:00"),
    });
    expect(Buffer.from(picture?.bytes ?? []).includes("Photoshop")).toBe(false);
  });

  it("of one grey is read, and there is nothing in it", async () => {
    const blank = await sharp({ create: { width: 800, height: 600, channels: 3, background: "#fff" } })
      .jpeg()
      .toBuffer();
    expect((await read(blank)).proof).toMatchObject({ texts: [], codes: [], look: null });
  });
});

describe("a PDF with a history", { timeout: PATIENCE }, () => {
  it("written on by an editor says so", async () => {
    const later = AT + 60 * MINUTE_MS;
    const { proof } = await read(editedPdf(await pix(), { at: later, program: "Sejda 3.2.84", createdAt: AT }));
    expect(proof.made).toEqual({ programs: ["Sejda 3.2.84"], createdAt: AT, modifiedAt: later, updates: 1 });
    expect(textOf({ proof } as Reading, "pdf_text")).toContain(ID);
  });

  it("closed to editing alone, as banks do it, is read without a password", async () => {
    expect(textOf(await read(encryptedPdf("")), "pdf_text")).toContain("R$ 29,90");
  });

  it("of ten pages is read, and says what was left out", async () => {
    const { proof, notes } = await read(pdfOfPages(10));
    expect(proof.pages).toBe(10);
    expect(notes).toEqual(noPages ? ["no_pdftoppm"] : ["more_left_out"]);
  });

  it.skipIf(noPages || noLetters)(`that is only a scan has its letters recognised ${LETTERS}`, async () => {
    const reading = await read(await pagePdfOfPicture(await slip({ as: "photo", photo: { degrees: 1.5 } })));
    expect(textOf(reading, "pdf_text")).toBe("");
    expect(textOf(reading, "ocr")).toContain("R$ 29,90");
    expect(reading.proof.codes).toEqual([SLIP.barCode]);
  });
});

describe("a mail", { timeout: PATIENCE }, () => {
  const carried = async (): Promise<Uint8Array> => pix();
  const mail = async (bytes: Uint8Array): Promise<Uint8Array> =>
    bankMail({ domain: BANK, at: AT, attachment: { name: "comprovante.pdf", type: "application/pdf", bytes } });

  it("from the bank is its words, its signature and the document it carries", async () => {
    const document = await carried();
    const bytes = await mail(document);
    const { proof, files } = await read(bytes);
    expect(proof).toMatchObject({
      form: "mail",
      sha256: sha256(bytes),
      pages: 1,
      codes: noPages ? [] : [BR_CODE],
      made: { createdAt: AT + MINUTE_MS },
      mail: { from: BANK, sentAt: AT - (AT % 1_000), signatures: [{ domain: BANK, result: "pass", reason: null }] },
    });
    expect(proof.texts.map(({ source }) => source)).toEqual(["mail", "pdf_text"]);
    expect(files).toEqual([sha256(bytes), sha256(document)]);
  });

  it("forwarded whole is the one that counts, with its signature unharmed", async () => {
    const document = await carried();
    const { proof, files } = await read(await forwarded(await mail(document), AT + MINUTE_MS));
    expect(proof.mail).toMatchObject({ from: BANK, signatures: [{ result: "pass" }] });
    expect(files).toContain(sha256(document));
  });

  it("altered on the way fails, and is read all the same", async () => {
    const attachment = { name: "c.pdf", type: "application/pdf", bytes: await carried() };
    const { proof } = await read(await bankMail({ domain: BANK, at: AT, attachment, altered: "text" }));
    expect(proof.mail?.signatures).toEqual([{ domain: BANK, result: "fail", reason: "body_changed" }]);
    expect(textOf({ proof } as Reading, "mail")).toContain("R$ 99,90");
    expect(proof.texts).toHaveLength(2);
  });

  it("of HTML alone gives its words", async () => {
    const html = `<style>p{}</style><p>Pix de <b>R$&nbsp;29,90</b></p><p>ID ${ID}</p>`;
    const { proof, picture } = await read(await bankMail({ domain: BANK, at: AT, text: " ", html }));
    expect(textOf({ proof } as Reading, "mail")).toContain(`Pix de R$ 29,90\nID ${ID}`);
    expect([proof.pages, picture]).toEqual([0, null]);
  });

  it("whose attachment asks for a password stands by itself", async () => {
    const attachment = { name: "c.pdf", type: "application/pdf", bytes: encryptedPdf("segredo") };
    const { proof, notes } = await read(await bankMail({ domain: BANK, at: AT, attachment }));
    expect(notes).toEqual(["attachment_encrypted"]);
    expect(proof).toMatchObject({ pages: 0, mail: { signatures: [{ result: "pass" }] } });
  });
});
