// Pix BR Codes: made and read, the check sum, keys, names, txids, and vectors of other programs.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readBrCode, type BrCode } from "./br-code.ts";
import { crc16 } from "./crc16.ts";
import { makeDynamicBrCode, makeStaticBrCode } from "./make-br-code.ts";
import { readPixKey } from "./pix-key.ts";
import { CITY_MAX, NAME_MAX, plainLetters } from "./plain-letters.ts";
import { isChargeTxid, isStaticTxid } from "./txid.ts";
import { readTlv, writeTlv } from "./tlv.ts";

const RANDOM_KEY = "123e4567-e12b-12d1-a456-426655440000";
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function read(text: string): BrCode {
  const reading = readBrCode(text);
  if (!reading.ok) throw new Error(`${text} is refused: ${JSON.stringify(reading.problem)}`);
  return reading.code;
}

/** Text with its check sum. */
const summed = (text: string): string => `${text}6304${crc16(bytes(`${text}6304`))}`;

describe("the check sum", () => {
  it("is that of CRC-16/CCITT-FALSE", () => {
    expect([crc16(bytes("123456789")), crc16(bytes(""))]).toEqual(["29B1", "FFFF"]);
  });
});

describe("a static code", () => {
  const code = makeStaticBrCode({
    key: "529.982.247-25",
    amountCents: 2990,
    txid: "FAT1042",
    name: "Servidor Bom Hospedagem",
    city: "São José dos Campos",
  });

  it("is the text that the manual describes", () => {
    expect(code).toBe(
      summed(
        "00020126330014br.gov.bcb.pix01115299822472552040000530398654052" +
          "9.905802BR5923Servidor Bom Hospedagem6015Sao Jose dos Ca62110507FAT1042",
      ),
    );
  });

  it("is read as it was made", () => {
    expect(read(code)).toMatchObject({
      kind: "static",
      use: null,
      key: "52998224725",
      keyKind: "cpf",
      url: null,
      info: null,
      amountCents: 2990,
      name: "Servidor Bom Hospedagem",
      city: "Sao Jose dos Ca",
      txid: "FAT1042",
      recurrenceUrl: null,
      notes: [],
    });
  });

  it("without amount and number says so", () => {
    const open = makeStaticBrCode({ key: RANDOM_KEY, amountCents: null, txid: null, name: "A", city: "B", info: "Fatura de ação nº 7" });
    expect(read(open)).toMatchObject({ amountCents: null, txid: "***", info: "Fatura de acao no 7", notes: [] });
  });

  it("gives the words to the payer only the room that the key leaves", () => {
    const key = `${"a".repeat(60)}@example.com`;
    const made = read(makeStaticBrCode({ key, amountCents: null, txid: null, name: "A", city: "B", info: "longer than that" }));
    expect([made.key, made.info]).toEqual([key, "l"]);
  });

  it.each([
    [{ key: "123" }, "key"],
    [{ txid: "FAT-1042" }, "txid"],
    [{ txid: "a".repeat(26) }, "txid"],
    [{ txid: "" }, "txid"],
    [{ amountCents: 0 }, "amount"],
    [{ amountCents: 1e12 }, "amount"],
    [{ name: "日本" }, "name"],
    [{ city: " " }, "city"],
  ])("%j is not made: %s", (change, field) => {
    const parts = { key: RANDOM_KEY, amountCents: 100, txid: "A", name: "A", city: "B", ...change };
    expect(() => makeStaticBrCode(parts)).toThrowError(
      expect.objectContaining({ code: "field_invalid", details: expect.objectContaining({ field }) }),
    );
  });
});

describe("a dynamic code", () => {
  const location = "pix.example.com/qr/v2/8b3da2f39a4140d1a91abd93113bd441";

  it("that the API Pix gives as an example is made letter for letter", () => {
    const code = makeDynamicBrCode({
      location: `https://${location}`,
      recurrence: "pix.example.com/qr/v2/rec/94ed2badcbc04c15b0bb7fa353194890",
      name: "Fulano de Tal",
      city: "BRASILIA",
    });
    expect(code).toBe(
      "00020101021226760014br.gov.bcb.pix2554pix.example.com/qr/v2/8b3da2f39a4140d1a91abd93113bd4415204000053039865802BR5913Fulano de Tal6008BRASILIA62070503***80800014br.gov.bcb.pix2558pix.example.com/qr/v2/rec/94ed2badcbc04c15b0bb7fa353194890" +
        "63047741",
    );
    expect(read(code)).toMatchObject({ kind: "dynamic", use: "once", url: location, key: null, txid: "***", notes: [] });
  });

  it.each(["", "pix.example.com", "http://pix.example.com/qr", "pix.example.com/a b", `pix.example.com/${"a".repeat(70)}`, "pix/abc"])(
    "with the address %j is not made",
    (address) => {
      expect(() => makeDynamicBrCode({ location: address, name: "A", city: "B" })).toThrowError(/location/u);
    },
  );
});

