// Access as stories: holds of other kinds, panels and operators, disputes, reversals, and the end of a service.
import { describe, it } from "vitest";
import { plain, preset, SILENT, tell } from "../../test/support/timeline.ts";

const quietPlain = plain({ announce: SILENT });

const suspended = `3 |                      | notice I1/reminder
       4 |                      | notice I1/warning
       5 |                      | suspend S1 cause=I1`;

describe("holds of other kinds", () => {
  it("abuse takes the service down at once, and no payment lifts it", () => {
    tell(
      { policy: plain() },
      `1 | hold abuse on S1  | suspend S1 cause=abuse
       3 |                   | notice I1/reminder
       3 | receipt covers I1 |
       9 | hold abuse lifted | unsuspend S1; notice S1/reactivated
       60 |                  |`,
    );
  });

  it("abuse beside a debt: payment lifts the debt's hold and not the other", () => {
    tell(
      { policy: quietPlain },
      `${suspended}
       6 | hold abuse on S1          |
       7 | promise P1 for I1 until 9 | notice P1/promise-granted
       8 | receipt covers I1         | notice P1/promise-due; promise P1 kept; lift overdue of S1
       9 | hold abuse lifted         | unsuspend S1`,
    );
  });

  it("a manual hold with an end ends by itself", () => {
    tell(
      { policy: quietPlain },
      `0 | hold manual on S1 until 2 12:00 | suspend S1 cause=manual
       2 |                                 | lift manual of S1 at 12:00; unsuspend S1 at 12:00`,
    );
  });

  it("a legal hold on the account takes every service down", () => {
    tell(
      { policy: quietPlain, services: [{ ref: "S1" }, { ref: "S2" }] },
      `0 | hold legal on the account | suspend S1 cause=legal; suspend S2 cause=legal
       1 | hold legal lifted         | unsuspend S1; unsuspend S2`,
    );
  });
});

describe("a dispute", () => {
  it("stops the ladder, gives the service back, and when it ends the ladder goes on from where it stopped", () => {
    tell(
      { policy: quietPlain },
      `${suspended}
       6 | hold dispute on I1   | unsuspend S1
       20 | hold dispute lifted | suspend S1 cause=I1 at 10:00`,
    );
    tell(
      { policy: quietPlain },
      `3 |                      | notice I1/reminder
       3 | hold dispute on I1   |
       20 | hold dispute lifted | notice I1/warning
       21 |                     | suspend S1 cause=I1 at 10:00`,
    );
  });

  it("of one invoice does not stop another", () => {
    tell(
      { policy: quietPlain },
      `0 | hold dispute on I1; invoice I2 due 1 |
       4 |                                      | notice I2/reminder
       5 |                                      | notice I2/warning
       6 |                                      | suspend S1 cause=I2`,
    );
  });

  it("with an end ends by itself", () => {
    tell(
      { policy: quietPlain },
      `0 | hold dispute on I1 until 10 12:00 |
       10 |                                  | lift dispute of I1 at 12:00; notice I1/reminder at 12:00
       11 |                                  | notice I1/warning
       12 |                                  | suspend S1 cause=I1`,
    );
  });
});

