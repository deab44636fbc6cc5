// CPF and CNPJ numbers: check digits by the Receita Federal's rule, and real vectors from other programs' tests.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readTaxId } from "./tax-id.ts";

const VECTORS = join(import.meta.dirname, "../../../shared/realdata/taxid/vectors.json");

interface Vector {
  text: string;
  normal: string;
  kind: "cpf" | "cnpj";
  valid_by_my_check: boolean;
}

describe("a CPF or CNPJ", () => {
  it.each([
    ["52998224725", { kind: "cpf", bare: "52998224725", text: "529.982.247-25" }],
    ["529.982.247-25", { kind: "cpf", bare: "52998224725", text: "529.982.247-25" }],
    ["00.000.000/0001-91", { kind: "cnpj", bare: "00000000000191", text: "00.000.000/0001-91" }],
    // The Receita Federal's own example of a CNPJ with letters.
    ["12abc34501de35", { kind: "cnpj", bare: "12ABC34501DE35", text: "12.ABC.345/01DE-35" }],
  ])("%s is read and written with its dots", (text, expected) => {
    expect(readTaxId(text)).toEqual(expected);
  });

  it.each(["", "529.982.247-24", "00.000.000/0001-92", "12.ABC.345/01DE-36", "12.ABC.345/01DE-3A", "111.111.111-11", "529_982_247_25"])(
    "%s is refused",
    (text) => {
      expect(readTaxId(text)).toBeNull();
    },
  );

  it("with any one digit mistyped is refused", () => {
    for (const number of ["52998224725", "00000000000191", "12345678000195"]) {
      for (let at = 0; at < number.length; at += 1) {
        for (let shift = 1; shift < 10; shift += 1) {
          const wrong = number.slice(0, at) + String((Number(number[at]) + shift) % 10) + number.slice(at + 1);
          expect({ wrong, read: readTaxId(wrong) }).toEqual({ wrong, read: null });
        }
      }
    }
  });

  const vectors: Vector[] = existsSync(VECTORS) ? (JSON.parse(readFileSync(VECTORS, "utf8")) as Vector[]) : [];
  it.skipIf(vectors.length === 0)(
    `agrees with the ${vectors.length || "absent"} vectors of other programs (skipped where ../shared/realdata/taxid is not there)`,
    () => {
      const mine = vectors.map(({ text, kind }) => [text, readTaxId(text)?.kind === kind]);
      expect(mine).toEqual(vectors.map(({ text, valid_by_my_check: valid }) => [text, valid]));
    },
  );
});
