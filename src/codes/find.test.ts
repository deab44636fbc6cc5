// Codes, amounts, dates and tax ids in free text: found where they stand, told from what looks like them, in linear time.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatDay, parseDay } from "../kernel/time.ts";
import { formatDigitLine, makeBoleto } from "./boleto.ts";
import { findBarCodes, findBrCodes, findDigitLines, findEndToEndIds } from "./find-codes.ts";
import { findTaxIds, fitsTaxId } from "./find-tax-ids.ts";
import { findAmounts, findDates } from "./find-values.ts";
import { TEXT_MAX, type Found } from "./find.ts";
import { makeStaticBrCode } from "./make-br-code.ts";

const TODAY = parseDay("2026-11-22");
const SLIP = makeBoleto({ bank: "341", amountCents: 2990, due: parseDay("2026-11-23"), freeField: "1091234567890123456789012" });
const PRINTED = formatDigitLine(SLIP.digitLine);
const ID = "E18236120202611221430s0326120V4K";
const PIX = makeStaticBrCode({
  key: "pix@servidorbom.example",
  amountCents: 2990,
  txid: "FAT1042",
  name: "Servidor Bom Hospedagem",
  city: "Curitiba",
});

const cut = (text: string, { at, end }: Found): string => text.slice(at, end);

describe("digit lines in a text", () => {
  it.each([
    `Banco Itaú 341-7 ${PRINTED}\nVencimento 23/11/2026`,
    `Linha digitável: ${SLIP.digitLine}.`,
    `34191.09123 34567\n   ${PRINTED.slice(12)}`.replace("34191.09123 34567", PRINTED.slice(0, 11)),
    `Autenticação 123456 ${PRINTED} 0001`,
    `banco 341 ${SLIP.digitLine.replace(/(.{4})/gu, "$1 ")} fim`,
  ])("%j holds one", (text) => {
    const found = findDigitLines(text, TODAY);
    expect(found).toHaveLength(1);
    expect(found[0]?.reading).toMatchObject({ ok: true, boleto: { digitLine: SLIP.digitLine } });
    expect(found.map((each) => cut(text, each).replace(/\D/gu, ""))).toEqual([SLIP.digitLine]);
  });

  it("with a wrong digit are found by their shape, and the place of the check digit is said", () => {
    const wrong = PRINTED.replace(/.$/u, (digit) => String((Number(digit) + 1) % 10));
    const text = `Pago: ${wrong}`;
    expect(findDigitLines(text, TODAY)).toMatchObject([{ at: 6, reading: { ok: false, problem: { code: "general_check", at: 6 + 38 } } }]);
  });

  it("of collection bills are told apart", () => {
    const [found] = findDigitLines("84630000000-3 29990296202-4 00410136000-8 00200644114-7", TODAY);
    expect(found?.reading).toMatchObject({ ok: false, problem: { code: "bill", bill: { wrong: [] } } });
    const [oddly] = findDigitLines("846300 000003 299902962024 004101 360008 0020 0644 1147", TODAY);
    expect(oddly?.reading).toEqual(found?.reading);
  });

  it("are not seen in numbers that are something else", () => {
    expect(
      findDigitLines("CNPJ 12.345.678/0001-95, nota 000.123.456, chave 4126 1112 3456 7800 0195 5500 1000 0012 3410 0001 2345", TODAY),
    ).toEqual([]);
  });

  it("do not reach over a gap wider than a line break and an indentation", () => {
    expect(findDigitLines(PRINTED.replace(/ (?=\d{14}$)/u, " ".repeat(9)), TODAY)).toEqual([]);
    expect(findDigitLines(PRINTED.replace(/ (?=\d{14}$)/u, " ".repeat(8)), TODAY)).toHaveLength(1);
  });

  it("of several pages are all found", () => {
    const text = Array.from({ length: 5 }, (_, i) => `Página ${i}\n${PRINTED}`).join("\n\n");
    expect(findDigitLines(text, TODAY).map(({ at }) => text.slice(at - 1, at + 5))).toEqual(Array(5).fill(`\n${PRINTED.slice(0, 5)}`));
  });
});

describe("bar codes in a text", () => {
  it("are 44 digits in one piece", () => {
    const text = `código ${SLIP.barCode} fim`;
    expect(findBarCodes(text, TODAY)).toMatchObject([{ at: 7, end: 51, reading: { ok: true } }]);
    expect(findBarCodes(`${SLIP.barCode}1 ${PRINTED}`, TODAY)).toEqual([]);
  });
});

