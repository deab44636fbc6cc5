// A panel made of the provider's own commands, for those who have no panel.
import { accessSync, constants } from "node:fs";
import { OUR_MARK } from "../../ports/control-panel.ts";
import type { AccessReason, Account, AccountState, ControlPanel, PanelCapabilities } from "../../ports/control-panel.ts";
import { done, refused, unknown } from "../../ports/outcome.ts";
import type { CallContext, Outcome } from "../../ports/outcome.ts";
import { BAD_NAME, fitForReason, isAccountName } from "./account-name.ts";
import { run } from "./command-run.ts";
import type { RunResult } from "./command-run.ts";
import { OneAtATime } from "./one-at-a-time.ts";
import { wrongOption } from "./panel-http.ts";

/**
 * Each command is a list: the program's absolute path, then its arguments. `{account}` and `{reason}` are replaced
 * inside the arguments; no shell sees them. Exit 0: done; 75 (EX_TEMPFAIL of sysexits.h): refused, ask again later;
 * any other: refused. Killed at the deadline: unknown.
 */
export interface CommandPanelOptions {
  /** Prints one line: `active`, `absent`, `suspended`, `suspended by-us <reason>` or `suspended by-other <reason>`. */
  read: readonly string[];
  /** May be asked twice; must leave alone what another party suspended. */
  suspend: readonly string[];
  unsuspend: readonly string[];
  terminate?: readonly string[];
  /** Prints one line per account: its name, a blank, then what `read` prints. */
  list?: readonly string[];
  /** Exit 0 and a line for people when the panel can be reached. Without it only the programs' presence is checked. */
  test?: readonly string[];
  /** `read` tells `by-us` and `by-other` apart. Default false. */
  keepsReason?: boolean;
  /** Acts that may run side by side. Default: one per account. */
  serial?: "account" | "server";
  /** Account names may contain `/` (never `..`). Default false. */
  allowSlash?: boolean;
  /** PATH of the commands. Default: the system's own folders. */
  path?: string;
  /** LANG of the commands. Default C.UTF-8. PATH and LANG are all they get of an environment. */
  lang?: string;
  /** Texts that must never show in a reason, for example a token given as an argument. */
  secrets?: readonly string[];
}

const EX_TEMPFAIL = 75;
const OUTPUT_LIMIT = 64 * 1024;
/** A line per account: 64 kB would end at about two thousand accounts. */
const LIST_LIMIT = 8 * 1024 * 1024;
const SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

type ActName = "suspend" | "unsuspend" | "terminate";

/** A control panel of commands. Reads before and after every act, so that an exit code alone is never the truth. */
export class CommandPanel implements ControlPanel {
  readonly kind = "command";
  readonly capabilities: PanelCapabilities;
  readonly #options: CommandPanelOptions;
  readonly #secrets: readonly string[];
  readonly #line = new OneAtATime();

  /** @throws ReguaError `panel_option_invalid` */
  constructor(options: CommandPanelOptions) {
    checkOptions(options);
    this.#options = options;
    this.#secrets = options.secrets ?? [];
    this.capabilities = {
      keepsReason: options.keepsReason ?? false,
      terminate: options.terminate !== undefined,
      serial: options.serial ?? "account",
    };
  }

