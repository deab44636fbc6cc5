// What goes wrong by itself, day by day: clocks, panels, accounts, policies, people where they have no business.
import { enforcePolicy, importPolicy } from "../src/engine/install-provider.ts";
import { reportReceipts } from "../src/engine/report-receipts.ts";
import { Minutely } from "../src/jobs/upkeep.ts";
import { DAY_MS, formatDay, HOUR_MS, MINUTE_MS, type Instant } from "../src/kernel/time.ts";
import type { History } from "./history.ts";
import { hold } from "./people-deeds.ts";
import { relink, takeBack } from "./people-news.ts";
import { takeDown } from "./people-staff.ts";
import { trespass } from "./people-strangers.ts";
import { laterBy } from "./policies.ts";
import { drawn, stream, type Random } from "./random.ts";
import { mayRefuse } from "./refusal.ts";

interface Stage {
  history: History;
  random: Random;
  today: string;
  /** The faults have stopped by then, and what a mishap began is over. */
  calm: Instant;
  /** The text of the policy in force. */
  policy: string;
}

/** Plans a moment of each day at which each kind may happen. */
export function mishaps(history: History, policy: string, calm: Instant): void {
  const random = stream(history.seed, "mishaps");
  for (let at = history.now + DAY_MS; at < calm; at += DAY_MS)
    history.at(at + random.between(0, 24 * 60 - 1) * MINUTE_MS, () => {
      const today = formatDay(history.zone.dayOf(history.now));
      return mishap({ history, random: stream(history.seed, `mishap ${today}`), today, calm, policy });
    });
}

async function mishap(stage: Stage): Promise<void> {
  const { history, random, today, calm } = stage;
  const { faults, known, world, now, seed } = history;
  if (now >= calm) return;
  const account = (concern: string): string => drawn(seed, `${concern} ${today}`, [...known.accounts.values()], (name) => name) ?? "";
  if (faults.hit("operator_toggles", today)) toggle(stage, account("toggle"));
  if (faults.hit("account_missing", today)) lose(stage, account("missing"));
  if (faults.hit("service_relinked", today)) await relink(history, today);
  if (faults.hit("panel_down", today)) {
    world.panelDownUntil = Math.min(calm, now + random.between(10, 8 * 60) * MINUTE_MS);
    world.say("the panel is down");
  }
  if (faults.hit("gateway_down", today)) {
    history.till.downUntil = Math.min(calm, now + stream(seed, `gateway down ${today}`).between(10, 8 * 60) * MINUTE_MS);
    world.say("the gateway is down");
  }
  if (faults.hit("statement_strange", today)) history.account.strange(today);
  if (faults.hit("clock_jumps", today)) {
    const to = Math.min(calm, now + random.between(1, 360) * MINUTE_MS);
    history.absent(to);
    history.machine.clock.set(to);
    world.say("the clock jumps ahead");
  }
  if (faults.hit("clock_set_back", today)) await setBack(stage);
  if (faults.hit("scheduler_asleep", today)) {
    history.absent(Math.min(calm, now + random.pick([random.between(2, 7 * 24), 7 * 24]) * HOUR_MS));
    world.say("the scheduler sleeps");
  }
  if (faults.hit("policy_edited", today)) await editPolicy(stage);
  if (faults.hit("invoice_voided", today)) await voidOne(stage);
  if (faults.hit("receipt_unknown", today)) await fromNowhere(stage);
  if (faults.hit("trespass", today)) await trespass(history, today);
  if (faults.hit("abuse", today)) await takeDown(history, today, calm);
  const open = [...known.invoices.values()].filter((i) => i.settledAt === null);
  const owing = drawn(seed, `hold ${today}`, open, ({ ref }) => ref);
  if (faults.hit("hold_placed", today) && owing) {
    const until = Math.min(calm, history.now + random.between(1, 10) * DAY_MS);
    await hold(history, random, { customer: owing.customer, kind: "manual", until });
  }
}

/** A person at the panel. Where it keeps no reason, nobody can tell whose a suspension is once there was one of ours. */
function toggle({ history }: Stage, name: string): void {
  const { world, oracle } = history;
  const service = oracle.seen(name)?.service;
  if (world.keepsReason || !world.suspensions.some((s) => s.service === service)) world.toggle(name);
}

/** An account is not to be found for a while: moved, renamed, the panel half restored. It comes back as it was. */
function lose({ history, random, calm }: Stage, name: string): void {
  const { world, now } = history;
  const account = world.accounts.get(name);
  if (!account || account.gone !== null) return;
  account.gone = "missing";
  world.say(`account ${name} is missing`);
  history.at(Math.min(calm, now + random.between(1, 10 * 24) * HOUR_MS), () => {
    if (account.gone !== "missing") return Promise.resolve();
    account.gone = null;
    world.say(`account ${name} is back, ${account.access}`);
    return Promise.resolve();
  });
}

/** As a time server corrects it, by less than five seconds; one in four by hours, and then the program has to say so. */
async function setBack({ history, random }: Stage): Promise<void> {
  const { now, world, watch } = history;
  const far = random.chance(0.25);
  const back = far ? random.between(61, 180) * MINUTE_MS : random.between(1, 5_000);
  const { engine } = history.start("upkeep");
  const minutely = new Minutely({ engine, mode: "live", sandboxClock: null, log: { info: () => undefined, error: () => undefined } });
  await minutely.begin();
  watch.latest = Math.max(watch.latest, now);
  history.setBack(back);
  world.say(`the clock is set back by ${back} ms`);
  await minutely.begin();
  const { clockJumpedAt } = await engine.settings.load(engine.db, now);
  if (far !== (clockJumpedAt === now - back))
    history.oracle.fault("fault", `a clock set back by ${back} ms was ${far ? "not " : ""}noticed`);
}

/** The same ladder with its steps a day earlier or some days later: invoices stand in the middle of it. */
async function editPolicy({ history, random, policy }: Stage): Promise<void> {
  const later = random.between(-1, 3);
  const { now, oracle } = history;
  oracle.earlier = Math.max(oracle.earlier, -later);
  await history.ask(async ({ engine }) => {
    const version = await importPolicy(engine.db, { source: laterBy(policy, later), by: "staff", at: now });
    await enforcePolicy(engine.db, { version, by: "staff", from: now, at: engine.motorClock.now() });
  });
  history.world.say(`the policy is edited: ${later} days later`);
}

async function voidOne({ history, today }: Stage): Promise<void> {
  const untouched = [...history.known.invoices.values()].filter((i) => i.settledAt === null && i.open === i.amount);
  const invoice = drawn(history.seed, `void ${today}`, untouched, ({ ref }) => ref);
  if (invoice) await takeBack(history, invoice);
}

/** Somebody tells of a payment for an invoice that does not exist: nothing may come of it. */
async function fromNowhere({ history, random }: Stage): Promise<void> {
  const receipt = {
    source: "bank",
    externalId: `nowhere-${history.now}`,
    invoice: `X${random.between(1, 99)}`,
    amount: 5000,
    currency: "BRL",
  };
  const done = await mayRefuse(() => history.ask(({ engine }) => reportReceipts(engine, [receipt], "hook").then(() => true)));
  if (done) history.oracle.fault("S8", `a receipt for ${receipt.invoice}, which nobody issued, was booked`);
}
