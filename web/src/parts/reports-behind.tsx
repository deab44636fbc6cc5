// The releases behind a number of a report: who, what, until when, how it ended.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api, must } from "../lib/api.ts";
import { useFormat } from "../lib/format.ts";
import { Bones, Failure } from "./page.tsx";

/** Which of them. */
export interface Behind {
  what: "promise" | "claim";
  month?: string;
  outcome?: string;
  weekend?: boolean;
}

export function BehindNumber({ behind, days, close }: { behind: Behind; days: string; close: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { weekend, ...rest } = behind;
  const query = {
    days: Number(days),
    ...rest,
    ...(weekend === undefined ? {} : { weekend: weekend ? ("true" as const) : ("false" as const) }),
  };
  const list = useQuery({
    queryKey: ["reports", "behind", query],
    queryFn: () => must(api.GET("/admin/reports/trust/releases", { params: { query } })),
  });
  return (
    <div className="card scroll-x" tabIndex={0} style={{ marginTop: 12 }}>
      <div className="pad small" style={{ display: "flex", gap: 12, alignItems: "center" }}>
        <span role="status" style={{ flex: 1 }}>
          {list.data ? t("trust.behind", { count: list.data.releases.length }) : null}
        </span>
        <Button size="compact-xs" variant="default" onClick={close}>
          {t("act.close")}
        </Button>
      </div>
      {list.error ? <Failure error={list.error} /> : null}
      {list.data ? (
        <table className="plain">
          <thead>
            <tr>
              <th>{t("trust.customer")}</th>
              <th>{t("trust.ref")}</th>
              <th>{t("trust.from")}</th>
              <th>{t("trust.until")}</th>
              <th>{t("trust.ended")}</th>
              <th className="r">{t("books.amount")}</th>
            </tr>
          </thead>
          <tbody>
            {list.data.releases.map((row, i) => (
              <tr key={i}>
                <td>
                  <Link to="/customers/$ref" params={{ ref: row.customer }}>
                    {row.name}
                  </Link>
                </td>
                <td className="mono small">{row.ref}</td>
                <td className="num">{format.moment(row.at)}</td>
                <td className="num">{format.moment(row.until)}</td>
                <td>{t(`trust.outcome.${row.outcome}`, { defaultValue: row.outcome })}</td>
                <td className="r">{format.money(row.cents)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : list.error ? null : (
        <Bones rows={3} />
      )}
    </div>
  );
}
