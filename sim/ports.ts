// The control panel and the mail server as one process sees them: the world behind, faults between, the oracle watching.
import type { Outside } from "../src/jobs/call.ts";
import type { Account, AccountState, ControlPanel } from "../src/ports/control-panel.ts";
import type { Acceptance, Mailer, OutgoingMail } from "../src/ports/mailer.ts";
import { done, refused, unknown, type Outcome } from "../src/ports/outcome.ts";
import type { Faults } from "./faults.ts";
import type { Oracle } from "./oracle.ts";
import type { Program } from "./program.ts";
import type { Random } from "./random.ts";

export interface Street {
  oracle: Oracle;
  faults: Faults;
  /** What other people and processes do while a call is on its way. */
  meanwhile: (program: Program) => Promise<void>;
  /** Before the effect of a call, or after it. */
  coin: Random;
}

export const PANEL = "painel";

/** What a process that died, or slept past its deadline, makes of a call: nothing leaves it. */
const GONE = unknown("no answer before the deadline");

export function outsideOf(street: Street, program: Program): Outside {
  return {
    mailers: new Map<string, Mailer>([["email", new SimMailer(street, program)]]),
    panels: new Map<string, ControlPanel>([[PANEL, new SimPanel(street, program)]]),
  };
}

/** Other things happen only around the first call of a claim, while nothing is being recorded: so runs repeat exactly. */
async function begin(street: Street, program: Program): Promise<void> {
  if (!program.first) return;
  program.first = false;
  program.later = street.coin.chance(0.5);
  if (!program.later) await street.meanwhile(program);
}

/** The effect is there, the answer is still on its way. */
async function linger(street: Street, program: Program): Promise<void> {
  if (!program.later) return;
  program.later = false;
  await street.meanwhile(program);
}

class SimPanel implements ControlPanel {
  readonly kind = "simulated";
  readonly capabilities = { keepsReason: true, terminate: true, serial: "account" } as const;
  readonly #street: Street;
  readonly #program: Program;
  /** What was known when the present task began. */
  #seen: ReturnType<Oracle["debts"]> = null;

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
    if (!this.#program.alive) return GONE;
    this.#seen = oracle.debts(account);
    const fails = faults.hit("panel_read_fails");
    await begin(this.#street, this.#program);
    if (fails) return unknown("no answer to the reading");
    const there = oracle.world.accounts.get(account);
    if (there) there.readAt = oracle.world.clock.now();
    return done(oracle.world.state(account));
  }

  suspend(account: string): Promise<Outcome<AccountState>> {
    const { oracle } = this.#street;
    if (this.#program.reaches) oracle.suspends(account, this.#seen);
    return this.#act("suspend", account, () => {
      const there = oracle.world.accounts.get(account);
      if (there?.access === "active") Object.assign(there, { access: "suspended", by: "us" });
    });
  }

  unsuspend(account: string): Promise<Outcome<AccountState>> {
    const { oracle } = this.#street;
    if (this.#program.reaches) oracle.releases(account, this.#seen);
    return this.#act("unsuspend", account, () => {
      const there = oracle.world.accounts.get(account);
      if (there) Object.assign(there, { access: "active", by: null });
    });
  }

  terminate(account: string): Promise<Outcome<AccountState>> {
    this.#street.oracle.fault("S11", `terminates ${account}, which nobody approved`);
    return Promise.resolve(refused("not here"));
  }

  async #act(what: string, account: string, effect: () => void): Promise<Outcome<AccountState>> {
    const { oracle, faults } = this.#street;
    const { world } = oracle;
    if (!this.#program.reaches) return GONE;
    oracle.known.order += 1;
    const answer = (how: string, outcome: Outcome<AccountState>): Outcome<AccountState> => {
      world.say(`panel ${what} ${account}: ${how}`);
      return outcome;
    };
    if (faults.hit("panel_refuses")) return answer("refused", refused("the panel is being maintained", true));
    if (faults.hit("panel_lost_before")) return answer("lost before", unknown("no answer"));
    if (faults.hit("crash_before_effect")) {
      this.#program.die();
      return answer("process dies before", unknown("dead"));
    }
    effect();
    if (faults.hit("crash_after_effect")) {
      this.#program.die();
      return answer("process dies after", unknown("dead"));
    }
    await linger(this.#street, this.#program);
    if (faults.hit("panel_lost_after")) return answer("done, answer lost", unknown("no answer"));
    return answer("done", done(world.state(account)));
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
    if (program.alive) await begin(this.#street, program);
    if (!program.reaches) return GONE;
    oracle.sends(mail.messageId, mail.repeat);
    const end = (accepted: boolean, lost: boolean, how: string, outcome: Outcome<Acceptance>): Outcome<Acceptance> => {
      oracle.known.order += 1;
      const { world, known } = oracle;
      const zombie = program.zombie;
      const claim = program.claimedAt;
      const uncertain = (): boolean => lost || zombie || (!program.alive && program.claimedAt === claim);
      const at = world.clock.now();
      world.wire.push({
        order: known.order,
        claimedAt: program.claimedAt,
        at,
        messageId: mail.messageId,
        to: mail.to,
        accepted,
        uncertain,
      });
      world.say(`mail ${mail.messageId.slice(1, 9)} to ${mail.to} (${mail.subject}): ${how}`);
      return outcome;
    };
    if (faults.hit("mail_4xx")) return end(false, false, "4xx", refused("451 4.3.0 try again later", true));
    if (faults.hit("mail_5xx")) return end(false, false, "5xx", refused("550 5.1.1 no such user", false));
    if (faults.hit("mail_lost_before")) return end(false, true, "lost before", unknown("connection lost"));
    if (faults.hit("crash_before_effect")) {
      program.die();
      return end(false, true, "process dies before", unknown("dead"));
    }
    if (faults.hit("crash_after_effect")) {
      program.die();
      return end(true, true, "accepted, process dies", unknown("dead"));
    }
    const lost = faults.hit("mail_lost_after");
    if (program.later) {
      const claim = program.claimedAt;
      end(true, true, "accepted, answer on its way", done({ response: "", server: "" }));
      await linger(this.#street, program);
      return lost || program.claimedAt !== claim
        ? unknown("connection lost")
        : done({ response: "250 2.0.0 Ok: queued", server: "mx.sim.example" });
    }
    if (lost) return end(true, true, "accepted, answer lost", unknown("connection lost"));
    return end(true, false, "accepted", done({ response: "250 2.0.0 Ok: queued", server: "mx.sim.example" }));
  }

  test(): Promise<Outcome<{ detail: string }>> {
    return Promise.resolve(done({ detail: "simulated" }));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
