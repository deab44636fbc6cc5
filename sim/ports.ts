// The control panel and the mail server as one process sees them: the world behind, faults between, the oracle watching.
import { CALL_DEADLINE_MS, type Outside } from "../src/jobs/call.ts";
import { LEASE_MS } from "../src/jobs/lease.ts";
import type { Account, AccountState, ControlPanel } from "../src/ports/control-panel.ts";
import type { Acceptance, Mailer, OutgoingMail } from "../src/ports/mailer.ts";
import { done, refused, unknown, type Outcome } from "../src/ports/outcome.ts";
import type { Faults } from "./faults.ts";
import type { Oracle } from "./oracle.ts";
import type { Program } from "./program.ts";
import type { Streams } from "./random.ts";
import type { Account as Held } from "./world.ts";

export interface Street {
  oracle: Oracle;
  faults: Faults;
  /** What other people and processes do while a call is on its way. */
  meanwhile: (program: Program, about: string) => Promise<void>;
  /** Before the effect of a call, or after it: a coin for each account and address. */
  coins: Streams;
  /** A call takes so long. */
  pass: (ms: number) => void;
  /** The world changes by itself, so much later. */
  later: (ms: number, change: () => void) => void;
}

/** A panel is through with what we gave up by then. */
const LANDS_WITHIN_S = 600;

export const PANEL = "painel";

const TAKEN = done({ response: "250 2.0.0 Ok: queued", server: "mx.sim.example" });

/** What a process that died, or slept past its deadline, makes of a call: nothing leaves it. */
const GONE = unknown("no answer before the deadline");

export function outsideOf(street: Street, program: Program): Outside {
  return {
    mailers: new Map<string, Mailer>([["email", new SimMailer(street, program)]]),
    panels: new Map<string, ControlPanel>([[PANEL, new SimPanel(street, program)]]),
  };
}

/** Other things happen only around the first call of a claim, while nothing is being recorded: so runs repeat exactly. */
async function begin(street: Street, program: Program, about: string): Promise<void> {
  if (!program.first) return;
  program.first = false;
  program.later = street.coins.of(`coin ${about}`).chance(0.5);
  if (!program.later) await street.meanwhile(program, about);
}

/** The effect is there, the answer is still on its way. */
async function linger(street: Street, program: Program, about: string): Promise<void> {
  if (!program.later) return;
  program.later = false;
  await street.meanwhile(program, about);
}

class SimPanel implements ControlPanel {
  readonly kind = "simulated";
  readonly capabilities = { keepsReason: true, terminate: true, serial: "account" } as const;
  readonly #street: Street;
  readonly #program: Program;
  /** What the present task had the panel answer; null: nothing yet. */
  #read: AccountState | null = null;

  constructor(street: Street, program: Program) {
    this.#street = street;
    this.#program = program;
  }

  test(): Promise<Outcome<{ detail: string }>> {
    return Promise.resolve(done({ detail: "simulated" }));
  }

  list(): Promise<Outcome<readonly Account[]>> {
    return Promise.resolve(done([]));
  }

  async read(account: string): Promise<Outcome<AccountState>> {
    const { oracle, faults } = this.#street;
    this.#read = null;
    if (!this.#program.alive) return GONE;
    oracle.reads(account);
    const fails = this.#isDown() || faults.hit("panel_read_fails", account);
    await this.#held(account, () => begin(this.#street, this.#program, account));
    if (fails) return unknown("no answer to the reading");
    const there = oracle.world.accounts.get(account);
    if (there) there.readAt = oracle.world.clock.now();
    this.#read = oracle.world.state(account);
    return done(this.#read);
  }

  suspend(account: string): Promise<Outcome<AccountState>> {
    const { oracle } = this.#street;
    if (this.#program.reaches) oracle.suspends(account, this.#read);
    return this.#act("suspend", account, (there) => {
      if (there.access === "active") Object.assign(there, { access: "suspended", by: "us" });
    });
  }

  unsuspend(account: string): Promise<Outcome<AccountState>> {
    const { oracle } = this.#street;
    if (this.#program.reaches) oracle.releases(account);
    return this.#act("unsuspend", account, (there) => Object.assign(there, { access: "active", by: null }));
  }

  async terminate(account: string): Promise<Outcome<AccountState>> {
    const { oracle, faults } = this.#street;
    // An account already gone is done: asking again after a lost answer ends nothing.
    if (this.#program.reaches && oracle.world.accounts.get(account)?.gone !== "ended") oracle.terminates(account);
    // Nothing was read before: the call itself is the first thing that others can come in between.
    if (this.#program.alive) await this.#held(account, () => begin(this.#street, this.#program, account));
    return this.#act("terminate", account, (there) => {
      faults.note("service_ended");
      Object.assign(there, { gone: "ended" });
    });
  }

  /** Others act while a call is on its way; its lease keeps them from this account. */
  async #held(account: string, others: () => Promise<void>): Promise<void> {
    const { underWay } = this.#street.oracle.world;
    const { name, claimedOn } = this.#program;
    underWay.set(account, { process: name, until: claimedOn + LEASE_MS });
    try {
      await others();
    } finally {
      underWay.delete(account);
    }
  }

  #isDown(): boolean {
    const { world } = this.#street.oracle;
    return world.clock.now() < world.panelDownUntil;
  }

