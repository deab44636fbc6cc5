// Promises and claims as stories: what they hold back, what they give back, and how they end.
import { describe, it } from "vitest";
import { plain, preset, SILENT, tell } from "../../test/support/timeline.ts";

const quietPlain = plain({ announce: SILENT });
const hosting = preset("hospedagem-br");

describe("a promise after the suspension", () => {
  it("releases, reminds the day before, and when broken suspends again at the deadline with no second ladder", () => {
    tell(
      { policy: plain() },
      `3        |                                | notice I1/reminder
       4        |                                | notice I1/warning
       5        |                                | suspend S1 cause=I1; notice S1/suspended
       6        | promise P1 for I1 until 9      | unsuspend S1 at 10:00; notice P1/promise-granted at 10:00
       8        |                                | notice P1/promise-due at 09:00
       9        |                                | promise P1 broken at 18:00; suspend S1 cause=I1 at 18:00; notice P1/promise-broken; notice S1/suspended
       10 02:00 | receipt covers I1              | unsuspend S1 at 02:00; notice S1/reactivated at 02:00
       60       |                                |`,
    );
  });

  it("is kept by the money, and tells nothing twice", () => {
    tell(
      { policy: plain() },
      `3 |                           | notice I1/reminder
       4 |                           | notice I1/warning
       5 |                           | suspend S1 cause=I1; notice S1/suspended
       6 | promise P1 for I1 until 9 | unsuspend S1; notice P1/promise-granted
       7 | receipt covers I1         | promise P1 kept; lift overdue of S1; notice P1/promise-kept
       60 |                          |`,
    );
  });

  it("covers only the invoices it names", () => {
    tell(
      { policy: quietPlain },
      `0 | invoice I2 due 1           |
       3 |                            | notice I1/reminder
       4 |                            | notice I1/warning + I2/reminder
       5 |                            | suspend S1 cause=I1; notice I2/warning
       5 | promise P1 for I1 until 12 | unsuspend S1; notice P1/promise-granted
       6 |                            | suspend S1 cause=I2
       6 | receipt covers I2          | unsuspend S1
       11 |                           | notice P1/promise-due
       12 |                           | promise P1 broken; suspend S1 cause=I1`,
    );
  });

  it("that is cancelled ends at once, and the ladder goes on from where it stood", () => {
    tell(
      { policy: quietPlain },
      `3 |                           | notice I1/reminder
       4 |                           | notice I1/warning
       5 |                           | suspend S1 cause=I1
       6 | promise P1 for I1 until 9 | unsuspend S1; notice P1/promise-granted
       7 | promise P1 cancelled      | suspend S1 cause=I1 at 10:00
       60 |                          |`,
    );
  });

  it("that ends in closed time suspends when the calendar opens, at the ladder's time of day", () => {
    // Day 11 is Friday, 4 December; its afternoon is closed.
    tell(
      { policy: preset("hospedagem-br", { announce: SILENT }), due: "2026-11-23" },
      `-10 |  | notice I1/issued
       -3  |  | notice I1/before-due
       0   |  | notice I1/due
       3   |  | notice I1/reminder
       4   |  | notice I1/warning
       7   |  | suspend S1 cause=I1 at 09:00
       8   | promise P1 for I1 until 11 | unsuspend S1; notice P1/promise-granted
       10  |  | notice P1/promise-due at 09:00
       11  |  | promise P1 broken at 18:00
       14  |  | suspend S1 cause=I1 at 09:00`,
    );
  });
});

describe("a promise before the suspension", () => {
  it("postpones it; when kept nothing more comes", () => {
    tell(
      { policy: plain() },
      `3 |                           | notice I1/reminder
       4 |                           | notice I1/warning
       4 | promise P1 for I1 until 8 | notice P1/promise-granted
       7 |                           | notice P1/promise-due
       8 12:00 | receipt covers I1   | promise P1 kept; notice P1/promise-kept
       60 |                          |`,
    );
  });

  it("when broken lets the ladder go on from where it stopped: the warning it had still counts", () => {
    tell(
      { policy: plain() },
      `3 |                           | notice I1/reminder
       4 |                           | notice I1/warning
       4 | promise P1 for I1 until 8 | notice P1/promise-granted
       7 |                           | notice P1/promise-due
       8 |                           | promise P1 broken at 18:00; suspend S1 cause=I1 at 18:00; notice P1/promise-broken; notice S1/suspended`,
    );
  });

  it("given before the warning does not take the warning's place", () => {
    tell(
      { policy: quietPlain },
      `3 |                           | notice I1/reminder
       3 | promise P1 for I1 until 8 | notice P1/promise-granted
       7 |                           | notice P1/promise-due
       8 |                           | promise P1 broken at 18:00; notice I1/warning at 18:00
       9 |                           | suspend S1 cause=I1 at 18:00`,
    );
  });

  it("is not reminded of when it was given on the day before its end, nor after the end", () => {
    tell(
      { policy: quietPlain },
      `3 |                           | notice I1/reminder
       4 |                           | notice I1/warning
       4 | promise P1 for I1 until 5 | notice P1/promise-granted
       5 |                           | promise P1 broken; suspend S1 cause=I1`,
    );
    tell(
      { policy: quietPlain },
      `3 |                                | notice I1/reminder
       4 |                                | notice I1/warning
       4 | promise P1 for I1 until 8      | notice P1/promise-granted
       6 | clearing I1 until 12; scheduler sleeps until 9 10:00 |
       12 |                               | promise P1 broken at 10:00; suspend S1 cause=I1 at 10:00`,
    );
  });

  it("is reminded of outside the quiet hours", () => {
    tell(
      { policy: plain({ announce: SILENT, quiet_hours: { from: "20:00", to: "11:00" } }) },
      `3 |                           | notice I1/reminder at 11:00
       4 |                           | notice I1/warning at 11:00
       4 16:00 | promise P1 for I1 until 8 | notice P1/promise-granted at 16:00
       7 |                           | notice P1/promise-due at 11:00
       8 | receipt covers I1         | promise P1 kept`,
    );
  });
});

