// Judges the program at the act: what it knew when it called the outside. Written from the promise; no rule of the program is used here.
import { formatInstant, type Instant } from "../src/kernel/time.ts";
import type { AccountState } from "../src/ports/control-panel.ts";
import type { OutgoingMail } from "../src/ports/mailer.ts";
import type { Debts, Known } from "./known.ts";
import { Hours } from "./oracle-calendar.ts";
import { END_TERMS, type LadderName } from "./oracle-ladder.ts";
import { Waiting } from "./oracle-release.ts";
import { strangerIn } from "./oracle-strangers.ts";
import type { World } from "./world.ts";

export interface Violation {
  /** Of the invariants in docs/PROMISE.md and the table behind it. */
  invariant: string;
  text: string;
}

/** What was known of an account's service at an instant. */
export interface Seen extends Debts {
  service: string;
  at: Instant;
}

/** A day may hold so many of one alarm; more say nothing new and hide the others. */
const ALIKE_MAX = 20;

export class Oracle {
  readonly violations: Violation[] = [];
  readonly known: Known;
  readonly world: World;
  readonly waiting: Waiting;
  readonly hours: Hours;
  readonly ladder: LadderName;
  /** Days by which an edited policy brought the rungs after the due date forward. */
  earlier = 0;

  constructor(known: Known, world: World, ladder: LadderName = "preset") {
    this.known = known;
    this.world = world;
    this.ladder = ladder;
    this.hours = new Hours(known.zone);
    this.waiting = new Waiting(this, (text) => this.fault("S2", text));
  }

  fault(invariant: string, text: string): void {
    if (this.violations.filter((v) => v.invariant === invariant).length >= ALIKE_MAX) return;
    this.violations.push({ invariant, text: `${formatInstant(this.world.clock.now())} ${text}` });
    this.world.say(`*** ${invariant}: ${text}`);
  }

  /** The service tied to an account and what is known of its debts; null when no service is. */
  seen(account: string): Seen | null {
    for (const [service, name] of this.known.accounts)
      if (name === account) return { service, at: this.world.clock.now(), ...this.known.debts(service, this.world.clock.now()) };
    return null;
  }

  /** Something was told about a customer. */
  told(customer: string): void {
    this.waiting.look([...this.known.owners].filter(([, owner]) => owner === customer).map(([service]) => service));
  }

  /** Something changed on the panel. */
  changed(account: string): void {
    const seen = this.seen(account);
    if (!seen) return;
    if (this.world.accounts.get(account)?.access === "active") this.waiting.triesNoMore(seen.service);
    this.waiting.look([seen.service]);
  }

  /** The panel is asked what an account is: S3 and S12, and S2's clock. */
  reads(account: string): void {
    const seen = this.seen(account);
    const other = this.world.underWay.get(account);
    // A process that stalled past its lease is no longer in the way.
    if (other && this.world.clock.now() < other.until)
      this.fault("S3", `calls for ${account} while a call of ${other.process} is under way`);
    if (seen) this.waiting.asked(seen.service);
    else this.fault("S12", `reaches for ${account}, which is tied to no service`);
  }

  /** S1, S9, S12, S14 and the closed times, as a suspension starts. `read`: what this task had the panel answer before; null: nothing. */
  suspends(account: string, read: AccountState | null): void {
    const seen = this.seen(account);
    if (!seen) return this.fault("S12", `suspends ${account}, which is tied to no service`);
    this.waiting.triesNoMore(seen.service);
    if (read?.access !== "active")
      this.fault("S14", `suspends ${seen.service}, which the panel called ${read?.access ?? "nothing it heard"}`);
    // Abuse, or an order: it takes the service down whatever is owed, at any hour.
    if (this.known.takenDown(seen.service, seen.at)) return;
    if (seen.overdue.length === 0) this.fault("S1", `suspends ${seen.service}, of which nothing overdue was known`);
    else if (seen.free.length === 0) this.fault("S9", `suspends ${seen.service}, whose debts are all promised, held or under review`);
    const closed = this.hours.closed(seen.at);
    if (closed) this.fault("S6", `suspends ${seen.service} ${closed}`);
    this.world.suspensions.push({ at: seen.at, service: seen.service, because: seen.free.map((i) => i.ref) });
  }

  /** S12, as a suspension is lifted. */
  releases(account: string): void {
    const seen = this.seen(account);
    const state = this.world.accounts.get(account);
    if (!seen || !state) return this.fault("S12", `releases ${account}, which is tied to no service`);
    // What was seen a moment ago is all that anybody can go by. Where the panel keeps no reason our own records are, and they cannot tell once
    // we asked for a suspension, or a process went with calls of which nobody knows whether they were made.
    const { keepsReason, deaths, suspensions } = this.world;
    const tellable = keepsReason || (deaths === 0 && !suspensions.some((s) => s.service === seen.service));
    if (tellable && state.access === "suspended" && state.by === "other" && state.touchedAt < state.readAt)
      this.fault("S12", `releases ${account}, which another party suspended`);
    if (this.known.takenDown(seen.service, seen.at))
      this.fault("S12", `releases ${seen.service}, which is held down for another cause than money`);
    this.waiting.tries(seen.service);
    this.world.releases.push({ at: seen.at, service: seen.service });
  }

  /** S11, as a service is ended: two persons, a debt that nothing protects, and the distance from every sign of life. */
  terminates(account: string): void {
    const seen = this.seen(account);
    if (!seen) return this.fault("S12", `ends ${account}, which is tied to no service`);
    const proposals = [...(this.known.signatures.get(seen.service)?.values() ?? [])];
    if (!proposals.some((persons) => persons.size >= 2)) this.fault("S11", `ends ${seen.service} without two persons`);
    if (seen.free.length === 0) this.fault("S11", `ends ${seen.service}, which owes nothing unprotected`);
    const life = this.known.life.get(this.known.owners.get(seen.service) ?? "");
    if (life !== undefined && seen.at - life < END_TERMS[this.ladder].distanceMs)
      this.fault("S11", `ends ${seen.service} although its customer showed life at ${formatInstant(life)}`);
    this.world.terminations.push({ at: seen.at, service: seen.service, because: seen.free.map((i) => i.ref) });
  }

  /** S4 and S13, as a message reaches the server. */
  sends({ messageId, repeat, to, subject, text }: OutgoingMail): void {
    const before = this.world.wire.filter((w) => w.messageId === messageId);
    const accepted = before.filter((w) => w.accepted);
    if (accepted.some((w) => !w.uncertain())) this.fault("S4", `sends ${messageId} again after its acceptance was heard`);
    if (accepted.length > 0 && !repeat) this.fault("S4", `sends ${messageId} again without the mark of a repeat`);
    const stranger = strangerIn(`${subject}\n${text}`, to);
    if (stranger !== null) this.fault("S13", `writes to ${to} of ${stranger}`);
  }
}
