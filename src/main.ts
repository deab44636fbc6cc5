// The composition root: the only place that reads the process (its environment, arguments, clock, chance) and passes it in.
import { randomBytes, randomUUID } from "node:crypto";
import { enableCompileCache } from "node:module";
import { join } from "node:path";

// What Node made of the source is kept beside the libraries, where the next installation clears it, and never in a folder that
// others may write. Where it cannot be written the program is only slower. The program is imported afterwards, or nothing of it is kept.
enableCompileCache(join(import.meta.dirname, "../node_modules/.cache/regua"));
const { runProgram } = await import("./cli/program.ts");

const stopped = new Promise<string>((resolve) => {
  process.once("SIGTERM", () => resolve("SIGTERM"));
  process.once("SIGINT", () => resolve("SIGINT"));
});
let listening = false;

async function input(most: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > most) break;
  }
  return Buffer.concat(chunks);
}

process.exitCode = await runProgram(process.argv.slice(2), {
  env: process.env,
  cwd: process.cwd(),
  out: (text) => process.stdout.write(`${text}\n`),
  err: (text) => process.stderr.write(`${text}\n`),
  input,
  isTerminal: process.stderr.isTTY === true,
  now: () => Date.now(),
  newToken: () => randomUUID(),
  newSecret: () => randomBytes(32).toString("base64url"),
  untilStopped: () => {
    listening = true;
    return stopped;
  },
});

// A command that does not wait for a stop ends at once, whatever a library still holds open.
if (!listening) process.exit();
