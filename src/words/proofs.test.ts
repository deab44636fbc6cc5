// Every sentence of the checks exists in both languages and fills its blanks.
import { describe, expect, it } from "vitest";
import { SENTENCES } from "../proofs/proof.ts";
import { checkSentence, proofTexts } from "./proofs.ts";

const DETAILS = {
  line: "L",
  invoice: "I",
  key: "K",
  value: "V",
  cents: 2990,
  open: 3990,
  id: "E",
  day: "D",
  ispb: "0",
  name: "N",
  words: "W",
  count: 2,
  domain: "b.br",
  program: "P",
};

describe.each(["pt-BR", "en"] as const)("a check said in %s", (lang) => {
  it.each(Object.entries(SENTENCES))("has a title and a whole sentence for each cause of %s", (rule, causes) => {
    const texts = proofTexts(lang).rules[rule];
    expect(texts?.title).toMatch(/^\p{Lu}/u);
    expect(Object.keys(texts?.says ?? {}).sort()).toEqual([...causes].sort());
    for (const because of causes) {
      const said = checkSentence({ rule, because, unsure: false, details: DETAILS }, lang, "BRL");
      expect(said).toMatch(/^\p{Lu}.*\.$/su);
      expect(said).not.toMatch(/[{}!]/u);
    }
  });

  it("says so when it was read from a picture", () => {
    const check = { rule: "scheduled", because: "order", unsure: true, details: { words: "agendado" } };
    expect(checkSentence(check, lang, "BRL")).toContain(proofTexts(lang).unsure);
  });

  it("never accuses", () => {
    const all = JSON.stringify(proofTexts(lang));
    expect(all).not.toMatch(/fraud|forj|fals[oa]|forg|fake|crime|golpe/iu);
  });
});
