// Plants one defect in this process: `node --import ./sim/mutants/plant.ts?mutant=NAME …` hands out the changed source of the files it names.
//
// The code that ships knows nothing of it: no flag, no hook, no branch. Only what the simulator starts is started with this line.
import { readFileSync } from "node:fs";
import { enableCompileCache, registerHooks } from "node:module";
import { fileURLToPath } from "node:url";
import { mutantNamed } from "./catalogue.ts";
import { planted } from "./mutant.ts";

const ROOT = new URL("../../", import.meta.url);
const mutant = mutantNamed(new URL(import.meta.url).searchParams.get("mutant") ?? "");
const files = new Map(mutant.patches.map(({ file }) => [new URL(file, ROOT).href, file]));

// What is read is compiled once for all such processes: half a second less for each. It is kept by content, so that no defect is taken for another.
enableCompileCache(fileURLToPath(new URL("node_modules/.cache/regua-sim", ROOT)));

registerHooks({
  load(url, context, nextLoad) {
    const file = files.get(url);
    if (file === undefined) return nextLoad(url, context);
    const source = planted(file, readFileSync(fileURLToPath(url), "utf8"), mutant.patches);
    return { format: "module-typescript", source, shortCircuit: true };
  },
});
