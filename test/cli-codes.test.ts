// The commands about payment codes, run as the real program, on a machine where nothing has been set up.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeHome, type Home } from "./support/program.ts";

const BRADESCO = "23791.23405 40000.000048 56012.345601 5 69340000271716";
const BILL = "84630000000-3 29990296202-4 00410136000-8 00200644114-7";
const ID = "E18236120202104191813s0326120V4K";
const MADE = ["--key", "529.982.247-25", "--amount", "29,90", "--txid", "FAT1042", "--name", "Servidor Bom", "--city", "São José"];

let home: Home;
beforeAll(() => {
  home = makeHome();
});
afterAll(() => home.remove());

describe("boleto decode", () => {
  it("says what the digit line holds, however it is spaced, and both readings of its due date", async () => {
    const { code, out } = await home.run("boleto", "decode", ...BRADESCO.split(" "), "--on", "2016-09-20");
    expect(code).toBe(0);
    expect(out).toMatch(/^Boleto of Bradesco \(237\)$/mu);
    expect(out).toMatch(/^ {2}Amount +R\$2,717\.16$/mu);
    expect(out).toMatch(/^ {2}Due +2016-10-01 \(by the other count of days it would be 2041-05-23\)$/mu);
  });

  it("gives machines cents, days and digits", async () => {
    expect(await home.json("boleto", "decode", "23795693400002717161234040000000045601234560", "--on", "2016-09-20")).toEqual({
      barCode: "23795693400002717161234040000000045601234560",
      digitLine: "23791234054000000004856012345601569340000271716",
      bank: "237",
      bankName: "Bradesco",
      currency: "BRL",
      amountCents: 271716,
      due: {
        factor: 6934,
        day: "2016-10-01",
        candidates: [
          { base: "1997-10-07", day: "2016-10-01" },
          { base: "2022-05-29", day: "2041-05-23" },
        ],
      },
      freeField: "1234040000000045601234560",
      on: "2016-09-20",
    });
  });

  it("refuses a wrong check digit with its place, in the language asked for", async () => {
    const { code, out, err } = await home.run("--lang", "pt-BR", "boleto", "decode", BRADESCO.replace("69340000271716", "69340000271717"));
    expect([code, out]).toEqual([1, ""]);
    expect(err).toMatch(
      /^Este não é o código de um boleto\. O dígito verificador geral, na posição 39, é 5; pelos demais dígitos seria 2\.\nCopie o código de novo/u,
    );
  });

  it("says kindly that a collection bill is no boleto", async () => {
    const { code, err } = await home.run("boleto", "decode", BILL);
    expect([code, err]).toEqual([
      1,
      "This is the code of a collection bill (arrecadação), not of a boleto. It is a bill of telecommunications over R$29.99. Its check digits are right.\n" +
        "It pays a utility, a tax office or another collector. An invoice's boleto begins with the number of a bank, never with 8.\n",
    ]);
    const { err: json } = await home.run("--json", "boleto", "decode", BILL);
    expect(JSON.parse(json)).toMatchObject({
      error: "boleto_is_bill",
      details: { segment: "4", amountCents: 2999, currency: "BRL", wrong: [] },
    });
  });
});

describe("pix make and pix decode", () => {
  it("make a code that reads as it was made, and say apart from it how the names were written", async () => {
    const { code, out, err } = await home.run("pix", "make", ...MADE);
    expect([code, err]).toEqual([0, "In the code the receiver is written “Servidor Bom”, “Sao Jose”.\n"]);
    expect(await home.json("pix", "decode", out.trim())).toMatchObject({
      brCode: out.trim(),
      kind: "static",
      key: "52998224725",
      keyKind: "cpf",
      amountCents: 2990,
      currency: "BRL",
      txid: "FAT1042",
      name: "Servidor Bom",
      city: "Sao Jose",
      notes: [],
    });
  });

  it("make a code that points to a charge", async () => {
    const made = await home.json("pix", "make", "--location", "https://pix.example.com/qr/v2/8b3d", "--name", "A", "--city", "B");
    expect(made).toMatchObject({ kind: "dynamic", use: "once", url: "pix.example.com/qr/v2/8b3d", txid: "***", amountCents: null });
  });

  it.each([
    [["--name", "A", "--city", "B"], /“key”/u],
    [["--location", "pix.example.com/a", "--key", "x", "--name", "A", "--city", "B"], /“key”/u],
    [["--location", "pix.example.com/a", "--txid", "a", "--name", "A", "--city", "B"], /“txid”/u],
    [["--key", "529.982.247-24", "--name", "A", "--city", "B"], /“key”/u],
  ])("refuse to make %j", async (args, field) => {
    const { code, err } = await home.run("pix", "make", ...args);
    expect(code).toBe(1);
    expect(err).toMatch(field);
  });

  it("read a code from standard input", async () => {
    const { out } = await home.run("pix", "make", ...MADE);
    const root = join(import.meta.dirname, "..");
    const args = [join(root, "src/main.ts"), "--lang", "pt-BR", "pix", "decode", "-"];
    const child = spawnSync(join(root, "node_modules/.bin/node"), args, { input: `\n${out}`, encoding: "utf8", cwd: home.folder });
    expect(child.status).toBe(0);
    expect(child.stdout).toMatch(/^Código Pix estático: paga uma chave\n {2}Chave +52998224725 · CPF\n {2}Valor +R\$ 29,90\n/u);
  });

  it("refuse a changed code with the check sum it should have", async () => {
    const { out } = await home.run("pix", "make", ...MADE);
    const { code, err } = await home.run("--json", "pix", "decode", out.trim().replace("29.90", "29.91"));
    expect(code).toBe(1);
    expect(JSON.parse(err)).toMatchObject({ error: "pix_code_refused", details: { problem: "crc", found: out.trim().slice(-4) } });
  });
});

describe("pix decode of an end-to-end id", () => {
  it("says institution and time, and that this proves no payment", async () => {
    const { code, out } = await home.run("pix", "decode", ID);
    expect([code, out]).toEqual([
      0,
      "End-to-end id of a Pix\n  Institution  Nubank (ISPB 18236120)\n  Time         2021-04-19 18:13 UTC\nIt is well formed. That does not say that the payment exists.\n",
    ]);
    expect(await home.json("pix", "decode", ID.replace("2021", "2091"))).toMatchObject({
      endToEndId: { kind: "payment", ispb: "18236120", at: "2091-04-19T18:13:00.000Z" },
      date: "ahead",
    });
  });

  it("refuses one that is too short", async () => {
    const { code, err } = await home.run("pix", "decode", ID.slice(0, 30));
    expect([code, err.split("\n")[0]]).toEqual([
      1,
      "This is not the end-to-end id of a Pix. It has 30 characters; an end-to-end id has 32.",
    ]);
  });
});

describe("all of them", () => {
  it("leave nothing behind: they need no installation", () => {
    expect([existsSync(home.data), existsSync(join(home.folder, ".regua"))]).toEqual([false, false]);
  });
});
