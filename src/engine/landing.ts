// A panel call that was given up may still be carried out, after the ones that followed it: until it must have been, the account is looked at again.
import { MINUTE_MS, type Instant } from "../kernel/time.ts";
import type { TakenService } from "../store/outbox.ts";

/** So long after it was given up. (Suspending a large account takes panels minutes.) */
export const LANDED_BY_MS = 15 * MINUTE_MS;

/** Who paid and goes down all the same is up again within five minutes: the wait, and what is left for the calls themselves. */
const LOOK_EACH_MS = 2 * MINUTE_MS;

/** Whether a call that was given up may still change the account. */
export function mayLand({ landingUntil }: TakenService, now: Instant): boolean {
  return landingUntil !== null && now < landingUntil;
}

/** When an account is looked at once more although the panel shows what was asked for; null: nothing can land any more. */
export function nextLookFor(service: TakenService, desired: "active" | "suspended", now: Instant): Instant | null {
  const { landingUntil } = service;
  if (landingUntil === null || now >= landingUntil) return null;
  // A service that stays up for these minutes harms nobody; one that goes down does.
  return desired === "suspended" ? landingUntil : Math.min(landingUntil, now + LOOK_EACH_MS);
}

/** The longest wait between two attempts to bring a service back while something may still take it down. */
export function longestWait(service: TakenService, now: Instant, otherwise: number): number {
  return mayLand(service, now) ? Math.min(LOOK_EACH_MS, otherwise) : otherwise;
}
