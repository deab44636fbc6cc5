// Money: a payment recorded by hand, and credit used.
import { Checkbox, NumberInput, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, must, type Case } from "../lib/api.ts";
import { useFormat } from "../lib/format.ts";
import { useAct } from "../lib/use.ts";
import { Form, Reason, type ActProps } from "./act-form.tsx";

export function RecordMoney({ matter, done }: ActProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { customer } = matter;
  const [invoice, setInvoice] = useState(customer.invoices[0]?.ref ?? "");
  const chosen = customer.invoices.find((each) => each.ref === invoice);
  const [amount, setAmount] = useState<number | string>((chosen?.openCents ?? 0) / 100);
  const [name, setName] = useState("");
  const [reason, setReason] = useState("");
  const [seen, setSeen] = useState(false);
  const cents = Math.round(Number(amount) * 100);
  const pay = useAct(
    () =>
      must(
        api.POST("/admin/receipts", {
          body: {
            receipts: [
              {
                source: "staff",
                externalId: name.trim(),
                invoice,
                amountCents: cents,
                currency: customer.currency,
                reason,
                ...(seen ? { settledOn: format.dayOf(matter.now) } : {}),
              },
            ],
          },
        }),
      ),
    ({ booked }) => t(booked === 1 ? "act.money.done" : "act.money.known"),
  );
  return (
    <Form
      will={<WillPay matter={matter} invoice={invoice} cents={cents} />}
      ready={cents > 0 && name.trim() !== "" && reason.trim() !== "" && invoice !== ""}
      busy={pay.isPending}
      go={t("act.money.go")}
      onSubmit={() => pay.mutate(undefined, { onSuccess: done })}
    >
      <Select
        label={t("books.invoice")}
        data={customer.invoices.map((each) => ({ value: each.ref, label: `${each.ref} · ${format.money(each.openCents, each.currency)}` }))}
        value={invoice}
        allowDeselect={false}
        onChange={(value) => {
          setInvoice(value ?? "");
          setAmount((customer.invoices.find((each) => each.ref === value)?.openCents ?? 0) / 100);
        }}
      />
      <NumberInput
        label={t("books.amount")}
        decimalScale={2}
        fixedDecimalScale
        min={0.01}
        value={amount}
        onChange={setAmount}
        decimalSeparator=","
        thousandSeparator="."
      />
      <TextInput
        label={t("act.money.name")}
        description={t("act.money.nameHint")}
        required
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Reason value={reason} onChange={setReason} focus={false} />
      <Checkbox label={t("act.money.seen")} checked={seen} onChange={(event) => setSeen(event.currentTarget.checked)} />
    </Form>
  );
}

function WillPay({ matter, invoice, cents }: { matter: Case; invoice: string; cents: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { customer } = matter;
  const rest = (customer.invoices.find((each) => each.ref === invoice)?.openCents ?? 0) - cents;
  const down = customer.services.some((service) => service.actual === "suspended" && service.suspendedByUs);
  return (
    <>
      <div>{rest > 0 ? t("act.money.willPart", { ref: invoice, rest: format.money(rest) }) : t("act.money.willAll", { ref: invoice })}</div>
      {rest <= 0 && down ? <div>{t("act.money.willUp")}</div> : null}
      {rest < 0 ? <div>{t("act.money.willCredit", { amount: format.money(-rest) })}</div> : null}
    </>
  );
}

export function ApplyCredit({ matter, done }: ActProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { customer } = matter;
  const apply = useAct(
    () => must(api.POST("/admin/customers/{ref}/credit/apply", { params: { path: { ref: customer.ref } }, body: {} })),
    ({ appliedCents }) => t("act.credit.done", { amount: format.money(appliedCents) }),
  );
  const will = t("act.credit.will", {
    amount: format.money(Math.min(customer.creditCents, customer.owedCents)),
    left: format.money(Math.max(0, customer.creditCents - customer.owedCents)),
  });
  return (
    <Form will={will} ready busy={apply.isPending} go={t("act.credit.go")} onSubmit={() => apply.mutate(undefined, { onSuccess: done })} />
  );
}
