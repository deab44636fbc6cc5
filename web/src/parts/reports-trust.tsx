// Reports on trust: releases and how they ended, weekends and their cost, last-day payers. Each says what it counts.
import { Anchor } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, must, type AnswerOf } from "../lib/api.ts";
import { useFormat } from "../lib/format.ts";
import { Bones, Empty, Failure, Part } from "./page.tsx";
import { Report } from "./report.tsx";
import { BehindNumber, type Behind } from "./reports-behind.tsx";
import { Proofs } from "./reports-proofs.tsx";

type Trust = AnswerOf<"/admin/reports/trust", "get">;
type Weekday = Trust["weekdays"][number];

export function TrustReports({ days }: { days: string }) {
  const trust = useQuery({
    queryKey: ["reports", "trust", days],
    queryFn: () => must(api.GET("/admin/reports/trust", { params: { query: { days: Number(days) } } })),
  });
  if (trust.error) return <Failure error={trust.error} again={() => void trust.refetch()} />;
  if (!trust.data) return <Bones rows={6} />;
  const found = trust.data;
  return (
    <>
      <Releases rows={found.releases} days={days} />
      <Weekends rows={found.weekdays} days={days} />
      <div className="columns even">
        <LastDay found={found.lastDay} days={days} />
        <Proofs found={found.proofs} days={days} />
      </div>
    </>
  );
}

const OUTCOMES = {
  promise: ["kept", "broken", "cancelled", "running"],
  claim: ["confirmed", "expired", "contradicted", "refused", "under_review"],
} as const;

function Releases({ rows, days }: { rows: Trust["releases"]; days: string }) {
  const { t } = useTranslation();
  const [behind, setBehind] = useState<Behind | null>(null);
  const promised = rows.filter((row) => row.what === "promise");
  const ended = sum(promised.filter((row) => row.outcome === "kept" || row.outcome === "broken"));
  const format = useFormat();
  const kept = sum(promised.filter((row) => row.outcome === "kept"));
  return (
    <Report
      title={ended === 0 ? t("trust.releases") : t("trust.releasesFinding", { kept: format.percent(kept / ended) })}
      counts={t("trust.releasesCounts")}
      csv="releases"
      days={days}
    >
      {rows.length === 0 ? (
        <div className="card">
          <Empty title={t("trust.noReleases")} />
        </div>
      ) : (
        <div style={{ display: "grid", gap: 12 }}>
          {(["promise", "claim"] as const).map((what) => (
            <OutcomeTable key={what} what={what} rows={rows.filter((row) => row.what === what)} open={setBehind} />
          ))}
        </div>
      )}
      {behind === null ? null : <BehindNumber behind={behind} days={days} close={() => setBehind(null)} />}
    </Report>
  );
}

const sum = (rows: readonly { count: number }[]): number => rows.reduce((all, row) => all + row.count, 0);

