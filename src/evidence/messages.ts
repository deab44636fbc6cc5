// The exact texts that went to a customer, each tied to the decision entry that holds the hash of its text.
import { z } from "zod";
import { sha256 } from "../kernel/hash.ts";
import type { PlainRow } from "../store/evidence.ts";
import type { CheckedEntry } from "./chain.ts";
import type { Finding, Place } from "./finding.ts";
import type { BundleMessage } from "./format.ts";

/** A message as a decision entry names it. */
const said = z.looseObject({
  template: z.string(),
  channel: z.string(),
  to: z.string(),
  subject: z.string(),
  text_sha256: z.string(),
  message_id: z.string(),
});
const decisionBody = z.looseObject({ messages: z.array(said) });

type Said = z.infer<typeof said>;

interface SaidAt {
  entry: Place;
  item: number;
  at: string;
  said: Said;
}

function saidBy(entries: readonly CheckedEntry[]): SaidAt[] {
  const all: SaidAt[] = [];
  for (const { entry, place } of entries) {
    if (entry?.kind !== "decision") continue;
    const body = decisionBody.safeParse(entry.body);
    if (body.success) for (const [item, each] of body.data.messages.entries()) all.push({ entry: place, item, at: entry.at, said: each });
  }
  return all;
}

const payload = z.object({
  messageId: z.string(),
  template: z.string(),
  channel: z.string(),
  to: z.string(),
  lang: z.string(),
  subject: z.string(),
  text: z.string(),
});

/** Messages as rows, each with the place of its hash. A message decided again keeps its id, so its moment and its text tell them apart. */
export function tieMessages(rows: readonly PlainRow[], entries: readonly CheckedEntry[]): BundleMessage[] {
  const open = saidBy(entries);
  const take = (fits: (each: SaidAt) => boolean): SaidAt | undefined => {
    const at = open.findIndex(fits);
    return at < 0 ? undefined : open.splice(at, 1)[0];
  };
  return rows.map((row) => {
    const { messageId, template, channel, to, lang, subject, text } = payload.parse(JSON.parse(String(row.payload)));
    const hash = sha256(text);
    const same = (each: SaidAt): boolean => each.said.message_id === messageId && each.at === row.decided_at;
    const found = take((each) => same(each) && each.said.text_sha256 === hash) ?? take(same);
    const { state, attempts, unknowns, answer, decided_at, ended_at, notices } = row;
    return {
      entry: found?.entry.seq ?? null,
      item: found?.item ?? null,
      message_id: messageId,
      ...{ template, channel, to, lang, subject, text },
      notices,
      delivery: { state, attempts, unknowns, answer, decided_at, ended_at },
    } as BundleMessage;
  });
}

/** Checks each text against the hash its entry holds, and that no message an entry names is left out. */
export function checkMessages(messages: readonly BundleMessage[], entries: readonly CheckedEntry[]): Finding[] {
  const findings: Finding[] = [];
  const readable = new Set(entries.filter((each) => each.entry !== null).map((each) => each.place.seq));
  const open = new Map(saidBy(entries).map((each) => [`${each.entry.seq}/${each.item}`, each]));
  for (const message of messages) {
    const key = `${message.entry}/${message.item}`;
    const named = open.get(key);
    if (!named) {
      // Of an entry that cannot be trusted nothing is said here: it is named already.
      if (message.entry === null || readable.has(message.entry))
        findings.push({ code: "message_without_entry", messageId: message.message_id });
      continue;
    }
    open.delete(key);
    for (const field of differences(message, named))
      findings.push({ code: "message_differs", entry: named.entry, item: named.item, field });
  }
  for (const { entry, item } of open.values()) findings.push({ code: "message_missing", entry, item });
  return findings;
}

/** How the notices of a message end with it. */
const NOTICES_END: Readonly<Record<string, string>> = { done: "accepted", refused: "undeliverable" };

function differences(message: BundleMessage, { said: named, at }: SaidAt): string[] {
  const fields: string[] = (["message_id", "template", "channel", "to", "subject"] as const).filter(
    (field) => message[field] !== named[field],
  );
  if (sha256(message.text) !== named.text_sha256) fields.push("text");
  if (message.delivery.decided_at !== at) fields.push("delivery.decided_at");
  const end = NOTICES_END[message.delivery.state];
  if (end !== undefined && message.notices.some((notice) => notice.state !== end)) fields.push("notices");
  return fields;
}
