// What we ask of a control panel: read what an account is, make it what it should be, read again.
import type { CallContext, Outcome } from "./outcome.ts";

/** What a panel says of an account. */
export type AccountState =
  | { access: "active" }
  /** `unknown`: the panel keeps no reason, only our own records can tell whose suspension it is. */
  | { access: "suspended"; by: "us" | "other" | "unknown"; reason: string | null }
  | { access: "absent" };

/** What a panel can do; the policy check refuses a ladder that asks for more. */
export interface PanelCapabilities {
  /** Keeps our reason beside the suspension, so that `by` can be told. */
  keepsReason: boolean;
  terminate: boolean;
  /** Calls that may run side by side: one per account, or one for the whole server. */
  serial: "account" | "server";
}

export interface Account {
  /** The account's name on the panel. */
  name: string;
  access: AccountState;
}

/** Why we set an access, shown on the panel where it keeps one. */
export interface AccessReason {
  /** For example `Régua: fatura 1042 vencida`; begins with our mark. */
  text: string;
}

/** Every suspension reason of ours begins with this, so that we know our own again. */
export const OUR_MARK = "Régua:";

/**
 * A control panel. Implementations read before acting (no panel has a clean idempotent suspend; HTTP status
 * alone is never the truth), are safe to repeat, honour the deadline, and keep secrets out of reasons.
 */
export interface ControlPanel {
  readonly kind: string;
  readonly capabilities: PanelCapabilities;
  /** Reaches the panel with the least privilege that the ladder needs. */
  test(context: CallContext): Promise<Outcome<{ detail: string }>>;
  read(account: string, context: CallContext): Promise<Outcome<AccountState>>;
  /**
   * Makes the account suspended by us, unless it already is suspended. Answers what was read after the act.
   * An account that another party suspended is left as it is and answered as such.
   */
  suspend(account: string, reason: AccessReason, context: CallContext): Promise<Outcome<AccountState>>;
  /** Lifts the suspension. The caller has made sure that it is ours. Answers what was read after the act. */
  unsuspend(account: string, context: CallContext): Promise<Outcome<AccountState>>;
  /** Removes the account for good. An account already gone is done. */
  terminate(account: string, context: CallContext): Promise<Outcome<AccountState>>;
  list(context: CallContext): Promise<Outcome<readonly Account[]>>;
}
