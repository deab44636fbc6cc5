// Giving an invoice up by two persons: the proposal with its reason, and the approval or the taking back of one that waits.
import { Button, SegmentedControl, Select } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, must } from "../lib/api.ts";
import { useFormat } from "../lib/format.ts";
import { useMay, useMe } from "../lib/me.ts";
import { actorName } from "../lib/say.ts";
import { useAct } from "../lib/use.ts";
import { Form, Reason, type ActProps } from "./act-form.tsx";

const KINDS = ["write_off", "void"] as const;

export function ProposeWriteOff({ matter, done }: ActProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const waiting = new Set(matter.writeOffs.map((each) => each.invoice));
  const open = matter.customer.invoices.filter((each) => !waiting.has(each.ref));
  const [invoice, setInvoice] = useState(open[0]?.ref ?? "");
  const [kind, setKind] = useState<(typeof KINDS)[number]>("write_off");
  const [reason, setReason] = useState("");
  const chosen = open.find((each) => each.ref === invoice);
  const untouched = chosen !== undefined && chosen.openCents === chosen.amountCents;
  const what = kind === "void" && !untouched ? "write_off" : kind;
  const propose = useAct(
    () => must(api.POST("/admin/invoices/{ref}/write-off", { params: { path: { ref: invoice } }, body: { kind: what, reason } })),
    () => t("act.writeOff.done"),
  );
  const will = t(`act.writeOff.will.${what}`, { invoice, amount: format.money(chosen?.openCents ?? 0) });
  return (
    <Form
      will={will}
      ready={reason.trim() !== "" && chosen !== undefined}
      busy={propose.isPending}
      go={t("act.writeOff.go")}
      onSubmit={() => propose.mutate(undefined, { onSuccess: done })}
    >
      <Select
        label={t("books.invoice")}
        data={open.map((each) => ({ value: each.ref, label: `${each.ref} · ${format.money(each.openCents)}` }))}
        value={invoice}
        allowDeselect={false}
        onChange={(value) => setInvoice(value ?? "")}
      />
      <SegmentedControl
        value={what}
        onChange={setKind}
        data={KINDS.map((value) => ({ value, label: t(`act.writeOff.kind.${value}`), disabled: value === "void" && !untouched }))}
        aria-label={t("books.kind")}
      />
      <Reason value={reason} onChange={setReason} />
    </Form>
  );
}

export function ApproveWriteOff({ matter, done }: ActProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const may = useMay();
  const me = useMe();
  const { ref } = matter.customer;
  const approve = useAct(
    (id: number) => must(api.POST("/admin/customers/{ref}/write-offs/{id}/approve", { params: { path: { ref, id } }, body: {} })),
    ({ givenUpCents }) => t("act.approveOff.done", { amount: format.money(givenUpCents) }),
  );
  const withdraw = useAct(
    (id: number) => must(api.POST("/admin/customers/{ref}/write-offs/{id}/withdraw", { params: { path: { ref, id } }, body: {} })),
    () => t("act.approveOff.withdrawn"),
  );
  const [proposal] = matter.writeOffs;
  if (!proposal) return null;
  const mine = proposal.proposedBy === `staff:${me.email}`;
  const about = { invoice: proposal.invoice, amount: format.money(proposal.openCents), name: actorName(t, proposal.proposedBy) };
  return (
    <Form
      will={
        <>
          {t(`act.approveOff.will.${proposal.kind}`, about)}
          {mine ? <div className="warm">{t("act.approveOff.mine")}</div> : null}
        </>
      }
      ready={!mine && may("approveWriteOff")}
      busy={approve.isPending}
      go={t("act.approveOff.go")}
      onSubmit={() => approve.mutate(proposal.id, { onSuccess: done })}
    >
      <p style={{ margin: 0 }}>
        {t("act.approveOff.asked", { ...about, at: format.moment(proposal.proposedAt) })} <q>{proposal.reason}</q>
      </p>
      <Button variant="default" loading={withdraw.isPending} onClick={() => withdraw.mutate(proposal.id, { onSuccess: done })}>
        {t("act.approveOff.back")}
      </Button>
    </Form>
  );
}
