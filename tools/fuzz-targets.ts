// The parsers that bytes from outside reach, each with inputs to begin from. A new one is a line here.
import { readCnab } from "../src/adapters/statements/cnab/cnab.ts";
import { readOfx } from "../src/adapters/statements/ofx/ofx.ts";
import { readStatementFile } from "../src/adapters/statements/read.ts";
import { htmlText } from "../src/adapters/proofs/html-text.ts";
import { differenceHash } from "../src/adapters/proofs/look.ts";
import { pdfDate, updatesOf } from "../src/adapters/proofs/pdf-marks.ts";
import { pictureMarks } from "../src/adapters/proofs/picture-marks.ts";
import { readMail } from "../src/adapters/proofs/read-mail.ts";
import { NotRead } from "../src/adapters/proofs/refusal.ts";
import { skewOf } from "../src/adapters/proofs/skew.ts";
import { formOf, pictureSize } from "../src/adapters/proofs/sniff.ts";
import { readBoleto } from "../src/codes/boleto.ts";
import { readBrCode } from "../src/codes/br-code.ts";
import { crc16 } from "../src/codes/crc16.ts";
import { readEndToEnd } from "../src/codes/end-to-end.ts";
import { findBarCodes, findBrCodes, findDigitLines, findEndToEndIds } from "../src/codes/find-codes.ts";
import { findTaxIds } from "../src/codes/find-tax-ids.ts";
import { findAmounts, findDates } from "../src/codes/find-values.ts";
import { readPixKey } from "../src/codes/pix-key.ts";
import { ReguaError } from "../src/kernel/errors.ts";
import { readTaxId } from "../src/kernel/tax-id.ts";
import { sharedFiles, sharedTexts, textSeeds } from "./fuzz-seeds.ts";
import { mailSeeds, pdfSeeds, pictureSeeds } from "./fuzz-proof-seeds.ts";

/** A total parser: any bytes give a result, or an error that it means to give. */
export interface FuzzTarget {
  name: string;
  /** Made in code, and files of ../shared/realdata where that is there. At least one. */
  seeds: () => Uint8Array[];
  /** Throws, or rejects, only by a defect: an error that the parser means to give is caught here. */
  run: (bytes: Uint8Array) => unknown;
}

/** 22 November 2026. */
const TODAY = 20_779;

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** With a right check sum in the place of the last one: what is bent would end there. */
function summed(code: string): string {
  const body = code.trim().slice(0, -4);
  return body + crc16(new TextEncoder().encode(body));
}

const LINES = ["34191.09123 34567.890129 34567.890120 1 13000000002990", "84630000000-3 29990296202-4 00410136000-8 00200644114-7"];
const BAR_CODES = ["23795693400002717161234040000000045601234560"];
const BR_CODES = [
  "00020126360014br.gov.bcb.pix0114+55419999900005204000053039865405" + "29.905802BR5912Servidor Bom6008Curitiba62110507FAT10426304D1A7",
  "00020101021226760014br.gov.bcb.pix2554pix.example.com/qr/v2/8b3da2f39a4140d1a91abd93113bd4415204000053039865802BR5913Fulano de Tal6008BRASILIA62070503***80800014br.gov.bcb.pix2558pix.example.com/qr/v2/rec/94ed2badcbc04c15b0bb7fa35319489063047741",
];
const IDS = ["E18236120202611221430s0326120V4K", "D12ABC345202611221230abcde123456"];
const PAGE = `Comprovante de pagamento\nValor: R$ 1.234,56\nData: 22/11/2026 às 14h33\n${LINES[0]}\n${BR_CODES[0]}\nID ${IDS[0]}
CPF ***.982.247-** CNPJ 12.ABC.345/01DE-35 e 12.345.678/0001-95\n22 de novembro de 2026, 2026-11-22T14:33:21-03:00, US$ 1,234.56`;

const OFX = `OFXHEADER:100\nDATA:OFXSGML\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>BRL<BANKACCTFROM><BANKID>001<ACCTID>1-2</BANKACCTFROM><BANKTRANLIST>
<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20261120<TRNAMT>1.234,56<FITID>9<MEMO>PIX ***.982.247-** ${IDS[0] ?? ""}</STMTTRN></BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>`;

/** A refusal of the file as a whole is what the parser means to give. */
function refusing(read: (bytes: Uint8Array) => unknown): (bytes: Uint8Array) => unknown {
  return (bytes) => {
    try {
      return read(bytes);
    } catch (error) {
      if (error instanceof ReguaError) return error.message;
      throw error;
    }
  };
}

