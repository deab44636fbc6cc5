// Delivery reports and complaints as servers write them, and the replies of mail programs without what they quote.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ownWords } from "./own-words.ts";
import { complaintOf, deliveryReports, messageIdsIn, reportedIds, reportInWords } from "./report.ts";

const POSTFIX = `Reporting-MTA: dns; mx.hospedagem.example
X-Postfix-Queue-ID: 4XYZ
Arrival-Date: Thu, 26 Nov 2026 09:00:00 -0300 (-03)

Final-Recipient: rfc822; Maria@Padaria.example
Original-Recipient: rfc822;maria@padaria.example
Action: failed
Status: 5.1.1
Remote-MTA: dns; mx.padaria.example
Diagnostic-Code: smtp; 550 5.1.1 <maria@padaria.example>: Recipient address
    rejected: User unknown
`;

describe("a delivery report", () => {
  it("is read field by field, folded lines and all", () => {
    expect(deliveryReports(POSTFIX)).toEqual([
      {
        recipient: "maria@padaria.example",
        action: "failed",
        code: "5.1.1",
        words: "550 5.1.1 <maria@padaria.example>: Recipient address rejected: User unknown",
        reporter: "mx.hospedagem.example",
      },
    ]);
  });

  it("tells a delay from a failure", () => {
    const [report] = deliveryReports(POSTFIX.replace("Action: failed", "Action: delayed (will retry)").replace("5.1.1", "4.4.1"));
    expect(report).toMatchObject({ action: "delayed", code: "4.4.1" });
  });

  it("names nobody where it says nothing of a recipient", () => {
    expect(deliveryReports("Reporting-MTA: dns; mx.example\n\n")).toEqual([]);
  });

  it("finds its message by the header that came along, by the envelope's name, or by what it quotes", () => {
    const ids = (fields: string, original: string, text = ""): string[] => reportedIds({ fields, original, text });
    expect(ids(POSTFIX, "Subject: Aviso\nMessage-ID: <a1@hospedagem.example>\n\nMessage-ID: <outro@x.example>")).toEqual([
      "<a1@hospedagem.example>",
    ]);
    expect(ids(`Original-Envelope-Id: a1@hospedagem.example\n${POSTFIX}`, "")).toEqual(["<a1@hospedagem.example>"]);
    expect(ids("", "", "--- Below is a copy\n\nMessage-Id: <a1@hospedagem.example>\n")).toEqual(["<a1@hospedagem.example>"]);
  });

  it("in words counts only where it names a permanent code", () => {
    expect(reportInWords("<maria@padaria.example>:\nRemote host said: 550 No such user here (#5.1.1)")).toMatchObject({
      action: "failed",
      code: "5.1.1",
    });
    expect(reportInWords("Will be tried again. 451 later")).toBeNull();
  });

  it("of any form never throws", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 2_000 }), (text) => {
        deliveryReports(text);
        reportInWords(text);
        complaintOf(text);
        expect(messageIdsIn(text).every((id) => id.startsWith("<"))).toBe(true);
      }),
    );
  });
});

it("a complaint says its type and who reports", () => {
  expect(complaintOf("Feedback-Type: abuse\nUser-Agent: FBL/1.0\nVersion: 1\n")).toEqual({ type: "abuse", reporter: "FBL/1.0" });
});

describe("what the sender wrote", () => {
  const mine = "Preciso de mais prazo.\n\nMaria";

  it.each([
    ["Gmail in Portuguese", `${mine}\n\nEm qui., 26 de nov. de 2026 às 09:00, Hospedagem <cobranca@h.example> escreveu:\n> Aviso`],
    ["folded over two lines", `${mine}\n\nOn Thu, Nov 26, 2026 at 9:00 AM Hospedagem\n<cobranca@h.example> wrote:\n> Notice`],
    [
      "Outlook",
      `${mine}\n\n________________________________\nDe: Hospedagem <cobranca@h.example>\nEnviado: quinta-feira\nPara: Maria\nAssunto: Aviso\n\nOlá`,
    ],
    ["Outlook without its line", `${mine}\n\nDe: Hospedagem\nEnviada em: quinta-feira\nPara: Maria\nAssunto: Aviso\n\nOlá`],
    ["Original Message", `${mine}\n\n-----Mensagem original-----\nDe: Hospedagem`],
    ["with a signature", `${mine}\n-- \nPadaria Central\nNão cancele este contrato`],
    ["from a telephone", `${mine}\n\nEnviado do meu iPhone\n\n> Aviso`],
  ])("is found in a reply of %s", (_name, text) => {
    expect(ownWords(text)).toBe(mine);
  });

  it("keeps a sentence that begins like a quotation", () => {
    expect(ownWords("De: novo não consegui pagar")).toBe("De: novo não consegui pagar");
  });
});
