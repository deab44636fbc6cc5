// The ladder as stories: when each rung is climbed, what moves it, and what it never does.
import { describe, expect, it } from "vitest";
import { aCustomer, anOpenInvoice, plain, preset, SILENT, tell, ZONE } from "../../test/support/timeline.ts";
import { parseDay } from "../kernel/time.ts";
import { compilePolicy } from "./compile.ts";
import { decide } from "./decide.ts";
import { applyDecision } from "./project.ts";

const quietPlain = plain({ announce: SILENT });
/** Only the rungs that harden, at nine, under the Brazilian calendar. */
const nine = (change: Record<string, unknown> = {}) =>
  preset("hospedagem-br", {
    announce: SILENT,
    ladder: [
      { step: "reminder", day: 3, do: "notify" },
      { step: "warning", day: 4, do: "warn", channels: ["email", "sms"] },
      { step: "suspend", day: 5, do: "suspend" },
    ],
    ...change,
  });

describe("the plain ladder", () => {
  it("reminds on day 3, warns on day 4, suspends on day 5 and tells it, then rests", () => {
    tell(
      { policy: plain() },
      `day | fact | expect
       0   |      |
       3   |      | notice I1/reminder at 00:00
       4   |      | notice I1/warning at 00:00
       5   |      | suspend S1 cause=I1 at 00:00; notice S1/suspended at 00:00
       60  |      |`,
    );
  });

  it("stops where the invoice is paid", () => {
    tell(
      { policy: plain() },
      `3  |                   | notice I1/reminder
       4  |                   | notice I1/warning
       4  | receipt covers I1 |
       60 |                   |`,
    );
  });

  it("brings the service back at the moment of the payment, at any hour", () => {
    tell(
      { policy: plain() },
      `3        |                   | notice I1/reminder
       4        |                   | notice I1/warning
       5        |                   | suspend S1 cause=I1; notice S1/suspended
       6 03:17  | receipt covers I1 | unsuspend S1 at 03:17; notice S1/reactivated at 03:17
       60       |                   |`,
    );
  });

  it("tells neither the suspension nor the return where the policy says so", () => {
    tell(
      { policy: quietPlain },
      `3 |                   | notice I1/reminder
       4 |                   | notice I1/warning
       5 |                   | suspend S1 cause=I1
       6 | receipt covers I1 | unsuspend S1
       9 |                   |`,
    );
  });

  it("begins with what informs before the due date, and never informs late", () => {
    tell(
      { policy: preset("hospedagem-br", { announce: SILENT }), due: "2026-11-04" },
      `-10 |                   | notice I1/issued at 09:00
       -3  |                   | notice I1/before-due at 09:00
       0   |                   | notice I1/due at 09:00
       3   |                   | notice I1/reminder at 09:00
       4   |                   | notice I1/warning at 09:00
       5   |                   | suspend S1 cause=I1 at 09:00
       6   | receipt covers I1 | unsuspend S1`,
    );
    tell(
      { policy: preset("hospedagem-br", { announce: SILENT }), due: "2026-11-04", invoice: false },
      `-9 | invoice I1 due 0 | notice I1/issued
       -3 |                  | notice I1/before-due
       -2 | receipt covers I1 |
       1  | invoice I2 due 0 issued -1 | notice I2/due at 10:00
       3  | receipt covers I2 | notice I2/reminder at 09:00`,
    );
  });

  it("waits for the day of issue, though the invoice is known before", () => {
    tell(
      { policy: preset("hospedagem-br", { announce: SILENT }), due: "2026-11-04", invoice: false },
      `-20 | invoice I1 due 0 issued -2 |
       -2  | receipt covers I1          | notice I1/before-due at 08:00`,
    );
  });
});

