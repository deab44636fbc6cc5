// What a panel says of an account beside what the account should be: whether they differ, why, and what will come of it.
import type { AccountState } from "../ports/control-panel.ts";
import type { DifferenceKind, LinkedService } from "../store/panel-rounds.ts";

export interface Comparison {
  /** Null: it is as it should be. */
  difference: { kind: DifferenceKind; cause: string } | null;
  /** The suspension that stands there, or stood before the account went away, is ours. */
  ours: boolean;
  /** What the rules do about it by themselves. */
  repair: "suspend" | "unsuspend" | null;
}

/** Where the panel keeps no reason, our own record tells whose a suspension is. */
export function compareAccess(service: LinkedService, state: AccountState): Comparison {
  const { desired, suspendedByUs } = service;
  if (state.access === "absent")
    return {
      difference: { kind: "absent", cause: "the panel has no such account" },
      // It may come back as it was left, from a backup or another server.
      ours: suspendedByUs,
      repair: null,
    };
  if (state.access === "active")
    return desired === "active"
      ? { difference: null, ours: false, repair: null }
      : {
          difference: { kind: "open_though_suspended", cause: "somebody opened it on the panel, or the panel forgot" },
          ours: false,
          repair: "suspend",
        };
  const ours = state.by === "us" || (state.by === "unknown" && suspendedByUs);
  const reason = state.reason === null ? "the panel keeps no reason" : `reason on the panel: ${state.reason}`;
  if (!ours) return { difference: { kind: "suspended_by_other", cause: reason }, ours, repair: null };
  return desired === "suspended"
    ? { difference: null, ours, repair: null }
    : { difference: { kind: "down_though_active", cause: "our own suspension stands though it was lifted" }, ours, repair: "unsuspend" };
}
