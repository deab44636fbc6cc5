// HestiaCP: reads, acts, reads again, and keeps the panel's traps away from everybody else.
import type { AccessReason, Account, AccountState, BackupState, ControlPanel, PanelCapabilities } from "../../ports/control-panel.ts";
import { done, refused, unknown } from "../../ports/outcome.ts";
import type { CallContext, Outcome } from "../../ports/outcome.ts";
import { BAD_NAME, isAccountName } from "./account-name.ts";
import { EXIT, HestiaApi, saysNoSuchUser } from "./hestia-api.ts";
import type { HestiaAnswer, HestiaConnection } from "./hestia-api.ts";
import { parseBackups, parseSuspended, parseUser } from "./hestia-answers.ts";
import type { HestiaUser } from "./hestia-answers.ts";
import { PUT_BACK_COMMAND, SeparateSuspensions } from "./hestia-separate.ts";
import type { PanelMemory } from "./memory.ts";
import { OneAtATime } from "./one-at-a-time.ts";
import { checkAddress, emptyOption } from "./panel-http.ts";

export interface HestiaOptions extends HestiaConnection {
  /** Where it is remembered what was suspended on its own inside an account. */
  memory: PanelMemory;
  /** Whether the ladder may delete accounts; only then is `v-delete-user` asked of the key. Default false. */
  terminate?: boolean;
  /** Told, for a person, of what a state cannot say, for example a domain that unsuspending had to leave open. */
  report?: (account: string, detail: string) => void;
}

const ACTIVE: AccountState = { access: "active" };
const ABSENT: AccountState = { access: "absent" };

/** Refused before the command began to act (func/main.sh checks first). */
const BEFORE_ACTING = new Set<number>([EXIT.args, EXIT.invalid, EXIT.notExist, EXIT.suspended, EXIT.forbidden, EXIT.disabled]);

const ROOT = "HestiaCP answered success and did nothing: it never suspends or deletes its own root user.";

/**
 * HestiaCP over its API (access key of an administrator; the permission profile "billing" is enough, and puts no
 * domain back). The panel keeps no reason: a suspension we read is `unknown`, one we just made is `us`.
 * Done means the panel's state: with SCHEDULED_RESTART=yes the web server follows at the queue's next run.
 */
export class HestiaPanel implements ControlPanel {
  readonly kind = "hestia";
  readonly capabilities: PanelCapabilities;
  readonly #api: HestiaApi;
  readonly #separate: SeparateSuspensions;
  readonly #line = new OneAtATime();

  /** @throws ReguaError `panel_option_invalid` */
  constructor(options: HestiaOptions) {
    checkOptions(options);
    this.capabilities = { keepsReason: false, terminate: options.terminate ?? false, serial: "account", backup: true };
    this.#api = new HestiaApi(options);
    this.#separate = new SeparateSuspensions(this.#api, options.memory, options.report ?? (() => undefined));
  }

  /** Asks for the list, and each command we need without arguments: permitted ones answer their usage (exit 1) and do nothing. */
  async test(context: CallContext): Promise<Outcome<{ detail: string }>> {
    this.#api.forgetRefusal();
    this.#separate.forgetPermissions();
    const accounts = await this.list(context);
    if (accounts.outcome !== "done") return accounts;
    const needed = ["v-list-user", "v-suspend-user", "v-unsuspend-user", ...(this.capabilities.terminate ? ["v-delete-user"] : [])];
    for (const command of needed) {
      const answer = await this.#api.call(command, [], context);
      if (answer.outcome !== "done") return answer;
      // A panel in demo mode refuses everything with the same exit 1.
      if (answer.value.exit !== EXIT.args || !answer.value.text.startsWith("Usage:")) return this.#api.refusal(command, answer.value);
    }
    const perDomain = await this.#api.call(PUT_BACK_COMMAND, [], context, true);
    if (perDomain.outcome !== "done") return perDomain;
    const limits =
      perDomain.value.exit === EXIT.forbidden
        ? "The key has no per-domain commands: a domain suspended on its own opens when its account is unsuspended."
        : "Domains suspended on their own are put back after their account is unsuspended.";
    return done({ detail: `HestiaCP answers and lists ${accounts.value.length} accounts. ${limits}` });
  }

