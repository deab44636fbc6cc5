// The commands of the fake HestiaCP, in the order of steps of the real scripts: that order is what makes half-done acts dangerous.

export interface CommandAnswer {
  exit: number;
  text: string;
}

/** The permission profile "billing" as HestiaCP ships it: no per-domain commands. */
export const BILLING: ReadonlySet<string> = new Set([
  "v-add-user",
  "v-delete-user",
  "v-suspend-user",
  "v-unsuspend-user",
  "v-list-user",
  "v-list-users",
]);

/** HTTP codes by exit code; all others are 400. */
export const HTTP_OF: Readonly<Record<number, number>> = { 1: 400, 2: 422, 5: 401, 6: 401, 9: 401, 10: 401 };

const KINDS = {
  web: { counter: "SUSPENDED_WEB", noun: "web domain" },
  mail: { counter: "SUSPENDED_MAIL", noun: "mail domain" },
} as const;
type Kind = keyof typeof KINDS;

interface User {
  role: "admin" | "user";
  suspended: boolean;
  /** Name of the domain → suspended. */
  web: Map<string, boolean>;
  mail: Map<string, boolean>;
}

const OK: CommandAnswer = { exit: 0, text: "" };
const ROOT = "admin";

/** Users and their domains, and what the web server shows of them. */
export class FakeHestiaState {
  readonly users = new Map<string, User>([[ROOT, newUser("admin")]]);
  /** How often an account was really suspended, unsuspended or deleted. */
  changes = 0;
  /** SCHEDULED_RESTART=yes: the web server follows only when the queue runs. */
  scheduledRestart = false;
  /** The next restart of the web server fails (exit 20), in the middle of a script. */
  restartFails = false;
  /** What the web server serves now: the domains that show their own site. */
  readonly #served = new Set<string>();

  addUser(name: string, domains: { web?: readonly string[]; mail?: readonly string[] } = {}): void {
    const user = newUser("user");
    for (const domain of domains.web ?? [`${name}.test`]) user.web.set(domain, false);
    for (const domain of domains.mail ?? []) user.mail.set(domain, false);
    this.users.set(name, user);
    this.restartWeb();
  }

  /** Whether a domain shows its own site, and not the suspension page (which is HTTP 200 too). */
  isUp(domain: string): boolean {
    return this.#served.has(domain);
  }

  /** What `v-update-sys-queue restart` does. */
  restartWeb(): void {
    this.#served.clear();
    for (const user of this.users.values()) for (const [domain, suspended] of user.web) if (!suspended) this.#served.add(domain);
  }

  knows(command: string): boolean {
    return command in this.#commands || command === "v-backup-user";
  }

  run(command: string, args: readonly string[]): CommandAnswer {
    const known = this.#commands[command];
    if (!known) return { exit: 10, text: `Error: Command ${command} not found` };
    if (args.length < known.least) return { exit: 1, text: `Usage: ${command} ${known.usage}` };
    const [name = "", second = ""] = args;
    if (known.least === 0) return known.act(newUser("user"), name, second);
    if (!/^[A-Za-z0-9][-._A-Za-z0-9]*$/u.test(name)) return { exit: 2, text: `Error: invalid user format :: ${name}` };
    const user = this.users.get(name);
    return user ? known.act(user, name, second) : { exit: 3, text: `Error: user ${name} doesn't exist` };
  }

  /** Users whose backup waits on the panel's list of work. */
  readonly backupsWaiting = new Set<string>();
  readonly backups = new Map<string, { DATE: string; TIME: string }[]>();

