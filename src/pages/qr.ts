// A QR code as one path of an inline picture: dark on white whatever the page's colours are, since cameras expect that.
import { Html } from "./html.ts";
import { escape } from "./html.ts";

/** The modules of a code, row by row; not 0 is dark. */
export interface QrMatrix {
  size: number;
  modules: Uint8Array;
}

/** Light modules around the code (ISO/IEC 18004, 9.1). */
const QUIET = 4;

export function drawQr({ size, modules }: QrMatrix, label: string): Html {
  let path = "";
  for (let y = 0; y < size; y += 1)
    for (let x = 0; x < size; x += 1) {
      if (modules[y * size + x] === 0) continue;
      let run = 1;
      while (x + run < size && modules[y * size + x + run] !== 0) run += 1;
      path += `M${x + QUIET} ${y + QUIET}h${run}v1h-${run}z`;
      x += run - 1;
    }
  const side = size + 2 * QUIET;
  return new Html(
    `<svg class="qr" viewBox="0 0 ${side} ${side}" role="img" aria-label="${escape(label)}" shape-rendering="crispEdges">` +
      `<rect width="${side}" height="${side}" fill="#fff"/><path fill="#000" d="${path}"/></svg>`,
  );
}