  async read(account: string, context: CallContext): Promise<Outcome<AccountState>> {
    const user = await this.#user(account, context);
    if (user.outcome !== "done") return user;
    return done(stateOf(user.value));
  }

  async suspend(account: string, _reason: AccessReason, context: CallContext): Promise<Outcome<AccountState>> {
    return this.#line.run(account, context, () => this.#suspend(account, context));
  }

  async unsuspend(account: string, context: CallContext): Promise<Outcome<AccountState>> {
    return this.#line.run(account, context, () => this.#unsuspend(account, context));
  }

  async terminate(account: string, context: CallContext): Promise<Outcome<AccountState>> {
    if (!this.capabilities.terminate) return refused("Deleting accounts is switched off for this panel.");
    return this.#line.run(account, context, () => this.#terminate(account, context));
  }

  async list(context: CallContext): Promise<Outcome<readonly Account[]>> {
    const answer = await this.#api.call("v-list-users", ["json"], context);
    if (answer.outcome !== "done") return answer;
    if (answer.value.exit !== EXIT.ok) return this.#api.refusal("v-list-users", answer.value);
    const users = parseSuspended(answer.value.text);
    if (!users) return refused("The answer of v-list-users cannot be read.");
    return done([...users].map(([name, suspended]) => ({ name, access: suspended ? suspendedBy("unknown") : ACTIVE })));
  }

  /** On the panel's own list of work: `v-backup-user` itself waits for a low load, and held a call for nine minutes. */
  async scheduleBackup(account: string, context: CallContext): Promise<Outcome<BackupState>> {
    const found = await this.#user(account, context);
    if (found.outcome !== "done") return found;
    if (!found.value) return refused("There is no such user.");
    const said = await this.#api.call("v-schedule-user-backup", [account], context, true);
    if (said.outcome !== "done") return said;
    if (said.value.exit !== EXIT.ok && said.value.exit !== EXIT.exists) return this.#api.refusal("v-schedule-user-backup", said.value);
    const state = await this.readBackup(account, context);
    return state.outcome === "done" ? done({ ...state.value, pending: true }) : done({ pending: true, latest: null });
  }

  async readBackup(account: string, context: CallContext): Promise<Outcome<BackupState>> {
    if (!isAccountName(account)) return refused(BAD_NAME);
    const said = await this.#api.call("v-list-user-backups", [account, "json"], context, true);
    if (said.outcome !== "done") return said;
    const latest = said.value.exit === EXIT.ok ? parseBackups(said.value.text) : undefined;
    return latest === undefined ? this.#api.refusal("v-list-user-backups", said.value) : done({ pending: null, latest });
  }

