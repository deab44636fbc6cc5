// Every seed that ever failed, named by what went wrong, and lived again in the smallest world that still meets it.
//
// What a seed draws moves with the simulator, so a line here may come to meet something else: the deterministic test named with it, and the
// planted defect of docs/simulator.md, keep the thing itself.
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { KINDS, type FaultKind } from "./faults.ts";
import { run } from "./run.ts";
import { startDatabases, type Databases } from "./support/database.ts";

interface Failed {
  seed: number;
  what: string;
  only: readonly FaultKind[];
  /** The customers needed, by number; left out: all. */
  people?: readonly number[];
}

/** A payment is told between a claim and its call. */
const PAYMENTS: readonly FaultKind[] = ["payment_during_call", "payment_between", "panel_slow", "panel_refuses"];
/** A message whose answer was lost is written anew, or taken over, and said again. */
const REPEATS: readonly FaultKind[] = [
  "mail_4xx",
  "mail_lost_after",
  "stall_past_lease",
  "second_worker",
  "payment_during_call",
  "news_during_call",
];

const FAILED: readonly Failed[] = [
  { seed: 3, what: "S1: a suspension claimed with others was called after its debt had been paid", only: PAYMENTS },
  { seed: 8, what: "S1: the same, while another customer's call was slow", only: PAYMENTS },
  { seed: 9, what: "S1: the same, at the end of a claim", only: PAYMENTS },
  { seed: 4, what: "S4: a message written anew under its key went out without the mark of a repeat", only: REPEATS },
  { seed: 301, what: "S4: the same, after its first worker had slept past its lease", only: REPEATS },
  {
    seed: 30_023,
    what: "S8: who paid one code twice by Pix had paid once, as the second was taken for the receipt of the first",
    only: ["statement_bare", "statement_during_reading"],
    people: [13],
  },
  {
    seed: 30_052,
    what: "S8: the same, where the first was paid by card",
    only: ["connection_lost", "statement_during_reading"],
    people: [12],
  },
  {
    seed: 10_039,
    what: "L1: money given back after the end was announced opened the invoice, and the service stayed up",
    only: ["mail_5xx", "mail_lost_after", "receipt_refunded"],
    people: [5],
  },
  {
    seed: 10_023,
    what: "S2: a call given up was forgotten once another was answered, and took down for good who had paid",
    only: [
      "panel_lost_after",
      "panel_read_fails",
      "panel_slow",
      "mail_4xx",
      "mail_5xx",
      "mail_lost_after",
      "crash_before_effect",
      "commit_lost",
      "stall_past_lease",
      "worker_between",
      "payment_during_call",
      "payment_between",
      "news_during_call",
      "news_between",
      "hold_placed",
    ],
    people: [1, 13, 18],
  },
  {
    seed: 10_080,
    what: "S2: the same, after a claim that had given access for some days",
    only: [
      "panel_lost_before",
      "panel_lost_after",
      "panel_read_fails",
      "panel_slow",
      "panel_down",
      "operator_toggles",
      "mail_lost_after",
      "crash_before_effect",
      "crash_anywhere",
      "second_worker",
      "payment_during_call",
      "news_between",
      "receipt_lost",
      "receipt_refunded",
      "clock_jumps",
      "policy_edited",
      "invoice_voided",
    ],
    people: [3, 4, 5, 6, 10, 11, 12, 15, 16, 17],
  },
  {
    seed: 10_137,
    what: "S2: who paid before a call that was given up landed was found down a quarter of an hour later",
    only: ["panel_refuses", "panel_slow", "payment_during_call", "mail_lost_before", "clock_set_back"],
    people: [4, 9, 10, 11],
  },
  {
    seed: 10_199,
    what: "S2: the same, where the payment's own commit was cut off",
    only: [
      "panel_lost_before",
      "panel_slow",
      "operator_toggles",
      "account_missing",
      "service_relinked",
      "mail_4xx",
      "crash_before_effect",
      "crash_after_effect",
      "connection_lost",
      "stall_past_lease",
      "worker_between",
      "payment_during_call",
      "receipt_late",
      "receipt_lost",
      "receipt_altered",
      "receipt_refunded",
      "receipt_unknown",
    ],
  },
  {
    seed: 10_211,
    what: "S2: the same, behind a refusal and another lost call",
    only: [
      "payment_during_call",
      "clock_jumps",
      "connection_lost",
      "trespass",
      "receipt_altered",
      "mail_4xx",
      "news_during_call",
      "payment_between",
      "receipt_twice",
      "receipt_refunded",
      "policy_edited",
      "hold_placed",
      "operator_toggles",
      "stall_past_lease",
      "panel_down",
      "crash_before_effect",
      "crash_in_use_case",
      "receipt_lost",
      "panel_refuses",
      "invoice_voided",
      "panel_lost_before",
      "panel_slow",
    ],
  },
  {
    seed: 50_004,
    what: "a process that died as it counted a forged event went round in a circle for ever",
    only: ["event_forged", "crash_in_money"],
  },
  {
    seed: 60_141,
    what: "S5: a service was ended four days after its end was decided to be announced, and hours after it was",
    only: ["scheduler_asleep"],
    people: [1],
  },
  {
    seed: 91_111,
    what: "S6: what an operator had closed and opened again was suspended on a Sunday night",
    only: [
      "panel_refuses",
      "panel_lost_before",
      "panel_read_fails",
      "panel_down",
      "operator_toggles",
      "account_missing",
      "service_relinked",
      "mail_4xx",
      "mail_5xx",
      "mail_lost_before",
      "mail_lost_after",
      "crash_after_effect",
      "stall_past_lease",
      "second_worker",
      "worker_between",
      "payment_during_call",
      "receipt_twice",
      "receipt_misnamed",
      "event_lost",
      "event_twice",
      "event_forged",
      "statement_twice",
      "reader_fails",
      "trespass",
      "clock_set_back",
      "scheduler_asleep",
      "invoice_voided",
      "abuse",
    ],
  },
  {
    seed: 110_382,
    what: "S8: a line of money that its gateway took back before it was booked lay there for ever, since nobody at the desk put it aside",
    only: ["statement_bare", "gateway_chargeback"],
    people: [3],
  },
  {
    seed: 140_203,
    what: "S8: who paid a code on two days had the second payment taken for the line of the first, which the gateway told last",
    only: ["event_lost", "statement_during_reading"],
    people: [1],
  },
  {
    seed: 160_969,
    what: "S8: a code paid twice in a day, on lines without an id, was asked to have each line with its own payment, which nobody could tell",
    only: [
      "panel_down",
      "operator_toggles",
      "account_missing",
      "mail_4xx",
      "mail_lost_after",
      "crash_before_effect",
      "crash_after_effect",
      "crash_anywhere",
      "crash_in_use_case",
      "commit_lost",
      "second_worker",
      "payment_during_call",
      "payment_between",
      "receipt_twice",
      "receipt_lost",
      "receipt_refunded",
      "event_late",
      "event_forged",
      "gateway_down",
      "gateway_read_fails",
      "gateway_refund",
      "statement_late",
      "statement_twice",
      "statement_strange",
      "statement_during_reading",
      "clock_jumps",
      "clock_set_back",
      "scheduler_asleep",
    ],
    people: [18, 3, 6],
  },
  {
    seed: 120_174,
    what: "S8: a payment told while a statement came in was taken for the line of another payment of the same code",
    only: [
      "panel_lost_before",
      "panel_down",
      "service_relinked",
      "mail_5xx",
      "crash_before_effect",
      "crash_anywhere",
      "commit_lost",
      "stall_past_lease",
      "second_worker",
      "payment_during_call",
      "payment_between",
      "receipt_twice",
      "receipt_misnamed",
      "event_lost",
      "event_late",
      "event_forged",
      "gateway_refund",
      "gateway_chargeback",
      "crash_in_money",
      "statement_late",
      "statement_twice",
      "statement_strange",
      "statement_during_reading",
      "trespass",
      "clock_jumps",
      "policy_edited",
    ],
  },
  {
    seed: 120_259,
    what: "S2: a service ended while its account was away came back with a restored panel, and was waited for as one of ours",
    only: ["account_missing"],
    people: [7],
  },
  {
    seed: 181_328,
    what: "S8: a line of the statement with a Pix code alone was put to a card's payment of the same invoice",
    only: [
      "operator_toggles",
      "mail_lost_before",
      "crash_in_use_case",
      "commit_lost",
      "worker_between",
      "payment_during_call",
      "payment_between",
      "event_late",
      "gateway_down",
      "gateway_read_fails",
      "statement_twice",
      "statement_strange",
      "scheduler_asleep",
      "hold_placed",
    ],
    people: [1, 12, 20],
  },
  {
    seed: 190_807,
    what: "S8: a Pix of the afternoon, its own line without a name, was put to the line of the same code paid again the next day",
    only: [
      "panel_refuses",
      "panel_lost_before",
      "panel_lost_after",
      "panel_slow",
      "panel_down",
      "operator_toggles",
      "account_missing",
      "mail_4xx",
      "crash_before_effect",
      "crash_in_use_case",
      "stall_past_lease",
      "second_worker",
      "worker_between",
      "payment_during_call",
      "receipt_refunded",
      "receipt_misnamed",
      "receipt_unknown",
      "event_lost",
      "event_late",
      "event_twice",
      "gateway_read_fails",
      "gateway_refund",
      "crash_in_money",
      "statement_twice",
      "statement_bare",
      "statement_strange",
      "statement_during_reading",
      "clock_jumps",
      "clock_set_back",
      "policy_edited",
      "abuse",
    ],
    people: [10, 7],
  },
  {
    seed: 111_003,
    what: "S11: a receipt told twice was taken by the judge for two signs of life",
    only: ["stall_past_lease", "receipt_twice", "receipt_refunded", "receipt_misnamed"],
    people: [14, 16],
  },
];

const policy = readFileSync(new URL("../src/policy/presets/hospedagem-br.yaml", import.meta.url), "utf8");
const everything = Object.keys(KINDS) as FaultKind[];

describe("seeds that failed", () => {
  let databases: Databases;
  beforeAll(async () => {
    databases = await startDatabases();
  });
  afterAll(() => databases.stop());

  it.each(FAILED)("seed $seed, $what", { timeout: 120_000 }, async ({ seed, only, people = null }) => {
    const base = await databases.make(`seed_${seed}`);
    const without = everything.filter((kind) => !only.includes(kind));
    const { violations, notices } = await run({ url: base.url, seed, days: 90, policy, people, without });
    await base.drop();
    expect(violations).toEqual([]);
    expect(notices).toBeGreaterThan(0);
  });
});