describe("the calendar", () => {
  it("counts from the next banking day when the due date falls on a weekend", () => {
    tell(
      { policy: nine(), due: "2026-11-28" },
      `0 |  |
       5 |  | notice I1/reminder at 09:00
       6 |  | notice I1/warning at 09:00
       9 |  | suspend S1 cause=I1 at 09:00
       20 | |`,
    );
  });

  it("counts from the next banking day when the due date falls on a holiday", () => {
    tell(
      { policy: nine(), due: "2026-11-20" },
      `6 |  | notice I1/reminder
       7 |  | notice I1/warning
       10 | | suspend S1 cause=I1 at 09:00`,
    );
  });

  it("starts no suspension on Friday afternoon: it waits for Monday, at its own time of day", () => {
    const ladder = [
      { step: "warning", day: 3, at: "14:00", do: "warn" },
      { step: "suspend", day: 4, at: "14:00", do: "suspend" },
    ];
    tell(
      { policy: nine({ ladder }) },
      `3 |  | notice I1/warning at 14:00
       7 |  | suspend S1 cause=I1 at 14:00`,
    );
  });

  it("starts no suspension on a weekend, a holiday or its eve", () => {
    // Saturday 10 October, Sunday, and Our Lady of Aparecida on Monday: the first open day is Tuesday.
    tell(
      { policy: nine(), due: "2026-10-05" },
      `3 |  | notice I1/reminder
       4 |  | notice I1/warning
       8 |  | suspend S1 cause=I1 at 09:00`,
    );
    // Tuesday 21 April is Tiradentes: Monday the 20th, the fifth day, is its eve.
    tell(
      { policy: nine(), due: "2026-04-15" },
      `3 |  | notice I1/reminder
       4 |  | notice I1/warning
       7 |  | suspend S1 cause=I1 at 09:00`,
    );
  });

  it("suspends on a Saturday where the policy closes no time", () => {
    tell(
      { policy: nine({ never_suspend_on: [] }) },
      `3 |  | notice I1/reminder
       4 |  | notice I1/warning
       5 |  | suspend S1 cause=I1 at 09:00`,
    );
  });

  it("sends no message in the quiet hours", () => {
    const ladder = [
      { step: "reminder", day: 3, at: "22:30", do: "notify" },
      { step: "warning", day: 4, at: "05:00", do: "warn", gap_hours: 1 },
      { step: "suspend", day: 6, at: "09:00", do: "suspend" },
    ];
    tell(
      { policy: nine({ ladder, never_suspend_on: [] }) },
      `4 |  | notice I1/reminder at 08:00; notice I1/warning at 09:00
       6 |  | suspend S1 cause=I1 at 09:00`,
    );
  });
});

describe("the warning", () => {
  it("goes by the next channel when it bounces, and the gap counts from the one that was accepted", () => {
    tell(
      { policy: nine({ never_suspend_on: [] }), channels: ["email", "sms"] },
      `3       | email bounces            | notice I1/reminder
       4 08:00 | sms does not answer      | notice I1/warning; notice I1/warning by sms at 09:00
       5 15:30 | what waits is accepted   |
       6       |                          | suspend S1 cause=I1 at 15:30`,
    );
  });

  it("is put before a person when no channel takes it, and nobody is suspended", () => {
    tell(
      { policy: nine(), channels: ["email", "sms"] },
      `3  | email bounces; sms bounces | notice I1/reminder
       4  |  | notice I1/warning; notice I1/warning by sms; person: warning_undeliverable I1/warning
       60 |  |`,
    );
  });

  it("holds the suspension back for as long as nobody accepted it", () => {
    tell(
      { policy: quietPlain },
      `3       | email does not answer  | notice I1/reminder at 00:00
       3 11:00 | what waits is accepted |
       4       |                        | notice I1/warning at 00:00
       9 07:00 | what waits is accepted |
       10      |                        | suspend S1 cause=I1 at 07:00`,
    );
    tell(
      { policy: quietPlain },
      `3       |                       | notice I1/reminder
       3       | email does not answer |
       4       |                       | notice I1/warning
       90      |                       |`,
    );
  });

  it("of the end holds the end back in the same way: its gap counts from the server's answer", () => {
    const ladder = [
      ...plain().ladder,
      { step: "termination-warning", day: 10, at: "00:00", do: "warn_termination", gap_hours: 72 },
      { step: "terminate", day: 14, at: "00:00", do: "terminate", gap_hours: 96 },
    ];
    tell(
      { policy: plain({ announce: SILENT, ladder, termination: { distance_days: 0 } }) },
      `3        |                        | notice I1/reminder
       4        |                        | notice I1/warning
       5        |                        | suspend S1 cause=I1
       9        | email does not answer  |
       10       |                        | notice I1/termination-warning
       13 07:00 | what waits is accepted |
       17       |                        | propose termination S1 cause=I1 at 07:00`,
    );
  });

  it("that bounces after it was accepted no longer counts", () => {
    tell(
      { policy: plain({ announce: SILENT, ladder: nine().ladder.map((step) => ({ ...step, at: "00:00" })) }), channels: ["email", "sms"] },
      `3       |                             | notice I1/reminder
       4       |                             | notice I1/warning
       4 20:00 | I1/warning bounces after all | notice I1/warning by sms at 20:00
       5       |                             | suspend S1 cause=I1 at 20:00`,
    );
  });

  it("is asked of a person when the customer has no address at all", () => {
    tell(
      { policy: quietPlain, channels: [] },
      `3  |  | person: no_channel I1/reminder
       60 |  |`,
    );
  });
});