describe("money on its way", () => {
  it("a boleto paid and not yet credited holds the suspension back, and ends by itself when nothing comes", () => {
    tell(
      { policy: quietPlain },
      `3 |                      | notice I1/reminder
       4 | clearing I1 until 7  | notice I1/warning
       7 |                      | suspend S1 cause=I1 at 10:00`,
    );
  });

  it("gives a suspended service back, and says so", () => {
    tell(
      { policy: plain() },
      `3 |                      | notice I1/reminder
       4 |                      | notice I1/warning
       5 |                      | suspend S1 cause=I1; notice S1/suspended
       6 | clearing I1 until 8  | unsuspend S1; notice S1/reactivated
       7 | receipt covers I1    | lift overdue of S1
       60 |                     |`,
    );
  });

  it("keeps a promise from being broken: it is kept when the boleto clears after the deadline", () => {
    tell(
      { policy: plain() },
      `3 |                           | notice I1/reminder
       4 |                           | notice I1/warning
       4 | promise P1 for I1 until 8 | notice P1/promise-granted
       7 |                           | notice P1/promise-due
       8 | clearing I1 until 9 23:00 |
       9 08:00 | receipt covers I1   | promise P1 kept; notice P1/promise-kept
       60 |                          |`,
    );
  });

  it("for one invoice of a promise does not excuse the other", () => {
    tell(
      { policy: quietPlain },
      `0 | invoice I2 due 0               |
       3 |                                | notice I1/reminder + I2/reminder
       4 |                                | notice I1/warning + I2/warning
       4 | promise P1 for I1, I2 until 8  | notice P1/promise-granted
       7 | clearing I1 until 10           | notice P1/promise-due
       8 |                                | promise P1 broken at 18:00; suspend S1 cause=I2 at 18:00
       9 | receipt covers I1              |
       9 11:00 | receipt covers I2        | unsuspend S1`,
    );
  });

  it("that never came breaks the promise when the wait is over", () => {
    tell(
      { policy: quietPlain },
      `3 |                           | notice I1/reminder
       4 |                           | notice I1/warning
       4 | promise P1 for I1 until 8 | notice P1/promise-granted
       7 |                           | notice P1/promise-due
       8 | clearing I1 until 9 23:00 |
       9 |                           | promise P1 broken at 23:00; suspend S1 cause=I1 at 23:00`,
    );
  });
});

describe("a claim", () => {
  const suspended = `3 |                      | notice I1/reminder
       4 |                      | notice I1/warning
       5 |                      | suspend S1 cause=I1`;

  it("with a release gives the service back while the bank confirms; the money keeps it", () => {
    tell(
      { policy: quietPlain },
      `${suspended}
       6 | claim K1 for I1, release until 7, review until 9 | unsuspend S1
       7 | receipt covers I1                                | lift overdue of S1
       9 |                                                  | claim K1 expired`,
    );
  });

  it("that the bank contradicts ends the release at once", () => {
    tell(
      { policy: quietPlain },
      `${suspended}
       6 | claim K1 for I1, release until 8, review until 9 | unsuspend S1
       7 | claim K1 contradicted                            | suspend S1 cause=I1 at 10:00`,
    );
  });

  it("after its release is over suspends nobody anew while a person still reviews it, and expires with its review", () => {
    tell(
      { policy: quietPlain },
      `${suspended}
       6 | claim K1 for I1, release until 8, review until 10 | unsuspend S1
       10 |                                                  | claim K1 expired at 18:00; suspend S1 cause=I1 at 18:00`,
    );
  });

  it("without a release leaves a suspended service down, and an active one up", () => {
    tell(
      { policy: quietPlain },
      `${suspended}
       6 | claim K1 for I1, review until 8 |
       8 |                                 | claim K1 expired`,
    );
    tell(
      { policy: quietPlain },
      `3 |                                 | notice I1/reminder
       4 | claim K1 for I1, review until 8 | notice I1/warning
       8 |                                 | claim K1 expired at 18:00; suspend S1 cause=I1 at 18:00`,
    );
  });

  it("under review keeps a promise from being broken", () => {
    tell(
      { policy: quietPlain },
      `3 |                                  | notice I1/reminder
       4 |                                  | notice I1/warning
       4 | promise P1 for I1 until 6        | notice P1/promise-granted
       5 |                                  | notice P1/promise-due
       6 | claim K1 for I1, review until 9  |
       9 |                                  | promise P1 broken at 18:00; claim K1 expired at 18:00; suspend S1 cause=I1 at 18:00`,
    );
  });

  it("under review on one debt does not hold back the suspension for another, once the money for that one has not come", () => {
    tell(
      { policy: quietPlain },
      `0 | invoice I2 due 0                                                       |
       3 |                                                                        | notice I1/reminder + I2/reminder
       4 |                                                                        | notice I1/warning + I2/warning
       5 |                                                                        | suspend S1 cause=I1
       6 | claim K1 for I1, release until 7, review until 11; clearing I2 until 9 | unsuspend S1
       9 |                                                                        | suspend S1 cause=I2
       11 |                                                                       | claim K1 expired`,
    );
  });
});

