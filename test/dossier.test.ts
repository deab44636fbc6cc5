// The dossier as PDF, read back as a reader would: the whole case in both languages, the same bytes each time, and what it cannot show.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { extractText } from "unpdf";
import { exportBundle } from "../src/evidence/bundle.ts";
import { writeDossier } from "../src/evidence/dossier.ts";
import type { Bundle } from "../src/evidence/format.ts";
import { shown } from "../src/evidence/paper.ts";
import { aStory, aWholeHistory, type Story } from "../src/evidence/testing/story.ts";
import { sha256 } from "../src/kernel/hash.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";

let base: TestDatabase;
let story: Story;
let bundle: Bundle;

beforeAll(async () => {
  base = await freshDatabase();
  story = await aStory(base.url, { customers: 1 });
  await aWholeHistory(story);
  bundle = await exportBundle(story.engine.db, "C1", { now: story.clock.now() });
});

afterAll(async () => {
  await story?.close();
  await base?.drop();
});

/** Lines break where the page ends: words are compared with single blanks between them. */
async function read(pdf: Buffer): Promise<{ pages: number; text: string }> {
  const { totalPages, text } = await extractText(new Uint8Array(pdf), { mergePages: true });
  return { pages: totalPages, text: text.replace(/\s+/gu, " ") };
}
const flat = (text: string): string => shown(text).replace(/\s+/gu, " ").trim();

describe("a dossier", () => {
  it("tells facts, decisions with their reasons, money, and every message with its exact text and the server's answer", async () => {
    const { text, pages } = await read(await writeDossier(bundle, "pt-BR"));
    expect(text).toContain(`Dossiê de ${bundle.customer.name}, cliente C1`);
    expect(text.replaceAll(" ", "")).toContain(bundle.head.hash);
    for (const message of bundle.messages) {
      expect(text).toContain(flat(message.subject));
      expect(text).toContain(flat(message.delivery.answer ?? ""));
      expect(text).toContain(sha256(message.text));
      const lines = message.text.split("\n").map(flat).filter((line) => line.length > 20); // prettier-ignore
      expect(lines.length).toBeGreaterThan(2);
      // A page may end inside a paragraph: each line's first words stand together.
      for (const line of lines) expect(text).toContain(line.slice(0, 20).trim());
    }
    for (const receipt of bundle.state.receipts) expect(text).toContain(receipt.external_id);
    for (const kind of ["decisão", "dinheiro recebido", "mais prazo combinado", "bloqueio colocado"]) expect(text).toContain(kind);
    expect(text).toMatch(/A fatura|a fatura/u);
    expect(text).toContain(`${pages} de ${pages}`);
    expect(pages).toBeLessThan(12);
  });

  it("is written in English for who reads English, with the messages as they were sent", async () => {
    const { text } = await read(await writeDossier(bundle, "en"));
    expect(text).toContain("What happened");
    expect(text).toContain("regua evidence verify FILE");
    expect(text).toContain(flat(bundle.messages[0]?.subject ?? ""));
  });

  it("is the same bytes for the same bundle", async () => {
    expect(sha256(await writeDossier(bundle, "pt-BR"))).toBe(sha256(await writeDossier(bundle, "pt-BR")));
  });

  it("keeps Portuguese letters, writes others by their plain letter or as a question mark, and breaks on no name", async () => {
    expect(shown("São João: ação, pão, “três” – R$\u00a05,00 €")).toBe("São João: ação, pão, “três” – R$ 5,00 €");
    expect(shown("Łódź 東京 → ő\u0007")).toBe("?ódz ?? › o?");
    const odd = { ...bundle, customer: { ...bundle.customer, name: `${"Ð".repeat(300)} 株式会社 \u202e` } };
    const { text } = await read(await writeDossier(odd, "pt-BR"));
    expect(text).toContain("????");
  });

  it("shows a chain that was tampered with as it stands", async () => {
    const torn = { ...bundle, entries: ["not an entry", ...bundle.entries.slice(1)] };
    expect((await read(await writeDossier(torn, "en"))).text).toContain("not an entry");
  });
});
