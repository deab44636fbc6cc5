// Payment proofs: the queue beside the document, what was read and checked beside that, and decisions of one key.
import { Button, Textarea } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, must, type Claim, type ClaimPage } from "../lib/api.ts";
import { useFormat } from "../lib/format.ts";
import { currentLang } from "../lib/i18n.ts";
import { Letter, useLetterKeys, useNextKeys } from "../lib/keys.tsx";
import { useMay } from "../lib/me.ts";
import { useAct, useClaims } from "../lib/use.ts";
import { Checks } from "../parts/claim-checks.tsx";
import { Bones, Empty, Failure, Page } from "../parts/page.tsx";

export function Claims() {
  const { t } = useTranslation();
  const claims = useClaims();
  const { id } = useSearch({ from: "/frame/claims" });
  const navigate = useNavigate({ from: "/claims" });
  const list = claims.data?.claims ?? [];
  const at = Math.max(0, list.findIndex((claim) => claim.id === id)); // prettier-ignore
  const open = list[at] ?? null;
  const go = (by: number): void => {
    const next = list[at + by];
    if (next) void navigate({ search: { id: next.id }, replace: true });
  };
  useNextKeys(go);
  return (
    <Page
      title={t("nav.claims")}
      side={
        <div className="pills">
          <Link to="/claims" className="pill" aria-current="page">
            {t("claims.queue")}
          </Link>
          <Link to="/money" className="pill">
            {t("claims.money")}
          </Link>
        </div>
      }
    >
      {claims.error ? <Failure error={claims.error} again={() => void claims.refetch()} /> : null}
      {claims.isPending ? <Bones /> : null}
      {claims.data && list.length === 0 ? (
        <div className="card">
          <Empty title={t("claims.none")}>{t("claims.noneNote")}</Empty>
        </div>
      ) : null}
      {open ? (
        <div className="inbox" tabIndex={-1}>
          <div className="card rows" role="list" aria-label={t("claims.queue")}>
            {list.map((claim) => (
              <Queued key={claim.id} claim={claim} on={claim.id === open.id} />
            ))}
          </div>
          <One key={open.id} id={open.id} onDecided={() => go(at + 1 < list.length ? 1 : -1)} />
        </div>
      ) : null}
    </Page>
  );
}

function Queued({ claim, on }: { claim: Claim; on: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <div role="listitem">
      <Link to="/claims" search={{ id: claim.id }} className="row" data-on={on || undefined} aria-current={on ? "true" : undefined}>
        <span style={{ display: "flex", gap: 8, alignItems: "baseline" }}>
          <span className="clip" style={{ fontWeight: 550 }}>
            {claim.customerName}
          </span>
          <span className="num" style={{ marginLeft: "auto" }}>
            {format.money(claim.openCents, claim.currency)}
          </span>
        </span>
        <span className="small dim">
          {t("claims.invoice", { ref: claim.invoice })} · {format.moment(claim.receivedAt)}
        </span>
        <span>
          <Recommended claim={claim} />
        </span>
      </Link>
    </div>
  );
}

function Recommended({ claim }: { claim: Claim }) {
  const { t } = useTranslation();
  const kind = claim.recommendation ?? "person";
  return (
    <span className={`tag ${kind === "release" ? "good" : kind === "person" ? "warm" : ""}`}>{t(`claims.recommendation.${kind}`)}</span>
  );
}

type End = "confirmed" | "contradicted" | "refused";
const ENDS = [
  { end: "confirmed", key: "A" },
  { end: "contradicted", key: "X" },
  { end: "refused", key: "R" },
] as const satisfies readonly { end: End; key: string }[];

function One({ id, onDecided }: { id: number; onDecided: () => void }) {
  const { t } = useTranslation();
  const may = useMay();
  const page = useQuery({ queryKey: ["claim", id], queryFn: () => must(api.GET("/admin/claims/{id}", { params: { path: { id } } })) });
  const [chosen, setChosen] = useState<End | null>(null);
  const [left, setLeft] = useState<End | null>(null);
  const back = (): void => {
    setLeft(chosen);
    setChosen(null);
  };
  useLetterKeys(may("decideClaim") ? ENDS.map(({ end, key }) => [key, () => setChosen(end)]) : []);
  useHotkeys([["Escape", back]]);
  if (page.error) return <Failure error={page.error} />;
  if (!page.data) return <Bones rows={6} />;
  const claim = page.data;
  return (
    <article aria-label={claim.customerName}>
      <div className="proof">
        <Paper claim={claim} />
        <div>
          <Summary claim={claim} />
          <Checks claim={claim} />
        </div>
      </div>
      {may("decideClaim") ? (
        <div className="card pad decide">
          {chosen === null ? (
            <div style={{ display: "flex", gap: 8, flexWrap: "wrap", alignItems: "center" }}>
              {ENDS.map(({ end, key }) => (
                <Button
                  key={end}
                  variant={end === "confirmed" ? "filled" : "default"}
                  onClick={() => setChosen(end)}
                  autoFocus={left === end}
                  rightSection={<Letter>{key}</Letter>}
                >
                  {t(`claims.end.${end}`)}
                </Button>
              ))}
              <span className="small dim">{t("claims.keys")}</span>
            </div>
          ) : (
            <Decide claim={claim} end={chosen} onBack={back} onDecided={onDecided} />
          )}
        </div>
      ) : null}
    </article>
  );
}

