// Holds placed and lifted, a request to leave, and the signature under a termination.
import { Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, must } from "../lib/api.ts";
import { addDays, useFormat } from "../lib/format.ts";
import { useAct } from "../lib/use.ts";
import { Form, Reason, type ActProps } from "./act-form.tsx";

const HOLDS = ["dispute", "manual", "legal", "abuse"] as const;

export function PlaceHold({ matter, done }: ActProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { customer, now } = matter;
  const [kind, setKind] = useState<(typeof HOLDS)[number]>("dispute");
  const [until, setUntil] = useState(addDays(format.dayOf(now), 14));
  const [reason, setReason] = useState("");
  const effect = kind === "abuse" ? "access" : "collection";
  const end = kind === "abuse" || kind === "legal" ? until : until || addDays(format.dayOf(now), 14);
  const place = useAct(
    () =>
      must(
        api.POST("/admin/customers/{ref}/holds", {
          params: { path: { ref: customer.ref } },
          body: { kind, effect, reason, ...(end === "" ? {} : { until: end }) },
        }),
      ),
    () => t("act.hold.done"),
  );
  const will = t(effect === "access" ? "act.hold.willDown" : "act.hold.willStop", {
    until: end === "" ? t("books.untilLifted") : format.dayLong(end),
  });
  return (
    <Form
      will={will}
      ready={reason.trim() !== ""}
      busy={place.isPending}
      go={t("act.hold.go")}
      onSubmit={() => place.mutate(undefined, { onSuccess: done })}
    >
      <Select
        label={t("books.kind")}
        data={HOLDS.map((each) => ({ value: each, label: t(`hold.${each}`) }))}
        value={kind}
        allowDeselect={false}
        onChange={(value) => setKind(value as typeof kind)}
      />
      <TextInput type="date" label={t("books.until")} value={until} onChange={(event) => setUntil(event.currentTarget.value)} />
      <Reason value={reason} onChange={setReason} />
    </Form>
  );
}

export function ReleaseHold({ matter, done }: ActProps) {
  const { t } = useTranslation();
  const holds = matter.customer.holds.filter((hold) => hold.kind !== "overdue");
  const [id, setId] = useState(String(holds[0]?.id ?? ""));
  const [reason, setReason] = useState("");
  const release = useAct(
    () =>
      must(
        api.POST("/admin/customers/{ref}/holds/{id}/release", {
          params: { path: { ref: matter.customer.ref, id: Number(id) } },
          body: { reason },
        }),
      ),
    () => t("act.release.done"),
  );
  const hold = holds.find((each) => String(each.id) === id);
  return (
    <Form
      will={t(hold?.effect === "access" ? "act.release.willUp" : "act.release.willGoOn")}
      ready={reason.trim() !== "" && id !== ""}
      busy={release.isPending}
      go={t("act.release.go")}
      onSubmit={() => release.mutate(undefined, { onSuccess: done })}
    >
      <Select
        label={t("books.kind")}
        data={holds.map((each) => ({
          value: String(each.id),
          label: `${t(`hold.${each.kind}`, { defaultValue: each.kind })}: ${each.reason}`,
        }))}
        value={id}
        allowDeselect={false}
        onChange={(value) => setId(value ?? "")}
      />
      <Reason value={reason} onChange={setReason} />
    </Form>
  );
}

export function AskToLeave({ matter, done }: ActProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const services = matter.customer.services.filter((service) => service.terminatedAt === null && service.cancelOn === null);
  const [service, setService] = useState(services[0]?.ref ?? "");
  const [on, setOn] = useState(addDays(format.dayOf(matter.now), 30));
  const leave = useAct(
    () => must(api.POST("/admin/customers/{ref}/cancellation", { params: { path: { ref: matter.customer.ref } }, body: { service, on } })),
    () => t("act.leave.done"),
  );
  return (
    <Form
      will={t("act.leave.will", { on: format.dayLong(on), owed: format.money(matter.customer.owedCents, matter.customer.currency) })}
      ready={service !== "" && on !== ""}
      busy={leave.isPending}
      go={t("act.leave.go")}
      onSubmit={() => leave.mutate(undefined, { onSuccess: done })}
    >
      <Select
        label={t("act.leave.service")}
        data={services.map((each) => ({ value: each.ref, label: each.name }))}
        value={service}
        allowDeselect={false}
        onChange={(value) => setService(value ?? "")}
      />
      <TextInput type="date" label={t("act.leave.on")} value={on} onChange={(event) => setOn(event.currentTarget.value)} />
    </Form>
  );
}

export function ApproveEnd({ matter, done }: ActProps) {
  const { t } = useTranslation();
  const proposal = matter.customer.terminations[0];
  const approve = useAct(
    (id: number) =>
      must(api.POST("/admin/customers/{ref}/terminations/{id}/approve", { params: { path: { ref: matter.customer.ref, id } }, body: {} })),
    ({ signatures }) => t(signatures === 1 ? "act.end.first" : "act.end.second"),
  );
  if (!proposal) return null;
  const will =
    proposal.firstBy === null
      ? t("act.end.willFirst", { service: proposal.service })
      : t("act.end.willSecond", { service: proposal.service, name: proposal.firstBy });
  return (
    <Form
      will={will}
      ready
      busy={approve.isPending}
      go={t("act.end.go")}
      onSubmit={() => approve.mutate(proposal.id, { onSuccess: done })}
    />
  );
}