describe("catching up", () => {
  it("after a week asleep climbs one rung at a time, each after its gap", () => {
    tell(
      { policy: quietPlain },
      `2        | scheduler sleeps until 9 14:00 |
       9        |                                | notice I1/reminder at 14:00
       10       |                                | notice I1/warning at 14:00
       11       |                                | suspend S1 cause=I1 at 14:00`,
    );
  });

  it("with an old debt just imported reminds, warns and suspends on three days, and informs of nothing past", () => {
    tell(
      { policy: preset("hospedagem-br", { announce: SILENT }), due: "2026-07-20", invoice: false },
      `90 16:00 | invoice I1 due 0 | notice I1/reminder at 16:00
       91       |                  | notice I1/warning at 16:00
       92       |                  | suspend S1 cause=I1 at 16:00
       112      |                  | notice I1/termination-warning at 16:00
       127      |                  | propose termination S1 cause=I1 at 16:00`,
    );
  });
});

describe("several invoices", () => {
  it("that fall together are one message, at the gravest step, and each keeps its own place", () => {
    tell(
      { policy: quietPlain },
      `0 | invoice I2 due 1     |
       3 |                      | notice I1/reminder
       4 |                      | notice I1/warning + I2/reminder
       5 |                      | suspend S1 cause=I1; notice I2/warning
       6 |                      | hold S1 cause=I2
       7 | receipt covers I1    | lift overdue of S1
       8 | receipt covers I2    | unsuspend S1`,
    );
  });

  it("of two services suspend each its own", () => {
    tell(
      { policy: quietPlain, services: [{ ref: "S1" }, { ref: "S2" }] },
      `0  | invoice I2 due 10 of S2 |
       3  |                         | notice I1/reminder
       4  |                         | notice I1/warning
       5  |                         | suspend S1 cause=I1
       13 |                         | notice I2/reminder
       14 |                         | notice I2/warning
       14 | receipt covers I1       | unsuspend S1
       15 |                         | suspend S2 cause=I2`,
    );
  });

  it("suspend every linked service where the scope is the account, and the invoice of no service too", () => {
    const services = [{ ref: "S1" }, { ref: "S2" }, { ref: "S3", linked: false }];
    tell(
      { policy: plain({ announce: SILENT, scope: "account" }), services },
      `3 |                   | notice I1/reminder
       4 |                   | notice I1/warning
       5 |                   | suspend S1 cause=I1; suspend S2 cause=I1
       6 | receipt covers I1 | unsuspend S1; unsuspend S2`,
    );
    tell(
      { policy: plain({ announce: SILENT, scope: "account" }), invoice: false },
      `0 | invoice I1 due 0 of the account |
       3 |                   | notice I1/reminder
       4 |                   | notice I1/warning
       5 |                   | suspend S1 cause=I1`,
    );
  });
});

