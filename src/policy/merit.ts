// What a customer's own past says for and against more time: tenure, punctuality, promises, and what staff and the bank put on record.
import type { Day } from "../kernel/time.ts";
import type { PaymentHistory } from "./history.ts";
import type { Refusal, Scene } from "./offer.ts";

/** Invoices paid by their due date, or by the next banking day where they fell due on another. */
export function paidOnTime({ history, policy }: Pick<Scene, "history" | "policy">): number {
  return history.paid.filter(({ dueOn, paidOn }) => paidOn !== null && paidOn <= policy.calendar.effectiveDue(dueOn)).length;
}

/** A cancelled promise is as if never given: only staff cancels, and a mistake of ours must not cost the customer. */
export function courtesyUsed(history: PaymentHistory): boolean {
  return history.promises.some((promise) => promise.kind === "courtesy" && promise.state !== "cancelled");
}

/** Everything in the past that speaks against the promise, the gravest first. */
export function againstPast(scene: Scene): Refusal[] {
  return [...onRecord(scene), ...tooLittle(scene), ...promisesBefore(scene)];
}

function onRecord({ history, policy, today }: Scene): Refusal[] {
  const found: Refusal[] = [];
  const { memory_days: memory, enabled } = policy.doc.promises;
  if (!enabled) found.push({ rule: "disabled", wouldChange: { what: "pay" } });
  if (history.barred !== null) found.push({ rule: "barred", wouldChange: { what: "staff" } });
  for (const { service, open } of history.cancellations)
    if (open) found.push({ rule: "cancellation_open", detail: service, wouldChange: { what: "withdraw_cancellation" } });
  const contradicted = history.contradictedAt.map((at) => policy.zone.dayOf(at)).filter((day) => today - day < memory);
  const last = contradicted.at(-1);
  if (last !== undefined)
    found.push({
      rule: "proof_contradicted",
      count: contradicted.length,
      day: last,
      wouldChange: { what: "ask_from", day: last + memory },
    });
  return found;
}

/** Whoever still has the courtesy needs neither tenure nor punctuality. */
function tooLittle(scene: Scene): Refusal[] {
  const { history, policy, today, courtesy } = scene;
  const { min_tenure_days: tenure, min_paid_on_time: least } = policy.doc.promises;
  if (courtesy) return [];
  const found: Refusal[] = [];
  if (today - history.since < tenure) {
    const ask = { what: "ask_from", day: history.since + tenure } as const;
    found.push({ rule: "too_new", days: today - history.since, limit: tenure, wouldChange: ask });
    if (courtesyUsed(history)) found.push({ rule: "courtesy_used", wouldChange: ask });
  }
  const count = paidOnTime(scene);
  if (count < least)
    found.push({ rule: "few_paid_on_time", count, limit: least, wouldChange: { what: "pay_on_time", count: least - count } });
  return found;
}

function promisesBefore({ history, policy, today, broken, earned, courtesy }: Scene): Refusal[] {
  const terms = policy.doc.promises;
  const found: Refusal[] = [];
  const running = history.promises.find((promise) => promise.state === "running");
  if (running)
    found.push({
      rule: "promise_running",
      promise: running.protocol,
      wouldChange: { what: "end_running", day: policy.zone.dayOf(running.until) },
    });
  /** The day on which no more than `count` broken promises are remembered. */
  const forgotten = (count: number): Day => (broken[broken.length - count - 1]?.day ?? today) + terms.memory_days;
  const lastBroken = broken.at(-1);
  if (lastBroken && broken.length > terms.max_broken)
    found.push({
      rule: "promises_broken",
      count: broken.length,
      limit: terms.max_broken,
      day: lastBroken.day,
      promise: lastBroken.promise.protocol,
      wouldChange: { what: "ask_from", day: forgotten(terms.max_broken) },
    });
  if (earned < 1) {
    const longest = courtesy ? Math.min(terms.courtesy_days, terms.max_days) : terms.max_days;
    const bearable = longest < 1 ? null : Math.floor((longest - 1) / terms.broken_costs_days);
    const about = { rule: "no_days_left", count: broken.length, limit: longest } as const;
    found.push({ ...about, wouldChange: bearable === null ? { what: "pay" } : { what: "ask_from", day: forgotten(bearable) } });
  }
  const last = history.promises.filter((promise) => promise.state !== "cancelled").at(-1);
  const from = last === undefined ? null : policy.zone.dayOf(last.grantedAt) + terms.wait_days;
  if (last && from !== null && today < from)
    found.push({
      rule: "too_soon",
      days: terms.wait_days,
      day: policy.zone.dayOf(last.grantedAt),
      promise: last.protocol,
      wouldChange: { what: "ask_from", day: from },
    });
  return found;
}
