// Planted: a payment is taken for a line like it, though another line that came in meanwhile carries its id.
import type { Mutant } from "../mutant.ts";

export const lineLikenedBeforeItsId: Mutant = {
  name: "line-likened-before-its-id",
  breaks: ["S8"],
  rare: true,
  stands: "He paid the code twice within a minute; the statement was imported as the webhook came, and one of the two was booked again.",
  patches: [
    {
      file: "src/engine/record-gateway-payment.ts",
      find: "if (twin !== null && (await byIdentity(unit.trx, reading.identities)).size > 0)",
      replace: "if (twin !== null && (await byIdentity(unit.trx, [])).size > 0)",
    },
  ],
};
