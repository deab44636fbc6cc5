// The sandbox's gateway passes the suite of the real ones, and its codes are read as theirs are.
import { describe, expect, it } from "vitest";
import { openSandboxGatewayWorld } from "../../../../test/support/sandbox-gateway-world.ts";
import { readBoleto } from "../../../codes/boleto.ts";
import { readBrCode } from "../../../codes/br-code.ts";
import { paymentGatewayConformance } from "../../../ports/conformance/payment-gateway.ts";

paymentGatewayConformance("the sandbox", openSandboxGatewayWorld);

describe("a charge of the sandbox", () => {
  it("has a Pix code and a digit line that readers of such codes take, over its amount and day, at no bank's number", async () => {
    const { gateway } = await openSandboxGatewayWorld();
    const outcome = await gateway.charge(
      {
        ...{
          invoiceRef: "1042",
          amountCents: 12_345,
          currency: "BRL",
          dueOn: 20_780,
          description: "Fatura 1042",
          methods: ["pix", "boleto"],
        },
        payer: { name: "Ana", taxId: null, email: null },
        lateFee: null,
      },
      { signal: AbortSignal.timeout(5_000) },
    );
    if (outcome.outcome !== "done") throw new Error(outcome.reason);
    const { brCode, digitLine, chargeId } = outcome.value;
    expect(readBrCode(brCode ?? "")).toMatchObject({ ok: true, code: { txid: chargeId, amountCents: 12_345 } });
    expect(readBoleto(digitLine ?? "", 20_770)).toMatchObject({ ok: true, boleto: { bank: "000", amountCents: 12_345 } });
  });
});
