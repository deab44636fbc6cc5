// A Régua process of its own for the tests: starts the server of a data folder, says how it went, and ends as it is told.
import { createInterface } from "node:readline";
import { ReguaError } from "../../../kernel/errors.ts";
import { startServer } from "./scene.ts";

const [dataDir = "", port] = process.argv.slice(2);
try {
  const server = await startServer({ dataDir, fsync: false, ...(port && { port: Number(port) }) });
  const { url, pid, adopted } = server;
  console.log(JSON.stringify({ url, pid, adopted }));
  createInterface({ input: process.stdin }).once("line", (order) => {
    const end = order === "stop" ? server.stop() : server.release();
    void end.then(() => process.exit(0));
  });
} catch (error) {
  console.log(JSON.stringify({ code: error instanceof ReguaError ? error.code : String(error) }));
}
