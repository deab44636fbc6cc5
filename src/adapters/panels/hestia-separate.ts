// Remembers what was suspended on its own inside an account, because v-unsuspend-user opens all of it.
import { z } from "zod";
import { assert } from "../../kernel/assert.ts";
import { done, unknown } from "../../ports/outcome.ts";
import type { CallContext, Outcome } from "../../ports/outcome.ts";
import { EXIT } from "./hestia-api.ts";
import type { HestiaApi } from "./hestia-api.ts";
import { parseSuspended } from "./hestia-answers.ts";
import type { HestiaUser } from "./hestia-answers.ts";
import type { PanelMemory } from "./memory.ts";

/**
 * What can be suspended apart from its account. Once the account is suspended all of it reads SUSPENDED=yes, so it
 * must be noted before. Web domains were seen on a real panel; the other four read in HestiaCP's source.
 */
const KINDS = [
  { kind: "web domain", counter: "SUSPENDED_WEB", list: "v-list-web-domains", suspend: "v-suspend-web-domain" },
  { kind: "mail domain", counter: "SUSPENDED_MAIL", list: "v-list-mail-domains", suspend: "v-suspend-mail-domain" },
  { kind: "DNS domain", counter: "SUSPENDED_DNS", list: "v-list-dns-domains", suspend: "v-suspend-dns-domain" },
  { kind: "database", counter: "SUSPENDED_DB", list: "v-list-databases", suspend: "v-suspend-database" },
  { kind: "cron job", counter: "SUSPENDED_CRON", list: "v-list-cron-jobs", suspend: "v-suspend-cron-job" },
] as const;

/** The command that tells whether a key may do per-domain work; the "billing" profile may not. */
export const PUT_BACK_COMMAND = KINDS[0].suspend;

const note = z.object({
  /**
   * How far we came. `suspending` and `lifting` say that an act may have ended half-way: HestiaCP marks the account
   * suspended last and active first, so the account's own mark proves nothing then.
   */
  phase: z.enum(["suspending", "suspended", "lifting"]),
  objects: z.array(z.object({ kind: z.string(), name: z.string() })),
});
export type Note = z.infer<typeof note>;

const KEY = "hestia.separate";

export class SeparateSuspensions {
  readonly #api: HestiaApi;
  readonly #memory: PanelMemory;
  readonly #report: (account: string, detail: string) => void;
  /** Each forbidden call counts as a failed login towards a ban: one is enough to know. */
  #forbidden = false;

  constructor(api: HestiaApi, memory: PanelMemory, report: (account: string, detail: string) => void) {
    this.#api = api;
    this.#memory = memory;
    this.#report = report;
  }

  async recall(account: string): Promise<Note | null> {
    const text = await this.#memory.recall(account, KEY);
    if (text === null) return null;
    const read = note.safeParse(JSON.parse(text));
    assert(read.success, `the panel memory of ${KEY} cannot be read`);
    return read.data;
  }

  async keep(account: string, kept: Note | null): Promise<void> {
    await this.#memory.remember(account, KEY, kept && JSON.stringify(kept));
  }

  /** The account's mark is set last: an act whose answer was lost has ended when it reads suspended. */
  async confirmSuspended(account: string): Promise<void> {
    const kept = await this.recall(account);
    if (kept?.phase === "suspending") await this.keep(account, { ...kept, phase: "suspended" });
  }

  /** A new test of the panel may find wider permissions. */
  forgetPermissions(): void {
    this.#forbidden = false;
  }

  /**
   * Writes down what is suspended on its own, before the account is suspended. After an act that may have ended
   * half-way the earlier note stands: by now the panel shows our own work as suspended too.
   */
  async noteBeforeSuspend(account: string, user: HestiaUser, context: CallContext): Promise<Outcome<{ note: Note; fresh: boolean }>> {
    const earlier = await this.recall(account);
    if (earlier && earlier.phase !== "suspended") {
      const kept: Note = { phase: "suspending", objects: earlier.objects };
      await this.keep(account, kept);
      return done({ note: kept, fresh: false });
    }
    const objects: Note["objects"] = [];
    for (const { kind, counter, list } of KINDS) {
      // The counter spares the call in the usual case, and the "billing" profile a forbidden one.
      if (user.count(counter) === 0) continue;
      const found = await this.#suspendedOnes(account, list, context);
      if (found.outcome !== "done") return found;
      if (found.value === null)
        this.#report(account, `What is suspended on its own (${kind}) cannot be told: unsuspending the account will open it.`);
      for (const name of found.value ?? []) objects.push({ kind, name });
    }
    const kept: Note = { phase: "suspending", objects };
    await this.keep(account, kept);
    return done({ note: kept, fresh: true });
  }

  /** Suspends again what was suspended on its own. One that cannot be is reported; a lost answer or connection stops, to be repeated. */
  async putBack(account: string, kept: Note, context: CallContext): Promise<Outcome<null>> {
    for (const { kind, name } of kept.objects) {
      const words = `The ${kind} ${name} was suspended on its own before, and is open now`;
      const command = KINDS.find((one) => one.kind === kind)?.suspend;
      if (command === undefined || this.#forbidden) {
        this.#report(account, `${words}: our key may not suspend it.`);
        continue;
      }
      const answer = await this.#api.call(command, [account, name], context, true);
      if (answer.outcome === "unknown") return unknown(`${words}: ${answer.reason}`);
      if (answer.outcome === "refused" && answer.retry) return answer;
      if (answer.outcome === "refused") this.#report(account, `${words}: ${answer.reason}`);
      else if (answer.value.exit === EXIT.forbidden) {
        this.#forbidden = true;
        this.#report(account, `${words}: our key may not suspend it.`);
      } else if (!isPutBack(answer.value.exit)) this.#report(account, `${words}: ${this.#api.refusal(command, answer.value).reason}`);
    }
    return done(null);
  }

  /** The names suspended in one list; null when the key may not ask. */
  async #suspendedOnes(account: string, list: string, context: CallContext): Promise<Outcome<string[] | null>> {
    if (this.#forbidden) return done(null);
    const answer = await this.#api.call(list, [account, "json"], context, true);
    if (answer.outcome !== "done") return answer;
    if (answer.value.exit === EXIT.forbidden) {
      this.#forbidden = true;
      return done(null);
    }
    // A service that the server does not have (exit 11) has nothing suspended.
    if (answer.value.exit === EXIT.disabled) return done([]);
    if (answer.value.exit !== EXIT.ok) return this.#api.refusal(list, answer.value);
    const all = parseSuspended(answer.value.text);
    if (!all) return this.#api.refusal(list, { exit: EXIT.ok, text: "the answer cannot be read" });
    return done([...all].filter(([, suspended]) => suspended).map(([name]) => name));
  }
}

/** Suspended now, suspended already, or deleted since. */
const isPutBack = (exit: number): boolean => exit === EXIT.ok || exit === EXIT.suspended || exit === EXIT.notExist;
