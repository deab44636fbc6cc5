// A file of a customer's mail taken as a payment proof, where nobody vouched for the mail: a person says so, and names the invoice.
import { Button, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, must } from "../lib/api.ts";
import { useFormat } from "../lib/format.ts";
import { useAct } from "../lib/use.ts";
import { Form } from "./act-form.tsx";
import { Bones, Failure } from "./page.tsx";

interface ProofFile {
  name: string;
  sha256: string;
}

export function TakeProof({ id, customer, mail, file }: { id: string; customer: string; mail: number; file: ProofFile }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  if (!open)
    return (
      <Button size="compact-xs" variant="subtle" onClick={() => setOpen(true)} aria-label={t("talk.takeOne", { name: file.name })}>
        {t("talk.take")}
      </Button>
    );
  return <Which id={id} customer={customer} mail={mail} file={file} onDone={() => setOpen(false)} />;
}

function Which({ id, customer, mail, file, onDone }: Parameters<typeof TakeProof>[0] & { onDone: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [chosen, setChosen] = useState<string | null>(null);
  const found = useQuery({
    queryKey: ["customer", customer],
    queryFn: () => must(api.GET("/admin/customers/{ref}", { params: { path: { ref: customer } } })),
  });
  const take = useAct(
    (invoice: string) =>
      must(api.POST("/admin/conversations/{id}/claims", { params: { path: { id } }, body: { mail, sha256: file.sha256, invoice } })),
    () => t("talk.taken"),
  );
  if (found.error) return <Failure error={found.error} />;
  if (!found.data) return <Bones rows={2} />;
  const { invoices } = found.data;
  const invoice = chosen ?? invoices[0]?.ref ?? null;
  if (invoice === null) return <p className="small dim">{t("talk.nothingOpen")}</p>;
  return (
    <Form
      will={t("talk.willTake", { name: file.name, invoice })}
      ready
      busy={take.isPending}
      go={t("talk.take")}
      onSubmit={() => take.mutate(invoice, { onSuccess: onDone })}
    >
      <Select
        label={t("books.invoice")}
        data={invoices.map((each) => ({ value: each.ref, label: `${each.ref} · ${format.money(each.openCents, each.currency)}` }))}
        value={invoice}
        allowDeselect={false}
        onChange={setChosen}
      />
    </Form>
  );
}
