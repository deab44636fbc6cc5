// The look of a page and the angle of its lines: what recompression leaves alone, and what a photograph turns.
import sharp, { type Sharp } from "sharp";
import { describe, expect, it } from "vitest";
import { pixReceipt } from "../../../test/support/proof-documents.ts";
import { recompress } from "../../../test/support/proof-pictures.ts";
import { parseInstant } from "../../kernel/time.ts";
import { differenceHash } from "./look.ts";
import { skewOf } from "./skew.ts";

async function lookOf(picture: Sharp): Promise<string | null> {
  const { data } = await picture.clone().resize(9, 8, { fit: "fill" }).greyscale().raw().toBuffer({ resolveWithObject: true });
  return differenceHash(data);
}

const PARTY = { name: "Servidor Bom Hospedagem", taxId: "12.345.678/0001-95" };
const receipt = (style: "beside" | "above", amount = 2_990): Promise<Uint8Array> =>
  pixReceipt({
    amount,
    at: parseInstant("2026-11-22T17:33:21Z"),
    endToEndId: null,
    payer: PARTY,
    receiver: PARTY,
    style,
    as: "screenshot",
  });

const distance = (a: string | null, b: string | null): number =>
  (BigInt(`0x${a ?? "0"}`) ^ BigInt(`0x${b ?? "0"}`)).toString(2).replaceAll("0", "").length;

/** Lines of words on white, lying askew by so many degrees. */
function page(degrees: number, width = 500, height = 600): Uint8Array {
  const grey = new Uint8Array(width * height).fill(250);
  const slope = Math.tan((degrees * Math.PI) / 180);
  for (let line = 60; line < height - 60; line += 24) {
    for (let x = 40; x < width - 40; x += 1) {
      // Words of nine pixels and gaps of three, with letters in them.
      if (x % 12 > 8 || x % 3 === 0) continue;
      for (let row = 0; row < 8; row += 1) {
        const y = Math.round(line + row + x * slope);
        if (y >= 0 && y < height) grey[y * width + x] = 30;
      }
    }
  }
  return grey;
}

describe("the look of a page", () => {
  it("is sixty-four bits, one for each step towards the light", () => {
    const rising = Uint8Array.from({ length: 72 }, (_, at) => 10 * (at % 9));
    expect(differenceHash(rising)).toBe("ffffffffffffffff");
    expect(differenceHash(rising.map((value) => 90 - value))).toBe("0000000000000000");
    expect(differenceHash(rising.map((value, at) => (at < 9 ? value : 0)))).toBe("ff00000000000000");
  });

  it("of a page all of one grey is none", () => {
    expect(differenceHash(new Uint8Array(72).fill(255))).toBeNull();
  });

  it("stays nearly the same through a messenger, and tells a page of another layout apart", async () => {
    const [sent, other] = await Promise.all([receipt("beside"), receipt("above")]);
    const passedOn = await lookOf(sharp(await recompress(sent, { width: 500, quality: 40 })));
    const look = await lookOf(sharp(sent));
    expect(distance(look, passedOn)).toBeLessThanOrEqual(4);
    expect(distance(look, await lookOf(sharp(other)))).toBeGreaterThan(10);
  });

  it("cannot tell another amount, which is why it judges nothing alone", async () => {
    const [sent, forged] = await Promise.all([receipt("beside", 2_990), receipt("beside", 9_990)]);
    expect(distance(await lookOf(sharp(sent)), await lookOf(sharp(forged)))).toBeLessThanOrEqual(4);
  });
});

describe("the angle of a page's lines", () => {
  it.each([-15, -7, -2, 1.5, 3, 7, 12.25, 18])("of %s degrees is found within half a degree", (degrees) => {
    const turned = -skewOf(page(degrees), 500, 600);
    expect(Math.abs(turned - degrees)).toBeLessThanOrEqual(0.5);
  });

  it("is nought of level lines, of an empty page and of a mere pattern", () => {
    expect(skewOf(page(0), 500, 600)).toBeCloseTo(0, 0);
    expect(skewOf(new Uint8Array(300_000).fill(255), 500, 600)).toBe(0);
    let state = 1;
    const speckled = Uint8Array.from({ length: 300_000 }, () => {
      // mulberry32: a plainer generator's lowest bits lie in lines, which are found.
      state = (state + 0x6d2b79f5) | 0;
      const mixed = Math.imul(state ^ (state >>> 15), state | 1);
      const drawn = (mixed ^ (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61))) >>> 0;
      return (drawn ^ (drawn >>> 14)) >>> 24 < 40 ? 0 : 255;
    });
    expect(skewOf(speckled, 500, 600)).toBe(0);
  });
});
