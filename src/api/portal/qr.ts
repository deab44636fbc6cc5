// A text as a QR code: zxing with the WebAssembly of its package; the modules only, drawn by the page.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { prepareZXingModule, writeBarcode } from "zxing-wasm/writer";
import { Bug } from "../../kernel/assert.ts";
import type { QrMatrix } from "../../pages/qr.ts";

let prepared = false;

/** Left to itself the library would fetch its program from a public server. */
function prepare(): void {
  if (prepared) return;
  const wasm = readFileSync(createRequire(import.meta.url).resolve("zxing-wasm/writer/zxing_writer.wasm"));
  prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasm).buffer } });
  prepared = true;
}

/** A code is the same for as long as its invoice costs the same: a page that is looked at again draws it from here. */
const KEPT = 500;
const made = new Map<string, QrMatrix>();

export async function qrOf(text: string): Promise<QrMatrix> {
  const known = made.get(text);
  if (known) return known;
  prepare();
  const { symbol, error } = await writeBarcode(text, { format: "QRCode", options: "ecLevel=M" });
  if (error !== "" || symbol.width !== symbol.height || symbol.width === 0) throw new Bug(`a QR code could not be made: ${error}`);
  // zxing's picture has black as 0.
  const matrix = { size: symbol.width, modules: Uint8Array.from(symbol.data, (value) => (value === 0 ? 1 : 0)) };
  if (made.size >= KEPT) made.clear();
  made.set(text, matrix);
  return matrix;
}
