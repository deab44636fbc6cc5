// A customer's postal address, which some gateways want on a boleto.
import { z } from "zod";
import { addressOf, setAddress } from "../../engine/save-address.ts";
import type { Api, ApiContext } from "../api.ts";
import { byRef, line } from "../schemas.ts";

const shape = {
  street: line(120),
  number: line(20).describe("S/N where there is none."),
  neighborhood: line(80),
  city: line(80),
  state: z.string().regex(/^[A-Z]{2}$/u, "two capital letters"),
};

const address = z.strictObject({
  ...shape,
  postalCode: z
    .string()
    .regex(/^\d{5}-?\d{3}$/u, "eight digits (CEP)")
    .transform((text) => text.replace("-", ""))
    .describe("CEP: eight digits, with or without the dash."),
});

const kept = z.object({ ...shape, postalCode: z.string().describe("Eight digits (CEP).") });
const answer = z.object({ address: kept.nullable().describe("Null: none is known.") });

export function addressRoutes(app: Api, { engine }: ApiContext): void {
  app.get(
    "/customers/:ref/address",
    { schema: { operationId: "getAddress", summary: "A customer's postal address", params: byRef, response: { 200: answer } } },
    async ({ params }) => ({ address: await addressOf(engine, params.ref) }),
  );
  app.put(
    "/customers/:ref/address",
    {
      schema: {
        operationId: "setAddress",
        summary: "Enter or correct a customer's postal address; charges that were refused are tried again",
        params: byRef,
        body: address,
        response: { 200: answer },
      },
    },
    async (request) => {
      const { ref } = request.params;
      await setAddress(engine, { customer: ref, address: request.body, by: request.actor });
      return { address: await addressOf(engine, ref) };
    },
  );
}
