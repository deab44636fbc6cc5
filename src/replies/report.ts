// Delivery reports (RFC 3464) and complaints (RFC 5965) read field by field, and what each says of the message it is about.

/** What became of one recipient. `failed` is for good; `delayed` is still being tried. */
export type DeliveryAction = "failed" | "delayed" | "delivered" | "relayed" | "expanded";

export interface DeliveryReport {
  recipient: string | null;
  action: DeliveryAction;
  /** `5.1.1`; null where it is not well formed. */
  code: string | null;
  /** The other server's own words, or the reporting server's. */
  words: string;
  /** Who reports. */
  reporter: string | null;
}

/** The parts of a report, as text. */
export interface ReportParts {
  /** Of `message/delivery-status` or `message/feedback-report`. */
  fields: string;
  /** The header of the message that it is about, or that message; empty where none came along. */
  original: string;
  /** The part for people. */
  text: string;
}

const WORDS_MAX = 500;
const ACTIONS: readonly DeliveryAction[] = ["failed", "delayed", "delivered", "relayed", "expanded"];

/** Groups of fields, each ended by an empty line; folded lines joined; names in small letters. */
function groupsOf(text: string): Map<string, string>[] {
  const groups: Map<string, string>[] = [];
  let group = new Map<string, string>();
  let last: string | null = null;
  const close = (): void => {
    if (group.size > 0) groups.push(group);
    group = new Map();
    last = null;
  };
  for (const line of text.split(/\r?\n/u)) {
    if (line.trim() === "") close();
    else if (/^[ \t]/u.test(line) && last !== null) group.set(last, `${group.get(last) ?? ""} ${line.trim()}`);
    else {
      const colon = line.indexOf(":");
      if (colon <= 0) continue;
      last = line.slice(0, colon).trim().toLowerCase();
      if (!group.has(last)) group.set(last, line.slice(colon + 1).trim());
    }
  }
  close();
  return groups;
}

/** `rfc822;a@b` → `a@b`. */
function typed(value: string | undefined): string | null {
  const text = value
    ?.replace(/^[^;]*;/u, "")
    .trim()
    .replace(/^<|>$/gu, "");
  return text === undefined || text === "" ? null : text;
}

/** One for each recipient named; empty where the report names none. */
export function deliveryReports(fields: string): DeliveryReport[] {
  const groups = groupsOf(fields);
  const reporter = typed(groups.find((group) => group.has("reporting-mta"))?.get("reporting-mta"));
  return groups.flatMap((group): DeliveryReport[] => {
    const action = ACTIONS.find((each) => each === group.get("action")?.toLowerCase().split(/[\s(]/u)[0]);
    if (action === undefined) return [];
    const code = /\b([245]\.\d{1,3}\.\d{1,3})\b/u.exec(group.get("status") ?? "")?.[1] ?? null;
    const words = oneLine(typed(group.get("diagnostic-code")) ?? group.get("status") ?? "");
    return [
      {
        recipient: typed(group.get("original-recipient") ?? group.get("final-recipient"))?.toLowerCase() ?? null,
        action,
        code,
        words,
        reporter,
      },
    ];
  });
}

/** A report without its fields, in words only: taken for a failure where it names a permanent code, else for nothing. */
export function reportInWords(text: string): DeliveryReport | null {
  const code = /(?:^|[\s#(])(5\.\d{1,3}\.\d{1,3})\b/u.exec(text)?.[1] ?? null;
  const reply = /(?:^|[\s:])(5[0-5]\d)[ -]/u.exec(text)?.[1];
  if (code === null && reply === undefined) return null;
  const line = text.split(/\r?\n/u).find((each) => each.includes(code ?? reply ?? "")) ?? "";
  return { recipient: null, action: "failed", code, words: oneLine(line), reporter: null };
}

export interface Complaint {
  /** `abuse`, `fraud`, `not-spam`, … */
  type: string;
  reporter: string | null;
}

export function complaintOf(fields: string): Complaint {
  const all = new Map(groupsOf(fields).flatMap((group) => [...group]));
  return {
    type: oneLine(all.get("feedback-type") ?? "abuse").slice(0, 40),
    reporter: typed(all.get("reporting-mta")) ?? all.get("user-agent") ?? null,
  };
}

const MESSAGE_ID = /<[^<>\s@]{1,200}@[^<>\s@]{1,200}>/gu;

/** The Message-IDs in a text, in order, each once. */
export function messageIdsIn(text: string): string[] {
  return [...new Set(text.match(MESSAGE_ID) ?? [])];
}

/** The Message-IDs that the report may be about: of the message that came along, of its fields, and what its words quote. */
export function reportedIds({ fields, original, text }: ReportParts): string[] {
  const own = groupsOf(original)[0]?.get("message-id") ?? "";
  const envelope = groupsOf(fields)[0]?.get("original-envelope-id") ?? "";
  const fromEnvelope = envelope.includes("@") ? `<${envelope.replace(/^<|>$/gu, "")}>` : "";
  const quoted = /^[> \t]*message-id:\s*(<[^>\r\n]+>)/imu.exec(text)?.[1] ?? "";
  return messageIdsIn([own, fromEnvelope, quoted].join(" "));
}

function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim()
    .slice(0, WORDS_MAX);
}
