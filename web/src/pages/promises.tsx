// Promises: running ones with their ends, those that ended, and how promises end by their length and over weekends.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api, must, type AnswerOf, type PromiseListed } from "../lib/api.ts";
import { useFormat } from "../lib/format.ts";
import { useMe } from "../lib/me.ts";
import { Empty, Failure, Page, Part, Waiting } from "../parts/page.tsx";

type Answer = AnswerOf<"/admin/promises", "get">;

export function Promises() {
  const { t } = useTranslation();
  const promises = useQuery({ queryKey: ["promises"], queryFn: () => must(api.GET("/admin/promises")) });
  const format = useFormat();
  const { now } = useMe();
  if (promises.error) return <Page title={t("nav.promises")}>{<Failure error={promises.error} />}</Page>;
  if (!promises.data) return <Waiting />;
  const { running, ended, outcomes } = promises.data;
  const today = format.dayOf(now);
  return (
    <Page title={t("nav.promises")}>
      <Part title={t("promises.running")} note={t("promises.runningNote", { count: running.length })}>
        <List rows={running} empty={t("promises.noneRunning")} today={today} />
      </Part>
      <Outcomes outcomes={outcomes} />
      <Part title={t("promises.ended")}>
        <List rows={ended.slice(0, 60)} empty={t("promises.noneEnded")} today={null} />
      </Part>
    </Page>
  );
}

function List({ rows, empty, today }: { rows: readonly PromiseListed[]; empty: string; today: string | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (rows.length === 0) return <div className="card">{<Empty title={empty} />}</div>;
  return (
    <div className="card scroll-x" tabIndex={0}>
      <table className="plain">
        <thead>
          <tr>
            <th>{t("promises.who")}</th>
            <th className="r">{t("promises.owed")}</th>
            <th>{t("promises.until")}</th>
            <th>{t("promises.how")}</th>
            <th>{t("promises.why")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.protocol}>
              <td>
                <Link to="/customers/$ref" params={{ ref: row.customer }}>
                  {row.name}
                </Link>
                <div className="small dim mono">{row.protocol}</div>
              </td>
              <td className="r">{format.money(row.owedCents)}</td>
              <td className="num">
                {format.moment(row.until)}
                {today !== null && format.dayOf(row.until) === today ? <div className="small warm">{t("promises.dueToday")}</div> : null}
              </td>
              <td>
                <span className={`tag ${row.state === "kept" ? "good" : row.state === "broken" ? "warm" : ""}`}>
                  {t(`promises.state.${row.state}`)}
                </span>
                <div className="small dim">
                  {t(`promises.kind.${row.kind}`)}
                  {row.overWeekend ? ` · ${t("promises.weekend")}` : ""}
                </div>
              </td>
              <td className="small" style={{ maxWidth: 280 }}>
                {row.reason}
                <div className="dim">{t(row.askedBy === "customer" ? "promises.byCustomer" : "promises.byStaff")}</div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Kept against broken, by the days promised; a finding says what the numbers mean. */
function Outcomes({ outcomes }: { outcomes: Answer["outcomes"] }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (outcomes.length === 0) return null;
  const sum = (rows: Answer["outcomes"], of: "kept" | "broken" | "cents"): number => rows.reduce((all, row) => all + row[of], 0);
  const [weekend, week] = [outcomes.filter((row) => row.weekend), outcomes.filter((row) => !row.weekend)];
  const [kept, broken] = [sum(outcomes, "kept"), sum(outcomes, "broken")];
  const most = Math.max(...outcomes.map((row) => row.kept + row.broken));
  const days = [...new Set(outcomes.map((row) => row.days))];
  return (
    <Part title={t("promises.finding", { share: format.percent(kept / Math.max(1, kept + broken)), count: kept + broken })}>
      <div className="columns even">
        <div className="card pad">
          <div className="bar-list">
            {days.map((length) => {
              const rows = outcomes.filter((row) => row.days === length);
              const [k, b] = [sum(rows, "kept"), sum(rows, "broken")];
              return (
                <div key={length} style={{ display: "grid", gridTemplateColumns: "64px 1fr 110px", gap: 12, alignItems: "center" }}>
                  <span className="small">{t("promises.length", { count: length })}</span>
                  <span className="bar" aria-hidden>
                    <i style={{ width: `${(100 * k) / most}%` }} />
                    <i className="warm" style={{ width: `${(100 * b) / most}%` }} />
                  </span>
                  <span className="small dim num">{t("promises.keptBroken", { kept: k, broken: b })}</span>
                </div>
              );
            })}
          </div>
        </div>
        <div className="card pad small">
          <strong>{t("promises.weekendTitle")}</strong>
          <p className="dim">
            {weekend.length === 0
              ? t("promises.weekendNone")
              : t("promises.weekendFinding", {
                  weekend: format.percent(sum(weekend, "kept") / Math.max(1, sum(weekend, "kept") + sum(weekend, "broken"))),
                  week: format.percent(sum(week, "kept") / Math.max(1, sum(week, "kept") + sum(week, "broken"))),
                  cost: format.money(sum(weekend, "cents")),
                })}
          </p>
        </div>
      </div>
    </Part>
  );
}
