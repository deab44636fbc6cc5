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
  /** Takes an order for a backup and can tell what became of it. Absent: backups are made elsewhere. */
  backup?: boolean;
}

export interface Account {
  /** The account's name on the panel. */
  name: string;
  access: AccountState;
  /** What else it is known by on the panel (its main domain, a contact address), so that a service can be tied to it. */
  also?: readonly string[];
}

/** What became of an account's backups. */
export interface BackupState {
  /** Ordered and not finished yet; null: the panel does not tell. */
  pending: boolean | null;
  /** When the newest finished one was made, in the panel's own words; null: there is none. */
  latest: string | null;
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
  /** Puts a backup on the panel's list of work, once: one that waits already is enough. Only where `capabilities.backup`. */
  scheduleBackup?(account: string, context: CallContext): Promise<Outcome<BackupState>>;
  readBackup?(account: string, context: CallContext): Promise<Outcome<BackupState>>;
}
