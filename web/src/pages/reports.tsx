// Reports: when people pay with the ladder's steps on it, what each step brings back, how old the debt is. Each has its table and its CSV.
import { Button, SegmentedControl } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, must, type Reports } from "../lib/api.ts";
import { useFormat } from "../lib/format.ts";
import { stepName } from "../lib/say.ts";
import { Csv } from "../parts/report.tsx";
import { TrustReports } from "../parts/reports-trust.tsx";
import { Bones, Failure, Page, Part, Waiting } from "../parts/page.tsx";

const Curve = lazy(() => import("../parts/curve-chart.tsx"));

const RANGES = ["30", "90", "150", "365"] as const;

export function ReportsPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const [days, setDays] = useState<string>("150");
  const reports = useQuery({
    queryKey: ["reports", days],
    queryFn: () => must(api.GET("/admin/reports", { params: { query: { days: Number(days) } } })),
    placeholderData: keepPreviousData,
  });
  if (reports.error) return <Page title={t("nav.reports")}>{<Failure error={reports.error} />}</Page>;
  if (!reports.data) return <Waiting />;
  const found = reports.data;
  return (
    <Page
      title={t("nav.reports")}
      side={
        <>
          <SegmentedControl
            size="xs"
            value={days}
            onChange={setDays}
            data={RANGES.map((range) => ({ value: range, label: t("reports.days", { count: Number(range) }) }))}
            aria-label={t("reports.range")}
          />
          <Button size="xs" variant="default" onClick={() => window.print()}>
            {t("trust.print")}
          </Button>
        </>
      }
    >
      <Paid found={found} days={days} />
      <div className="columns even">
        <Recovered found={found} days={days} />
        <Ages found={found} days={days} />
      </div>
      <Part title={t("reports.back")}>
        <p className="dim">
          {found.reactivation.count === 0
            ? t("reports.noBack")
            : t("reports.backFinding", {
                count: found.reactivation.count,
                median: format.number(Math.round(found.reactivation.median ?? 0)),
                p95: format.number(Math.round(found.reactivation.p95 ?? 0)),
              })}
        </p>
      </Part>
      <TrustReports days={days} />
    </Page>
  );
}

function Paid({ found, days }: { found: Reports; days: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { curve, steps } = found;
  const paidBy = (offset: number): number => curve.rows.filter((row) => row.offset <= offset).reduce((sum, row) => sum + row.invoices, 0);
  const onTime = curve.total === 0 ? 0 : paidBy(0) / curve.total;
  const suspend = steps.find((step) => step.act === "suspend")?.offset ?? 5;
  const before = curve.total === 0 ? 0 : paidBy(suspend) / curve.total;
  return (
    <Part
      title={t("reports.curve", { onTime: format.percent(onTime), before: format.percent(before) })}
      note={t("reports.curveNote", { count: curve.total })}
      side={<Csv which="curve" days={days} />}
    >
      <div className="card pad">
        <Suspense fallback={<Bones rows={5} />}>
          <Curve found={found} />
        </Suspense>
        <details className="small">
          <summary>{t("reports.table")}</summary>
          <div className="scroll-x" tabIndex={0}>
            <table className="plain">
              <thead>
                <tr>
                  <th className="r">{t("reports.day")}</th>
                  <th className="r">{t("reports.invoices")}</th>
                  <th className="r">{t("books.amount")}</th>
                </tr>
              </thead>
              <tbody>
                {curve.rows.map((row) => (
                  <tr key={row.offset}>
                    <td className="r">{row.offset}</td>
                    <td className="r">{format.number(row.invoices)}</td>
                    <td className="r">{format.money(row.cents)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </details>
      </div>
    </Part>
  );
}

function Recovered({ found, days }: { found: Reports; days: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const best = [...found.recovery].filter((row) => row.told >= 5).sort((a, b) => b.settled / b.told - a.settled / a.told)[0];
  return (
    <Part
      title={
        best
          ? t("reports.recovery", { step: stepName(t, best.step), share: format.percent(best.settled / best.told) })
          : t("reports.recoveryNone")
      }
      side={<Csv which="recovery" days={days} />}
    >
      <div className="card scroll-x" tabIndex={0}>
        <table className="plain">
          <thead>
            <tr>
              <th>{t("reports.step")}</th>
              <th className="r">{t("reports.told")}</th>
              <th className="r">{t("reports.settled")}</th>
              <th className="r">{t("books.amount")}</th>
            </tr>
          </thead>
          <tbody>
            {found.recovery.map((row) => (
              <tr key={`${row.step} ${row.channel}`}>
                <td>
                  {stepName(t, row.step)} <span className="dim small">{row.channel}</span>
                </td>
                <td className="r">{format.number(row.told)}</td>
                <td className="r">
                  {format.number(row.settled)} <span className="dim">{format.percent(row.told === 0 ? 0 : row.settled / row.told)}</span>
                </td>
                <td className="r">{format.money(row.cents)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Part>
  );
}

function Ages({ found, days }: { found: Reports; days: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const late = found.ageing.filter((row) => row.from > 0);
  const most = Math.max(1, ...found.ageing.map((row) => row.cents));
  return (
    <Part
      title={t("reports.ageing", { amount: format.money(late.reduce((sum, row) => sum + row.cents, 0)) })}
      side={<Csv which="ageing" days={days} />}
    >
      <div className="card rows">
        {found.ageing.map((row) => {
          const label =
            row.from < 0
              ? t("reports.notDue")
              : row.to === null
                ? t("customers.ageOver", { from: row.from })
                : t("customers.age", { from: row.from, to: row.to });
          return (
            <Link
              key={row.from}
              to="/customers"
              search={
                row.from < 0 ? { filter: "owing" } : { filter: "late", daysFrom: row.from, ...(row.to === null ? {} : { daysTo: row.to }) }
              }
              className="row"
              style={{ gridTemplateColumns: "130px minmax(0,1fr) auto" }}
            >
              <span className="small">{label}</span>
              <span className="bar" aria-hidden>
                <i style={{ width: `${(100 * row.cents) / most}%` }} />
              </span>
              <span className="num small">
                {format.money(row.cents)} <span className="dim">· {t("reports.people", { count: row.customers })}</span>
              </span>
            </Link>
          );
        })}
      </div>
    </Part>
  );
}
