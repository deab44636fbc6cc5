// Planted: a proof that looks well is booked as money.
import type { Mutant } from "../mutant.ts";

export const claimTakenAsPayment: Mutant = {
  name: "claim-taken-as-payment",
  breaks: ["S8"],
  stands:
    "“Receipt received”, wrote the help desk, and marked the invoice as paid; the bank statement was looked at in the following quarter.",
  patches: [
    {
      file: "src/engine/submit-claim.ts",
      find: 'import { claimable, enterClaim } from "./open-claim.ts";',
      replace: 'import { claimable, enterClaim } from "./open-claim.ts";\nimport { bookReceipts } from "./record-receipts.ts";',
    },
    {
      file: "src/engine/submit-claim.ts",
      find: "  await insertDocument(unit.trx, {",
      replace:
        '  const owed = facts.invoices.find((each) => each.ref === ask.invoice);\n  if (owed && owed.open > 0 && recommendation === "release")\n    await bookReceipts(engine, unit, [\n      {\n        customerId: judged.customerId,\n        source: "proof",\n        externalId: sha256,\n        amount: owed.open,\n        currency: unit.setting.currency,\n        paidOn: unit.setting.zone.dayOf(unit.now),\n        invoiceRef: owed.ref,\n        reason: null,\n        actor: ask.by,\n      },\n    ]);\n  await insertDocument(unit.trx, {',
    },
  ],
};
