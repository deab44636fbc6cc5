// One customer as the rules see it now: facts, setting and the instant, read at one moment.
import { ReguaError } from "../kernel/errors.ts";
import type { Instant } from "../kernel/time.ts";
import type { Trx } from "../store/database.ts";
import { inOneMoment } from "../store/evidence.ts";
import { customersById, readCases, type Case } from "../store/facts.ts";
import type { Engine } from "./engine.ts";
import type { Setting } from "./setting.ts";
import { whoIs, type Who } from "./who.ts";

export interface OneCase {
  trx: Trx;
  found: Case;
  setting: Setting;
  now: Instant;
}

/** Reads a customer and whatever `work` reads besides, all of one moment. Nothing is written. @throws ReguaError `customer_unknown` */
export async function withCase<T>(engine: Engine, who: Who, work: (one: OneCase) => Promise<T>): Promise<T> {
  return inOneMoment(engine.db, async (trx) => {
    const now = engine.clock.now();
    const customerId = await whoIs(trx, who);
    const setting = await engine.settings.load(trx, now);
    const [found] = await readCases(trx, await customersById(trx, [customerId]), setting.channels);
    if (!found) throw new ReguaError("customer_unknown", { value: who });
    return work({ trx, found, setting, now });
  });
}
