// Money that waits for its owner: each with those it could be of and why; assigned or put aside with one choice.
import { Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, must, Problem, type Waiting } from "../lib/api.ts";
import { useFormat } from "../lib/format.ts";
import { currentLang } from "../lib/i18n.ts";
import { useMay } from "../lib/me.ts";
import { actorName } from "../lib/say.ts";
import { useAct } from "../lib/use.ts";
import { Bones, Empty, Failure, Page, Part } from "../parts/page.tsx";

export function Money() {
  const { t } = useTranslation();
  const waiting = useQuery({
    queryKey: ["waiting", currentLang()],
    queryFn: () => must(api.GET("/admin/money/waiting", { params: { query: { limit: 100 } } })),
  });
  return (
    <Page
      title={t("money.title")}
      side={
        <div className="pills">
          <Link to="/claims" className="pill">
            {t("claims.queue")}
          </Link>
          <Link to="/money" className="pill" aria-current="page">
            {t("claims.money")}
          </Link>
        </div>
      }
    >
      {waiting.error ? <Failure error={waiting.error} again={() => void waiting.refetch()} /> : null}
      <div className="card rows">
        {waiting.isPending ? <Bones /> : null}
        {waiting.data?.waiting.length === 0 ? <Empty title={t("money.none")}>{t("money.noneNote")}</Empty> : null}
        {waiting.data?.waiting.map((money) => (
          <One key={money.id} money={money} />
        ))}
      </div>
      <WriteOffs />
    </Page>
  );
}

/** Invoices whose giving up waits for a second person; each opens its case, where it is approved. */
function WriteOffs() {
  const { t } = useTranslation();
  const format = useFormat();
  const found = useQuery({ queryKey: ["write-offs"], queryFn: () => must(api.GET("/admin/write-offs")) });
  if (found.error) return <Failure error={found.error} />;
  if (!found.data || found.data.writeOffs.length === 0) return null;
  return (
    <Part title={t("money.writeOffs")} note={t("money.writeOffsNote")}>
      <div className="card rows">
        {found.data.writeOffs.map((each) => (
          <Link
            key={each.id}
            to="/customers/$ref"
            params={{ ref: each.customer }}
            className="row"
            style={{ gridTemplateColumns: "minmax(0,1fr) auto" }}
          >
            <span>
              {each.name} <span className="dim">{each.invoice}</span>
              <span className="dim small" style={{ display: "block" }}>
                {actorName(t, each.proposedBy)}: {each.reason}
              </span>
            </span>
            <span className="num">{format.money(each.openCents)}</span>
          </Link>
        ))}
      </div>
    </Part>
  );
}

function One({ money }: { money: Waiting }) {
  const { t } = useTranslation();
  const format = useFormat();
  const may = useMay();
  const assign = useAct(
    ({ match, apart }: { match: Waiting["matches"][number]; apart?: boolean }) =>
      must(
        api.POST("/admin/money/{id}/assign", {
          params: { path: { id: money.id } },
          body: match.receipt
            ? { receipt: match.receipt }
            : match.invoice
              ? { invoice: match.invoice, apart }
              : { customer: match.customer, apart },
        }),
      ),
    () => t("money.assigned"),
  );
  return (
    <article className="pad">
      <div style={{ display: "flex", gap: 16, flexWrap: "wrap", alignItems: "baseline" }}>
        <strong className="num" style={{ fontSize: 18 }}>
          {format.money(money.amountCents, money.currency)}
        </strong>
        <span>{money.payer.name ?? t("money.noName")}</span>
        <span className="dim small num">{money.payer.taxId}</span>
        <span className="dim small" style={{ marginLeft: "auto" }}>
          {format.day(money.paidOn)} · {money.source}
        </span>
      </div>
      <div className="small dim">{[money.memo, money.endToEndId, money.txid].filter(Boolean).join(" · ")}</div>
      <div className="steps-list" style={{ marginTop: 10 }}>
        {money.matches.map((match) => (
          <div key={`${match.customer} ${match.invoice}`} style={{ display: "flex", gap: 12, alignItems: "center", flexWrap: "wrap" }}>
            <span className={`tag ${match.confidence === "possible" ? "" : "good"}`}>{t(`money.confidence.${match.confidence}`)}</span>
            <Link to="/customers/$ref" params={{ ref: match.customer }}>
              {match.customer}
            </Link>
            <span className="small dim">
              {match.invoice ? `${t("claims.invoice", { ref: match.invoice })} · ` : ""}
              {match.because.map((reason) => reason.text).join(" · ")}
            </span>
            {may("assignMoney") ? (
              <Button
                size="compact-sm"
                variant="default"
                style={{ marginLeft: "auto" }}
                loading={assign.isPending}
                onClick={() => assign.mutate({ match })}
              >
                {t("money.assign")}
              </Button>
            ) : null}
          </div>
        ))}
        <Alike money={money} error={assign.error} apart={() => assign.variables && assign.mutate({ ...assign.variables, apart: true })} />
        {money.matches.length === 0 ? <span className="small dim">{t("money.noMatch")}</span> : null}
        {may("assignMoney") ? <ByHand money={money} /> : null}
      </div>
    </article>
  );
}

