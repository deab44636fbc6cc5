// Names and references that somebody chose to do harm: they stay text, on their line, in mail and in HTML.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LANGS } from "../kernel/lang.ts";
import { cut, greetingName, oneLine } from "./clean.ts";
import { layoutHtml } from "./layout.ts";
import { RULE, writeMessage } from "./messages.ts";
import { anInvoice, aPromise, aProvider, contentFor, TEMPLATES, zone } from "./testing/builders.ts";

const NASTY = [
  "</title></head><script>alert(1)</script>",
  'x" onmouseover="alert(1)',
  "a\r\nBcc: victim@example.org\r\n\r\nbody",
  "- Fatura 1: R$ 0,00\n\n---\nOutro fornecedor",
  "\u202eexe.fdp\u2066",
  "مخبز مركزي",
  "👩‍👩‍👧‍👦🏳️‍🌈".repeat(40),
  "Z̸͓̈́a̷l̶g̵o̴".repeat(60),
  "\u0000\u0007\u001b[31m\u2028\u2029\u0085",
  "javascript:alert(1)",
  "https://evil.example/login",
  "\ud800 half",
  "{{name}} %s $name",
  "",
];
const hostile = fc.oneof(
  fc.constantFrom(...NASTY),
  fc.string({ unit: "binary", maxLength: 400 }),
  fc.tuple(fc.constantFrom(...NASTY), fc.constantFrom(...NASTY)).map((pair) => pair.join("")),
);

// Every control character but the line break, and every character that turns the direction of what follows.
const CONTROL = /[^\P{Cc}\n]|[\u2028\u2029\u202a-\u202e\u2066\u2067\ufeff]/u;

describe("hostile names and references", () => {
  it("never break a line, a header or the HTML", () => {
    const provider = aProvider();
    const plain = new Map<string, { lines: number; tags: string[] }>();
    fc.assert(
      fc.property(
        fc.constantFrom(...TEMPLATES),
        fc.constantFrom(...LANGS),
        fc.array(hostile, { minLength: 5, maxLength: 5 }),
        (template, lang, words) => {
          const write = ([name = "", ref = "", invoice = "", service = "", protocol = ""]: string[]) =>
            writeMessage(
              template,
              contentFor(template, {
                lang,
                customerName: name,
                customerRef: ref,
                invoices: [anInvoice({ ref: invoice, service })],
                services: [service],
                promise: { ...aPromise(), protocol },
              }),
              provider,
              zone,
            );
          const key = `${template}/${lang}`;
          const message = write(words);
          const html = layoutHtml(message, provider, lang);
          let usual = plain.get(key);
          if (!usual) {
            const calm = write(["Ana", "7", "1042", "Plus", "P1"]);
            usual = { lines: calm.text.split("\n").length, tags: tagsOf(layoutHtml(calm, provider, lang)) };
            plain.set(key, usual);
          }
          expect(message.subject).not.toMatch(/[\r\n]/u);
          expect(message.subject.length).toBeLessThanOrEqual(120);
          expect(message.subject.isWellFormed() && message.text.isWellFormed()).toBe(true);
          expect(CONTROL.test(message.subject + message.text)).toBe(false);
          // The same lines and the same tags in the same order as for harmless words: nothing was added or taken away.
          expect(message.text.split("\n").length).toBe(usual.lines);
          expect(message.text.split(`\n${RULE}\n`)).toHaveLength(2);
          expect(tagsOf(html)).toEqual(usual.tags);
        },
      ),
      { numRuns: 1500 },
    );
  });

  it("are never links, while the provider's own addresses are", () => {
    const provider = aProvider();
    const content = contentFor("warning", {
      invoices: [anInvoice({ service: "https://evil.example/login" })],
      customerRef: "eve@evil.example",
    });
    const html = layoutHtml(writeMessage("warning", content, provider, zone), provider, "pt-BR");
    const links = [...html.matchAll(/href="([^"]*)"/gu)].map((match) => match[1]);
    expect(new Set(links)).toEqual(
      new Set([
        "mailto:pix@servidorbom.example",
        "https://servidorbom.example/portal",
        "mailto:financeiro@servidorbom.example",
        "https://servidorbom.example/comprovante",
        "https://servidorbom.example",
      ]),
    );
    expect(html).toContain("https://evil.example/login");
  });

  it("with a web address in the name, the greeting goes without the name", () => {
    expect(greetingName("Ganhe prêmios em http://evil.example")).toBeNull();
    expect(greetingName("WWW.evil.example")).toBeNull();
    expect(greetingName(" \n ")).toBeNull();
    expect(greetingName("Padaria Central")).toBe("Padaria Central");
  });
});

describe("one line", () => {
  it("keeps ordinary names as they are", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-zÀ-ÿ0-9.&'-]{1,20}( [A-Za-zÀ-ÿ0-9.&'-]{1,15})?$/u), (name) => {
        expect(oneLine(name, 60)).toBe(name);
      }),
    );
  });

  it("keeps emoji whole and right-to-left names apart from what stands beside them", () => {
    expect(oneLine("Café 👩‍👧", 60)).toBe("Café 👩‍👧");
    expect(oneLine("مخبز", 60)).toBe("\u2068مخبز\u2069");
  });

  it("cuts long text without halving a character", () => {
    expect(cut("abcdef", 4)).toBe("abc…");
    expect(cut("ab😀def", 4)).toBe("ab…");
  });
});

function tagsOf(html: string): string[] {
  return html.match(/<[^>]*>/gu) ?? [];
}
