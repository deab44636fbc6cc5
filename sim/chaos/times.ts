// Lengths of time of the program that a chaos run goes by, in milliseconds of the program's own clock.
import { LEASE_MS } from "../../src/jobs/lease.ts";
import { MINUTE_MS } from "../../src/kernel/time.ts";

export const SECOND_MS = 1_000;

/** A stop of this length outlasts every lease; a living worker renews its own. */
export const PAST_LEASE_MS = LEASE_MS + 2 * SECOND_MS;

/** Between two steps of an invoice, and from the accepted warning to the suspension: a day, made short. */
export const GAP_MS = 20 * SECOND_MS;

/** At rest nothing is due for this long: whoever was just warned has the next step before them. */
export const QUIET_MS = 3 * GAP_MS;

/** The machine's seconds in which everything must come to rest: ten minutes, for a machine that has other things to do. */
export const REST_SECONDS = 600;

/** An outcome that nothing disturbed is recorded well within this, also on a machine with other things to do. */
export const RECORDED_MS = MINUTE_MS;