describe("any code made", () => {
  const arbitrary = fc.record({
    key: fc.constantFrom(RANDOM_KEY, "52998224725", "12ABC34501DE35", "+5541999990000", "pix@servidorbom.example"),
    amountCents: fc.option(fc.integer({ min: 1, max: 999_999_999_999 }), { nil: null }),
    txid: fc.option(fc.string({ unit: fc.constantFrom(..."abcXYZ0189"), minLength: 1, maxLength: 25 }), { nil: null }),
    name: fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 }).map((name) => `A${name}`),
    city: fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 }).map((city) => `B${city}`),
    info: fc.string({ unit: "grapheme", maxLength: 100 }),
  });

  it("is read as it was made, within EMV's limits", () => {
    fc.assert(
      fc.property(arbitrary, (parts) => {
        const text = makeStaticBrCode(parts);
        const code = read(text);
        expect(text).toMatch(/^[\x20-\x7e]{1,512}$/u);
        expect(code).toMatchObject({
          kind: "static",
          key: parts.key,
          amountCents: parts.amountCents,
          txid: parts.txid ?? "***",
          notes: [],
        });
        expect([code.name, code.city]).toEqual([plainLetters(parts.name, NAME_MAX), plainLetters(parts.city, CITY_MAX)]);
      }),
    );
  });

  it("with any one letter changed is refused", () => {
    fc.assert(
      fc.property(arbitrary, fc.nat(), fc.integer({ min: 1, max: 94 }), (parts, place, shift) => {
        const text = makeStaticBrCode(parts);
        const at = place % text.length;
        const letter = String.fromCharCode(32 + ((text.charCodeAt(at) - 32 + shift) % 95));
        const wrong = text.slice(0, at) + letter + text.slice(at + 1);
        // The check sum's own letters may be small.
        if (letter.toUpperCase() === text[at]) return;
        expect(readBrCode(wrong).ok).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("a code that cannot be read", () => {
  const head = `00020126580014br.gov.bcb.pix0136${RANDOM_KEY}`;
  const tail = "5802BR5901A6001B62070503***";
  it.each([
    ["", { code: "not_br_code", at: 0 }],
    ["  hello", { code: "not_br_code", at: 2 }],
    [`000201${"9999".repeat(300)}`, { code: "long", at: 1000 }],
    ["00020126xx", { code: "tlv_length", at: 8 }],
    ["000201ab", { code: "tlv_id", at: 6 }],
    ["0002015802B", { code: "tlv_short", at: 8 }],
    ["00020126990014br.gov.bcb.pix", { code: "tlv_short", at: 8 }],
    [`${head}${tail}`, { code: "crc_missing", at: 95 }],
    [`${head}53039865802BR63040000`, { code: "crc", at: 85, found: "0000", right: "126D" }],
    [` ${summed(`${head}5303986${tail}`)}99`, { code: "after_crc", at: 111 }],
    [summed(`${head}5303840${tail}`), { code: "currency", at: 68 }],
    [summed(`${head}53039865403abc${tail}`), { code: "amount", at: 75 }],
    [summed(`${head}540610.999${tail}`), { code: "currency", at: 0 }],
    [summed(`00020126180014br.gov.bcb.pix5303986${tail}`), { code: "empty", at: 0 }],
    [summed(`00020126180014br.gov.bcb.spi5303986${tail}`), { code: "not_pix", at: 0 }],
  ])("%j says why and where: %j", (text, problem) => {
    expect(readBrCode(text)).toEqual({ ok: false, problem });
  });

  it("gives a reading for any text", () => {
    const piece = fc.oneof(
      fc.constantFrom("000201", "26", "0014br.gov.bcb.pix", "6304", "5303986", "99", "é", "80", "25"),
      fc.string({ maxLength: 8 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = `000201${pieces.join("")}`;
        expect(typeof readBrCode(summed(text)).ok).toBe("boolean");
        expect(typeof readTlv(text).ok).toBe("boolean");
      }),
    );
  });
});

describe("a code that departs from the manual", () => {
  const of = (change: { key?: string; name?: string; city?: string; txid?: string; country?: string }): string =>
    `000201${writeTlv("26", `0014br.gov.bcb.pix${writeTlv("01", change.key ?? RANDOM_KEY)}`)}5303986${writeTlv("58", change.country ?? "BR")}${writeTlv("59", change.name ?? "A")}${writeTlv("60", change.city ?? "B")}${writeTlv("62", writeTlv("05", change.txid ?? "***"))}`;

  it.each([
    [{ key: "11111111111" }, "key_unreadable"],
    [{ txid: "RP12345678-2019" }, "txid_form"],
    [{ name: "BANCOCENTRALDOBRASIL000381" }, "name_long"],
    [{ city: "CIDADE DE NOME LONGO" }, "city_long"],
    [{ city: "BRASÍLIA" }, "letters"],
    [{ country: "PT" }, "country"],
  ])("%j is read, with the note %s", (change, note) => {
    expect(read(summed(of(change))).notes).toEqual([note]);
  });

  it("is read where the check sum counts an accent as one byte", () => {
    const text = `${of({ city: "BRASÍLIA" })}6304`;
    expect(read(text + crc16(Uint8Array.from(text, (letter) => letter.charCodeAt(0)))).notes).toEqual(["letters", "crc_one_byte"]);
  });

  it("keeps the fields that nobody here knows", () => {
    const code = read(summed(`${of({})}89120008SOMEBODY`));
    expect(code.fields.at(-2)).toEqual({ id: "89", value: "0008SOMEBODY", at: 102 });
  });
});

describe("a Pix key", () => {
  it.each([
    ["529.982.247-25", { kind: "cpf", key: "52998224725" }],
    ["00.000.000/0001-91", { kind: "cnpj", key: "00000000000191" }],
    ["12.abc.345/01de-35", { kind: "cnpj", key: "12ABC34501DE35" }],
    ["Pix@ServidorBom.example ", { kind: "email", key: "pix@servidorbom.example" }],
    ["+55 (41) 99999-0000", { kind: "phone", key: "+5541999990000" }],
    ["123E4567-E12B-12D1-A456-426655440000", { kind: "random", key: RANDOM_KEY }],
    ["41999990000", null],
    ["529.982.247-24", null],
    ["a@b@c", null],
    [`${"a".repeat(67)}@b.example`, { kind: "email", key: `${"a".repeat(67)}@b.example` }],
    [`${"a".repeat(68)}@b.example`, null],
    ["+55", null],
    ["", null],
  ])("%j is %j", (text, key) => {
    expect(readPixKey(text)).toEqual(key);
  });
});

describe("a txid", () => {
  it("has 1 to 25 letters and digits in a code, 26 to 35 in a charge", () => {
    const lengths = [0, 1, 25, 26, 35, 36].map((length) => "a".repeat(length));
    expect(lengths.map(isStaticTxid)).toEqual([false, true, true, false, false, false]);
    expect(lengths.map(isChargeTxid)).toEqual([false, false, false, true, true, false]);
  });
});

interface Vector {
  brcode: string;
  crc_ok: boolean;
  tlv_ok: boolean;
  pim: string | null;
  amount: string | null;
  name: string;
  city: string;
  txid: string;
  key: string | null;
  url: string | null;
  type: "static" | "dynamic" | "recurrence-only";
  recurrence?: Record<string, string>;
}

describe("the codes of other programs", () => {
  const file = join(import.meta.dirname, "../../../shared/realdata/pix/brcodes.json");
  const vectors = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Vector[]) : [];
  const absent = vectors.length === 0;
  // A draft of the specification named the scheme br.gov.bcb.spi; no bank pays such a code, and it is refused as another arrangement's.
  const drafts = vectors.filter(({ recurrence }) => recurrence?.["00"] === "br.gov.bcb.spi");
  const payable = vectors.filter((row) => !drafts.includes(row));

  it.skipIf(absent)(`have the ${payable.length} verdicts and parts of the data (skipped where ../shared/realdata/pix is not there)`, () => {
    const mine = payable.map(({ brcode }) => {
      const reading = readBrCode(brcode);
      if (!reading.ok) return { brcode, problem: reading.problem };
      const { kind, use, amountCents, name, city, txid, key, url, recurrenceUrl, notes } = reading.code;
      return {
        brcode,
        kind,
        use,
        amountCents,
        name,
        city,
        txid,
        key,
        url: notes.includes("url_scheme") ? `https://${url}` : url,
        recurrenceUrl,
      };
    });
    const theirs = payable.map(({ brcode, crc_ok, tlv_ok, type, pim, amount, name, city, txid, key, url, recurrence }) => {
      if (!crc_ok || !tlv_ok) return { brcode, problem: expect.anything() as unknown };
      const kind = type === "recurrence-only" ? "recurrence" : type;
      const use = pim === "12" ? "once" : pim === "11" ? "often" : null;
      const amountCents = amount === null ? null : Math.round(Number(amount) * 100);
      return { brcode, kind, use, amountCents, name, city, txid, key, url, recurrenceUrl: recurrence?.["25"] ?? null };
    });
    expect(mine).toEqual(theirs);
  });

  it.skipIf(absent)("of the scheme's draft are refused as no Pix (skipped where ../shared/realdata/pix is not there)", () => {
    expect(drafts.map(({ brcode }) => readBrCode(brcode))).toEqual([{ ok: false, problem: { code: "not_pix", at: 0 } }]);
  });

  it.skipIf(absent)("are refused with one digit of the check sum changed (skipped where ../shared/realdata/pix is not there)", () => {
    for (const { brcode } of vectors) {
      const last = brcode.at(-1) === "0" ? "1" : "0";
      expect(readBrCode(brcode.slice(0, -1) + last)).toMatchObject({ ok: false, problem: { code: "crc" } });
    }
  });
});