describe("the panel", () => {
  it("that another party suspended is left alone, whatever is paid", () => {
    tell(
      { policy: quietPlain },
      `1 | operator suspends S1 | person: suspended_by_other S1
       3 | receipt covers I1    | notice I1/reminder
       9 |                      |`,
    );
  });

  it("suspended by another party is never given back by us, though our own hold was placed and lifted meanwhile", () => {
    tell(
      { policy: quietPlain },
      `1 | operator suspends S1 | person: suspended_by_other S1
       3 |                      | notice I1/reminder
       4 |                      | notice I1/warning
       5 |                      | suspend S1 cause=I1
       6 | receipt covers I1    | unsuspend S1; person: suspended_by_other S1
       9 |                      |`,
    );
  });

  it("on which an operator switched a suspended service on is set right, and a released one stays up", () => {
    tell(
      { policy: quietPlain },
      `${suspended}
       6 | operator activates S1     | suspend S1 cause=I1
       7 | promise P1 for I1 until 9 | unsuspend S1; notice P1/promise-granted
       8 |                           | notice P1/promise-due
       9 | receipt covers I1         | promise P1 kept; lift overdue of S1`,
    );
  });

  it("whose account is gone is put before a person", () => {
    tell(
      { policy: quietPlain },
      `3 | operator deletes S1  | notice I1/reminder
       4 |                      | notice I1/warning
       5 |                      | suspend S1 cause=I1; person: account_absent S1
       60 |                     |`,
    );
  });

  it("is told of by the next channel when the first cannot deliver", () => {
    tell(
      { policy: plain(), channels: ["email", "sms"] },
      `3 |                               | notice I1/reminder
       4 |                               | notice I1/warning
       4 | email bounces                 |
       5 |                               | suspend S1 cause=I1; notice S1/suspended; notice S1/suspended by sms
       6 | sms bounces; receipt covers I1 | unsuspend S1; notice S1/reactivated; notice S1/reactivated by sms
       9 |                               |`,
    );
  });

  it("that does not answer is asked once, and told of the payment too", () => {
    tell(
      { policy: plain() },
      `3 |                   | notice I1/reminder
       4 | panel down        | notice I1/warning
       5 |                   | suspend S1 cause=I1
       6 | panel up          | notice S1/suspended at 10:00
       7 | panel down        |
       8 | receipt covers I1 | unsuspend S1
       9 | panel up          | notice S1/reactivated at 10:00`,
    );
  });

  it("is not asked to suspend in closed time, though the hold was placed before", () => {
    // Day 7 is Monday; the operator switches the service on during the next weekend.
    tell(
      { policy: preset("hospedagem-br", { announce: SILENT, ladder: plain().ladder.map((step) => ({ ...step, at: "09:00" })) }) },
      `3  |  | notice I1/reminder
       4  |  | notice I1/warning
       7  |  | suspend S1 cause=I1 at 09:00
       12 | operator activates S1 | unsuspend S1
       14 |  | suspend S1 cause=I1 at 09:00`,
    );
  });
});

describe("a reversal", () => {
  it("reopens the invoice where its ladder stood: no second warning, and suspended a fresh gap later, not at once", () => {
    tell(
      { policy: quietPlain },
      `${suspended}
       6 | receipt covers I1 | unsuspend S1
       8 | reversal of I1    |
       9 |                   | suspend S1 cause=I1 at 10:00`,
    );
    tell(
      { policy: quietPlain },
      `3 |                   | notice I1/reminder
       3 | receipt covers I1 |
       9 | reversal of I1    | notice I1/warning
       10 |                  | suspend S1 cause=I1 at 10:00`,
    );
  });

  it("leaves the customer the gap to pay again, and then nothing happens", () => {
    tell(
      { policy: quietPlain },
      `${suspended}
       6        | receipt covers I1 | unsuspend S1
       40       | reversal of I1    |
       40 22:00 | receipt covers I1 |
       60       |                   |`,
    );
  });

  it("waits for the calendar as any suspension does", () => {
    tell(
      { policy: preset("hospedagem-br", { announce: SILENT }), due: "2026-11-04" },
      `-10 |                   | notice I1/issued
       -3  |                   | notice I1/before-due
       0   |                   | notice I1/due
       3   |                   | notice I1/reminder
       4   |                   | notice I1/warning
       5   | receipt covers I1 | suspend S1 cause=I1 at 09:00; unsuspend S1 at 10:00
       9   | reversal of I1    |
       12  |                   | suspend S1 cause=I1 at 09:00`,
    );
  });
});

