// One customer's matter as a story: what happened, in order, with the texts that were sent; the ruler's marks; and the days it is drawn on.
import { ReguaError } from "../kernel/errors.ts";
import { parseInstant, type Day, type Instant } from "../kernel/time.ts";
import type { Because } from "../policy/decision.ts";
import type { TimelineLine } from "../policy/timeline.ts";
import { storyEntries, storyMessages, storyViews, type SentRow } from "../store/story.ts";
import { conversationOf } from "./conversations.ts";
import type { Engine } from "./engine.ts";
import { reasonsIn } from "./explain.ts";
import type { Setting } from "./setting.ts";
import { showCustomer, type Shown } from "./show-customer.ts";
import { whoIs } from "./who.ts";

/** An entry of the evidence; its body is as it was written. */
export interface StoryEntry {
  seq: number;
  at: Instant;
  kind: string;
  actor: string;
  body: Record<string, unknown>;
}

export interface Story {
  shown: Shown;
  entries: StoryEntry[];
  /** The number before which older entries lie; null: these are all. */
  before: number | null;
  messages: SentRow[];
  views: StoryEntry[];
  ruler: Ruler | null;
  /** With this customer, by mail and in the portal. */
  conversation: Awaited<ReturnType<typeof conversationOf>>;
  /** By the entry's number: the reasons of its decision. */
  reasons: ReadonlyMap<number, readonly Because[]>;
}

/** The line of days that a story is drawn on. */
export interface Ruler {
  invoice: string;
  /** The effective due date: zero on the ruler. */
  dueOn: Day;
  today: Day;
  marks: TimelineLine[];
  /** Days on which banks are closed, or no suspension starts, as offsets from the due date. */
  closed: number[];
}

const ENTRIES = 60;
const MESSAGES = 40;
const VIEWS = 10;

/** @throws ReguaError `customer_unknown` */
export async function tellStory(engine: Engine, ref: string, before: number | null): Promise<Story> {
  const shown = await showCustomer(engine, ref, { recent: 50 });
  const id = await whoIs(engine.db, ref);
  const rows = await storyEntries(engine.db, id, before, ENTRIES);
  const last = rows[rows.length - 1];
  const entries = rows.map(({ entry }) => readEntry(entry));
  return {
    shown,
    entries,
    // Promises have reasons of another kind, in words already.
    reasons: new Map(entries.flatMap(({ seq, kind, body }) => (kind === "decision" ? [[seq, reasonsIn(body)] as const] : []))),
    before: last && rows.length === ENTRIES && last.seq > 1 ? last.seq : null,
    messages: await storyMessages(engine.db, id, MESSAGES),
    views: (await storyViews(engine.db, id, VIEWS)).map(({ entry }) => readEntry(entry)),
    ruler: rulerOf(shown),
    conversation: await conversationOf(engine, id),
  };
}

function readEntry(text: string): StoryEntry {
  const { seq, at, kind, actor, body } = JSON.parse(text) as { seq: number; at: string; kind: string; actor: string; body: unknown };
  const members = typeof body === "object" && body !== null && !Array.isArray(body) ? (body as Record<string, unknown>) : { value: body };
  return { seq, at: parseInstant(at), kind, actor, body: members };
}

function rulerOf({ story, customer, setting, now }: Shown): Ruler | null {
  if (!story) return null;
  const invoice = customer.invoices.find((each) => each.ref === story.invoice);
  if (!invoice) throw new ReguaError("invoice_unknown", { value: story.invoice });
  const dueOn = invoice.effectiveDueOn;
  const today = setting.zone.dayOf(now);
  const offsets = [0, today - dueOn, ...story.lines.map((line) => line.offset)];
  return { invoice: story.invoice, dueOn, today, marks: story.lines, closed: closedDays(setting, dueOn, offsets) };
}

/** Two days of room on either side of what is marked. */
const ROOM = 2;

export function closedDays({ policy }: Pick<Setting, "policy">, dueOn: Day, offsets: readonly number[]): number[] {
  const [from, to] = [Math.min(...offsets) - ROOM, Math.max(...offsets) + ROOM];
  const closed: number[] = [];
  for (let offset = from; offset <= to; offset += 1) if (!policy.calendar.isBankingDay(dueOn + offset)) closed.push(offset);
  return closed;
}
