// Every route about the provider's customers and money, in one list: other systems reach them by a key, staff by a session and a role.
import type { Charger } from "../../jobs/charges.ts";
import type { ProofTools } from "../../engine/submit-claim.ts";
import type { Api, ApiContext } from "../api.ts";
import { addressRoutes } from "./addresses.ts";
import { chargeRoutes } from "./charges.ts";
import { claimRoutes } from "./claims.ts";
import { conversationRoutes } from "./conversations.ts";
import { customerRoutes } from "./customers.ts";
import { holdRoutes } from "./holds.ts";
import { invoiceRoutes } from "./invoices.ts";
import { matterRoutes } from "./matters.ts";
import { moneyRoutes } from "./money.ts";
import { promiseRoutes } from "./promises.ts";
import { receiptRoutes } from "./receipts.ts";
import { serviceRoutes } from "./services.ts";
import { writeOffRoutes } from "./write-offs.ts";

export interface ServiceContext extends ApiContext {
  /** What reads payment proofs; absent: none are taken here. */
  proofs?: () => ProofTools;
  /** Makes the charges of invoices; absent or null: none are made here. */
  charger?: Charger | null;
}

export async function everyServiceRoute(app: Api, context: ServiceContext): Promise<void> {
  for (const add of [customerRoutes, serviceRoutes, invoiceRoutes, receiptRoutes, moneyRoutes, promiseRoutes, holdRoutes, matterRoutes])
    add(app, context);
  writeOffRoutes(app, context);
  addressRoutes(app, context);
  chargeRoutes(app, { ...context, charger: context.charger ?? null });
  conversationRoutes(app, { ...context, proofs: context.proofs ?? null });
  const { proofs } = context;
  if (proofs) await claimRoutes(app, { ...context, proofs });
}
