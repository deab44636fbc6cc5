// A member of staff's own sessions: seen, and ended.
import { endOtherSessions, endSession, listSessions, type SessionRow } from "../store/staff.ts";
import type { Engine } from "./engine.ts";

export async function mySessions(engine: Engine, staffId: string): Promise<SessionRow[]> {
  return listSessions(engine.db, staffId, engine.motorClock.now());
}

/** False: there is none of that id, or it is somebody else's. */
export async function endMySession(engine: Engine, staffId: string, id: string): Promise<boolean> {
  return endSession(engine.db, staffId, id);
}

export async function endMyOtherSessions(engine: Engine, staffId: string, but: string): Promise<number> {
  return endOtherSessions(engine.db, staffId, but);
}
