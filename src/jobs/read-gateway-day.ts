// A gateway asked again for all payments since a day began, apart from what its webhooks and polls told: for reconciliation.
import type { AskedAgain } from "../engine/reconcile-day.ts";
import { deadline } from "../kernel/clock.ts";
import type { Instant } from "../kernel/time.ts";
import type { GatewayPayment, PaymentGateway } from "../ports/payment-gateway.ts";

const PAGE_DEADLINE_MS = 60_000;
/** A gateway that says “more” for ever is not believed. */
const PAGES_MAX = 2_000;

/** Never throws: what fails is said. */
export async function readGatewayDay(gateway: PaymentGateway, since: Instant, now: Instant): Promise<AskedAgain> {
  const payments = new Map<string, GatewayPayment>();
  let cursor: string | null = null;
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    try {
      const page = await gateway.poll({ cursor, since, now }, { signal: deadline(PAGE_DEADLINE_MS) });
      if (page.outcome !== "done") return { failed: page.reason };
      // A later page may tell a payment's later state.
      for (const payment of page.value.payments) payments.set(payment.externalId, payment);
      if (!page.value.more) return { payments: [...payments.values()] };
      cursor = page.value.cursor;
    } catch (error) {
      return { failed: error instanceof Error ? error.message : String(error) };
    }
  }
  return { failed: `more than ${PAGES_MAX} pages` };
}
