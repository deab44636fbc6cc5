// Draws what a terminal shows as a picture for the README: `node tools/terminal-picture.ts OUT.svg TITLE < text`.
import { readFileSync, writeFileSync } from "node:fs";

const CELL = { width: 8.43, height: 19 };
const PAD = 22;
const BAR = 34;

const [out, title = "regua"] = process.argv.slice(2);
if (out === undefined) throw new Error("Give the file to write.");

const lines = readFileSync(0, "utf8").replace(/\s+$/u, "").split("\n");
const columns = Math.max(60, ...lines.map((line) => [...line].length));
const width = Math.ceil(columns * CELL.width + 2 * PAD);
const height = Math.ceil(lines.length * CELL.height + BAR + 2 * PAD);

const escape = (text: string): string => text.replace(/&/gu, "&amp;").replace(/</gu, "&lt;").replace(/>/gu, "&gt;");

const rows = lines
  .map(
    (line, i) =>
      `<text class="${line.startsWith("$ ") ? "given" : "shown"}" x="${PAD}" y="${BAR + PAD + i * CELL.height + 9}">${escape(line)}</text>`,
  )
  .join("\n");

writeFileSync(
  out,
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escape(title)}">
<style>
.ground{fill:#fbfaf7}.edge{stroke:#d9d5cb;fill:none}.dot{fill:#d9d5cb}
text{font:14px ui-monospace,"DejaVu Sans Mono","Liberation Mono",Menlo,Consolas,monospace;white-space:pre}
.shown{fill:#2b2b28}.given{fill:#0f5f66;font-weight:600}.title{fill:#7a766c;font-size:12px}
@media (prefers-color-scheme:dark){.ground{fill:#16191a}.edge{stroke:#343a3b}.dot{fill:#343a3b}.shown{fill:#e4e2dc}.given{fill:#6fc3c4}.title{fill:#8d918f}}
</style>
<rect class="ground" x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="8"/>
<rect class="edge" x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="8"/>
<circle class="dot" cx="20" cy="18" r="5"/><circle class="dot" cx="37" cy="18" r="5"/><circle class="dot" cx="54" cy="18" r="5"/>
<text class="title" x="74" y="22">${escape(title)}</text>
${rows}
</svg>
`,
);
