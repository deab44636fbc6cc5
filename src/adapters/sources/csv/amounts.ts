// Amounts as other programs write them: whether the comma or the point is decimal is decided by the whole file.
import { inEach } from "../../../kernel/errors.ts";
import type { Cents } from "../../../kernel/money.ts";
import { fileProblem, shown } from "./problem.ts";

export const DECIMALS = [",", "."] as const;
export type Decimal = (typeof DECIMALS)[number];

interface Seen {
  text: string;
  line: number;
}

/** Digits and separators, without sign, currency and spaces; null when it is no amount. */
function bare(text: string): { digits: string; negative: boolean } | null {
  const match = /^(\(?)(-?)(?:[A-Z]{0,3}[$€£]|[A-Z]{3})?(-?)(\d[\d.,]*)(-?)(?:[A-Z]{3}|€)?(\)?)$/u.exec(text.replace(/[\s'’]/gu, ""));
  if (!match) return null;
  const [, open, before, inner, digits = "", after, close] = match;
  if ((open === "") !== (close === "")) return null;
  return { digits, negative: [open, before, inner, after].some((sign) => sign !== "") };
}

/** Gathers what the amounts of one file say about their decimal sign. */
export class AmountEvidence {
  #comma: Seen | null = null;
  #point: Seen | null = null;
  #either: Seen | null = null;

  add(text: string, line: number): void {
    if (this.#comma && this.#point) return;
    const found = bare(text);
    if (!found) return;
    const separators = found.digits.replace(/\d/gu, "");
    const last = separators.at(-1);
    if (last === undefined) return;
    const whole = found.digits.slice(0, found.digits.lastIndexOf(last));
    const tail = found.digits.length - whole.length - 1;
    if (separators.length === 1 && tail === 3 && /^[1-9]\d{0,2}$/u.test(whole)) {
      this.#either ??= { text, line };
      return;
    }
    // Written twice, a sign groups thousands: the other one is decimal.
    const grouping = separators.length > 1 && [...separators].every((sign) => sign === last);
    if ((last === ",") !== grouping) this.#comma ??= { text, line };
    else this.#point ??= { text, line };
  }

  /** @throws ReguaError `import_file_invalid` when the amounts leave it open, or say both */
  decide(name: string, told: Decimal | undefined): Decimal {
    if (told) return told;
    if (this.#comma && this.#point)
      throw fileProblem(
        name,
        inEach(
          `its amounts are written in two ways: “${shown(this.#comma.text)}” in line ${this.#comma.line} has a decimal comma, “${shown(this.#point.text)}” in line ${this.#point.line} a decimal point`,
          `os valores estão escritos de dois modos: “${shown(this.#comma.text)}” na linha ${this.#comma.line} tem vírgula decimal, “${shown(this.#point.text)}” na linha ${this.#point.line}, ponto decimal`,
        ),
        inEach(
          'Say `decimal: ","` or `decimal: "."` in the map; the lines that do not fit are then refused one by one.',
          'Diga `decimal: ","` ou `decimal: "."` no mapa; as linhas que não couberem são então recusadas uma a uma.',
        ),
      );
    if (!this.#comma && !this.#point && this.#either)
      throw fileProblem(
        name,
        inEach(
          `“${shown(this.#either.text)}” in line ${this.#either.line} can be more than a thousand or a little more than nothing, and no other amount tells which`,
          `“${shown(this.#either.text)}” na linha ${this.#either.line} pode ser mais de mil ou pouco mais que nada, e nenhum outro valor diz qual dos dois`,
        ),
        inEach('Say `decimal: ","` or `decimal: "."` in the map.', 'Diga `decimal: ","` ou `decimal: "."` no mapa.'),
      );
    return this.#comma ? "," : ".";
  }
}

/** Reads one amount, null when it is none. Zeros beyond the cent are let pass; other digits there are refused, never rounded. */
export function readAmount(text: string, decimal: Decimal): Cents | null {
  const found = bare(text);
  if (!found) return null;
  const shape = decimal === "," ? /^(\d+|\d{1,3}(?:\.\d{3})+)(?:,(\d+))?$/u : /^(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d+))?$/u;
  const match = shape.exec(found.digits);
  if (!match) return null;
  const fraction = (match[2] ?? "").replace(/0+$/u, "");
  if (fraction.length > 2) return null;
  const value = Number((match[1] ?? "").replace(/\D/gu, "")) * 100 + Number(fraction.padEnd(2, "0"));
  if (!Number.isSafeInteger(value)) return null;
  return found.negative ? -value : value;
}
