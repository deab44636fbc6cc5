// The commands about payment proofs, run as the real program on a database of its own.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ClaimShown } from "../src/engine/claim-view.ts";
import { aDebtor, NOW, pix, type Debtor } from "./support/claims.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";
import { makeEngine, type World } from "./support/engine.ts";
import { makeHome, type Home } from "./support/program.ts";

let test: TestDatabase;
let world: World;
let home: Home;
let debtor: Debtor;

beforeAll(async () => {
  test = await freshDatabase();
  world = await makeEngine(test.url, { now: NOW, mode: "sandbox" });
  debtor = await aDebtor(world);
  home = makeHome({ DATABASE_URL: test.url });
  writeFileSync(join(home.folder, "comprovante.pdf"), await pix({ as: "pdf", rest: "cli" }));
}, 60_000);

afterAll(async () => {
  await home.remove();
  await world.close();
  await test.drop();
});

describe("regua claim", () => {
  it("takes a proof, lists it, shows it on one page, writes its picture and ends it", async () => {
    const { customer, invoice } = debtor;
    const { claim } = await home.json<{ claim: ClaimShown }>("claim", "submit", customer.ref, invoice.ref, "comprovante.pdf");
    expect(claim).toMatchObject({ customer: customer.ref, invoice: invoice.ref, state: "under_review", recommendation: "release" });
    const list = await home.run("--lang", "pt-BR", "claim", "list");
    expect(list.out).toMatch(/^sandbox · 2026-11-22\n/u);
    expect(list.out).toContain(String(claim.id));
    const shown = await home.run("--lang", "pt-BR", "claim", "show", String(claim.id));
    expect(shown.err).toBe("");
    expect(shown.out).toContain("Recomendação: liberar enquanto o banco confirma");
    expect(shown.out).toContain("O valor R$ 29,90 é o que quita a fatura.");
    expect(Math.max(...shown.out.split("\n").map((line) => [...line].length))).toBeLessThanOrEqual(100);
    const english = await home.run("--lang", "en", "claim", "show", String(claim.id));
    expect(english.out).toContain("The amount R$29.90 is what settles the invoice.");
    expect((await home.run("claim", "picture", String(claim.id), "page")).code).toBe(0);
    expect(readFileSync(join(home.folder, "page")).subarray(0, 4).toString("hex")).toMatch(/^(?:ffd8|89504e47)/u);
    const again = await home.run("claim", "submit", customer.ref, invoice.ref, "comprovante.pdf");
    expect([again.code, again.err]).toEqual([1, expect.stringContaining("is under review already")]);
    const nobody = await home.run("claim", "decide", String(claim.id), "confirmed");
    expect(nobody.code).toBe(1);
    const ended = await home.json<{ claim: ClaimShown }>(
      "--actor",
      "ana",
      "claim",
      "decide",
      String(claim.id),
      "refused",
      "--reason",
      "de outro ano",
    );
    expect(ended.claim).toMatchObject({ state: "refused", endedBy: "ana", reason: "de outro ano" });
    expect((await home.json<{ claims: ClaimShown[] }>("claim", "list")).claims).toEqual([]);
    expect((await home.json<{ claims: ClaimShown[] }>("claim", "list", "--customer", customer.ref)).claims).toHaveLength(1);
  }, 240_000);
});
