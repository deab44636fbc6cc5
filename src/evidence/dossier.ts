// The dossier: one customer's bundle as a document to read and print. It says nothing that the bundle does not hold.
import { sha256 } from "../kernel/hash.ts";
import type { Lang } from "../kernel/lang.ts";
import { formatMoney } from "../kernel/money.ts";
import { formatTimeOfDay, parseDay, parseInstant, Zone } from "../kernel/time.ts";
import type { Because } from "../policy/decision.ts";
import { sayShortDay } from "../words/dates.ts";
import { dossierTexts } from "../words/dossier.ts";
import type { DossierTexts } from "../words/dossier-texts.ts";
import { sayBecause, sayStep } from "../words/reasons.ts";
import type { Bundle } from "./format.ts";
import { Paper } from "./paper.ts";

interface Telling {
  bundle: Bundle;
  paper: Paper;
  texts: DossierTexts;
  lang: Lang;
  zone: Zone;
  moment: (at: string | null) => string;
  day: (on: string | null) => string;
  money: (cents: number, currency?: string) => string;
  /** A state or kind in words; what has none stands as it is. */
  say: (value: string) => string;
}

/** The document as PDF bytes; the same bundle and language give the same bytes. */
export async function writeDossier(bundle: Bundle, lang: Lang): Promise<Buffer> {
  const texts = dossierTexts(lang);
  const zone = new Zone(bundle.provider.time_zone);
  const moment = (at: string | null): string => {
    if (at === null) return "–";
    const local = zone.local(parseInstant(at));
    return `${sayShortDay(local.day, lang)} ${formatTimeOfDay(local.minute)}`;
  };
  const { customer, head } = bundle;
  const title = texts.title(customer.name, customer.ref);
  const author = nameOf(bundle);
  const foot = (page: number, pages: number): string =>
    `${author} · ${title.slice(0, 60)} · ${head.hash.slice(0, 16)} · ${texts.page(page, pages)}`;
  const paper = new Paper({ title, author, lang, at: parseInstant(bundle.exported_at), foot });
  const telling: Telling = {
    bundle,
    paper,
    texts,
    lang,
    zone,
    moment,
    day: (on) => (on === null ? "–" : sayShortDay(parseDay(on), lang)),
    say: (value) => texts.value[value] ?? value,
    money: (cents, currency = bundle.provider.currency) => formatMoney(cents, currency, lang),
  };
  paper.note(author);
  paper.title(title);
  paper.note(texts.made(moment(bundle.exported_at)));
  for (const text of texts.what) paper.line(text);
  paper.note(texts.letters);
  paper.moment(`${texts.head.writtenDown} (${texts.chain(head.seq)})`);
  paper.code(head.hash);
  tellRecord(telling);
  tellMoney(telling);
  tellStory(telling);
  tellMessages(telling);
  paper.head(texts.head.check);
  for (const text of bundle.how_to_verify[lang]) paper.note(text);
  return paper.end();
}

function nameOf({ provider }: Bundle): string {
  const { legalName, name } = provider.identity;
  return typeof legalName === "string" ? legalName : typeof name === "string" ? name : "";
}

function tellRecord({ bundle, paper, texts, day, money, say }: Telling): void {
  const { customer, state } = bundle;
  const { label } = texts;
  paper.head(texts.head.customer);
  const said: [string, string | null][] = [
    ["name", customer.name],
    ["ref", customer.ref],
    ["tax_id", customer.tax_id],
    ["email", customer.email],
    ["phone", customer.phone],
    ["since", day(customer.since)],
  ];
  for (const [key, value] of said) if (value !== null) paper.line(`${label[key] ?? key}: ${value}`);
  if (state.services.length === 0) return;
  paper.head(texts.head.services);
  paper.table(
    [
      { head: label.ref ?? "", share: 2 },
      { head: label.name ?? "", share: 4 },
      { head: label.plan ?? "", share: 2 },
      { head: label.state ?? "", share: 2 },
      { head: label.amount_cents ?? "", share: 2, right: true },
    ],
    state.services.map((row) => [
      row.ref,
      row.name,
      row.plan ?? "",
      say(row.actual),
      row.price_cents === null ? "" : money(row.price_cents),
    ]),
  );
}

function tellMoney({ bundle, paper, texts, day, money, moment, say }: Telling): void {
  const { invoices, receipts, promises, claims } = bundle.state;
  const { label, head } = texts;
  const column = (key: string, share = 2, right = false) => ({ head: label[key] ?? key, share, right });
  const part = (title: string, columns: ReturnType<typeof column>[], rows: string[][]): void => {
    paper.head(title);
    if (rows.length === 0) paper.note(texts.none);
    else paper.table(columns, rows);
  };
  part(
    head.invoices,
    [
      column("ref", 3),
      column("issued_on"),
      column("due_on"),
      column("amount_cents", 2, true),
      column("paid_cents", 2, true),
      column("state"),
    ],
    invoices.map((row) => [row.ref, day(row.issued_on), day(row.due_on), money(row.amount_cents, row.currency), money(row.paid_cents, row.currency), say(row.state)]), // prettier-ignore
  );
  part(
    head.receipts,
    [column("paid_on"), column("source"), column("external_id", 4), column("settled_on"), column("amount_cents", 2, true)],
    receipts.map((row) => [
      day(row.paid_on),
      row.source,
      row.external_id,
      day(row.settled_on ?? null),
      money(row.amount_cents, row.currency),
    ]),
  );
  if (promises.length > 0)
    part(
      head.promises,
      [column("protocol", 3), column("kind", 2), column("granted_at", 3), column("until", 3), column("state")],
      promises.map((row) => [row.protocol, say(row.kind), moment(row.granted_at), moment(row.until), say(row.state)]),
    );
  if (claims.length > 0)
    part(
      head.claims,
      [column("invoice", 2), column("received_at", 3), column("state", 2), column("reason", 4)],
      claims.map((row) => [row.invoice, moment(row.received_at), say(row.state), row.reason ?? ""]),
    );
}

