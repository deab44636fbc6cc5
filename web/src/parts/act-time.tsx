// More time on trust, and ending it before its deadline.
import { Textarea, TextInput } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, must, type AnswerOf } from "../lib/api.ts";
import { useFormat } from "../lib/format.ts";
import { useAct } from "../lib/use.ts";
import { Form, Reason, type ActProps } from "./act-form.tsx";
import { Bones, Failure } from "./page.tsx";

export function GrantTime({ matter, done }: ActProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { ref } = matter.customer;
  const [reason, setReason] = useState("");
  const [override, setOverride] = useState("");
  const [until, setUntil] = useState("");
  const offer = useQuery({
    queryKey: ["offer", ref, until],
    queryFn: () =>
      must(
        api.GET("/admin/customers/{ref}/promises/offer", {
          params: { path: { ref }, query: { by: "staff", ...(until === "" ? {} : { until }) } },
        }),
      ),
    // Another day changes the answer, and not the form that it was typed into.
    placeholderData: keepPreviousData,
  });
  const grant = useAct(
    () =>
      must(
        api.POST("/admin/customers/{ref}/promises", {
          params: { path: { ref } },
          body: { reason, askedBy: "staff", ...(until === "" ? {} : { until }), ...(override.trim() === "" ? {} : { override }) },
        }),
      ),
    ({ until: to, protocol }) => t("act.time.done", { until: format.momentLong(to), protocol }),
  );
  if (offer.error && until === "") return <Failure error={offer.error} />;
  if (!offer.data && !offer.error) return <Bones />;
  const granted = offer.data?.granted ?? false;
  const settled = offer.data !== undefined && !offer.isPlaceholderData;
  return (
    <Form
      will={offer.data ? <Offered offer={offer.data} /> : <Failure error={offer.error} />}
      ready={settled && reason.trim() !== "" && (granted || override.trim() !== "")}
      busy={grant.isPending}
      go={t("act.time.go")}
      onSubmit={() => grant.mutate(undefined, { onSuccess: done })}
    >
      <TextInput
        type="date"
        label={t("act.time.until")}
        description={t("act.time.untilHint")}
        value={until}
        onChange={(event) => setUntil(event.currentTarget.value)}
      />
      <Reason value={reason} onChange={setReason} label={t("act.time.why")} />
      {granted ? null : (
        <Textarea
          label={t("act.time.override")}
          description={t("act.time.overrideHint")}
          value={override}
          onChange={(event) => setOverride(event.currentTarget.value)}
          autosize
          minRows={2}
        />
      )}
    </Form>
  );
}

/** What would be granted with its conditions, or why not and what would change that. */
function Offered({ offer }: { offer: AnswerOf<"/admin/customers/{ref}/promises/offer", "get"> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { granted, suspended, until, owedCents, conditions, reasons } = offer;
  const will = t(suspended ? "act.time.willRelease" : "act.time.willPostpone", {
    until: until ? format.momentLong(until) : "",
    amount: format.money(owedCents ?? 0),
  });
  return (
    <>
      <div>{granted ? will : t("act.time.refused")}</div>
      <ul className="small" style={{ margin: "6px 0 0", paddingLeft: 18 }}>
        {(granted ? conditions : reasons).map((each) => (
          <li key={each.text}>
            {each.text}
            {"wouldChange" in each && each.wouldChange ? <div className="dim">{each.wouldChange.text}</div> : null}
          </li>
        ))}
      </ul>
    </>
  );
}

export function CancelPromise({ matter, done }: ActProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const promise = matter.customer.promises.find((each) => each.state === "running");
  const [reason, setReason] = useState("");
  const cancel = useAct(
    (protocol: string) =>
      must(
        api.POST("/admin/customers/{ref}/promises/{protocol}/cancel", {
          params: { path: { ref: matter.customer.ref, protocol } },
          body: { reason },
        }),
      ),
    () => t("act.cancelPromise.done"),
  );
  if (!promise) return null;
  return (
    <Form
      will={t("act.cancelPromise.will", { protocol: promise.protocol, until: format.momentLong(promise.until) })}
      ready={reason.trim() !== ""}
      busy={cancel.isPending}
      go={t("act.cancelPromise.go")}
      onSubmit={() => cancel.mutate(promise.protocol, { onSuccess: done })}
    >
      <Reason value={reason} onChange={setReason} />
    </Form>
  );
}
