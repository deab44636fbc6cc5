// Services: entered for a customer, shown, and tied to an account on a control panel.
import { z } from "zod";
import { createService, linkService, serviceNamed } from "../../engine/save-service.ts";
import { engineOf, given, type Api, type ApiContext } from "../api.ts";
import { amountIn, byRef, line, newRef } from "../schemas.ts";
import { serviceShape, viewService } from "../views.ts";

const link = z
  .strictObject({ panel: line(64).describe("The panel's name in the configuration."), account: line(128) })
  .nullable()
  .describe("Null: tied to nothing, so never touched.");

const newService = z.strictObject({
  ref: newRef,
  name: line(200),
  plan: line(100).nullable().optional(),
  priceCents: amountIn.nullable().optional().describe("A month's price, in whole cents."),
  link: link.optional().describe("Absent: the sandbox makes an account under the service's number; live, tied to nothing."),
});

export function serviceRoutes(app: Api, { engine, panels }: ApiContext): void {
  app.post(
    "/customers/:ref/services",
    {
      schema: {
        operationId: "createService",
        summary: "Enter a service of a customer",
        params: byRef,
        body: newService,
        response: { 201: serviceShape },
      },
    },
    async (request, reply) => {
      const { priceCents, ...rest } = request.body;
      const asked = given({ ...rest, price: priceCents, customer: request.params.ref, by: request.actor });
      await createService(engineOf(request), asked, panels);
      return reply.code(201).send(viewService(await serviceNamed(engine, rest.ref)));
    },
  );
  app.get(
    "/services/:ref",
    { schema: { operationId: "getService", summary: "One service", params: byRef, response: { 200: serviceShape } } },
    async ({ params }) => viewService(await serviceNamed(engine, params.ref)),
  );
  app.post(
    "/services/:ref/link",
    {
      schema: {
        operationId: "linkService",
        summary: "Tie a service to another account, or to none; what stands on the account before is left as it is",
        params: byRef,
        body: z.strictObject({ link }),
        response: { 200: serviceShape },
      },
    },
    async (request) => {
      const { ref } = request.params;
      await linkService(engineOf(request), { service: ref, link: request.body.link, by: request.actor }, panels);
      return viewService(await serviceNamed(engine, ref));
    },
  );
}