  async #suspend(account: string, context: CallContext): Promise<Outcome<AccountState>> {
    const before = await this.#user(account, context);
    if (before.outcome !== "done") return before;
    if (before.value?.suspended) await this.#separate.confirmSuspended(account);
    if (!before.value || before.value.suspended) return done(stateOf(before.value));
    const noted = await this.#separate.noteBeforeSuspend(account, before.value, context);
    if (noted.outcome !== "done") return noted;
    const act = await this.#api.call("v-suspend-user", [account], context);
    const nothingHappened = act.outcome === "refused" || (act.outcome === "done" && BEFORE_ACTING.has(act.value.exit));
    if (nothingHappened && noted.value.fresh) await this.#separate.keep(account, null);
    if (act.outcome !== "done") return act;
    const after = await this.#user(account, context);
    if (after.outcome !== "done") return unread(act.value, after.reason);
    if (!after.value) return done(ABSENT);
    if (after.value.suspended) {
      // Exit 5 comes as HTTP 401 and is no failure: somebody else was faster.
      if (act.value.exit !== EXIT.ok) return done(suspendedBy("unknown"));
      await this.#separate.keep(account, { ...noted.value.note, phase: "suspended" });
      return done(suspendedBy("us"));
    }
    if (act.value.exit !== EXIT.ok) return this.#api.refusal("v-suspend-user", act.value);
    await this.#separate.keep(account, null);
    return refused(ROOT);
  }

  async #unsuspend(account: string, context: CallContext): Promise<Outcome<AccountState>> {
    const before = await this.#user(account, context);
    if (before.outcome !== "done") return before;
    const kept = await this.#separate.recall(account);
    // An active account is left alone, for v-unsuspend-user would open what is suspended on its own in it;
    // unless an earlier act may have ended half-way, with the account's own mark already or still "active".
    const halfWay = kept !== null && kept.phase !== "suspended";
    if (!before.value || (!before.value.suspended && !halfWay)) {
      if (kept) await this.#separate.keep(account, null);
      return done(stateOf(before.value));
    }
    if (kept) await this.#separate.keep(account, { ...kept, phase: "lifting" });
    const act = await this.#api.call("v-unsuspend-user", [account], context);
    if (act.outcome !== "done") return act;
    const after = await this.#user(account, context);
    if (after.outcome !== "done") return unread(act.value, after.reason);
    if (!after.value) return done(ABSENT);
    // The account's mark goes to active first: with another exit code the sites behind it may still be closed.
    if (act.value.exit !== EXIT.ok) return this.#api.refusal("v-unsuspend-user", act.value);
    if (after.value.suspended) return refused("HestiaCP answered success, but the account still reads suspended.", true);
    if (kept) {
      const back = await this.#separate.putBack(account, kept, context);
      if (back.outcome !== "done") return back;
      await this.#separate.keep(account, null);
    }
    return done(ACTIVE);
  }

  async #terminate(account: string, context: CallContext): Promise<Outcome<AccountState>> {
    const before = await this.#user(account, context);
    if (before.outcome !== "done") return before;
    if (!before.value) return done(ABSENT);
    const act = await this.#api.call("v-delete-user", [account], context);
    if (act.outcome !== "done") return act;
    const after = await this.#user(account, context);
    if (after.outcome !== "done") return unread(act.value, after.reason);
    if (after.value) return act.value.exit === EXIT.ok ? refused(ROOT) : this.#api.refusal("v-delete-user", act.value);
    await this.#separate.keep(account, null);
    return done(ABSENT);
  }

  /** The user as the panel has it; null: no such user. */
  async #user(account: string, context: CallContext): Promise<Outcome<HestiaUser | null>> {
    if (!isAccountName(account)) return refused(BAD_NAME);
    const answer = await this.#api.call("v-list-user", [account, "json"], context);
    if (answer.outcome !== "done") return answer;
    if (saysNoSuchUser(answer.value, account)) return done(null);
    if (answer.value.exit !== EXIT.ok) return this.#api.refusal("v-list-user", answer.value);
    const user = parseUser(answer.value.text, account);
    return user ? done(user) : refused("The answer of v-list-user cannot be read.");
  }
}

function suspendedBy(by: "us" | "unknown"): AccountState {
  return { access: "suspended", by, reason: null };
}

function stateOf(user: HestiaUser | null): AccountState {
  if (!user) return ABSENT;
  return user.suspended ? suspendedBy("unknown") : ACTIVE;
}

function unread(act: HestiaAnswer, reason: string): Outcome<never> {
  return unknown(`HestiaCP answered exit ${act.exit}, but the state could not be read again: ${reason}`);
}

function checkOptions(options: HestiaOptions): void {
  checkAddress({ ...options, port: options.port ?? 8083 });
  if (options.accessKey === "") throw emptyOption("accessKey");
  if (options.secretKey === "") throw emptyOption("secretKey");
}
