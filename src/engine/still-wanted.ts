// The last look before a suspension: what was claimed together is called one after another, and a payment may come in between.
import { decide } from "../policy/decide.ts";
import { customersById, readCases } from "../store/facts.ts";
import type { Engine } from "./engine.ts";
import type { AccessTask } from "./sift.ts";

/** Whether the rules still want the access that a task was claimed for. One statement while nothing happened to the customer since. */
export async function stillWanted(engine: Engine, task: AccessTask): Promise<boolean> {
  const [row] = await customersById(engine.db, [task.row.customerId]);
  if (!row) return false;
  if (row.version === task.version) return true;
  const now = engine.clock.now();
  const setting = await engine.settings.load(engine.db, now);
  const [found] = await readCases(engine.db, [row], setting.channels);
  const level = found && decide(found.facts, setting.policy, now).levels.find((each) => each.serviceId === task.row.serviceId);
  return level?.desired === task.desired;
}
