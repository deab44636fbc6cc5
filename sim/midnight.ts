// Every day after midnight: the day before is anchored, staff looks at what waits for a person, the bank is asked, and the oracle looks.
import { anchorDay } from "../src/engine/anchor-day.ts";
import { approveSuspensions, breakerState } from "../src/engine/breaker.ts";
import { formatDay, type Day } from "../src/kernel/time.ts";
import type { History } from "./history.ts";
import { signProposals } from "./people-staff.ts";
import { lookAtPage } from "./people-strangers.ts";
import { drawn, stream } from "./random.ts";

/** Before that day of a history no ladder of the preset has come to its end. */
const FIRST_END_DAY = 50;

export async function midnight(history: History, begun: Day): Promise<void> {
  const { zone, now, seed, oracle, bank, faults, known } = history;
  const today = zone.dayOf(now);
  const { engine } = history.start("upkeep");
  await anchorDay(engine, today - 1);
  if ((await breakerState(engine.db)).trippedAt !== null) await approveSuspensions(engine, "staff");
  const random = stream(seed, `midnight ${formatDay(today)}`);
  if (oracle.ladder === "quick" || today > begun + FIRST_END_DAY) await signProposals(history, formatDay(today));
  if (bank.unheard > 0 && (faults.stopped || random.chance(0.3))) await bank.poll();
  await history.account.desk(formatDay(today));
  const seen = drawn(seed, `page ${formatDay(today)}`, [...known.customers.keys()], (ref) => ref);
  if (random.chance(0.05) && seen !== undefined) await lookAtPage(history, seen);
  await history.watch.look();
}