describe("BR Codes in a text", () => {
  it("are found whole", () => {
    const text = `Pix copia e cola: ${PIX} (válido hoje)`;
    const found = findBrCodes(text);
    expect(found).toMatchObject([{ problem: null, code: { text: PIX, amountCents: 2990 } }]);
    expect(found.map((each) => cut(text, each))).toEqual([PIX]);
  });

  it.each(["\n", "\r\n", "\n    "])("are found wrapped by %j", (wrap) => {
    const text = `Pix: ${PIX.slice(0, 40)}${wrap}${PIX.slice(40, 85)}${wrap}${PIX.slice(85)}${wrap}Obrigado`;
    const found = findBrCodes(text);
    expect(found).toMatchObject([{ problem: null, code: { text: PIX } }]);
    expect(cut(text, found[0] ?? { at: 0, end: 0 })).toBe(`${PIX.slice(0, 40)}${wrap}${PIX.slice(40, 85)}${wrap}${PIX.slice(85)}`);
  });

  it("with a wrong check sum are found with their problem", () => {
    const wrong = PIX.replace("29.90", "29.91");
    expect(findBrCodes(`x ${wrong} y ${PIX}`)).toMatchObject([{ code: null, problem: { code: "crc" } }, { problem: null }]);
  });

  it("are not seen in digits that begin alike", () => {
    expect(findBrCodes("pedido 00020100020100020199 e 000201")).toEqual([]);
  });
});

describe("end-to-end ids in a text", () => {
  it.each([
    [`ID da transação: ${ID}.`, ID],
    [`ID/Transação\nE18236120202611221430\n  s0326120V4K\nfim`, "E18236120202611221430\n  s0326120V4K"],
    [`(${ID.replace("E", "D")})`, ID.replace("E", "D")],
  ])("%j holds one", (text, found) => {
    expect(findEndToEndIds(text).map((each) => cut(text, each))).toEqual([found]);
  });

  it("are not seen in longer words, nor with a date that no calendar has", () => {
    expect(findEndToEndIds(`x${ID} ${ID}x E18236120202613221430s0326120V4K E 18 23`)).toEqual([]);
  });
});

describe("amounts in a text", () => {
  it.each([
    ["Valor: R$ 1.234,56", 123456, "BRL", "br"],
    ["R$29,90 pagos", 2990, "BRL", "br"],
    ["R$\u00a029,90", 2990, "BRL", "br"],
    ["BRL 1,234.56.", 123456, "BRL", "en"],
    ["US$ 10.00", 1000, "USD", "en"],
    ["€ 5", 500, "EUR", "whole"],
    ["R$ 1.500", 150000, "BRL", "br"],
    ["R$ 1,500", 150000, "BRL", "en"],
    ["R$ 29,9", 2990, "BRL", "br"],
    ["total 100,00 e", 10000, null, "br"],
    ["total 1,000.00", 100000, null, "en"],
    ["R$ 29,90/mês", 2990, "BRL", "br"],
    ["-R$ 29,90", -2990, "BRL", "br"],
    ["R$ -29,90", -2990, "BRL", "br"],
  ])("%j is %i of %s, written as %s", (text, cents, currency, notation) => {
    expect(findAmounts(text).map((each) => [each.cents, each.currency, each.notation])).toEqual([[cents, currency, notation]]);
  });

  it.each([
    "2,00%",
    "2,00 %",
    "22.11.2026",
    "192.168.10.12",
    "34191.09123",
    "1042",
    "12.345.678/0001-95",
    "10,00h",
    "v1.10,5",
    `R$ ${"9".repeat(30)},00`,
    "529.982.247-25",
  ])("%j is none", (text) => {
    expect(findAmounts(text)).toEqual([]);
  });
});

describe("dates in a text", () => {
  it.each([
    ["em 22/11/2026", "2026-11-22", null, null, null],
    ["22/11/26", "2026-11-22", null, null, null],
    ["22.11.2026 14:33:21", "2026-11-22", 873, 21, null],
    ["22/11/2026 às 14h33", "2026-11-22", 873, null, null],
    ["22/11/2026 - 00:05", "2026-11-22", 5, null, null],
    ["2026-11-22", "2026-11-22", null, null, null],
    ["2026-11-22T17:33:21.123Z", "2026-11-22", 1053, 21, 0],
    ["2026-11-22T14:33:21-03:00", "2026-11-22", 873, 21, -180],
    ["22 de novembro de 2026", "2026-11-22", null, null, null],
    ["domingo, 22 de Novembro de 2026, 14:33", "2026-11-22", 873, null, null],
    ["1º de março de 2027", "2027-03-01", null, null, null],
    ["22 NOV 2026 - 14:33:21", "2026-11-22", 873, 21, null],
    ["22/fev/2026", "2026-02-22", null, null, null],
    ["November 22, 2026 at 14:33", "2026-11-22", 873, null, null],
    ["22 Nov 2026", "2026-11-22", null, null, null],
  ])("%j is %s, minute %s, second %s, %s minutes east", (text, day, minute, second, offset) => {
    expect(findDates(text).map((each) => [formatDay(each.day), each.minute, each.second, each.offset])).toEqual([
      [day, minute, second, offset],
    ]);
  });

  it.each([
    "31/02/2026",
    "22/13/2026",
    "10/22/11/2026x".replace("x", "5"),
    "22/11-2026",
    "3 de nada de 2026",
    "22-11-26",
    "1/1/0026",
    "novembro 2026",
  ])("%j is none", (text) => {
    expect(findDates(text)).toEqual([]);
  });

  it("stand where they are said to, with their time", () => {
    const text = "pago em 22/11/2026 às 14:33, vence 23/11/2026";
    expect(findDates(text).map((each) => cut(text, each))).toEqual(["22/11/2026 às 14:33", "23/11/2026"]);
  });
});

