// charge and sandbox pay: the one charge of an invoice, made or used again; and in the sandbox its payment.
import type { Command } from "commander";
import { SandboxGateway } from "../adapters/gateways/sandbox/gateway.ts";
import { recordGatewayPayment } from "../engine/record-gateway-payment.ts";
import { invoiceNamed } from "../engine/save-invoice.ts";
import { chargeInvoice } from "../jobs/charges.ts";
import { ReguaError } from "../kernel/errors.ts";
import { formatMoney, parseAmount } from "../kernel/money.ts";
import { formatDay } from "../kernel/time.ts";
import type { App } from "./app.ts";
import { makeLog } from "./log.ts";
import { following, tell } from "./follow.ts";
import { SANDBOX } from "./sandbox-gateway.ts";
import type { Run, Tools } from "./tools.ts";
import { invoiceStateIn } from "../words/inserts.ts";

export function chargeCommand(program: Command, run: Run): void {
  program
    .command("charge <invoice>")
    .description("Make the charge of an open invoice at the gateway, or show the one that stands. There is one for each invoice.")
    .addHelpText(
      "after",
      "\nExample:\n  regua charge 7781\nWhich gateway makes charges: `charges` in regua.yaml. The server makes them by itself.",
    )
    .action(run(async (tools, invoice: string) => tools.withApp((app) => charge(tools, app, invoice))));
}

async function charge({ io }: Tools, app: App, ref: string): Promise<void> {
  const charger = app.charger();
  await chargeInvoice(charger, ref, makeLog(io.host, app.config.log_level));
  const { pixCode, boletoLine, payUrl, amount, paid, currency, dueOn, state } = await invoiceNamed(app.engine, ref);
  const openCents = state === "open" ? amount - paid : 0;
  const en = io.lang === "en";
  io.result(
    { invoice: ref, gateway: charger.plan.gateway, openCents, currency, dueOn: formatDay(dueOn), pixCode, boletoLine, payUrl },
    () => {
      const owed = formatMoney(openCents, currency, io.lang);
      if (pixCode === null && boletoLine === null && payUrl === null)
        return en
          ? `No charge stands for invoice ${ref}: nothing is owed of it, or its charge was paid.`
          : `Não há cobrança em pé para a fatura ${ref}: nada é devido, ou a cobrança já foi paga.`;
      const lines: [string, string | null][] = [
        [en ? "Pix copy and paste:" : "Pix copia e cola:", pixCode],
        ["Boleto:", boletoLine],
        [en ? "Payment page:" : "Página de pagamento:", payUrl],
      ];
      const head = en ? `Invoice ${ref}, ${owed}, due ${formatDay(dueOn)}:` : `Fatura ${ref}, ${owed}, vencimento ${formatDay(dueOn)}:`;
      return [head, ...lines.flatMap(([name, code]) => (code === null ? [] : [name, code]))].join("\n");
    },
  );
}

interface PayOptions {
  amount?: string;
}

/** Under `sandbox`: the gateway says that a charge was paid, and what follows is what follows of any payment. */
export function sandboxPayCommand(sandbox: Command, run: Run): void {
  sandbox
    .command("pay <invoice>")
    .description("Somebody pays the charge of an invoice: it comes in through the gateway, as any payment does.")
    .option("--amount <amount>", "another amount than the charge's")
    .addHelpText("after", "\nExample:\n  regua sandbox pay 7781")
    .action(run(async (tools, invoice: string, options: PayOptions) => tools.withApp((app) => pay(tools, app, invoice, options))));
}

async function pay({ io }: Tools, app: App, ref: string, { amount }: PayOptions): Promise<void> {
  const gateway = app.gateways().get(SANDBOX);
  if (!(gateway instanceof SandboxGateway)) throw new ReguaError("sandbox_only");
  const { customerRef } = await invoiceNamed(app.engine, ref);
  const charger = app.charger();
  await chargeInvoice(charger, ref, makeLog(io.host, app.config.log_level));
  const chargeId = await gateway.chargeIdOf(ref);
  const payment = chargeId === null ? null : await gateway.pay(chargeId, amount === undefined ? null : parseAmount(amount));
  if (!payment) throw new ReguaError("invoice_not_open", { value: ref, state: invoiceStateIn("paid") });
  const { after } = await following(app, customerRef, (engine) => recordGatewayPayment(engine, SANDBOX, payment, engine.motorClock.now()));
  tell({ io }, app, after, { invoice: ref, payment: payment.paymentId, amountCents: payment.amountCents }, (voice) => [
    voice.texts.act.booked(
      voice.money(payment.amountCents, payment.currency),
      `${voice.line(after.facts.name)} (${voice.line(after.facts.ref)})`,
    ),
  ]);
}
