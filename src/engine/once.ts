// A request carried out once, however often it is sent: by the key its sender gave it, with the answer kept for the repeats.
import { ReguaError } from "../kernel/errors.ts";
import { DAY_MS, MINUTE_MS, type Instant } from "../kernel/time.ts";
import {
  dropRequest,
  keepAnswer,
  markingDone,
  readRequest,
  retakeRequest,
  takeRequest,
  WORK_DONE,
  type RequestKey,
} from "../store/idempotency.ts";
import type { Engine } from "./engine.ts";

/** A request that committed nothing in this time was lost with its process, and may be carried out by another. */
export const GIVEN_UP_MS = MINUTE_MS;

/** Answers are kept this long; the same key after that is a new request. */
export const ANSWERS_KEPT_MS = 7 * DAY_MS;

export type Once =
  | { kind: "answered"; code: number; text: string }
  | {
      kind: "run";
      /** The engine to work with: whatever it commits is marked under the key in the same transaction. */
      engine: Engine;
      /** Keeps the answer for repeats. */
      keep(answer: { code: number; text: string }): Promise<void>;
      /** Nothing came of it: the same key may be sent again at once. What was committed nevertheless is not carried out twice. */
      drop(): Promise<void>;
    };

/**
 * Takes a request. Exactly once, as far as what it commits goes: the mark and the work are one transaction, so a crash between work and
 * answer is found by the next try (`idempotency_answer_lost`), and a crash before it leaves nothing to be found.
 * @throws ReguaError `idempotency_key_reused`, `idempotency_in_flight`, `idempotency_answer_lost`
 */
export async function once(engine: Engine, id: RequestKey, requestHash: string): Promise<Once> {
  const now = engine.motorClock.now();
  if (await takeRequest(engine.db, id, requestHash, now)) return run(engine, id, now);
  const there = await readRequest(engine.db, id);
  // Given back between the two statements: as good as in flight, and free at the next try.
  if (!there) throw new ReguaError("idempotency_in_flight");
  if (there.requestHash !== requestHash) throw new ReguaError("idempotency_key_reused");
  if (there.code !== null && there.answer !== null) return { kind: "answered", code: there.code, text: there.answer };
  if (now - there.takenAt < GIVEN_UP_MS) throw new ReguaError("idempotency_in_flight");
  if (there.code === WORK_DONE) throw new ReguaError("idempotency_answer_lost");
  if (await retakeRequest(engine.db, id, there.takenAt, now)) return run(engine, id, now);
  throw new ReguaError("idempotency_in_flight");
}

function run(engine: Engine, id: RequestKey, takenAt: Instant): Once {
  return {
    kind: "run",
    engine: { ...engine, db: markingDone(engine.db, id, takenAt) },
    keep: (answer) => keepAnswer(engine.db, id, takenAt, answer),
    drop: () => dropRequest(engine.db, id, takenAt),
  };
}
