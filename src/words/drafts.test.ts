// Answers offered to staff: calm in both languages, exact about what is open, silent towards strangers; and whose link the portal's address becomes.
import { describe, expect, it } from "vitest";
import { LANGS } from "../kernel/lang.ts";
import type { DraftKind, DraftView } from "./drafts-texts.ts";
import { draftAnswer, draftToStranger, markPortal } from "./drafts.ts";
import { LINK_MARK } from "./portal.ts";
import { aContent as content, aProvider as provider, zone } from "./testing/builders.ts";
import { harshness } from "./tone.ts";

const KINDS = Object.keys({
  how_to_pay: 0,
  more_time: 0,
  paid: 0,
  suspended: 0,
  cancel: 0,
  dispute: 0,
  installments: 0,
  insult: 0,
  legal: 0,
  personal_data: 0,
  fewer_messages: 0,
  thanks: 0,
  unknown_address: 0,
  received: 0,
} satisfies Record<DraftKind, 0>) as DraftKind[];
const PORTAL = { ...provider(), portal: "https://clientes.example/portal" };
const view = (change: Partial<DraftView> = {}): DraftView => ({
  open: true,
  portal: true,
  until: "segunda-feira",
  down: ["padaria.example"],
  offer: ["Até segunda-feira."],
  known: true,
  ...change,
});

describe.each(LANGS)("answers offered to staff in %s", (lang) => {
  it.each(KINDS)("%s is calm, whether or not something is open, a portal is there, and time is on offer", (kind) => {
    for (const change of [{}, { open: false }, { portal: false }, { until: null }, { until: null, portal: false }, { down: ["a", "b"] }]) {
      const text = draftAnswer(kind, view(change), { ...content(), lang }, PORTAL, zone);
      expect(harshness(text, lang)).toEqual([]);
      expect(text).not.toContain(LINK_MARK);
      expect(text).not.toContain(PORTAL.taxId);
    }
    expect(harshness(draftToStranger(kind, lang), lang)).toEqual([]);
  });

  it("say what is open and what comes next where that belongs to the answer, and not to who disputes a charge", () => {
    const text = (kind: DraftKind): string => draftAnswer(kind, view(), { ...content(), lang }, PORTAL, zone);
    for (const kind of ["paid", "insult", "how_to_pay"] as const) expect(text(kind)).toContain("1042");
    for (const kind of ["dispute", "legal", "thanks"] as const) expect(text(kind)).not.toContain("1042");
    expect(text("how_to_pay")).toContain("pix@servidorbom.example");
    expect(text("paid")).not.toContain("pix@servidorbom.example");
  });

  it("name no portal, and point to no address below, where there is none", () => {
    for (const kind of KINDS) {
      const text = draftAnswer(kind, view({ portal: false }), { ...content(), lang }, provider(), zone);
      expect(text).not.toMatch(/endereço abaixo|address below|clientes\.example/u);
    }
  });
});

describe("the portal's address in staff's words", () => {
  const marked = `${PORTAL.portal}/i/${LINK_MARK}`;

  it("becomes the customer's own link where it stands for itself", () => {
    expect(markPortal(`Veja:\n${PORTAL.portal}\nObrigado`, PORTAL)).toBe(`Veja:\n${marked}\nObrigado`);
    expect(markPortal(`Está em ${PORTAL.portal}.`, PORTAL)).toBe(`Está em ${marked}.`);
    expect(markPortal(PORTAL.portal, PORTAL)).toBe(marked);
  });

  it("stays as it is where a page of it, another address, or no portal is meant", () => {
    for (const text of [`${PORTAL.portal}/time`, `${PORTAL.portal}-antigo`, "https://outro.example"])
      expect(markPortal(text, PORTAL)).toBe(text);
    expect(markPortal(PORTAL.portal, provider())).toBe(PORTAL.portal);
  });
});
