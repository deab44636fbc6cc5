// Whether a message decided earlier is still right at the moment it would leave: asked of the same rules, as if it had not been decided.
import type { Id } from "../kernel/ids.ts";
import type { Instant } from "../kernel/time.ts";
import type { Policy } from "./compile.ts";
import { decide } from "./decide.ts";
import type { Template } from "./decision.ts";
import type { CustomerFacts } from "./facts.ts";
import { LASTING } from "./messages.ts";

/** What is remembered of a decided message. */
export interface DecidedMessage {
  outboxId: Id;
  template: Template;
  /** Keys of its notices. */
  keys: readonly string[];
  /** The open invoices it lists, with what was owed of each. */
  invoices: readonly { id: Id; open: number }[];
}

/** True when deciding now would say the same thing: the same notices, about the same open amounts. */
export function stillRight(facts: CustomerFacts, policy: Policy, now: Instant, message: DecidedMessage): boolean {
  if (LASTING.has(message.template)) return true;
  const before: CustomerFacts = { ...facts, notices: facts.notices.filter((notice) => notice.outboxId !== message.outboxId) };
  const again = decide(before, policy, now).messages.find((m) => m.notices.some((notice) => message.keys.includes(notice.key)));
  if (!again || again.template !== message.template || again.notices.length !== message.keys.length) return false;
  if (!again.notices.every((notice) => message.keys.includes(notice.key))) return false;
  const listed = again.content.invoices;
  return listed.length === message.invoices.length && listed.every((invoice, i) => same(invoice, message.invoices[i]));
}

function same(a: { id: Id; open: number }, b: { id: Id; open: number } | undefined): boolean {
  return b !== undefined && a.id === b.id && a.open === b.open;
}