describe("tax ids in a text", () => {
  const crosses = "x".repeat(3).toUpperCase();
  it.each([
    ["CPF: 529.982.247-25", [["cpf", "52998224725", true]]],
    ["529.982.247-24", [["cpf", "52998224724", false]]],
    [
      "CPF 52998224725, CNPJ 00000000000191",
      [
        ["cpf", "52998224725", true],
        ["cnpj", "00000000000191", true],
      ],
    ],
    ["***.982.247-**", [["cpf", "***982247**", null]]],
    ["•••.982.247-••", [["cpf", "***982247**", null]]],
    [`${crosses}.982.247-${crosses.slice(1)}`, [["cpf", "***982247**", null]]],
    ["12.ABC.345/01DE-35", [["cnpj", "12ABC34501DE35", true]]],
    ["**.345.678/0001-**", [["cnpj", "**3456780001**", null]]],
    [
      "12.345.678/0001-95 e ***982247**",
      [
        ["cnpj", "12345678000195", true],
        ["cpf", "***982247**", null],
      ],
    ],
  ])("%j holds %j", (text, expected) => {
    expect(findTaxIds(text).map(({ kind, pattern, valid }) => [kind, pattern, valid])).toEqual(expected);
  });

  it.each(["41999990000", "***.***.***-**", "152.998.224.725", "A52998224725", "52998224725B", ID, "***********"])(
    "%j holds none",
    (text) => {
      expect(findTaxIds(text)).toEqual([]);
    },
  );

  it("that are masked fit those whose shown digits they have", () => {
    const fits = ["52998224725", "52998224825", "00000000000191"].map((bare) => fitsTaxId({ pattern: "***982247**" }, bare));
    expect(fits).toEqual([true, false, false]);
  });
});

describe("every finder", () => {
  const all = (text: string): Found[] => [
    ...findDigitLines(text, TODAY),
    ...findBarCodes(text, TODAY),
    ...findBrCodes(text),
    ...findEndToEndIds(text),
    ...findAmounts(text),
    ...findDates(text),
    ...findTaxIds(text),
  ];

  it("answers places within the text, whatever it is", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        PRINTED,
        SLIP.barCode,
        ID,
        PIX,
        "R$ 29,90",
        "22/11/2026 14:33",
        "***.982.247-**",
        "000201",
        "E",
        " ",
        "\n",
        "-",
        ".",
        ",",
      ),
      fc.string({ maxLength: 10 }),
      fc.stringMatching(/^\d{1,20}$/u),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const text = pieces.join("");
        for (const { at, end } of all(text)) expect(0 <= at && at < end && end <= text.length).toBe(true);
      }),
    );
  });

  // Counts of steps cannot be seen from outside, so time is compared with itself: ten times the text may not take more than thirty.
  const hostile = [
    "1 ",
    "1",
    "E ",
    "000201",
    "000201 ",
    "R$ ",
    "1,",
    "11.111,",
    "22 de ",
    "*",
    "***.",
    "12.",
    "\n",
    "22/11/2026 ",
    "000201\n26",
  ];
  it.each(hostile)("takes time in proportion to a text of %j", (unit) => {
    const cpu = (length: number): number => {
      const text = unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
      const before = process.cpuUsage();
      all(text);
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    cpu(TEXT_MAX / 10);
    const few = Math.max(cpu(TEXT_MAX / 10), cpu(TEXT_MAX / 10), 2_000);
    expect(cpu(TEXT_MAX)).toBeLessThan(30 * few);
  });

  it("reads a longer text only as far as it goes", () => {
    const text = `${" ".repeat(TEXT_MAX)}${PRINTED} ${ID}`;
    expect(all(text)).toEqual([]);
  });
});
