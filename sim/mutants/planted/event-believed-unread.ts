// Planted: what a webhook says of a payment is booked, and the gateway is not asked.
import type { Mutant } from "../mutant.ts";

export const eventBelievedUnread: Mutant = {
  name: "event-believed-unread",
  breaks: ["S8"],
  stands: "Whoever had found the address of the webhook paid hundreds of invoices with a line of text each.",
  patches: [
    {
      file: "src/jobs/gateway-intake.ts",
      find: "if (await this.#keeping.add(event)) this.#enqueue({ ...event, attempts: 0 });",
      replace:
        'const { payment } = JSON.parse(Buffer.from(delivery.rawBody).toString("utf8"));\n    if (await this.#keeping.add(event)) await this.#booking.add({ gateway, payment, askedAt: now });',
    },
  ],
};