interface Entry {
  seq: number;
  at: string;
  kind: string;
  actor: string;
  body: Record<string, unknown>;
}

/** Staff's looks at the record are in the bundle; here they would bury what happened. */
const LEFT_OUT = new Set(["record.viewed"]);

function tellStory(telling: Telling): void {
  const { bundle, paper, texts, moment } = telling;
  paper.head(texts.head.story);
  for (const text of bundle.entries) {
    const entry = readEntry(text);
    if (!entry) {
      paper.code(text.slice(0, 400));
      continue;
    }
    if (LEFT_OUT.has(entry.kind)) continue;
    paper.moment(
      `${moment(entry.at)} · ${texts.label.entry ?? ""} ${entry.seq} · ${texts.kind[entry.kind] ?? entry.kind} · ${entry.actor}`,
    );
    if (entry.kind === "decision") tellDecision(telling, entry.body);
    else {
      const facts = factsOf(telling, entry.body);
      if (facts !== "") paper.line(facts, 12);
    }
  }
}

/** A chain that was tampered with is shown as it is; the bundle's check says where. */
function readEntry(text: string): Entry | null {
  try {
    const read = JSON.parse(text) as Partial<Entry>;
    return typeof read.at === "string" && typeof read.kind === "string" && typeof read.body === "object" ? (read as Entry) : null;
  } catch {
    return null;
  }
}

const list = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? (value as Record<string, unknown>[]) : []);
const word = (value: unknown): string => (typeof value === "string" || typeof value === "number" ? String(value) : "");

function tellDecision(telling: Telling, body: Record<string, unknown>): void {
  const { paper, lang, zone, bundle } = telling;
  for (const message of list(body.messages)) {
    const steps = list(message.notices).map((notice) => sayStep(word(notice.step), lang));
    paper.line(`${[...new Set(steps)].join(", ")}: “${word(message.subject)}” › ${word(message.to)}`, 12);
  }
  for (const hold of list(body.holds)) paper.line(factsOf(telling, hold), 12);
  for (const access of list(body.access)) paper.line(`${word(access.service)}: ${telling.say(word(access.desired))}`, 12);
  for (const promise of list(body.promises)) paper.line(`${word(promise.promise)}: ${telling.say(word(promise.end))}`, 12);
  for (const item of list(body.attention)) paper.line(word(item.kind), 12);
  const said = reasonsIn(body).map((because) => {
    try {
      return sayBecause(because, lang, zone, bundle.provider.currency);
    } catch {
      return JSON.stringify(because);
    }
  });
  for (const text of new Set(said)) paper.note(text, 12);
}

/** Reasons stand in lists named `because`; the evidence keeps their instants as text. */
function reasonsIn(value: unknown): Because[] {
  if (Array.isArray(value)) return value.flatMap(reasonsIn);
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, member]) =>
    key === "because" && Array.isArray(member) ? member.map(readReason) : reasonsIn(member),
  );
}

function readReason(reason: Omit<Because, "at" | "until"> & { at?: string; until?: string }): Because {
  const { at, until, ...rest } = reason;
  return { ...rest, ...(at === undefined ? {} : { at: parseInstant(at) }), ...(until === undefined ? {} : { until: parseInstant(until) }) };
}

/** `invoice 20417 · amount R$ 29,90`: what is plain in an entry, in the reader's words where there are any. */
function factsOf({ texts, money, moment, day, say }: Telling, body: Record<string, unknown>): string {
  const parts = Object.entries(body).flatMap(([key, value]): string[] => {
    const label = texts.label[key] ?? key.replaceAll("_", " ");
    if (typeof value === "number") return [`${label} ${key.endsWith("_cents") ? money(value) : value}`];
    if (typeof value !== "string" || value === "") return [];
    if (/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/u.test(value)) return [`${label} ${moment(value)}`];
    return [`${label} ${/^\d{4}-\d{2}-\d{2}$/u.test(value) ? day(value) : say(value)}`];
  });
  return parts.join(" · ");
}

function tellMessages({ bundle, paper, texts, moment, say }: Telling): void {
  const { label } = texts;
  paper.head(texts.head.messages);
  if (bundle.messages.length === 0) paper.note(texts.none);
  for (const message of bundle.messages) {
    const { delivery } = message;
    paper.moment(`${moment(delivery.decided_at)} · ${message.channel} · ${message.subject}`);
    paper.note(`${label.to ?? ""} ${message.to} · ${label.messageId ?? ""} ${message.message_id}`);
    paper.note(
      `${label.answer ?? ""}: ${say(delivery.state)}, ${delivery.answer ?? "–"} · ${label.ended ?? ""} ${moment(delivery.ended_at)}`,
    );
    paper.note(`${label.hash ?? ""} ${sha256(message.text)}`);
    paper.code(message.text.trimEnd());
  }
}