const BOLETOS = "boleto/vectors.json";
const PIX = "pix/brcodes.json";

export const FUZZ_TARGETS: readonly FuzzTarget[] = [
  { name: "ofx", seeds: () => [...textSeeds(OFX), ...sharedFiles("ofx", /\.(ofx|qfx)$/iu)], run: refusing(readOfx) },
  {
    name: "cnab",
    seeds: () => [
      ...textSeeds(`02RETORNO01COBRANCA${" ".repeat(57)}341${" ".repeat(315)}000001`),
      ...sharedFiles("cnab", /\.(ret|crt)$/iu),
    ],
    run: refusing(readCnab),
  },
  { name: "statement", seeds: () => [...textSeeds(OFX), ...sharedFiles("cnab", /\.(ret|crt)$/iu)], run: refusing(readStatementFile) },
  {
    name: "boleto",
    seeds: () => [...textSeeds(...LINES, ...BAR_CODES), ...sharedTexts(BOLETOS)],
    run: (bytes) => readBoleto(text(bytes), TODAY),
  },
  {
    name: "br-code",
    seeds: () => [...textSeeds(...BR_CODES), ...sharedTexts(PIX)],
    run: (bytes) => [readBrCode(text(bytes)), readBrCode(summed(text(bytes)))],
  },
  {
    name: "end-to-end",
    seeds: () => [...textSeeds(...IDS), ...sharedTexts("pix/endtoend-ids.json")],
    run: (bytes) => readEndToEnd(text(bytes)),
  },
  {
    name: "tax-id",
    seeds: () => [
      ...textSeeds("529.982.247-25", "12.ABC.345/01DE-35", "+5541999990000", "a@b.example"),
      ...sharedTexts("taxid/vectors.json"),
    ],
    run: (bytes) => [readTaxId(text(bytes)), readPixKey(text(bytes))],
  },
  {
    name: "find-codes",
    seeds: () => [...textSeeds(PAGE, ...LINES, ...BR_CODES), ...sharedTexts(PIX), ...sharedTexts(BOLETOS)],
    run: (bytes) => {
      const page = text(bytes);
      return [findDigitLines(page, TODAY), findBarCodes(page, TODAY), findBrCodes(page), findEndToEndIds(page)];
    },
  },
  {
    name: "find-values",
    seeds: () => textSeeds(PAGE, "R$ 29,90 22/11/2026", "***982247** 52998224725"),
    run: (bytes) => {
      const page = text(bytes);
      return [findAmounts(page), findDates(page), findTaxIds(page)];
    },
  },
  {
    name: "proof-marks",
    seeds: () => [...pictureSeeds(), ...pdfSeeds(), ...textSeeds("D:20261122143321-03'00'")],
    run: (bytes) => [
      formOf(bytes),
      ...(["jpeg", "png"] as const).flatMap((form) => [pictureSize(bytes, form), pictureMarks(bytes, form)]),
      updatesOf(bytes),
      pdfDate(text(bytes)),
    ],
  },
  {
    name: "proof-look",
    seeds: () => [Uint8Array.from({ length: 4_096 }, (_, at) => (at % 512 < 64 ? 20 : 240))],
    run: (bytes) => [differenceHash(bytes), skewOf(bytes, 64, Math.floor(bytes.length / 64))],
  },
  {
    name: "proof-mail",
    seeds: () => [...mailSeeds(), ...sharedFiles("dkim", /\.eml$/u)],
    run: (bytes) => mailRead(bytes),
  },
  {
    name: "proof-html",
    seeds: () => textSeeds("<style>p{}</style><p>Valor: <b>R$&nbsp;29,90</b></p><!-- x --><td>Ol&aacute; &#8211;</td>"),
    run: (bytes) => htmlText(text(bytes)),
  },
];

/** Without its documents, which other parts of the reader open. */
async function mailRead(bytes: Uint8Array): Promise<unknown> {
  const workshop = { folder: "/", programMs: 0, notes: new Set<never>() };
  try {
    return await readMail(
      workshop,
      bytes,
      () => Promise.resolve([]),
      () => Promise.reject(new NotRead("unreadable")),
    );
  } catch (error) {
    if (error instanceof NotRead) return error.refusal;
    throw error;
  }
}
