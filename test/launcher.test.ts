// The launcher in a checkout of its own: which Node it starts, where, with what, and when it installs first.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..");
const LOCK = "{}\n";

let place = "";
let checkout = "";
beforeEach(() => {
  place = realpathSync(mkdtempSync(join(tmpdir(), "regua-launcher-")));
  checkout = join(place, "a checkout");
  for (const folder of ["tools", "src", "node_modules/.bin"]) mkdirSync(join(checkout, folder), { recursive: true });
  mkdirSync(join(place, "bin"));
  for (const file of ["regua", "tools/ensure.mjs"]) copyFileSync(join(ROOT, file), join(checkout, file));
  writeFileSync(join(checkout, "package-lock.json"), LOCK);
  symlinkSync(process.execPath, join(checkout, "node_modules/.bin/node"));
  writeFileSync(
    join(checkout, "src/main.ts"),
    "console.log(JSON.stringify({ cwd: process.cwd(), args: process.argv.slice(2), node: process.argv0 })); process.exitCode = 3;\n",
  );
  // Stands for npm: installs nothing, and leaves word that it was called.
  writeFileSync(join(place, "bin/npm"), `#!/bin/sh\necho "$@" >> "${join(place, "npm-called")}"\n`);
  chmodSync(join(place, "bin/npm"), 0o755);
});
afterEach(() => rmSync(place, { recursive: true }));

function stamp(text = createHash("sha256").update(LOCK).digest("hex")): void {
  const file = join(checkout, "node_modules/.regua-lock");
  writeFileSync(file, text);
  const later = new Date(2100, 0);
  utimesSync(file, later, later);
}

function launch(command: string, args: readonly string[] = [], cwd = place) {
  // Our npm first, then the Node that runs this test, as the machine's own.
  const PATH = [join(place, "bin"), join(process.execPath, ".."), process.env.PATH].join(":");
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env: { PATH }, encoding: "utf8" });
  return { status, stderr, said: stdout === "" ? null : (JSON.parse(stdout) as { cwd: string; args: string[]; node: string }) };
}

const npmCalls = (): string => (existsSync(join(place, "npm-called")) ? readFileSync(join(place, "npm-called"), "utf8") : "");

describe("the launcher", () => {
  it("starts the program with its own Node, in the caller's folder, with every argument as given and its exit code", () => {
    stamp();
    const { status, said } = launch(join(checkout, "regua"), ["show", "two words", "", "--data", "x"]);
    expect({ status, said }).toEqual({
      status: 3,
      said: { cwd: place, args: ["show", "two words", "", "--data", "x"], node: join(checkout, "node_modules/.bin/node") },
    });
    expect(npmCalls()).toBe("");
  });

  it("finds its checkout over symlinks, absolute and relative", () => {
    stamp();
    symlinkSync(join(checkout, "regua"), join(place, "bin/one"));
    symlinkSync("one", join(place, "bin/two"));
    expect(launch(join(place, "bin/two"), ["x"]).said).toMatchObject({ cwd: place, args: ["x"] });
    expect(launch("../bin/two", ["x"], checkout).said).toMatchObject({ cwd: checkout });
  });

  it("installs first when nothing is installed yet", () => {
    expect(launch(join(checkout, "regua")).said).not.toBeNull();
    expect(npmCalls()).toMatch(/^ci /u);
  });

  it("leaves it to the hash whether a lock file that was touched asks for an installation", () => {
    stamp();
    const later = new Date(2200, 0);
    utimesSync(join(checkout, "package-lock.json"), later, later);
    expect(launch(join(checkout, "regua")).status).toBe(3);
    expect(npmCalls()).toBe("");
    stamp("another lock file's hash");
    expect(launch(join(checkout, "regua")).status).toBe(3);
    expect(npmCalls()).toMatch(/^ci /u);
  });

  it("does not start a program that could not be installed", () => {
    writeFileSync(join(place, "bin/npm"), "#!/bin/sh\nexit 1\n");
    const { status, said, stderr } = launch(join(checkout, "regua"));
    expect({ status, said }).toEqual({ status: 2, said: null });
    expect(stderr).toContain("npm ci did not finish");
  });
});
