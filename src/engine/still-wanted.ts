// The last look before an account is taken down or ended: what was claimed together is called one after another, and a payment may come in between.
import { decide } from "../policy/decide.ts";
import { customersById, readCases } from "../store/facts.ts";
import { beginSuspension } from "../store/outbox.ts";
import type { Engine } from "./engine.ts";
import { mayEnd, type AccessTask, type TerminateTask } from "./sift.ts";

/** Slow calls before it may have taken until the hour at which nothing is suspended any more. */
const FRESH_MS = 1_000;

/**
 * Whether the rules still want what a task was claimed for under this token. One statement while it is fresh and nothing happened to the
 * customer since, and one more before a suspension.
 */
export async function stillWanted(engine: Engine, task: AccessTask | TerminateTask, token: string): Promise<boolean> {
  if (task.kind === "access" && !(await beginSuspension(engine.db, token, task.service))) return false;
  const [row] = await customersById(engine.db, [task.row.customerId]);
  if (!row) return false;
  const now = engine.clock.now();
  if (row.version === task.judged.version && now - task.judged.at < FRESH_MS) return true;
  const setting = await engine.settings.load(engine.db, now);
  const [found] = await readCases(engine.db, [row], setting.channels);
  if (!found) return false;
  const decision = decide(found.facts, setting.policy, now);
  if (task.kind === "terminate") return mayEnd(found, decision, task.row.serviceId);
  return decision.levels.find((each) => each.serviceId === task.row.serviceId)?.desired === task.desired;
}
