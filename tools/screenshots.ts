// Pictures of every page of the console, the portal and the suspended site's page, in both languages, light and dark, on a desk and on a phone:
// `npm run screenshots -- FOLDER`. They are of the sample provider, as `npm start` shows it. `--docs` makes those of the documents instead.
import { mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { openBrowser } from "../test/support/browser.ts";
import { startServer } from "../test/support/server.ts";
import { makePictures } from "./screenshot-docs.ts";
import { CONSOLE, DOOR, PORTAL } from "./screenshot-pages.ts";
import { LANGS, openAs, setStage, show, type Stage } from "./screenshot-stage.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** Only sets whose name holds this, for example `phone-en`. */
    only: { type: "string", default: "" },
    /** Only pages whose name begins so. */
    page: { type: "string", default: "" },
    docs: { type: "boolean", default: false },
  },
});
const folder = resolve(positionals[0] ?? "screenshots");
const data = join(folder, ".data");

const SIZES = { desk: { width: 1360, height: 860 }, phone: { width: 390, height: 844 } } as const;

async function shootAll(stage: Stage): Promise<void> {
  for (const lang of LANGS) {
    const browser = await openBrowser(lang);
    for (const colorScheme of ["light", "dark"] as const)
      for (const [size, viewport] of Object.entries(SIZES)) {
        const set = `${size}-${lang}-${colorScheme}`;
        if (!set.includes(values.only)) continue;
        for (const [who, shots] of [
          ["staff", CONSOLE],
          ["nobody", DOOR],
          ["customer", PORTAL],
        ] as const) {
          // prettier-ignore
          const page = await openAs(browser, stage, who, lang, { viewport, colorScheme });
          for (const shot of shots) {
            if (!shot.name.startsWith(values.page)) continue;
            await show(page, stage, shot);
            await page.screenshot({ path: join(folder, `${shot.name}-${set}.png`) });
          }
          await page.context().close();
        }
        console.log(set);
      }
    await browser.close();
  }
}

mkdirSync(folder, { recursive: true });
try {
  const server = await startServer(data, ["--lang", "pt-BR", "start", "--port", "0"]);
  try {
    const stage = await setStage(server);
    if (values.docs) await makePictures(stage, resolve(import.meta.dirname, "../docs/images"));
    else await shootAll(stage);
  } finally {
    server.kill("SIGTERM");
    await server.ended;
  }
} finally {
  rmSync(data, { recursive: true, force: true });
}
console.log(values.docs ? "docs/images" : folder);
