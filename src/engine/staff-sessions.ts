// A member of staff's own sessions: seen, and ended.
import { MINUTE_MS, type Instant } from "../kernel/time.ts";
import { endOtherSessions, endSession, listSessions, touchSession, type SessionRow } from "../store/staff.ts";
import type { Engine } from "./engine.ts";

export async function mySessions(engine: Engine, staffId: string): Promise<SessionRow[]> {
  return listSessions(engine.db, staffId, engine.motorClock.now());
}

/** That a session is used is written down no more often than this: a page asks a dozen times. */
const NOTED_EACH_MS = 10 * MINUTE_MS;

/** `seenAt`: when it was last written down. */
export async function noteUse(engine: Engine, session: { sessionId: string; seenAt: Instant }): Promise<void> {
  const now = engine.motorClock.now();
  if (now - session.seenAt >= NOTED_EACH_MS) await touchSession(engine.db, session.sessionId, now);
}

/** False: there is none of that id, or it is somebody else's. */
export async function endMySession(engine: Engine, staffId: string, id: string): Promise<boolean> {
  return endSession(engine.db, staffId, id);
}

export async function endMyOtherSessions(engine: Engine, staffId: string, but: string): Promise<number> {
  return endOtherSessions(engine.db, staffId, but);
}