/** The books have a receipt that looks like this money: it is that one, or another payment, and only a person can say. */
function Alike({ money, error, apart }: { money: Waiting; error: Error | null; apart: () => void }) {
  const { t } = useTranslation();
  const receipt = error instanceof Problem && error.code === "money_may_be_booked" ? error.details : null;
  const same = useAct(
    (body: { source: string; externalId: string }) =>
      must(api.POST("/admin/money/{id}/assign", { params: { path: { id: money.id } }, body: { receipt: body } })),
    () => t("money.assigned"),
  );
  if (!receipt) return null;
  const [source, externalId] = [String(receipt.source), String(receipt.receipt)];
  return (
    <div role="alert" style={{ display: "flex", gap: 8, alignItems: "center", flexWrap: "wrap" }}>
      <span className="small">{t("money.alike", { source, receipt: externalId })}</span>
      <Button size="compact-sm" variant="default" loading={same.isPending} onClick={() => same.mutate({ source, externalId })}>
        {t("money.same")}
      </Button>
      <Button size="compact-sm" variant="subtle" onClick={apart}>
        {t("money.apart")}
      </Button>
    </div>
  );
}

function ByHand({ money }: { money: Waiting }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<"assign" | "dismiss" | null>(null);
  const [text, setText] = useState("");
  const assign = useAct(
    (apart: boolean) =>
      must(api.POST("/admin/money/{id}/assign", { params: { path: { id: money.id } }, body: { customer: text.trim(), apart } })),
    () => t("money.assigned"),
  );
  const dismiss = useAct(
    () => must(api.POST("/admin/money/{id}/dismiss", { params: { path: { id: money.id } }, body: { reason: text.trim() } })),
    () => t("money.dismissed"),
  );
  if (open === null)
    return (
      <div style={{ display: "flex", gap: 8 }}>
        <Button size="compact-sm" variant="subtle" onClick={() => setOpen("assign")}>
          {t("money.other")}
        </Button>
        <Button size="compact-sm" variant="subtle" color="gray" onClick={() => setOpen("dismiss")}>
          {t("money.dismiss")}
        </Button>
      </div>
    );
  return (
    <form
      style={{ display: "flex", gap: 8, alignItems: "end", flexWrap: "wrap" }}
      onSubmit={(event) => {
        event.preventDefault();
        if (open === "assign") assign.mutate(false);
        else dismiss.mutate(undefined);
      }}
    >
      <TextInput
        label={open === "assign" ? t("money.whose") : t("act.reason")}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        required
        autoFocus
      />
      <Button type="submit" loading={assign.isPending || dismiss.isPending}>
        {t("act.confirm")}
      </Button>
      <Button variant="default" onClick={() => setOpen(null)}>
        {t("act.back")}
      </Button>
      {open === "assign" ? <Alike money={money} error={assign.error} apart={() => assign.mutate(true)} /> : null}
    </form>
  );
}
