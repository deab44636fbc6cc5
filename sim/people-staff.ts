// Staff: looks at proposals to end services and signs them, now and then twice with one hand; takes services down for abuse.
import { approveTermination } from "../src/engine/approve-termination.ts";
import { placeHold } from "../src/engine/place-hold.ts";
import { releaseHold } from "../src/engine/release-hold.ts";
import { ReguaError } from "../src/kernel/errors.ts";
import { DAY_MS, HOUR_MS, type Instant } from "../src/kernel/time.ts";
import { openProposals, type ProposalRow } from "../src/store/terminations.ts";
import type { History } from "./history.ts";
import { drawn, stream } from "./random.ts";
import { mayRefuse } from "./refusal.ts";

const STAFF = ["ana", "bruno", "caio"] as const;

/** Each proposal that waits is signed within days, by one person and later by another; some are left lying. */
export async function signProposals(history: History, today: string): Promise<void> {
  for (const proposal of await openProposals(history.machine.db, 50)) {
    const random = stream(history.seed, `sign ${proposal.serviceRef} ${today}`);
    if (proposal.state !== "proposed" || !random.chance(0.6)) continue;
    history.at(history.now + random.between(8, 30) * HOUR_MS, () => sign(history, proposal, random.pick(STAFF)));
  }
}

async function sign(history: History, { id, customerId, serviceRef }: ProposalRow, by: string): Promise<void> {
  const { known, oracle, world } = history;
  const before = known.signatures.get(serviceRef)?.get(id);
  try {
    await history.ask(({ engine }) => approveTermination(engine, { customerId, terminationId: id, by }));
  } catch (error) {
    if (!(error instanceof ReguaError)) throw error;
    if (error.code === "second_person_needed") history.faults.note("signed_twice_by_one");
    return;
  }
  if (before?.has(by)) oracle.fault("S11", `${by} signed the end of ${serviceRef} twice`);
  known.sign(serviceRef, id, by);
  world.say(`${by} signs the end of ${serviceRef}`);
}

/** A service, or a whole account, goes down for abuse; it ends by itself or by staff's hand, never by money. */
export async function takeDown(history: History, today: string, calmAt: Instant): Promise<void> {
  const { known, now, seed } = history;
  const random = stream(seed, `abuse ${today}`);
  const service = drawn(seed, `abuser ${today}`, [...known.owners.keys()], (ref) => ref);
  if (service === undefined) return;
  const customer = known.owners.get(service) ?? "";
  const whole = random.chance(0.2);
  const until = Math.min(now + random.between(1, 10) * DAY_MS, calmAt);
  const byHand = random.chance(0.5);
  if (until <= now) return;
  const about = whole ? {} : { service };
  const ask = { customer, ...about, kind: "abuse", reason: "envio de spam", by: "staff", ...(byHand ? {} : { until }) } as const;
  const made = await mayRefuse(() => history.ask(({ engine }) => placeHold(engine, ask)));
  if (made === null) return;
  const down = { customer, service: whole ? null : service, until: byHand ? null : until, ended: false };
  known.downs.push(down);
  history.world.say(`${whole ? customer : service} is taken down for abuse`);
  if (!byHand) return;
  history.at(until, async () => {
    await history.ask(({ engine }) => releaseHold(engine, { customer, holdId: made.holdId, by: "staff", reason: "resolvido" }));
    down.ended = true;
    history.world.say(`the abuse of ${customer} is over`);
  });
}
