// The catalogue of errors: every code means one thing.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ERRORS } from "./errors.ts";

const FOLDER = join(import.meta.dirname, "errors");

it("has each code in one part only, and every part in the whole: a second entry of the same name would silence the first", async () => {
  const codes: string[] = [];
  for (const file of readdirSync(FOLDER).filter((name) => name !== "entry.ts")) {
    const part = (await import(join(FOLDER, file))) as Record<string, object>;
    codes.push(...Object.values(part).flatMap((entries) => Object.keys(entries)));
  }
  expect(codes.filter((code, i) => codes.indexOf(code) !== i)).toEqual([]);
  expect(codes.sort()).toEqual(Object.keys(ERRORS).sort());
});
