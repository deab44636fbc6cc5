// The first line wherever a person looks: rehearsal and reality must never be mistaken for each other.
import { formatDay, Zone } from "../kernel/time.ts";
import type { App } from "./app.ts";

/** `sandbox · 2026-11-22`, or `live`. */
export function banner({ provider, clock }: Pick<App, "provider" | "clock">): string {
  if (provider.mode === "live") return "live";
  return `sandbox · ${formatDay(new Zone(provider.timeZone).dayOf(clock.now()))}`;
}