describe("what is not suspended", () => {
  it("an invoice of no service suspends none: a person is asked", () => {
    tell(
      { policy: quietPlain, invoice: false },
      `0  | invoice I1 due 0 of the account |
       3  |  | notice I1/reminder
       4  |  | notice I1/warning
       5  |  | person: no_service I1/suspend
       40 |  |`,
    );
  });

  it("a service that is not linked is put before a person, and suspended once it is linked", () => {
    tell(
      { policy: quietPlain, services: [{ ref: "S1", linked: false }] },
      `3  |              | notice I1/reminder
       4  |              | notice I1/warning
       5  |              | person: service_not_linked I1/suspend
       8  | S1 is linked | suspend S1 cause=I1 at 10:00`,
    );
  });

  it("a small remainder suspends nothing, and gives the service back", () => {
    const policy = plain({ small_remainder: "5.00" });
    tell(
      { policy },
      `3 | receipt 25.00 for I1 | notice I1/reminder
       60 |                     |`,
    );
    tell(
      { policy },
      `3 |                      | notice I1/reminder
       4 |                      | notice I1/warning
       5 |                      | suspend S1 cause=I1; notice S1/suspended
       6 | receipt 25.00 for I1 | unsuspend S1; notice S1/reactivated
       9 | receipt 4.90 for I1  | lift overdue of S1`,
    );
  });

  it("exactly the small remainder suspends nothing either", () => {
    tell(
      { policy: plain({ small_remainder: "5.00" }) },
      `3  | receipt 24.90 for I1 | notice I1/reminder
       60 |                      |`,
    );
  });

  it("more than a small remainder suspends", () => {
    tell(
      { policy: plain({ announce: SILENT, small_remainder: "4.89" }) },
      `3 | receipt 25.00 for I1 | notice I1/reminder
       4 |                      | notice I1/warning
       5 |                      | suspend S1 cause=I1`,
    );
  });
});

describe("a policy edited under an invoice", () => {
  const later = plain({
    announce: SILENT,
    ladder: [
      { step: "reminder", day: 3, at: "00:00", do: "notify" },
      { step: "warning", day: 10, at: "00:00", do: "warn" },
      { step: "suspend", day: 12, at: "00:00", do: "suspend" },
    ],
  });

  it("goes on from the rung it reached", () => {
    tell(
      { policy: quietPlain, policies: { later } },
      `3  |              | notice I1/reminder
       3  | policy later |
       10 |              | notice I1/warning
       12 |              | suspend S1 cause=I1`,
    );
  });

  it("does not undo a suspension, and warns again before a suspension whose warning has another name", () => {
    const renamed = plain({
      announce: SILENT,
      ladder: [
        { step: "reminder", day: 3, at: "00:00", do: "notify" },
        { step: "last-call", day: 4, at: "00:00", do: "warn" },
        { step: "suspend", day: 5, at: "00:00", do: "suspend" },
      ],
    });
    tell(
      { policy: quietPlain, policies: { later } },
      `3  |              | notice I1/reminder
       4  |              | notice I1/warning
       5  |              | suspend S1 cause=I1
       6  | policy later |
       20 |              |`,
    );
    tell(
      { policy: quietPlain, policies: { renamed } },
      `3       |                | notice I1/reminder
       4       |                | notice I1/warning
       4 12:00 | policy renamed | notice I1/last-call at 12:00
       5       |                | suspend S1 cause=I1 at 12:00`,
    );
  });

  it("warns before it suspends, though the invoice stands above the warning it never had", () => {
    const without = plain({ announce: SILENT, ladder: [{ step: "second", day: 4, at: "00:00", do: "notify" }] });
    const withWarning = plain({
      announce: SILENT,
      ladder: [
        { step: "warning", day: 3, at: "00:00", do: "warn" },
        { step: "second", day: 4, at: "00:00", do: "notify" },
        { step: "suspend", day: 5, at: "00:00", do: "suspend" },
      ],
    });
    tell(
      { policy: without, policies: { withWarning } },
      `4       |                    | notice I1/second
       4 12:00 | policy withWarning |
       5       |                    | notice I1/warning at 00:00
       6       |                    | suspend S1 cause=I1 at 00:00`,
    );
    // The same where that warning bounces: a person, and never a second warning under the same key.
    tell(
      { policy: without, policies: { withWarning } },
      `4       |                    | notice I1/second
       4 12:00 | email bounces; policy withWarning |
       5       |                    | notice I1/warning at 00:00; person: warning_undeliverable I1/warning
       30      |                    |`,
    );
  });
});

