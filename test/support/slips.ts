// Requests for boletos, and what a boleto of every gateway must be: a code that reads as one, over the amount and a day to pay it on.
import { describe, expect, it } from "vitest";
import { readBoleto } from "../../src/codes/boleto.ts";
import { DAY_MS } from "../../src/kernel/time.ts";
import type { Day, Instant } from "../../src/kernel/time.ts";
import type { GatewayHarness } from "../../src/ports/conformance/payment-gateway.ts";
import type { ChargeRequest, Payer } from "../../src/ports/payment-gateway.ts";

export const slipPayer: Payer = {
  name: "Ana Exemplo da Silva",
  taxId: "11144477735",
  email: "ana@example.com",
  address: { street: "Rua XV de Novembro", number: "42", neighborhood: "Centro", city: "Curitiba", state: "PR", postalCode: "80020310" },
};

/** R$ 29,90 by boleto alone, due in twelve days. */
export const slipRequest = (now: Instant, more: Partial<ChargeRequest> = {}): ChargeRequest => ({
  invoiceRef: "F-1",
  amountCents: 2_990,
  currency: "BRL",
  dueOn: Math.floor(now / DAY_MS) + 12,
  description: "Fatura 1",
  methods: ["boleto"],
  payer: slipPayer,
  lateFee: null,
  ...more,
});

export function slipConformance(name: string, open: GatewayHarness): void {
  describe(`a boleto of ${name}`, () => {
    const dueOf = async (dueOn: (today: Day) => Day): Promise<{ today: Day; due: Day | null }> => {
      const world = await open();
      const today = Math.floor(world.now() / DAY_MS);
      const outcome = await world.gateway.charge(slipRequest(world.now(), { dueOn: dueOn(today) }), {
        signal: AbortSignal.timeout(15_000),
      });
      await world.gateway.close();
      await world.close();
      if (outcome.outcome !== "done") throw new Error(outcome.reason);
      const reading = readBoleto(outcome.value.digitLine ?? "", today);
      expect(reading).toMatchObject({ ok: true, boleto: { amountCents: 2_990, currency: "BRL" } });
      return { today, due: reading.ok ? reading.boleto.due.day : null };
    };

    it("is due on the invoice's day", async () => {
      const { today, due } = await dueOf((day) => day + 12);
      expect(due).toBe(today + 12);
    });

    it("for what is due today or past due can still be paid", async () => {
      for (const days of [0, -40]) {
        const { today, due } = await dueOf((day) => day + days);
        expect(due).toBeGreaterThanOrEqual(today);
      }
    });
  });
}
