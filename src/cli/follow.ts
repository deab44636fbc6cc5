// Carries out at once what a command led to, and only that: what else waits in the outbox is the motor's.
import type { Engine } from "../engine/engine.ts";
import { withCase } from "../engine/one-case.ts";
import { nextComing, type Coming } from "../engine/outlook.ts";
import type { Setting } from "../engine/setting.ts";
import type { Who } from "../engine/who.ts";
import { dispatch } from "../jobs/dispatch.ts";
import type { Id } from "../kernel/ids.ts";
import type { Instant } from "../kernel/time.ts";
import type { CustomerFacts, ServiceFacts } from "../policy/facts.ts";
import { outboxDue } from "../store/waiting.ts";
import type { App } from "./app.ts";
import { banner } from "./banner.ts";
import { forMachines } from "./json.ts";
import type { Tools } from "./tools.ts";
import { Voice } from "./say.ts";
import { wrap } from "./table.ts";

/** What an act came to for its customer. */
interface Aftermath {
  facts: CustomerFacts;
  services: {
    service: string;
    access: "back" | "suspended" | "on_its_way" | "stays_suspended" | "ended";
    desired: "active" | "suspended";
  }[];
  next: Coming | null;
  setting: Setting;
  now: Instant;
}

/** Rounds of rows that follow from rows: a release and the message that tells of it take two. */
const ROUNDS_MAX = 20;

/**
 * Does the act, then works what waits in the outbox for this customer until nothing follows: a payment's service is back before the
 * command ends. Only this customer's rows, so that no backlog of messages to others comes first.
 */
export async function following<T>(app: App, customer: Who, act: (engine: Engine) => Promise<T>): Promise<{ done: T; after: Aftermath }> {
  const before = await withCase(app.engine, customer, ({ found }) => Promise.resolve(found.facts));
  const done = await act(app.engine);
  const tried = new Set<Id>();
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    // A row in another worker's hands stays open, and is that worker's.
    const rows = (await outboxDue(app.engine.db, before.id, app.clock.now())).filter((id) => !tried.has(id));
    if (rows.length === 0) break;
    for (const id of rows) {
      tried.add(id);
      await dispatch(app.dispatcher, { range: { from: id, to: id } });
    }
  }
  const after = await withCase(app.engine, customer, ({ found: { facts }, setting, now }) =>
    Promise.resolve({ facts, setting, now, services: changesOf(before, facts), next: nextComing(facts, setting.policy, now) }),
  );
  return { done, after };
}

function changesOf(before: CustomerFacts, after: CustomerFacts): Aftermath["services"] {
  return before.services.flatMap((was) => {
    const is = after.services.find((each) => each.id === was.id);
    // A service that ended is no fact for the rules any more.
    const access = is ? changeOf(was, is) : "ended";
    return access ? [{ service: was.ref, access, desired: is?.desired ?? "suspended" }] : [];
  });
}

function changeOf(was: ServiceFacts, is: ServiceFacts): Aftermath["services"][number]["access"] | null {
  if (is.callOpen) return "on_its_way";
  if (was.actual !== "active" && is.actual === "active" && was.actual !== "unknown") return "back";
  if (is.actual !== "suspended") return null;
  return was.actual === "suspended" ? "stays_suspended" : "suspended";
}

/** What became of the services, and what comes next. */
function sayAftermath({ services, next }: Aftermath, voice: Voice): string[] {
  const { act, access: names } = voice.texts;
  const lines = services.map(({ service, access, desired }) => {
    const ref = voice.line(service);
    if (access === "back") return act.cameBack(ref);
    if (access === "suspended") return act.wentDown(ref);
    if (access === "ended") return act.ended(ref);
    return access === "on_its_way" ? act.onItsWay(ref, names[desired]) : act.stays(ref);
  });
  return [...lines, next === null ? act.nothingNext : act.next(voice.coming(next), voice.when(next.at))].flatMap((text) => wrap(text, ""));
}

/** The same for machines. */
function aftermathValue({ facts, services, next }: Aftermath): Record<string, unknown> {
  const owedCents = facts.invoices.reduce((sum, invoice) => sum + invoice.open, 0);
  return { services: services.map(({ service, access }) => ({ service, access })), owedCents, next };
}

/** What an act answers: what changed, what became of the services, what comes next. */
export function tell(
  { io }: Pick<Tools, "io">,
  app: App,
  after: Aftermath,
  value: Record<string, unknown>,
  lines: (voice: Voice) => readonly string[],
): void {
  const voice = new Voice(io.lang, after.setting, after.now);
  io.result(forMachines({ customer: after.facts.ref, ...value, ...aftermathValue(after) }), () =>
    [banner(app), ...lines(voice).flatMap((text) => wrap(text, "")), ...sayAftermath(after, voice)].join("\n"),
  );
}