describe("segments", () => {
  const ladder = (day: number) => [
    { step: "warning", day: day - 1, at: "00:00", do: "warn" },
    { step: "suspend", day, at: "00:00", do: "suspend" },
  ];
  const policy = plain({
    announce: SILENT,
    segments: [
      { segment: "patient", when: { tags: ["vip"] }, ladder: ladder(20) },
      { segment: "resellers", when: { plans: ["reseller"] }, ladder: ladder(10) },
      { segment: "new", when: { tenure_days_below: 30 }, ladder: ladder(2) },
      { segment: "old", when: { tenure_days_from: 2000 }, ladder: ladder(30) },
    ],
  });

  it("give some customers another ladder: by tag, by plan, by tenure; the first that fits", () => {
    tell({ policy }, "3 | | notice I1/reminder");
    tell({ policy, since: -2000 }, "29 | | notice I1/warning");
    tell({ policy, since: -10 }, "1 | | notice I1/warning\n2 | | suspend S1 cause=I1");
    tell({ policy, services: [{ ref: "S1", plan: "reseller" }] }, "9 | | notice I1/warning\n10 | | suspend S1 cause=I1");
    tell({ policy, since: -10 }, "0 | tag vip |\n19 | | notice I1/warning\n20 | | suspend S1 cause=I1");
  });

  it("by tenure are chosen on the due date, and do not change under an invoice because time passes", () => {
    tell(
      {
        policy: plain({ announce: SILENT, segments: [{ segment: "new", when: { tenure_days_below: 30 }, ladder: ladder(6) }] }),
        since: -27,
      },
      `4 |  |
       5 |  | notice I1/warning
       6 |  | suspend S1 cause=I1`,
    );
  });
});

describe("the gap", () => {
  const toTheEnd = [
    { step: "warning", day: 4, do: "warn" },
    { step: "suspend", day: 5, do: "suspend" },
    { step: "termination-warning", day: 9, do: "warn_termination", at: "00:00" },
  ];

  it("is what the next rung waits for where that one's own day comes within it", () => {
    const policy = compilePolicy(plain({ announce: SILENT, gap_hours: 48, ladder: toTheEnd }), ZONE);
    const atNine = (day: number) => ZONE.at(parseDay("2026-11-23") + day, 9 * 60);
    let facts = aCustomer({ invoices: [anOpenInvoice("I1", { dueOn: parseDay("2026-11-23") })] });
    for (const day of [4, 8]) facts = applyDecision(facts, decide(facts, policy, atNine(day)), { delivery: () => "accepted" });
    expect(facts.holds).toMatchObject([{ kind: "overdue", placedAt: atNine(8) }]);
    expect(decide(facts, policy, atNine(8)).waits).toMatchObject([
      { step: "termination-warning", until: atNine(10), because: { rule: "gap" } },
    ]);
  });

  it("is left after the last of several services went down", () => {
    tell(
      { policy: plain({ announce: SILENT, scope: "account", ladder: toTheEnd }), services: [{ ref: "S1" }, { ref: "S2", linked: false }] },
      `4  |              | notice I1/warning
       5  |              | suspend S1 cause=I1
       8  | S2 is linked | suspend S2 cause=I1 at 10:00
       9  |              | notice I1/termination-warning at 10:00`,
    );
  });
});

describe("the runner of these stories", () => {
  it("fails on an effect that is not listed, on one that does not come, and on a fact it does not know", () => {
    expect(() => tell({ policy: quietPlain }, "3 | | ")).toThrow(/I1\/reminder/u);
    expect(() => tell({ policy: quietPlain }, "2 | | notice I1/reminder")).toThrow(/I1\/reminder/u);
    expect(() => tell({ policy: quietPlain }, "3 | | notice I1/reminder at 09:00")).toThrow(/09:00/u);
    expect(() => tell({ policy: quietPlain }, "3 | the moon rises | notice I1/reminder")).toThrow(/no such fact/u);
  });
});