function OutcomeTable({ what, rows, open }: { what: "promise" | "claim"; rows: Trust["releases"]; open: (behind: Behind) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const months = [...new Set(rows.map((row) => row.month))];
  return (
    <div className="card scroll-x" tabIndex={0}>
      <table className="plain">
        <thead>
          <tr>
            <th>{t(`trust.what.${what}`)}</th>
            {OUTCOMES[what].map((outcome) => (
              <th key={outcome} className="r">
                {t(`trust.outcome.${outcome}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {months.map((month) => (
            <tr key={month}>
              <td className="num">{month}</td>
              {OUTCOMES[what].map((outcome) => {
                const cell = rows.find((row) => row.month === month && row.outcome === outcome);
                return (
                  <td key={outcome} className="r">
                    {cell === undefined ? (
                      <span className="dim">0</span>
                    ) : (
                      <Anchor component="button" type="button" size="sm" ta="right" onClick={() => open({ month, what, outcome })}>
                        {format.number(cell.count)}
                        <span className="dim small" style={{ display: "block" }}>
                          {format.money(cell.cents)}
                        </span>
                      </Anchor>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Weekends({ rows, days }: { rows: readonly Weekday[]; days: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [behind, setBehind] = useState<Behind | null>(null);
  const weekend = rows.find((row) => row.weekend);
  const cells: [label: string, of: (row: Weekday) => string][] = [
    ["kept", (row) => format.number(row.kept)],
    ["broken", (row) => format.number(row.broken)],
    ["days", (row) => format.number(row.days)],
    ["owed", (row) => format.money(row.owedCents)],
    ["inTime", (row) => format.money(row.inTimeCents)],
    ["later", (row) => format.money(row.laterCents)],
    ["lost", (row) => format.number(row.lost)],
    ["lostDays", (row) => format.number(row.lostDays)],
    ["lostCost", (row) => format.money(row.lostCents)],
  ];
  return (
    <Report
      title={
        weekend && weekend.releases > 0
          ? t("trust.weekendFinding", { count: weekend.releases, days: format.number(weekend.days), cost: format.money(weekend.lostCents) })
          : t("trust.weekend")
      }
      counts={t("trust.weekendCounts")}
      csv="weekends"
      days={days}
    >
      <div className="card scroll-x" tabIndex={0}>
        {rows.every((row) => row.releases === 0) ? (
          <Empty title={t("trust.noReleases")} />
        ) : (
          <table className="plain">
            <thead>
              <tr>
                <th>{t("trust.asked")}</th>
                {rows.map((row) => (
                  <th key={String(row.weekend)} className="r">
                    {t(row.weekend ? "trust.fridayToSunday" : "trust.mondayToThursday")}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              <tr>
                <td>{t("trust.count")}</td>
                {rows.map(({ weekend: on, releases }) => (
                  <td key={String(on)} className="r">
                    <Anchor component="button" type="button" size="sm" onClick={() => setBehind({ what: "promise", weekend: on })}>
                      {format.number(releases)}
                    </Anchor>
                  </td>
                ))}
              </tr>
              {cells.map(([label, of]) => (
                <tr key={label}>
                  <td>{t(`trust.${label}`)}</td>
                  {rows.map((row) => (
                    <td key={String(row.weekend)} className="r">
                      {of(row)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
      {behind === null ? null : <BehindNumber behind={behind} days={days} close={() => setBehind(null)} />}
    </Report>
  );
}

/** The rest is in the CSV: a page that is all one list is no report. */
const LAST_DAY_SHOWN = 20;

function LastDay({ found, days }: { found: Trust["lastDay"]; days: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (found === null)
    return (
      <Part title={t("trust.lastDay")}>
        <div className="card">
          <Empty title={t("trust.noSuspension")} />
        </div>
      </Part>
    );
  const { totals, payers, habit } = found;
  return (
    <Report
      title={
        totals.lastDay === 0
          ? t("trust.lastDay")
          : t("trust.lastDayFinding", { share: format.percent(totals.lastDay / totals.paid), count: totals.often, habit })
      }
      counts={t("trust.lastDayCounts", { amount: format.money(totals.cents), customers: format.number(totals.customers) })}
      csv="last-day"
      days={days}
    >
      <div className="card scroll-x" tabIndex={0}>
        {payers.length === 0 ? (
          <Empty title={t("trust.noLastDay")} />
        ) : (
          <table className="plain">
            <thead>
              <tr>
                <th>{t("trust.customer")}</th>
                <th className="r">{t("trust.times")}</th>
                <th className="r">{t("trust.ofPaid")}</th>
                <th className="r">{t("books.amount")}</th>
              </tr>
            </thead>
            <tbody>
              {payers.slice(0, LAST_DAY_SHOWN).map((row) => (
                <tr key={row.customer}>
                  <td>
                    <Link to="/customers/$ref" params={{ ref: row.customer }}>
                      {row.name}
                    </Link>
                  </td>
                  <td className="r">{format.number(row.lastDay)}</td>
                  <td className="r">{format.number(row.paid)}</td>
                  <td className="r">{format.money(row.cents)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
    </Report>
  );
}
