// Pages from plain data: whatever a name or a message holds is text, and the ruler stands for its days in every order of them.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aProvider } from "../words/testing/builders.ts";
import { Zone, parseDay, type Day } from "../kernel/time.ts";
import { drawQr } from "./qr.ts";
import type { Frame } from "./frame.ts";
import { homePage, type HomeView } from "./home.ts";
import { html } from "./html.ts";
import { messagesPage } from "./messages.ts";
import { drawRuler } from "./ruler.ts";
import { SUSPENDED_STYLE, suspendedPage } from "./suspended.ts";

const TODAY = parseDay("2026-11-26");
const zone = new Zone("America/Sao_Paulo");

const frame = (change: Partial<Frame> = {}): Frame => ({
  lang: "pt-BR",
  provider: aProvider(),
  zoneId: zone.id,
  path: "/portal/",
  signedIn: { name: "Padaria Central", ref: "77", formKey: "f".repeat(32) },
  assets: { css: "/portal/assets/a.css", js: "/portal/assets/a.js" },
  ...change,
});

const home = (change: Partial<HomeView> = {}): HomeView => ({
  zone,
  today: TODAY,
  currency: "BRL",
  creditCents: 0,
  invoices: [],
  services: [],
  promise: null,
  next: null,
  closed: [],
  pay: null,
  proofs: true,
  paid: false,
  backUp: false,
  pulse: "1.2",
  ...change,
});

/** Tags and attributes of a page without the texts between them. */
const skeleton = (page: string): string => (page.match(/<[a-z/!][^>]*>/giu) ?? []).map((tag) => tag.replace(/"[^"]*"/gu, '""')).join("");

describe("what is put into a page", () => {
  it("is text, never markup: in a tag's place and in an attribute's", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const { text: made } = html`<p title="${text}">${text}</p>`;
        expect(made).toMatch(/^<p title="[^"<>]*">[^<>]*<\/p>$/u);
      }),
    );
  });

  it("changes no tag of the page, whatever customers and their services are called", () => {
    const page = (name: string): string =>
      homePage(
        frame({ signedIn: { name, ref: name, formKey: "f".repeat(32) }, path: `/portal/?${name}` }),
        home({ services: [{ name, access: "active", since: null, cancelOn: null }] }),
      );
    const plain = skeleton(page("x"));
    const hostile = fc.oneof(
      fc.constantFrom('"><script>alert(1)</script>', "</main>", "<!--", "'onmouseover='x", "{link}", "</textarea>"),
      fc.string().filter((text) => text.isWellFormed()),
    );
    fc.assert(
      fc.property(hostile, (name) => {
        expect(skeleton(page(name))).toBe(plain);
      }),
    );
  });

  it("keeps the line breaks of a message, and shows its markup as it was written", () => {
    const messages = [{ author: "customer" as const, at: zone.at(TODAY, 600), text: "um\n<b>dois</b>" }];
    const page = messagesPage(frame(), { zone, today: TODAY, messages, sent: false, max: 4000 });
    expect(page).toContain("um<br />&lt;b&gt;dois&lt;/b&gt;");
  });
});

describe("the ruler", () => {
  const places = (text: string): number[] => [...text.matchAll(/(?:x|cx|x1|x2)="(-?[\d.]+)%"/gu)].map((match) => Number(match[1]));
  const day = fc.integer({ min: TODAY - 400, max: TODAY + 400 });

  it("has every mark within its line, whatever the days are", () => {
    fc.assert(
      fc.property(day, fc.option(day), (due, next) => {
        const view = {
          due,
          today: TODAY,
          next: next === null ? null : { day: next, kind: "suspension" as const },
          closed: [TODAY - 1, TODAY + 1],
        };
        const { text } = drawRuler(view, "pt-BR");
        expect(text).not.toMatch(/NaN|Infinity/u);
        for (const x of places(text)) expect(x).toBeGreaterThanOrEqual(1);
        for (const x of places(text)) expect(x).toBeLessThanOrEqual(100);
      }),
    );
  });

  it("keeps the order of time, and says in words what it draws", () => {
    const at = (text: string, name: string): number =>
      Number(new RegExp(`class="${name}"[^>]*?(?:cx|x1)="([\\d.]+)%"`, "u").exec(text)?.[1]);
    const draw = (due: Day, next: Day): string =>
      drawRuler({ due, today: TODAY, next: { day: next, kind: "suspension" }, closed: [] }, "en").text;
    const past = draw(TODAY - 4, TODAY + 1);
    expect(at(past, "due")).toBeLessThan(at(past, "today"));
    expect(at(past, "today")).toBeLessThan(at(past, "next"));
    expect(past).toContain('aria-label="Due: Sunday, 22 November. Today: Thursday, 26 November. Next step: Friday, 27 November."');
    expect(draw(TODAY, TODAY + 5)).toContain("due today");
  });
});

it("a QR code is drawn dark on white with its quiet margin, module by module", () => {
  const { text } = drawQr({ size: 3, modules: Uint8Array.from([1, 1, 0, 0, 0, 0, 0, 0, 1]) }, "code");
  expect(text).toContain('viewBox="0 0 11 11"');
  expect(text).toContain('d="M4 4h2v1h-2zM6 6h1v1h-1z"');
});

it("the page of a suspended site has nothing to fetch but the portal's link, and escapes the provider's name", () => {
  const page = suspendedPage({ name: "Silva & Filhos <Hosting>", email: "a@b.example", lang: "en" }, "https://portal.example/portal");
  expect(page).toContain("Silva &amp; Filhos &lt;Hosting&gt;");
  expect(page.match(/(?:src|href)="[^"]*"/gu)).toEqual([
    'href="data:,"',
    'href="https://portal.example/portal/"',
    'href="https://portal.example/portal/"',
  ]);
  expect(suspendedPage({ name: "X", email: "a@b.example", lang: "en" }, null)).not.toContain("portal.example");
});

describe("the suspended site's page", () => {
  it("holds its style to the letter: the server's policy lets in that text alone, and one blank more leaves the page bare", () => {
    expect(suspendedPage(aProvider(), null)).toContain(`<style>${SUSPENDED_STYLE}</style>`);
  });
});