describe("a claim is told of", () => {
  it("when it comes and when the bank confirms it, and the invoice is not said to be open", () => {
    tell(
      { policy: plain({ ladder: plain().ladder.slice(0, 1) }) },
      `3 |                                                  | notice I1/reminder
       4 | claim K1 for I1, release until 5, review until 9 | notice K1/claim-released
       4 11:00 | receipt covers I1; claim K1 confirmed      | notice K1/claim-confirmed
       12 |                                                 |`,
    );
  });

  it("once, whichever its kind: scheduled, or for a person to look at", () => {
    tell(
      { policy: plain(), services: [{ ref: "S1" }, { ref: "S2" }] },
      `-5 | invoice I2 due 0; invoice I3 due 0               |
       -5 | claim K1 for I1, scheduled, review until 9       | notice K1/claim-scheduled
       -4 | claim K2 for I2, review until 9                  | notice K2/claim-in-review
       -3 | receipt covers I1; receipt covers I2; receipt covers I3 |
       -2 | claim K1 refused; claim K2 contradicted          |
       12 |                                                 |`,
    );
  });

  it("as not found or not used while its invoice is open, and by the next channel where one gives up", () => {
    tell(
      { policy: plain({ ladder: plain().ladder.slice(0, 1) }), channels: ["email", "whatsapp"] },
      `3 |                                                  | notice I1/reminder
       4 | email bounces                                    |
       4 | claim K1 for I1, release until 6, review until 9 | notice K1/claim-released; notice K1/claim-released by whatsapp
       5 | claim K1 contradicted                            | notice K1/claim-contradicted; notice K1/claim-contradicted by whatsapp
       6 | email accepts; claim K2 for I1, review until 9   | notice K2/claim-in-review
       7 | claim K2 refused                                 | notice K2/claim-refused
       12 |                                                 |`,
    );
  });

  it("as expired when nobody has spoken, in the morning where that is at night", () => {
    tell(
      { policy: plain({ ladder: plain().ladder.slice(0, 1), quiet_hours: { from: "17:00", to: "08:00" } }) },
      `3  |                                 | notice I1/reminder
       4  | claim K1 for I1, review until 8 | notice K1/claim-in-review
       8  |                                 | claim K1 expired at 18:00
       9  |                                 | notice K1/claim-expired at 08:00
       20 |                                 |`,
    );
  });

  it("with thanks only when the money is there, though a person confirmed it before", () => {
    tell(
      { policy: plain({ ladder: plain().ladder.slice(0, 1) }) },
      `3 |                                 | notice I1/reminder
       4 | claim K1 for I1, review until 8 | notice K1/claim-in-review
       5 | claim K1 confirmed              |
       7 | receipt covers I1               | notice K1/claim-confirmed
       12 |                                |`,
    );
  });
});

describe("the default ladder with a promise", () => {
  it("tells one quiet story from issue to payment", () => {
    tell(
      { policy: hosting, due: "2026-11-04" },
      `-10 |                           | notice I1/issued
       -3  |                           | notice I1/before-due
       0   |                           | notice I1/due
       3   |                           | notice I1/reminder
       4   |                           | notice I1/warning
       5   |                           | suspend S1 cause=I1 at 09:00; notice S1/suspended at 09:00
       5 11:00 | promise P1 for I1 until 7 | unsuspend S1; notice P1/promise-granted
       6   |                           | notice P1/promise-due at 09:00
       7 16:41 | receipt covers I1     | promise P1 kept; lift overdue of S1; notice P1/promise-kept
       90  |                           |`,
    );
  });
});
