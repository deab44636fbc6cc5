// Reasons why money could be a customer's, as staff read them.
import { describe, expect, it } from "vitest";
import { sayMatchReason } from "./match-reasons.ts";

describe("a reason of a match", () => {
  it("names the invoice where it is about one, and nothing of the payer", () => {
    expect(sayMatchReason("amount_due", "1042", "en")).toBe(
      "the amount is that of invoice 1042 with fine and interest on the day of payment",
    );
    expect(sayMatchReason("txid", "1042", "pt-BR")).toBe("traz o código Pix da fatura 1042");
    expect(sayMatchReason("tax_id", "111.444.777-35", "pt-BR")).not.toContain("111");
  });
});
