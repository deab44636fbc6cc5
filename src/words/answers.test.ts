// Answers by rule: calm in both languages, with what is open, the next step and its date, and the supplier's identity.
import { describe, expect, it } from "vitest";
import type { AnswerKind } from "./answers-texts.ts";
import { answerMail } from "./answers.ts";
import { LANGS } from "../kernel/lang.ts";
import { LINK_MARK } from "./portal.ts";
import { aContent as content, aProvider as provider, zone } from "./testing/builders.ts";
import { harshness } from "./tone.ts";

const KINDS: AnswerKind[] = ["more_time", "paid", "how_to_pay", "cancel", "proof_by_link", "proof_unread", "proofs_off", "received"];
const PORTAL = { ...provider(), portal: "https://clientes.example/portal" };

describe.each(LANGS)("answers in %s", (lang) => {
  it.each(KINDS)("%s is calm, and says who writes", (kind) => {
    for (const until of [null, zone.at(20_783, 1080)]) {
      const { subject, text } = answerMail(kind, { subject: "Re: RES: Aviso da fatura", until }, { ...content(), lang }, PORTAL, zone);
      expect(subject).toBe("Re: Aviso da fatura");
      expect(harshness(text, lang)).toEqual([]);
      expect(text).toContain(PORTAL.taxId);
      expect(text).toContain(`${PORTAL.portal}/i/${LINK_MARK}`);
    }
  });

  it("names the portal also where nothing is open", () => {
    const { text } = answerMail("cancel", { subject: "", until: null }, { ...content(), lang, invoices: [] }, PORTAL, zone);
    expect(text).toContain(LINK_MARK);
  });
});
