// Every kind of change has its sentence in both languages, and says who is meant, which role, and until when.
import { describe, expect, it } from "vitest";
import { HOUSE_KINDS, type HouseFacts, type HouseKind } from "../kernel/house-record.ts";
import { LANGS } from "../kernel/lang.ts";
import { Zone } from "../kernel/time.ts";
import { sayHouse } from "./house-record.ts";

const zone = new Zone("America/Sao_Paulo");
/** One in the morning of the next day in UTC, and still the evening before in São Paulo. */
const EVENING = "2026-11-27T01:00:00.000Z";
const PLACE = { host: "https://hooks.example.com.br", events: ["promise.kept", "promise.broken"] };

const TOLD: Readonly<Record<HouseKind, { subject: string | null; before: HouseFacts | null; after: HouseFacts | null }>> = {
  "staff.invited": { subject: "bia@provedor.example", before: null, after: { role: "finance", expiresAt: EVENING } },
  "staff.joined": { subject: "bia@provedor.example", before: null, after: { name: "Bia", role: "finance", invitedBy: "staff:ana@provedor.example" } }, // prettier-ignore
  "staff.role": { subject: "bia@provedor.example", before: { role: "support" }, after: { role: "finance" } },
  "staff.disabled": { subject: "bia@provedor.example", before: { role: "finance", disabled: false }, after: { role: "finance", disabled: true } }, // prettier-ignore
  "staff.enabled": { subject: "bia@provedor.example", before: { role: "finance", disabled: true }, after: { role: "finance", disabled: false } }, // prettier-ignore
  "staff.factor": { subject: "bia@provedor.example", before: { secondFactor: false }, after: { secondFactor: true } },
  "key.made": { subject: "faturamento", before: null, after: { scopes: ["read", "write"] } },
  "key.revoked": { subject: "faturamento", before: { scopes: ["read"] }, after: null },
  "webhook.added": { subject: "central", before: null, after: PLACE },
  "webhook.secret": { subject: "central", before: null, after: { oldSignsUntil: EVENING } },
  "webhook.resumed": { subject: "central", before: { state: "stopped", because: "gone" }, after: { state: "on" } },
  "webhook.removed": { subject: "central", before: PLACE, after: null },
  "policy.activated": { subject: "padrao@2", before: { version: "padrao@1" }, after: { version: "padrao@2", from: EVENING } },
};

const said = (kind: HouseKind, lang: "en" | "pt-BR"): string => sayHouse({ kind, ...TOLD[kind] }, lang, zone);

describe("the sentences of the record", () => {
  it("are there for every kind in both languages, name their subject, and leave no fact out", () => {
    for (const lang of LANGS)
      for (const kind of HOUSE_KINDS) {
        const sentence = said(kind, lang);
        expect(sentence, `${kind} in ${lang}`).toContain(TOLD[kind].subject);
        expect(sentence, `${kind} in ${lang}`).toMatch(/^[\p{L}\d].*\.$/u);
        expect(sentence, `${kind} in ${lang}`).not.toMatch(/–|undefined|!|“(?:owner|finance|support)” .*papel/u);
      }
    for (const kind of HOUSE_KINDS) expect(said(kind, "pt-BR")).not.toBe(said(kind, "en"));
  });

  it("say roles as people do, and days by the provider's clock", () => {
    expect(said("staff.role", "pt-BR")).toBe("O papel de bia@provedor.example passou de “atendimento” para “financeiro”.");
    expect(said("staff.role", "en")).toBe("The role of bia@provedor.example went from “support” to “finance”.");
    expect(said("staff.invited", "pt-BR")).toBe("Convite para bia@provedor.example com o papel “financeiro”, válido até 26/11/2026.");
    expect(said("staff.joined", "en")).toBe("Bia (bia@provedor.example) came in with the role “finance”, invited by ana@provedor.example.");
    const joined = { kind: "staff.joined", ...TOLD["staff.joined"], after: { name: "Bia", role: "owner", invitedBy: "server" } };
    expect(sayHouse(joined, "pt-BR", zone)).toBe(
      "Bia (bia@provedor.example) entrou com o papel “responsável”; convite feito por este servidor.",
    );
    expect(said("key.made", "pt-BR")).toBe("Chave faturamento criada; pode ler e escrever.");
    expect(said("webhook.added", "en")).toBe("Webhook central added: https://hooks.example.com.br is told of 2 events.");
  });

  it("tell a second factor begun, renewed and ended apart, a link for anybody, and the first policy", () => {
    const factor = (before: boolean, after: boolean): string =>
      sayHouse(
        { kind: "staff.factor", subject: "b@x.example", before: { secondFactor: before }, after: { secondFactor: after } },
        "en",
        zone,
      );
    expect(new Set([factor(false, true), factor(true, true), factor(true, false)]).size).toBe(3);
    expect(sayHouse({ kind: "staff.invited", ...TOLD["staff.invited"], subject: null }, "en", zone)).toContain("whoever receives the link");
    expect(sayHouse({ kind: "policy.activated", ...TOLD["policy.activated"], before: null }, "en", zone)).toBe(
      "Policy padrao@2 put in force from 26 Nov 2026 on.",
    );
  });

  it("read a row of a newer program, or one that was altered, without breaking", () => {
    expect(sayHouse({ kind: "door.painted", subject: "the back one", before: null, after: null }, "en", zone)).toBe(
      "door.painted the back one",
    );
    for (const kind of HOUSE_KINDS)
      expect(sayHouse({ kind, subject: null, before: null, after: { expiresAt: "soon", role: 7, scopes: "all" } }, "pt-BR", zone)).not.toBe(
        "",
      );
  });
});
