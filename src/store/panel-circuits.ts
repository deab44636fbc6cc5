// Whether a panel is let be for a while, as every process and person sees it; and whose turn it is on servers that bear one act at a time.
import { sql } from "kysely";
import type { Instant } from "../kernel/time.ts";
import { ts, type Db } from "./database.ts";

/** `closed`: calls pass. `open`: none until then. `locked`: our key was refused, none until a person tests the panel. */
export interface Circuit {
  state: "closed" | "open" | "locked";
  failures: number;
  because: string | null;
  since: Instant;
  until: Instant | null;
}

export async function readCircuit(db: Db, panel: string): Promise<Circuit | null> {
  const { rows } = await sql<Circuit>`
    SELECT state, failures, because, since, until FROM panel_circuit WHERE panel = ${panel} -- one row`.execute(db);
  return rows[0] ?? null;
}

export async function writeCircuit(db: Db, panel: string, circuit: Circuit): Promise<void> {
  const { state, failures, because, since, until } = circuit;
  await sql`
    INSERT INTO panel_circuit (panel, state, failures, because, since, until)
    VALUES (${panel}, ${state}, ${failures}, ${because?.slice(0, 500) ?? null}, ${ts(since)}, ${until === null ? null : ts(until)})
    ON CONFLICT (panel) DO UPDATE SET state = excluded.state, failures = excluded.failures, because = excluded.because,
      since = CASE WHEN panel_circuit.state = excluded.state THEN panel_circuit.since ELSE excluded.since END, until = excluded.until`.execute(
    db,
  );
}

/** Takes the turn of an account (or with `""` of the whole server) for this holder; false: another has it. */
export async function takeTurn(
  db: Db,
  key: { panel: string; account: string },
  take: { holder: string; now: Instant; until: Instant },
): Promise<boolean> {
  const taken = await sql`
    INSERT INTO panel_turn (panel, account, holder, until) VALUES (${key.panel}, ${key.account}, ${take.holder}, ${ts(take.until)})
    ON CONFLICT (panel, account) DO UPDATE SET holder = excluded.holder, until = excluded.until
    WHERE panel_turn.until < ${ts(take.now)}`.execute(db);
  return Number(taken.numAffectedRows) === 1;
}

export async function leaveTurn(db: Db, key: { panel: string; account: string }, holder: string): Promise<void> {
  await sql`DELETE FROM panel_turn WHERE panel = ${key.panel} AND account = ${key.account} AND holder = ${holder}`.execute(db);
}
