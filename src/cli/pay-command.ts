// pay: money that staff saw, booked by hand; the service comes back in the same command.
import type { Command } from "commander";
import { identitiesIn } from "../engine/known-money.ts";
import { recordReceipts } from "../engine/record-receipts.ts";
import { required, whoIs } from "../engine/who.ts";
import { findRef } from "../store/customers.ts";
import { receiptByKey } from "../store/views.ts";
import { assert } from "../kernel/assert.ts";
import { inEach, ReguaError } from "../kernel/errors.ts";
import { parseAmount, formatMoney } from "../kernel/money.ts";
import { formatDay, parseDay, type Day } from "../kernel/time.ts";
import type { App } from "./app.ts";
import { following, tell } from "./follow.ts";
import type { Run, Tools } from "./tools.ts";

/** Where the money was seen: by a person. */
const SOURCE = "staff";

interface PayOptions {
  invoice?: string;
  on?: string;
  reason?: string;
  id?: string;
}

export function payCommand(program: Command, run: Run): void {
  program
    .command("pay <customer> <amount>")
    .description("Book a payment that you saw. What was suspended because of it comes back at once.")
    .option("--invoice <ref>", "the invoice it names (default: the one open longest)")
    .option("--on <date>", "the day it was paid (default: today)")
    .option("--reason <text>", "how you know of it; needed in a live installation")
    .option("--id <number>", "the payment's own number: booked once, however often it is given")
    .addHelpText("after", '\nExample:\n  regua pay 1042 29,90 --invoice 7781 --id E123 --reason "Pix seen in the bank\'s app"')
    .action(
      run(async (tools, customer: string, amount: string, options: PayOptions) =>
        tools.withApp((app) => pay(tools, app, customer, amount, options)),
      ),
    );
}

async function pay({ io }: Tools, app: App, customer: string, written: string, options: PayOptions): Promise<void> {
  const amount = parseAmount(written);
  if (amount <= 0)
    throw new ReguaError("field_invalid", {
      field: "amount",
      problem: inEach("a payment is more than nothing", "um pagamento é de mais do que zero"),
    });
  const reason = app.provider.mode === "live" ? required("reason", options.reason ?? "") : options.reason?.trim() || null;
  const customerId = await whoIs(app.engine.db, customer);
  const paidOn = dayPaid(app, options.on);
  if (options.invoice !== undefined) {
    const invoice = await findRef(app.engine.db, "invoice", options.invoice);
    if (invoice?.customerId !== customerId) throw new ReguaError("invoice_unknown", { value: options.invoice });
  }
  const externalId = options.id?.trim() || io.host.newToken();
  const { currency } = app.provider;
  const { done, after } = await following(app, customer, (engine) =>
    recordReceipts(engine, [
      {
        ...{ customerId, source: SOURCE, externalId, amount, currency, paidOn, reason, actor: io.actor },
        invoiceRef: options.invoice ?? null,
        // The same Pix told by a gateway or a statement is then not booked twice.
        identities: identitiesIn(externalId),
      },
    ]),
  );
  assert(done.refused.length === 0, `a receipt of staff was refused: ${done.refused[0]?.reason ?? ""}`);
  const receipt = await receiptByKey(app.engine.db, SOURCE, externalId);
  assert(receipt, "a booked receipt is not there");
  const known = done.known > 0;
  if (known && (receipt.customer !== after.facts.ref || receipt.amountCents !== amount))
    throw new ReguaError("receipt_id_taken", {
      value: externalId,
      amount: formatMoney(receipt.amountCents, receipt.currency, io.lang),
      customer: receipt.customer,
    });
  const { amountCents, creditCents, allocations } = receipt;
  tell(
    { io },
    app,
    after,
    { known, receipt: { id: externalId, source: SOURCE, paidOn: receipt.paidOn, amountCents, creditCents, currency, allocations } },
    (voice) => {
      const { act } = voice.texts;
      return [
        known
          ? act.known(voice.line(externalId))
          : act.booked(voice.money(amountCents, currency), `${voice.line(after.facts.name)} (${voice.line(after.facts.ref)})`),
        ...allocations.map(({ kind, amountCents: part, invoice }) =>
          (kind === "late_fee" ? act.allocatedFee : act.allocated)(voice.money(part, currency), voice.line(invoice)),
        ),
        ...(creditCents > 0 ? [act.credited(voice.money(creditCents, currency))] : []),
      ];
    },
  );
}

function dayPaid({ engine, provider, clock }: App, written: string | undefined): Day {
  const today = engine.settings.zone(provider.timeZone).dayOf(clock.now());
  const day = written === undefined ? today : parseDay(written);
  if (day > today) throw new ReguaError("receipt_in_future", { day: formatDay(day), today: formatDay(today) });
  return day;
}
