// Kinds of mail by their headers: what is never answered, what reports on delivery, and what a person wrote.
import { describe, expect, it } from "vitest";
import { kindOf, type MailKind } from "./kind.ts";

const OWN = { addresses: new Set(["cobranca@hospedagem.example"]), sentByUs: false };

function kind(
  headers: Record<string, string>,
  change: { from?: string | null; subject?: string; reportType?: string; sentByUs?: boolean } = {},
): MailKind {
  return kindOf(
    {
      headers: new Map(Object.entries(headers).map(([name, value]) => [name, [value]])),
      from: change.from === undefined ? "maria@padaria.example" : change.from,
      subject: change.subject ?? "Re: Aviso",
      reportType: change.reportType ?? null,
    },
    { ...OWN, sentByUs: change.sentByUs ?? false },
  ).kind;
}

describe("which kind of mail came in", () => {
  it("takes a mail without a sign of a machine for a person's", () => {
    expect(kind({})).toBe("reply");
    expect(kind({ "auto-submitted": "no", precedence: "first-class", "x-spam-status": "No, score=0.1" })).toBe("reply");
  });

  it.each([
    ["auto-submitted", "auto-replied"],
    ["auto-submitted", "auto-generated (vacation)"],
    ["precedence", "bulk"],
    ["precedence", "auto_reply"],
    ["list-id", "<grupo.example>"],
    ["list-unsubscribe", "<mailto:sair@grupo.example>"],
    ["x-autoreply", "yes"],
    ["x-autorespond", ""],
    ["x-auto-response-suppress", "DR, OOF, AutoReply"],
    ["return-path", "<>"],
  ])("never answers a mail with %s: %s", (name, value) => {
    expect(kind({ [name]: value })).toBe("automatic");
  });

  it.each([
    "MAILER-DAEMON@mx.example",
    "no-reply@loja.example",
    "nao-responda@banco.example",
    "noreply+7@x.example",
    "postmaster@y.example",
  ])("takes %s for a machine", (from) => {
    expect(kind({}, { from: from.toLowerCase() })).toBe("automatic");
  });

  it.each([
    "Resposta automática: Re: Aviso",
    "Out of Office: Aviso",
    "Automatic reply: Aviso",
    "RES: Ausência temporária",
    "Estou de férias",
  ])("knows “%s” by its subject", (subject) => {
    expect(kind({}, { subject })).toBe("automatic");
  });

  it("knows our own mail come back, by its number or its sender", () => {
    expect(kind({}, { sentByUs: true })).toBe("own");
    expect(kind({}, { from: "cobranca@hospedagem.example" })).toBe("own");
  });

  it("tells delivery reports and complaints by their form, before anything else", () => {
    expect(
      kind({ "auto-submitted": "auto-replied", "return-path": "<>" }, { from: "mailer-daemon@mx.example", reportType: "delivery-status" }),
    ).toBe("bounce");
    expect(kind({}, { from: "fbl@provedor.example", reportType: "feedback-report" })).toBe("complaint");
  });

  it("knows a report of an old server by who sends it and what it is called", () => {
    expect(kind({}, { from: "mailer-daemon@mx.example", subject: "failure notice" })).toBe("bounce");
    expect(kind({}, { from: "maria@padaria.example", subject: "failure notice" })).toBe("reply");
  });

  it("keeps what the mail server took for spam apart", () => {
    expect(kind({ "x-spam-flag": "YES" })).toBe("spam");
  });

  it("answers nothing that names no sender", () => {
    expect(kind({}, { from: null })).toBe("automatic");
  });
});
