// The replay: the edited policy on the provider's own past beside the present one, with what is assumed, and who fares differently.
import { Button, Progress, SegmentedControl, Select } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "../lib/format.ts";
import { useReplay, type Payers, type Replayed, type Side } from "../lib/replay.ts";
import { stepName } from "../lib/say.ts";
import { Bones, Empty, Failure } from "./page.tsx";

const Chart = lazy(() => import("./replay-chart.tsx"));

const SPANS = ["30", "90", "180", "365"] as const;

export function Replay({ doc, ok }: { doc: Record<string, unknown>; ok: boolean }) {
  const { t } = useTranslation();
  const [days, setDays] = useState<string>("90");
  const [payers, setPayers] = useState<Payers>("as_they_did");
  const replay = useReplay();
  const { found, asked, busy, error } = replay;
  const stale = asked !== null && !busy && JSON.stringify(asked) !== JSON.stringify({ doc, days: Number(days), payers });
  return (
    <>
      <p className="dim" style={{ marginTop: 0 }}>
        {t("replay.lead")}
      </p>
      <form
        style={{ display: "flex", gap: 12, alignItems: "end", flexWrap: "wrap" }}
        onSubmit={(event) => {
          event.preventDefault();
          replay.start({ doc, days: Number(days), payers });
        }}
      >
        <Select
          label={t("replay.span")}
          value={days}
          allowDeselect={false}
          onChange={(value) => setDays(value ?? "90")}
          data={SPANS.map((span) => ({ value: span, label: t("reports.days", { count: Number(span) }) }))}
          w={170}
        />
        <SegmentedControl
          value={payers}
          onChange={(value) => setPayers(value)}
          data={(["as_they_did", "answering"] as const).map((value) => ({ value, label: t(`replay.payers.${value}`) }))}
          aria-label={t("replay.payersLabel")}
        />
        {busy ? (
          <Button variant="default" onClick={() => replay.stop()}>
            {t("replay.stop")}
          </Button>
        ) : (
          <Button type="submit" disabled={!ok}>
            {t("replay.go")}
          </Button>
        )}
      </form>
      {busy ? <Running found={found} /> : null}
      {error ? <Failure error={error} again={() => replay.start({ doc, days: Number(days), payers })} /> : null}
      {stale ? (
        <p className="small warm" role="status">
          {t("replay.stale")}
        </p>
      ) : null}
      {found ? <Found found={found} done={!busy} /> : null}
    </>
  );
}

function Running({ found }: { found: Replayed | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  const said = found ? t("replay.progress", { done: format.number(found.looked), total: format.number(found.total) }) : t("page.loading");
  return (
    <div style={{ marginTop: 16 }} role="status">
      <Progress value={found ? (100 * found.looked) / Math.max(1, found.total) : 2} aria-label={said} />
      <span className="small dim">{said}</span>
    </div>
  );
}

function Found({ found, done }: { found: Replayed; done: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (done && found.base === 0) return <Empty title={t("replay.nobody")} />;
  const span = { from: format.day(found.from), through: format.day(found.through) };
  const sample =
    found.total === found.base
      ? t("replay.all", { count: found.looked })
      : t("replay.sample", { count: found.looked, base: format.number(found.base) });
  return (
    <div style={{ marginTop: 20 }}>
      <h3 className="part">
        {t("replay.title", span)} <span className="dim">{sample}</span>
      </h3>
      <Table found={found} />
      <p className="small dim">{t("replay.real", { messages: format.number(found.real.messages), count: found.real.suspensions })}</p>
      {done ? (
        <Suspense fallback={<Bones rows={4} />}>
          <Chart found={found} />
        </Suspense>
      ) : null}
      <Differing found={found} />
      <details className="small" open>
        <summary style={{ padding: "6px 0" }}>{t("replay.assumed")}</summary>
        <ul>
          {found.assumed.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      </details>
      {found.faults.length === 0 ? null : (
        <div className="note-box bad">
          <strong>{t("replay.faults", { count: found.faults.length })}</strong> {found.faults.map((each) => each.customer).join(", ")}
        </div>
      )}
    </div>
  );
}

function Table({ found }: { found: Replayed }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { present, changed } = found.sides;
  const days = (value: number): string => format.number(Math.round(value * 10) / 10);
  const number = (value: number): string => format.number(value);
  const money = (cents: number): string => format.money(cents);
  const steps = [...new Set([...Object.keys(present.notices), ...Object.keys(changed.notices)])];
  const rows: { label: string; of: (side: Side) => number; say: (value: number) => string; below?: boolean }[] = [
    { label: t("replay.messages"), of: (side) => side.messages, say: number },
    ...steps.map((step) => ({ label: stepName(t, step), of: (side: Side) => side.notices[step] ?? 0, say: number, below: true })),
    { label: t("replay.suspensions"), of: (side) => side.suspensions, say: number },
    { label: t("replay.customersDown"), of: (side) => side.customersDown, say: number },
    { label: t("replay.daysDown"), of: (side) => side.daysDown, say: days },
    { label: t("replay.persons"), of: (side) => side.persons, say: number },
    { label: t("replay.received"), of: (side) => side.receivedCents, say: money },
    { label: t("replay.whileDown"), of: (side) => side.receivedWhileDownCents, say: money, below: true },
  ];
  return (
    <div className="card scroll-x" tabIndex={0}>
      <table className="plain">
        <thead>
          <tr>
            <th />
            <th className="r">{t("replay.present")}</th>
            <th className="r">{t("replay.changed")}</th>
            <th className="r">{t("replay.difference")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ label, of, say, below }) => {
            const apart = of(changed) - of(present);
            return (
              <tr key={label}>
                <th scope="row" className={below ? "small dim" : ""} style={{ fontWeight: 400, paddingLeft: below ? 28 : undefined }}>
                  {label}
                </th>
                <td className="r num">{say(of(present))}</td>
                <td className="r num">{say(of(changed))}</td>
                <td className="r num">{Math.abs(apart) < 0.05 ? "–" : `${apart > 0 ? "+" : "−"}${say(Math.abs(apart))}`}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Differing({ found }: { found: Replayed }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (found.differing.length === 0) return <p className="small">{t("replay.same")}</p>;
  const side = ({ suspensions, daysDown }: { suspensions: number; daysDown: number }): string =>
    t("replay.fares", { count: suspensions, days: format.number(daysDown) });
  return (
    <details className="small">
      <summary style={{ padding: "6px 0" }}>{t("replay.differing", { count: found.differingCount })}</summary>
      <div className="card rows" style={{ marginTop: 8 }}>
        {found.differing.map((each) => (
          <Link
            key={each.customer}
            to="/customers/$ref"
            params={{ ref: each.customer }}
            className="row"
            style={{ gridTemplateColumns: "minmax(0,1fr) auto" }}
          >
            <span>
              {each.name} <span className="dim">{each.customer}</span>
            </span>
            <span className="num">
              {side(each.present)} → {side(each.changed)}
            </span>
          </Link>
        ))}
      </div>
    </details>
  );
}
