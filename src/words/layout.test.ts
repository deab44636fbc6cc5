// The HTML of a message says exactly what its text says, and nothing of its own.
import { describe, expect, it } from "vitest";
import { layoutHtml } from "./layout.ts";
import { writeMessage } from "./messages.ts";
import { aProvider, contentFor, TEMPLATES, zone } from "./testing/builders.ts";

const provider = aProvider({ name: "Silva & Filhos <Hosting>", sandbox: true });

const ENTITIES: Record<string, string> = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'" };

/** What a reader sees, tags gone, one line per line of the text. */
function readable(html: string): string[] {
  return html
    .replace(/[\s\S]*<main>/u, "")
    .replace(/<\/?(?:p|ul|li|br|main|footer|div|body|html)\b[^>]*>/gu, "\n")
    .replace(/<[^>]+>/gu, "")
    .replace(/&(?:amp|lt|gt|quot|#39);/gu, (entity) => ENTITIES[entity] ?? "")
    .split("\n")
    .filter((line) => line !== "");
}

describe("the HTML of a message", () => {
  it.each(TEMPLATES)("“%s” holds every line of the text in order and no other", (template) => {
    const message = writeMessage(template, contentFor(template), provider, zone);
    const lines = message.text
      .split("\n")
      .filter((line) => line !== "" && line !== "---")
      .map((line) => line.replace(/^- /u, ""));
    expect(readable(layoutHtml(message, provider, "pt-BR"))).toEqual(lines);
  });

  it("loads nothing, runs nothing, and tells nobody that it was read", () => {
    const html = layoutHtml(writeMessage("warning", contentFor("warning"), provider, zone), provider, "pt-BR");
    expect(html).not.toMatch(/<(?:img|script|link|iframe|form|table|object|input)|url\(|\bon\w+=|src=/iu);
  });

  it("says its language, has one heading, and follows the reader's dark mode", () => {
    const message = writeMessage("warning", contentFor("warning", { lang: "en" }), provider, zone);
    const html = layoutHtml(message, provider, "en");
    expect(html).toContain('<html lang="en" dir="ltr">');
    expect(html.match(/<h1/gu)).toHaveLength(1);
    expect(html).toContain("prefers-color-scheme:dark");
  });

  it("leaves the full stop after an address out of the link", () => {
    const html = layoutHtml({ subject: "x", text: "Veja https://servidorbom.example/portal.\n" }, provider, "pt-BR");
    expect(html).toContain('href="https://servidorbom.example/portal"');
    expect(html).toContain("</a>.");
  });

  it("does not take a look-alike of the provider's site for the provider's", () => {
    const html = layoutHtml(
      { subject: "x", text: "https://servidorbom.example.evil.example/ https://servidorbom.example@evil.example/\n" },
      provider,
      "pt-BR",
    );
    expect(html).not.toContain("<a ");
  });
});