describe("the end of a service", () => {
  const policy = preset("hospedagem-br", { announce: SILENT });
  const before = `-10 |  | notice I1/issued
       -3 |  | notice I1/before-due
       0  |  | notice I1/due
       3  |  | notice I1/reminder
       4  |  | notice I1/warning
       5  |  | suspend S1 cause=I1
       30 |  | notice I1/termination-warning`;

  it("is announced, proposed, and then waits for two persons", () => {
    tell({ policy, due: "2026-11-04" }, `${before}\n45 | | propose termination S1 cause=I1 at 09:00\n200 | |`);
  });

  it("is taken back by a payment in full", () => {
    tell(
      { policy, due: "2026-11-04" },
      `${before}
       45 |                   | propose termination S1 cause=I1
       46 | receipt covers I1 | unsuspend S1; withdraw termination S1
       90 |                   |`,
    );
  });

  it("is taken back by a payment in part or a promise, and proposed again only after the policy's distance", () => {
    tell(
      { policy, due: "2026-11-04" },
      `${before}
       45 |                     | propose termination S1 cause=I1
       46 | receipt 10.00 for I1 | withdraw termination S1
       61 |                     | propose termination S1 cause=I1 at 10:00`,
    );
    tell(
      { policy, due: "2026-11-04" },
      `${before}
       44 | promise P1 for I1 until 47 | unsuspend S1; notice P1/promise-granted
       46 |                            | notice P1/promise-due
       47 |                            | promise P1 broken; suspend S1 cause=I1
       59 |                            | propose termination S1 cause=I1 at 10:00`,
    );
  });

  it("is proposed once for a service with two invoices, and the second invoice climbs its own rungs meanwhile", () => {
    tell(
      { policy: plain({ announce: SILENT, ladder: policy.ladder.slice(3).map((step) => ({ ...step, at: "00:00" })) }) },
      `0  | invoice I2 due 41 |
       3  |  | notice I1/reminder
       4  |  | notice I1/warning
       5  |  | suspend S1 cause=I1
       30 |  | notice I1/termination-warning
       44 |  | notice I2/reminder
       45 |  | notice I2/warning; propose termination S1 cause=I1
       46 |  | hold S1 cause=I2
       71 |  | notice I2/termination-warning
       100 | | `,
    );
  });

  it("is proposed for the services that have no proposal yet, where the scope is the account", () => {
    const ladder = policy.ladder.slice(3).map((step) => ({ ...step, at: "00:00" }));
    tell(
      { policy: plain({ announce: SILENT, scope: "account", ladder }), services: [{ ref: "S1" }, { ref: "S2", linked: false }] },
      `0  | invoice I2 due 41 |
       3  |              | notice I1/reminder
       4  |              | notice I1/warning
       5  |              | suspend S1 cause=I1
       30 |              | notice I1/termination-warning
       44 |              | notice I2/reminder
       45 |              | notice I2/warning; propose termination S1 cause=I1
       46 | S2 is linked | hold S1 cause=I2 at 00:00; suspend S2 cause=I2 at 10:00
       71 |              | notice I2/termination-warning
       86 |              | propose termination S2 cause=I2
       100 |             |`,
    );
  });

  it("comes after the suspension that money given back calls for again, however far the ladder had come", () => {
    tell(
      { policy, due: "2026-11-04" },
      `${before}
       31 | receipt covers I1 | unsuspend S1
       40 | reversal of I1    |
       41 |                   | suspend S1 cause=I1 at 10:00
       56 |                   | propose termination S1 cause=I1 at 10:00`,
    );
  });

  it("is not needed for that suspension: also where nobody could be told of the end, the service goes down again", () => {
    tell(
      { policy, due: "2026-11-04" },
      `-10 |                   | notice I1/issued
       -3  |                   | notice I1/before-due
       0   |                   | notice I1/due
       3   |                   | notice I1/reminder
       4   |                   | notice I1/warning
       5   | email bounces     | suspend S1 cause=I1
       30  |                   | notice I1/termination-warning; person: warning_undeliverable I1/termination-warning
       31  | receipt covers I1 | unsuspend S1
       40  | reversal of I1    |
       41  |                   | suspend S1 cause=I1 at 10:00; person: warning_undeliverable I1/termination-warning at 10:00
       200 |                   |`,
    );
  });

  it("is never reached when nobody could be told of it", () => {
    tell(
      { policy, due: "2026-11-04" },
      `-10 |               | notice I1/issued
       -3  |               | notice I1/before-due
       0   |               | notice I1/due
       3   |               | notice I1/reminder
       4   |               | notice I1/warning
       5   | email bounces | suspend S1 cause=I1
       30  |               | notice I1/termination-warning; person: warning_undeliverable I1/termination-warning
       200 |               |`,
    );
  });
});
