// The XML of panels: what is read, and what is not.
import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { allAt, escapeXml, parseXml, textAt } from "./xml.ts";

describe("the XML of a panel's answers", () => {
  it("is read by paths, with entities and CDATA", () => {
    const root = parseXml(
      '<?xml version="1.0"?><packet version="1.6"><r a="x>y"><id>7</id><n>A &amp; B &#233;</n></r><r><n><![CDATA[<b>]]></n></r></packet>',
    );
    expect(root && allAt(root, "r").map((r) => textAt(r, "n"))).toEqual(["A & B é", "<b>"]);
    expect(root && textAt(root, "r", "id")).toBe("7");
    expect(root && textAt(root, "r", "nothing")).toBeNull();
  });

  it.each([
    "",
    "text",
    "<a>",
    "<a></b>",
    "<a/><b/>",
    "<a/>rest",
    '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
    "<a <b/>",
    "<a>".repeat(100) + "</a>".repeat(100),
  ])("is not guessed at: %s", (text) => {
    expect(parseXml(text)).toBeNull();
  });

  it("gives back any text that was put into it, and never throws", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const root = parseXml(`<a>${escapeXml(text)}</a>`);
        expect(root?.text).toBe(text);
        parseXml(text);
      }),
    );
  });
});