  #scheduleBackup(name: string): CommandAnswer {
    if (this.backupsWaiting.has(name)) return { exit: 4, text: "Error: backup is already scheduled" };
    this.backupsWaiting.add(name);
    return OK;
  }

  readonly #commands: Record<string, { least: number; usage: string; act(user: User, name: string, second: string): CommandAnswer }> = {
    "v-list-users": {
      least: 0,
      usage: "[FORMAT]",
      act: () => json(Object.fromEntries([...this.users].map(([n, user]) => [n, record(user)]))),
    },
    "v-list-user": { least: 1, usage: "USER [FORMAT]", act: (user, name) => json({ [name]: record(user) }) },
    "v-suspend-user": { least: 1, usage: "USER [RESTART]", act: (user, name) => this.#suspendUser(user, name) },
    "v-unsuspend-user": { least: 1, usage: "USER [RESTART]", act: (user, name) => this.#unsuspendUser(user, name) },
    "v-delete-user": { least: 1, usage: "USER [RESTART]", act: (_user, name) => this.#deleteUser(name) },
    "v-schedule-user-backup": { least: 1, usage: "USER", act: (_user, name) => this.#scheduleBackup(name) },
    "v-list-user-backups": {
      least: 1,
      usage: "USER [FORMAT]",
      act: (_user, name) =>
        json(
          Object.fromEntries(
            (this.backups.get(name) ?? []).map((each) => [`${name}.${each.DATE}_${each.TIME}.tar`, { TYPE: "local", ...each }]),
          ),
        ),
    },
    "v-list-web-domains": { least: 1, usage: "USER [FORMAT]", act: (user) => listOf(user, "web") },
    "v-list-mail-domains": { least: 1, usage: "USER [FORMAT]", act: (user) => listOf(user, "mail") },
    "v-suspend-web-domain": {
      least: 2,
      usage: "USER DOMAIN [RESTART]",
      act: (user, _name, domain) => this.#suspendOne(user, "web", domain),
    },
    "v-suspend-mail-domain": { least: 2, usage: "USER DOMAIN", act: (user, _name, domain) => this.#suspendOne(user, "mail", domain) },
  };

  /** Domains first, then the restarts, the account's own mark last. */
  #suspendUser(user: User, name: string): CommandAnswer {
    if (user.suspended) return { exit: 5, text: `Error: user ${name} is suspended` };
    if (name === ROOT) return OK;
    setAll(user, true);
    if (!this.#restart()) return { exit: 20, text: "Error: Web restart failed" };
    user.suspended = true;
    this.changes += 1;
    return OK;
  }

  /** The account's own mark first; whatever is suspended in it is opened; a second time is exit 0 too. */
  #unsuspendUser(user: User, name: string): CommandAnswer {
    if (name === ROOT) return OK;
    if (user.suspended) this.changes += 1;
    user.suspended = false;
    setAll(user, false);
    return this.#restart() ? OK : { exit: 20, text: "Error: Web restart failed" };
  }

  #deleteUser(name: string): CommandAnswer {
    if (name === ROOT) return OK;
    this.users.delete(name);
    this.changes += 1;
    this.#restart();
    return OK;
  }

  #suspendOne(user: User, kind: Kind, domain: string): CommandAnswer {
    const suspended = user[kind].get(domain);
    if (suspended === undefined) return { exit: 3, text: `Error: ${KINDS[kind].noun} ${domain} doesn't exist` };
    if (suspended) return { exit: 5, text: `Error: ${kind} ${domain} is suspended` };
    user[kind].set(domain, true);
    this.#restart();
    return OK;
  }

  #restart(): boolean {
    if (this.restartFails) {
      this.restartFails = false;
      return false;
    }
    if (!this.scheduledRestart) this.restartWeb();
    return true;
  }
}

function newUser(role: User["role"]): User {
  return { role, suspended: false, web: new Map(), mail: new Map() };
}

function setAll(user: User, suspended: boolean): void {
  for (const kind of [user.web, user.mail]) for (const name of kind.keys()) kind.set(name, suspended);
}

/** All values are strings, counters too. */
function record(user: User): Record<string, string> {
  const counters = Object.entries(KINDS).map(([kind, { counter }]) => [
    counter,
    String([...user[kind as Kind].values()].filter(Boolean).length),
  ]);
  const none = { SUSPENDED_DNS: "0", SUSPENDED_DB: "0", SUSPENDED_CRON: "0" };
  return {
    ROLE: user.role,
    SUSPENDED: user.suspended ? "yes" : "no",
    ...none,
    ...(Object.fromEntries(counters) as Record<string, string>),
  };
}

function listOf(user: User, kind: Kind): CommandAnswer {
  return json(Object.fromEntries([...user[kind]].map(([name, suspended]) => [name, { SUSPENDED: suspended ? "yes" : "no" }])));
}

/** The real panel builds its JSON in shell: the same shape, four blanks of indent. */
function json(value: object): CommandAnswer {
  return { exit: 0, text: JSON.stringify(value, null, 4) };
}
