// Errors in both languages: every code says the same things, with the same details, in the tone of the house.
import { describe, expect, it } from "vitest";
import { ERRORS, inEach, ReguaError, SAID, type ErrorCode } from "../kernel/errors.ts";
import { ERRORS_PT_BR, errorWords } from "./errors.ts";
import { backupRuleIn, invoiceStateIn, outsideIn, rolesIn } from "./inserts.ts";
import { operationIn } from "./operations.ts";

const CODES = Object.keys(ERRORS) as ErrorCode[];

function placeholders(text: string): string[] {
  return [...text.matchAll(/\{\w+\}/gu)].map(([found]) => found).sort();
}

/** What stays as it is in every language: commands, file names, options, addresses. */
function literals(text: string): string[] {
  return [...text.matchAll(/`[^`]+`|docs\/\w+\.md|--[a-z-]+|\b[A-Z]+_[A-Z_]+\b|regua\.yaml/gu)].map(([found]) => found).sort();
}

describe.each(CODES)("%s", (code) => {
  const en = ERRORS[code];
  const pt = ERRORS_PT_BR[code];

  it("has the same details in both languages", () => {
    // A word may be said twice in one language; what must not be is a detail that the other leaves out.
    expect(new Set(placeholders(pt.message))).toEqual(new Set(placeholders(en.message)));
    expect(new Set(placeholders(pt.cure))).toEqual(new Set(placeholders(en.cure)));
  });

  it("names the same commands, files and options in both", () => {
    expect(new Set(literals(pt.cure))).toEqual(new Set(literals(en.cure)));
  });

  it("is calm, and ends its sentences", () => {
    for (const text of [pt.message, pt.cure]) {
      expect(text).not.toMatch(/[!]|\bcancel/iu);
      expect(text.trim()).not.toBe("");
    }
    if (en.cure !== "{cure}") expect(pt.cure).not.toBe(en.cure);
    expect(pt.message).not.toBe(en.message);
    if (/[.!]$/u.test(en.message)) expect(pt.message).toMatch(/\.$/u);
  });
});

it("fills words of ours in the language of the reader, and names and numbers alike in both", () => {
  const error = new ReguaError("invoice_not_open", { value: "FAT-7", state: invoiceStateIn("written_off") });
  expect(errorWords(error, "pt-BR").message).toBe("A fatura FAT-7 está baixada, por isso não pode ser anulada.");
  expect(errorWords(error, "en")).toEqual({ message: error.message, cure: error.cure });
  expect(error.message).toBe("Invoice FAT-7 is written off, so it cannot be voided.");
});

it("keeps English in what logs and machines read: the message and the details", () => {
  const error = new ReguaError("hold_invalid", { problem: inEach("its end lies in the past", "o fim dele já passou") });
  expect(error.message).toBe("The hold cannot be placed: its end lies in the past.");
  expect(error.details).toEqual({ problem: "its end lies in the past" });
  expect(error.detailsIn("pt-BR")).toEqual({ problem: "o fim dele já passou" });
});

it("names roles, and that none may do it alone", () => {
  expect(rolesIn(["owner", "finance"])["pt-BR"]).toBe("responsável, financeiro");
  expect(rolesIn([]).en).toMatch(/none alone/u);
  expect(backupRuleIn("suspended")["pt-BR"]).toBe("o serviço está suspenso");
});

/** Details that are the same in every language: names, numbers, paths; `place` is a folder or, in a map, a line. */
const NAMES = (
  "account amount by candidates checks count currency customer day days email field file fingerprint folder found gateway have host " +
  "invoice left limit line lines mail max megabytes method name names now option other package path pid place platform port receipt " +
  "request scope seconds source to today tried url value where"
).split(" ");

describe("a detail within a sentence", () => {
  it("is either said in each language or a name: whoever adds one decides which", () => {
    const filled = new Set(CODES.flatMap((code) => placeholders(`${ERRORS[code].message} ${ERRORS[code].cure}`)));
    expect([...filled].sort()).toEqual([...SAID, ...NAMES].map((name) => `{${name}}`).sort());
  });

  it("that is said does not compile as a plain string: it would be one language inside the other", () => {
    // @ts-expect-error English only.
    expect(new ReguaError("hold_invalid", { problem: "its end lies in the past" }).details).toEqual({
      problem: "its end lies in the past",
    });
  });

  it("is the same in both where it is another's words, and ours where they stand after a host or a code", () => {
    expect(outsideIn("401 Unauthorized")["pt-BR"]).toBe("401 Unauthorized");
    expect(outsideIn("panel.example: no answer before the deadline")).toEqual(
      inEach("panel.example: no answer before the deadline", "panel.example: sem resposta dentro do prazo"),
    );
  });
});

it("names what a role may not do as the console does; the operation's own name stays in English", () => {
  expect(operationIn("voidInvoice")).toEqual(inEach("voidInvoice", "anular uma fatura"));
});
