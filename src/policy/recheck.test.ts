// A message decided earlier leaves only if deciding now would say the same.
import { describe, expect, it } from "vitest";
import { aCustomer, anOpenInvoice, plain, ZONE } from "../../test/support/timeline.ts";
import { parseDay, type Instant } from "../kernel/time.ts";
import { compilePolicy } from "./compile.ts";
import { decide } from "./decide.ts";
import type { CustomerFacts } from "./facts.ts";
import { applyDecision } from "./project.ts";
import { stillRight, type DecidedMessage } from "./recheck.ts";

const DUE = parseDay("2026-11-23");
const at = (day: number): Instant => ZONE.startOf(DUE + day);
const policy = compilePolicy(plain(), ZONE);
const owing = aCustomer({ invoices: [anOpenInvoice("I1", { dueOn: DUE }), anOpenInvoice("I2", { dueOn: DUE + 1 })] });

/** The customer with its reminder decided and on its way, and what is remembered of it. */
function decided(): { facts: CustomerFacts; message: DecidedMessage } {
  const decision = decide(owing, policy, at(3));
  const facts = applyDecision(owing, decision, { delivery: () => "pending" });
  const [intent] = decision.messages;
  const [notice] = facts.notices;
  return {
    facts,
    message: {
      outboxId: notice?.outboxId ?? 0,
      template: intent?.template ?? "issued",
      keys: intent?.notices.map((each) => each.key) ?? [],
      invoices: intent?.content.invoices.map(({ id, open }) => ({ id, open })) ?? [],
    },
  };
}

describe("stillRight", () => {
  it("lets a message go while nothing changed, an hour later too", () => {
    const { facts, message } = decided();
    expect(message).toMatchObject({ template: "reminder", keys: ["I:101:reminder:email"] });
    expect(stillRight(facts, policy, at(3), message)).toBe(true);
    expect(stillRight(facts, policy, at(3) + 3_600_000, message)).toBe(true);
  });

  it("holds it back when the invoice was paid, in full or in part, or is protected", () => {
    const { facts, message } = decided();
    const without = { ...facts, invoices: facts.invoices.slice(1) };
    const less = { ...facts, invoices: facts.invoices.map((invoice) => ({ ...invoice, open: 1000 })) };
    const clearing = { ...facts, invoices: facts.invoices.map((invoice) => ({ ...invoice, clearingUntil: at(9) })) };
    for (const changed of [without, less, clearing]) expect(stillRight(changed, policy, at(3), message)).toBe(false);
  });

  it("holds it back when the other invoice it lists was paid", () => {
    const { facts, message } = decided();
    expect(stillRight({ ...facts, invoices: facts.invoices.slice(0, 1) }, policy, at(3), message)).toBe(false);
  });

  it("holds it back when another notice has to go with it by now", () => {
    const { facts, message } = decided();
    expect(stillRight(facts, policy, at(4), message)).toBe(false);
  });

  it("always lets go what tells how a promise ended", () => {
    const message: DecidedMessage = { outboxId: 1, template: "promise_broken", keys: ["P:1:promise_broken:email"], invoices: [] };
    expect(stillRight(owing, policy, at(3), message)).toBe(true);
  });
});
