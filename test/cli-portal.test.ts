// The portal from the provider's side: a link for a customer, the page of a suspended site, the terms, and what waits for an answer.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeHome, type Home } from "./support/program.ts";

let home: Home;

beforeAll(async () => {
  home = makeHome({ REGUA_PORTAL_URL: "https://clientes.example.com.br/portal/" });
  await home.json("init", "--sandbox", "--empty", "--date", "2026-11-02");
  writeFileSync(join(home.folder, "termos.txt"), "1. O serviço é pré-pago.\r\n");
});

afterAll(() => home.remove());

describe("regua portal", () => {
  it("writes the page of a suspended site as one file, with the portal's public address", async () => {
    const { code, out } = await home.run("portal", "suspended-page");
    expect(code).toBe(0);
    expect(out).toMatch(/^<!doctype html>\n[\s\S]*<\/html>\n$/u);
    expect(out).toContain('href="https://clientes.example.com.br/portal/"');
    expect(out).toContain("Hospedagem Exemplo");
    expect(out).not.toMatch(/<script|src=/u);
  });

  it("makes no link for a customer that is not there, and says how to find one", async () => {
    const { code, err } = await home.run("portal", "link", "C9");
    expect(code).toBe(1);
    expect(err).toContain("There is no customer “C9”.");
  });

  it("publishes terms once for the same text, and shows an empty inbox as such", async () => {
    const first = await home.json<{ version: number; sha256: string }>("terms", "publish", join(home.folder, "termos.txt"));
    expect(first).toMatchObject({ version: 1 });
    expect(await home.json("terms", "publish", join(home.folder, "termos.txt"))).toEqual(first);
    expect(await home.json("inbox")).toEqual({ threads: [], backups: [] });
  });
});