  async #act(what: string, account: string, change: (there: Held) => void): Promise<Outcome<AccountState>> {
    const { oracle, faults } = this.#street;
    const { world } = oracle;
    if (!this.#program.reaches) return GONE;
    oracle.known.order += 1;
    const answer = (how: string, outcome: Outcome<AccountState>): Outcome<AccountState> => {
      world.say(`panel ${what} ${account}: ${how}`);
      return outcome;
    };
    const effect = (): void => {
      const there = world.accounts.get(account);
      // What is ended while it is not to be found does not come back either.
      if (!there || there.gone === "ended" || (there.gone === "missing" && what !== "terminate")) return;
      change(there);
      oracle.changed(account);
    };
    if (this.#isDown()) return answer("the panel is down", unknown("no answer"));
    if (faults.hit("panel_refuses", account)) return answer("refused", refused("the panel is being maintained", true));
    if (faults.hit("panel_lost_before", account)) return answer("lost before", unknown("no answer"));
    if (faults.hit("crash_before_effect", account)) {
      this.#program.die();
      return answer("process dies before", unknown("dead"));
    }
    if (!this.#program.slow && faults.hit("panel_slow", account)) return this.#slow(what, account, effect, answer);
    effect();
    if (faults.hit("crash_after_effect", account)) {
      this.#program.die();
      return answer("process dies after", unknown("dead"));
    }
    await this.#held(account, () => linger(this.#street, this.#program, account));
    if (faults.hit("panel_lost_after", account)) return answer("done, answer lost", unknown("no answer"));
    return answer("done", done(world.state(account)));
  }

  /** Given up at its deadline; the panel goes on with it, and is ready some time later. */
  #slow(
    what: string,
    account: string,
    effect: () => void,
    answer: (how: string, outcome: Outcome<AccountState>) => Outcome<AccountState>,
  ): Outcome<AccountState> {
    const street = this.#street;
    // Other workers would do what waits meanwhile; this one meets such a panel once in a claim.
    this.#program.slow = true;
    street.pass(CALL_DEADLINE_MS);
    street.later(street.coins.of(`lands ${account}`).between(1, LANDS_WITHIN_S) * 1_000, () => {
      street.oracle.world.say(`panel ${what} ${account}: lands late`);
      effect();
    });
    return answer("too slow, given up", unknown("no answer before the deadline"));
  }
}

class SimMailer implements Mailer {
  readonly #street: Street;
  readonly #program: Program;

  constructor(street: Street, program: Program) {
    this.#street = street;
    this.#program = program;
  }

  async send(mail: OutgoingMail): Promise<Outcome<Acceptance>> {
    const { oracle, faults } = this.#street;
    const program = this.#program;
    if (program.alive) await begin(this.#street, program, mail.to);
    if (!program.reaches) return GONE;
    oracle.sends(mail);
    const { token } = program;
    // A process that dies, or whose recording is lost, under the claim never wrote down what it heard; nor one that another comes before
    // when the lease is over: a panel was slow to that other while this one waited for the database.
    let heard = false;
    const uncertain = (): boolean => {
      if (program.token === token && oracle.world.clock.now() >= program.claimedOn + LEASE_MS) program.unwritten.add(token);
      return !heard || program.zombie || program.unwritten.has(token) || (!program.alive && program.token === token);
    };
    const end = (accepted: boolean, how: string, outcome: Outcome<Acceptance>): Outcome<Acceptance> => {
      oracle.known.order += 1;
      const { world, known } = oracle;
      const { claimedAt, claimedOn } = program;
      world.wire.push({
        order: known.order,
        claimedAt,
        claimedOn,
        at: world.clock.now(),
        messageId: mail.messageId,
        to: mail.to,
        accepted,
        refused: outcome.outcome === "refused" && !outcome.retry,
        uncertain,
      });
      world.say(`mail ${mail.messageId.slice(1, 9)} to ${mail.to} (${mail.subject}): ${how}`);
      heard = outcome.outcome !== "unknown";
      return outcome;
    };
    if (faults.hit("mail_4xx", mail.to)) return end(false, "4xx", refused("451 4.3.0 try again later", true));
    if (faults.hit("mail_5xx", mail.to)) return end(false, "5xx", refused("550 5.1.1 no such user", false));
    if (faults.hit("mail_lost_before", mail.to)) return end(false, "lost before", unknown("connection lost"));
    if (faults.hit("crash_before_effect", mail.to)) {
      program.die();
      return end(false, "process dies before", unknown("dead"));
    }
    if (faults.hit("crash_after_effect", mail.to)) {
      program.die();
      return end(true, "accepted, process dies", unknown("dead"));
    }
    const lost = faults.hit("mail_lost_after", mail.to);
    if (program.later) {
      end(true, "accepted, answer on its way", unknown("not there yet"));
      await linger(this.#street, program, mail.to);
      heard = !lost && program.token === token;
      return heard ? TAKEN : unknown("connection lost");
    }
    return lost ? end(true, "accepted, answer lost", unknown("connection lost")) : end(true, "accepted", TAKEN);
  }

  test(): Promise<Outcome<{ detail: string }>> {
    return Promise.resolve(done({ detail: "simulated" }));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
