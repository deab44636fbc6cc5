// Judges the messages: what the mail server's own records say against what the program's books say.
import type { Violation } from "../oracle.ts";
import type { Life } from "./fleet.ts";
import type { Delivery } from "./mail.ts";
import type { NoticeAnswer, Said } from "./support/books.ts";
import type { Mark } from "./tape.ts";
import { RECORDED_MS, SECOND_MS } from "./times.ts";

export interface MailCase {
  deliveries: readonly Delivery[];
  notices: readonly NoticeAnswer[];
  said: readonly Said[];
  unknowns: ReadonlyMap<string, number>;
  lives: readonly Life[];
  /** When any process may have lost its database. */
  cuts: readonly Mark[];
}

/** From the program's record of an acceptance to its commit. */
const COMMIT_MS = 3 * SECOND_MS;

export interface MailJudged {
  violations: Violation[];
  accepted: number;
  repeated: number;
}

/** S4 and L4. */
export function judgeMail(given: MailCase): MailJudged {
  const violations: Violation[] = [];
  const fault = (invariant: string, text: string): void => void violations.push({ invariant, text });
  const copies = Map.groupBy(
    given.deliveries.filter((d) => d.accepted),
    (d) => d.messageId,
  );
  const said = Map.groupBy(given.said, (s) => s.messageId);
  let repeated = 0;
  for (const [messageId, taken] of copies) {
    repeated += taken.length - 1;
    for (const text of copiesWrong(messageId, taken, said.get(messageId) ?? [], given)) fault("S4", text);
  }
  checkNotices(given, copies, fault);
  return { violations, accepted: copies.size, repeated };
}

/** What is wrong with the copies of one message that the server took. */
function* copiesWrong(messageId: string, taken: readonly Delivery[], said: readonly Said[], given: MailCase): Iterable<string> {
  const about = `${messageId} to ${taken[0]?.to ?? ""}`;
  if (messageId === "") yield "a message without a Message-ID was sent";
  if (new Set(taken.map((d) => d.to)).size > 1) yield `${messageId} went to several people`;
  if (said.length > 1) yield `${about} is in the evidence as accepted ${said.length} times`;
  const unmarked = taken.filter((d) => !d.repeat).length;
  if (unmarked > 1) yield `${about} came ${unmarked} times without the mark of a repeat (processes ${taken.map((d) => d.door).join(", ")})`;
  const unknowns = given.unknowns.get(messageId) ?? 0;
  if (taken.length > 1 + unknowns) yield `${about} came ${taken.length} times, and only ${unknowns} attempts ended unknown`;
  const [recorded] = said;
  if (recorded)
    for (const copy of taken)
      if (copy.begun.at > recorded.at + COMMIT_MS)
        yield `process ${copy.door} began to send ${about} ${copy.begun.at - recorded.at} ms after its acceptance was recorded`;
  for (const heard of taken.filter((d) => d.reply !== null))
    for (const later of taken)
      if (later.begun.at > heard.ended.at + RECORDED_MS && undisturbed(heard, later.begun, given))
        yield `${about} was sent again by process ${later.door}, although process ${heard.door} had heard its acceptance and nothing befell it`;
}

/**
 * Its sender lived on until then, no process was stopped (one that is may hold what another waits for), and no session was ended: what was
 * heard must have been written down.
 */
function undisturbed({ door, ended }: Delivery, until: Mark, { lives, cuts }: MailCase): boolean {
  const life = lives.find((each) => each.door === door);
  if (!life || (life.ended !== null && life.ended.order < until.order)) return false;
  const stops = lives.flatMap((each) => each.stops);
  if (stops.some((stop) => stop.from.order < until.order && (stop.to?.order ?? Number.POSITIVE_INFINITY) > ended.order)) return false;
  return !cuts.some((cut) => cut.at > ended.at - SECOND_MS && cut.order < until.order);
}

/** Each notice ended, with an answer that the server gave for it. */
function checkNotices(
  given: MailCase,
  copies: ReadonlyMap<string, readonly Delivery[]>,
  fault: (invariant: string, text: string) => void,
): void {
  const replies = new Set(given.deliveries.map((d) => `${d.to} ${d.reply ?? ""}`));
  const addressOf = (customer: string): string => `${customer.toLowerCase()}@cliente.example`;
  const seen = new Set<string>();
  for (const n of given.notices) {
    const about = `${n.step} of ${n.invoice ?? n.customer}`;
    if (n.state === "pending") fault("L4", `${about} never ended`);
    if (n.state === "accepted" && !copies.has(n.messageId)) fault("S4", `${about} is called accepted, and the server did not take it`);
    if (n.state === "accepted" && !replies.has(`${addressOf(n.customer)} ${n.answer ?? ""}`))
      fault("S4", `${about} has the answer “${n.answer ?? ""}”, which the server never gave`);
    if (n.state === "undeliverable" && !(n.answer?.startsWith("5") && replies.has(`${addressOf(n.customer)} ${n.answer}`)))
      fault("L4", `${about} is called undeliverable for “${n.answer ?? ""}”, which the server never said`);
    if (n.invoice === null || n.state === "superseded") continue;
    const key = `${n.invoice} ${n.step}`;
    if (seen.has(key)) fault("S4", `${about} was recorded twice`);
    seen.add(key);
  }
}
