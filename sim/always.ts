// All that must hold: at every moment (the watch), and once the faults have stopped and everything had time.
import { verifyDatabase } from "../src/evidence/verify-database.ts";
import type { Db } from "../src/store/database.ts";
import { checkAccess } from "./oracle-access.ts";
import { checkBooks, checkMoney, checkReplay } from "./oracle-books.ts";
import { checkEnds, checkMessages, checkRungs, checkTerminations, checkWarnings } from "./oracle-rest.ts";
import type { History } from "./history.ts";
import type { View } from "./support/view.ts";

export async function checkAlways(history: History, view: View, db: Db): Promise<void> {
  await history.watch.look();
  await checkBooks(history, view, db, false);
}

/** What holds once the faults have stopped and everything had time. */
export async function checkRest(history: History, view: View, db: Db): Promise<void> {
  await history.watch.look();
  history.oracle.waiting.atRest();
  const notices = await view.notices();
  const holds = await view.holds();
  checkMessages(history, notices);
  checkRungs(history, notices, holds);
  checkWarnings(history, notices);
  await checkTerminations(history, view, notices);
  await checkMoney(history, view);
  await checkBooks(history, view, db, true);
  await checkEnds(history, view, notices);
  await checkAccess(history, view, notices);
  await checkReplay(history, view);
  const report = await verifyDatabase(db);
  if (!report.intact) history.oracle.fault("S7", `the evidence is broken: ${JSON.stringify(report.findings[0])}`);
}
