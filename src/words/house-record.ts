// The record of the house in sentences: who may do what, and how that changed. The actor and the time stand beside.
import type { Json } from "../kernel/hash.ts";
import type { HouseKind, HouseRow } from "../kernel/house-record.ts";
import type { Lang } from "../kernel/lang.ts";
import { parseInstant, type Zone } from "../kernel/time.ts";
import { sayShortDay } from "./dates.ts";
import { rolesIn } from "./inserts.ts";

type Told = Pick<HouseRow, "kind" | "subject" | "before" | "after">;

/** A row's facts in words. What is missing is a dash: a row that somebody altered is read all the same. */
interface Facts {
  subject: string | null;
  text(of: "before" | "after", name: string): string;
  role(of: "before" | "after"): string;
  day(of: "before" | "after", name: string): string;
  list(of: "before" | "after", name: string): readonly string[];
  is(of: "before" | "after", name: string): boolean;
}

type Sentences = Readonly<Record<HouseKind, (facts: Facts) => string>>;

const EN: Sentences = {
  "staff.invited": (f) =>
    `Invitation for ${f.subject ?? "whoever receives the link"} with the role ${f.role("after")}, good until ${f.day("after", "expiresAt")}.`,
  "staff.joined": (f) =>
    `${f.text("after", "name")} (${f.subject ?? "–"}) came in with the role ${f.role("after")}, invited by ${who(f, "this server", "somebody at the terminal")}.`,
  "staff.role": (f) => `The role of ${f.subject ?? "–"} went from ${f.role("before")} to ${f.role("after")}.`,
  "staff.disabled": (f) => `The access of ${f.subject ?? "–"} was switched off; the role was ${f.role("before")}.`,
  "staff.enabled": (f) => `The access of ${f.subject ?? "–"} was switched on again, with the role ${f.role("after")}.`,
  "staff.factor": (f) =>
    !f.is("after", "secondFactor")
      ? `${f.subject ?? "–"} signs in without a second factor from now on.`
      : f.is("before", "secondFactor")
        ? `${f.subject ?? "–"} set the second factor anew.`
        : `${f.subject ?? "–"} signs in with a second factor from now on.`,
  "key.made": (f) => `Key ${f.subject ?? "–"} made; it may ${f.list("after", "scopes").join(" and ")}.`,
  "key.revoked": (f) => `Key ${f.subject ?? "–"} revoked; it could ${f.list("before", "scopes").join(" and ")}.`,
  "webhook.added": (f) =>
    `Webhook ${f.subject ?? "–"} added: ${f.text("after", "host")} is told of ${events(f, "after", "event", "events")}.`,
  "webhook.secret": (f) =>
    `New secret for webhook ${f.subject ?? "–"}; the one before signs beside it until ${f.day("after", "oldSignsUntil")}.`,
  "webhook.resumed": (f) => `Webhook ${f.subject ?? "–"}, which had stopped, is told of events again.`,
  "webhook.removed": (f) => `Webhook ${f.subject ?? "–"} removed: ${f.text("before", "host")} is told of nothing any more.`,
  "policy.activated": (f) =>
    `Policy ${f.subject ?? "–"} put in force from ${f.day("after", "from")} on${f.text("before", "version") === "–" ? "" : `, in place of ${f.text("before", "version")}`}.`,
};

const PT: Sentences = {
  "staff.invited": (f) =>
    `Convite para ${f.subject ?? "quem receber o link"} com o papel ${f.role("after")}, válido até ${f.day("after", "expiresAt")}.`,
  "staff.joined": (f) =>
    `${f.text("after", "name")} (${f.subject ?? "–"}) entrou com o papel ${f.role("after")}; convite feito por ${who(f, "este servidor", "alguém no terminal")}.`,
  "staff.role": (f) => `O papel de ${f.subject ?? "–"} passou de ${f.role("before")} para ${f.role("after")}.`,
  "staff.disabled": (f) => `O acesso de ${f.subject ?? "–"} foi desligado; o papel era ${f.role("before")}.`,
  "staff.enabled": (f) => `O acesso de ${f.subject ?? "–"} foi religado, com o papel ${f.role("after")}.`,
  "staff.factor": (f) =>
    !f.is("after", "secondFactor")
      ? `${f.subject ?? "–"} passou a entrar sem o segundo fator.`
      : f.is("before", "secondFactor")
        ? `${f.subject ?? "–"} refez o segundo fator.`
        : `${f.subject ?? "–"} passou a entrar com o segundo fator.`,
  "key.made": (f) => `Chave ${f.subject ?? "–"} criada; pode ${scopes(f, "after")}.`,
  "key.revoked": (f) => `Chave ${f.subject ?? "–"} revogada; podia ${scopes(f, "before")}.`,
  "webhook.added": (f) =>
    `Webhook ${f.subject ?? "–"} acrescentado: ${f.text("after", "host")} é avisado de ${events(f, "after", "evento", "eventos")}.`,
  "webhook.secret": (f) =>
    `Novo segredo para o webhook ${f.subject ?? "–"}; o anterior assina junto até ${f.day("after", "oldSignsUntil")}.`,
  "webhook.resumed": (f) => `O webhook ${f.subject ?? "–"}, que tinha parado, volta a ser avisado.`,
  "webhook.removed": (f) => `Webhook ${f.subject ?? "–"} removido: ${f.text("before", "host")} não é mais avisado de nada.`,
  "policy.activated": (f) =>
    `Política ${f.subject ?? "–"} em vigor a partir de ${f.day("after", "from")}${f.text("before", "version") === "–" ? "" : `, no lugar de ${f.text("before", "version")}`}.`,
};

const SCOPES: Readonly<Record<string, string>> = { read: "ler", write: "escrever" };

function scopes(f: Facts, of: "before" | "after"): string {
  return f.list(of, "scopes").map((scope) => SCOPES[scope] ?? scope).join(" e "); // prettier-ignore
}

/** Who made the link; by their address where it was one of the staff. */
function who(f: Facts, server: string, terminal: string): string {
  const actor = f.text("after", "invitedBy");
  return actor === "server" ? server : actor === "cli" ? terminal : actor.replace(/^staff:/u, "");
}

function events(f: Facts, of: "before" | "after", one: string, many: string): string {
  const { length } = f.list(of, "events");
  return `${length} ${length === 1 ? one : many}`;
}

/** A row in one sentence. One that a newer program wrote is named by its kind. */
export function sayHouse(row: Told, lang: Lang, zone: Zone): string {
  const sentences = lang === "en" ? EN : PT;
  const say = Object.hasOwn(sentences, row.kind) ? sentences[row.kind as HouseKind] : null;
  return say ? say(factsOf(row, lang, zone)) : [row.kind, row.subject].filter((part) => part !== null).join(" ");
}

function factsOf(row: Told, lang: Lang, zone: Zone): Facts {
  const value = (of: "before" | "after", name: string): Json => row[of]?.[name] ?? null;
  const text = (of: "before" | "after", name: string): string => {
    const found = value(of, name);
    return typeof found === "string" ? found : "–";
  };
  return {
    subject: row.subject,
    text,
    role: (of) => `“${rolesIn([text(of, "role")])[lang]}”`,
    day: (of, name) => {
      const found = text(of, name);
      return Number.isNaN(Date.parse(found)) ? found : sayShortDay(zone.dayOf(parseInstant(found)), lang);
    },
    list: (of, name) => {
      const found = value(of, name);
      return Array.isArray(found) ? found.map((each: Json) => (typeof each === "string" ? each : "–")) : [];
    },
    is: (of, name) => value(of, name) === true,
  };
}