function Decide({ claim, end, onBack, onDecided }: { claim: ClaimPage; end: End; onBack: () => void; onDecided: () => void }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState(t(`claims.reason.${end}`));
  const decide = useAct(
    () => must(api.POST("/admin/claims/{id}/decide", { params: { path: { id: claim.id } }, body: { end, reason } })),
    () => t(`claims.done.${end}`),
  );
  const go = (): void => decide.mutate(undefined, { onSuccess: onDecided });
  return (
    <form
      className="steps-list"
      onSubmit={(event) => {
        event.preventDefault();
        go();
      }}
    >
      <strong>{t(`claims.end.${end}`)}</strong>
      <p className="small dim" style={{ margin: 0 }}>
        {t(`claims.what.${end}`)}
      </p>
      <Textarea
        label={t("act.reason")}
        autosize
        minRows={2}
        value={reason}
        data-autofocus
        autoFocus
        onFocus={(event) => event.currentTarget.select()}
        onChange={(event) => setReason(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) go();
          if (event.key === "Escape") onBack();
        }}
      />
      <div style={{ display: "flex", gap: 8, alignItems: "center" }}>
        <Button type="submit" loading={decide.isPending} disabled={reason.trim() === ""}>
          {t("act.confirm")}
        </Button>
        <Button variant="default" onClick={onBack}>
          {t("act.back")}
        </Button>
        <span className="small dim">{t("claims.enter")}</span>
      </div>
    </form>
  );
}

function Paper({ claim }: { claim: ClaimPage }) {
  const { t } = useTranslation();
  if (!claim.file?.picture)
    return (
      <div className="paper">
        <Empty title={claim.file ? t("claims.noPicture") : t("claims.noFile")}>
          {claim.file ? t("claims.noPictureNote") : t("claims.noFileNote")}
        </Empty>
      </div>
    );
  return (
    <div className="paper">
      <img src={`/admin/claims/${claim.id}/picture`} alt={t("claims.picture", { name: claim.customerName })} />
    </div>
  );
}

function Summary({ claim }: { claim: ClaimPage }) {
  const { t } = useTranslation();
  const format = useFormat();
  const lang = currentLang();
  return (
    <>
      <dl className="facts">
        <dt>{t("claims.customer")}</dt>
        <dd>
          <Link to="/customers/$ref" params={{ ref: claim.customer }}>
            {claim.customerName}
          </Link>
        </dd>
        <dt>{t("claims.about")}</dt>
        <dd>
          {t("claims.invoice", { ref: claim.invoice })}, {format.money(claim.openCents, claim.currency)}
        </dd>
        <dt>{t("claims.received")}</dt>
        <dd>{format.momentLong(claim.receivedAt)}</dd>
        <dt>{t("claims.until")}</dt>
        <dd>{format.momentLong(claim.reviewUntil)}</dd>
        {claim.releaseUntil ? (
          <>
            <dt>{t("claims.release")}</dt>
            <dd>{format.momentLong(claim.releaseUntil)}</dd>
          </>
        ) : null}
        <Found claim={claim} />
      </dl>
      <p className="note-box calm" style={{ marginTop: 14 }}>
        <span className="small dim">{t("claims.toldCustomer")}</span>
        <br />
        {claim.message[lang]}
      </p>
    </>
  );
}

/** What was read of the document; each field is shown as it stands there. */
function Found({ claim }: { claim: ClaimPage }) {
  const { t } = useTranslation();
  const format = useFormat();
  const amounts = (value: unknown): string =>
    (textOf(value) ?? "")
      .split(", ")
      .map((cents) => format.money(Number(cents), claim.currency))
      .join(", ");
  const found = Object.entries(claim.found ?? {}).flatMap(([name, value]) => {
    const text = textOf(value);
    return text === null ? [] : [{ name, text: name === "amounts_cents" ? amounts(value) : text }];
  });
  return found.slice(0, 12).map(({ name, text }) => (
    <div key={name} style={{ display: "contents" }}>
      <dt>{t(`claims.found.${name}`, { defaultValue: name })}</dt>
      <dd className="mono">{text}</dd>
    </div>
  ));
}

function textOf(value: unknown): string | null {
  if (typeof value === "string") return value === "" ? null : value;
  if (typeof value === "number") return String(value);
  if (Array.isArray(value)) return value.length === 0 ? null : value.map(textOf).filter(Boolean).join(", ") || null;
  if (value !== null && typeof value === "object" && "value" in value) return textOf(value.value);
  return null;
}