  async test(context: CallContext): Promise<Outcome<{ detail: string }>> {
    const { test } = this.#options;
    if (test) {
      const said = await this.#run(test, {}, context);
      if (said.outcome !== "done") return said;
      return done({ detail: fitForReason(said.value, this.#secrets) || "The test command ended well." });
    }
    for (const [name, argv] of commandsOf(this.#options)) {
      try {
        accessSync(argv[0] ?? "", constants.X_OK);
      } catch {
        return refused(`The program of the command “${name}” is absent or may not be run.`);
      }
    }
    return done({ detail: "The commands are present. No test command is set, so nothing was run." });
  }

  async read(account: string, context: CallContext): Promise<Outcome<AccountState>> {
    if (!this.#isName(account)) return refused(BAD_NAME);
    const said = await this.#run(this.#options.read, { account }, context);
    if (said.outcome !== "done") return said;
    const state = parseState(said.value.trim(), this.#secrets);
    return state ? done(state) : refused("The read command ended well, but printed none of the lines we know.");
  }

  suspend(account: string, reason: AccessReason, context: CallContext): Promise<Outcome<AccountState>> {
    return this.#act("suspend", account, context, { account, reason: reasonArgument(reason) });
  }

  unsuspend(account: string, context: CallContext): Promise<Outcome<AccountState>> {
    return this.#act("unsuspend", account, context, { account });
  }

  async terminate(account: string, context: CallContext): Promise<Outcome<AccountState>> {
    if (!this.#options.terminate) return refused("No terminate command is set.");
    return this.#act("terminate", account, context, { account });
  }

  async list(context: CallContext): Promise<Outcome<readonly Account[]>> {
    if (!this.#options.list) return refused("No list command is set.");
    const said = await this.#run(this.#options.list, {}, context, LIST_LIMIT);
    if (said.outcome !== "done") return said;
    const accounts: Account[] = [];
    for (const line of said.value.split("\n")) {
      if (line.trim() === "") continue;
      const match = /^(\S+)\s+(.*)$/u.exec(line.trim());
      const access = match && parseState(match[2] ?? "", this.#secrets);
      if (!access) return refused(`The list command printed a line we cannot read (line ${accounts.length + 1}).`);
      accounts.push({ name: match[1] ?? "", access });
    }
    return done(accounts);
  }

  async #act(act: ActName, account: string, context: CallContext, values: Values): Promise<Outcome<AccountState>> {
    if (!this.#isName(account)) return refused(BAD_NAME);
    const key = this.capabilities.serial === "server" ? "" : account;
    return this.#line.run(key, context, async () => {
      const before = await this.read(account, context);
      if (before.outcome !== "done" || nothingToDo(act, before.value)) return before;
      const said = await this.#run(this.#options[act] ?? [], values, context);
      if (said.outcome === "unknown") return said;
      const after = await this.read(account, context);
      if (after.outcome !== "done")
        return said.outcome === "done" ? unknown(`Done by its exit code, but not read again: ${after.reason}`) : said;
      // A refusal that was too early (a reload slower than the script's patience) is put right by what is read.
      if (nothingToDo(act, after.value)) return done(after.value);
      return said.outcome === "done" ? refused(`The ${act} command ended well, but the account reads ${after.value.access}.`, true) : said;
    });
  }

  async #run(template: readonly string[], values: Values, context: CallContext, limit = OUTPUT_LIMIT): Promise<Outcome<string>> {
    const argv = template.map((part, index) => (index === 0 ? part : fillIn(part, values)));
    const environment = { PATH: this.#options.path ?? SYSTEM_PATH, LANG: this.#options.lang ?? "C.UTF-8" };
    return this.#judge(await run(argv, { environment, cwd: "/", outputLimit: limit, signal: context.signal }), limit);
  }

  #judge(result: RunResult, limit: number): Outcome<string> {
    if (result.end === "not_started") {
      // Out of processes or memory passes; an absent program does not come by itself.
      return refused(`The command could not be started (${result.code}).`, result.code === "EAGAIN" || result.code === "ENOMEM");
    }
    if (result.end === "deadline") return unknown("The command had not ended at the deadline; it was ended with all its children.");
    if (result.exit === null) return unknown(`The command was ended by ${result.killedBy ?? "a signal"}.`);
    if (result.exit !== 0) {
      const words = fitForReason(result.stderr || result.stdout, this.#secrets);
      return refused(`Exit code ${result.exit}${words === "" ? "" : `: ${words}`}`, result.exit === EX_TEMPFAIL);
    }
    return result.cut ? refused(`The command printed more than ${limit} bytes.`) : done(result.stdout);
  }

  #isName(account: string): boolean {
    return isAccountName(account, this.#options.allowSlash ?? false);
  }
}

/** The account is as the act would have it, or is not ours to change. */
function nothingToDo(act: ActName, state: AccountState): boolean {
  if (state.access === "absent") return true;
  if (act === "terminate") return false;
  if (act === "suspend") return state.access === "suspended";
  return state.access === "active" || state.by === "other";
}

type Values = Readonly<Partial<Record<"account" | "reason", string>>>;

function fillIn(part: string, values: Values): string {
  return part.replace(/\{(account|reason)\}/gu, (whole, name: "account" | "reason") => values[name] ?? whole);
}

/** One line that begins with our mark: it can be no option, and the operator sees whose it is. */
function reasonArgument(reason: AccessReason): string {
  const line = fitForReason(reason.text, [], 500);
  return line.startsWith(OUR_MARK) ? line : `${OUR_MARK} ${line}`;
}

function parseState(line: string, secrets: readonly string[]): AccountState | null {
  if (line === "active") return { access: "active" };
  if (line === "absent") return { access: "absent" };
  const match = /^suspended(?: by-(us|other)(?: (.*))?)?$/u.exec(line);
  if (!match) return null;
  const reason = match[2]?.trim();
  return {
    access: "suspended",
    by: (match[1] as "us" | "other" | undefined) ?? "unknown",
    reason: reason ? fitForReason(reason, secrets) : null,
  };
}

function commandsOf(options: CommandPanelOptions): [string, readonly string[]][] {
  const { read, suspend, unsuspend, terminate, list, test } = options;
  const all: [string, readonly string[] | undefined][] = Object.entries({ read, suspend, unsuspend, terminate, list, test });
  return all.filter((entry): entry is [string, readonly string[]] => entry[1] !== undefined);
}

function checkOptions(options: CommandPanelOptions): void {
  for (const [name, argv] of commandsOf(options)) {
    const wrong = (en: string, ptBR: string) => wrongOption(name, en, ptBR);
    if (!argv[0]?.startsWith("/"))
      throw wrong("it must begin with the program's absolute path", "deve começar com o caminho absoluto do programa");
    if (argv.some((part) => part.includes("\0"))) throw wrong("it contains a NUL character", "contém um caractere NUL");
    const needsAccount = name !== "list" && name !== "test";
    if (needsAccount && !argv.slice(1).some((part) => part.includes("{account}")))
      throw wrong("no argument contains {account}", "nenhum argumento contém {account}");
  }
}
