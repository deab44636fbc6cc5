// The report on payment proofs that were not borne out: what spoke against them, and who sent several.
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { AnswerOf } from "../lib/api.ts";
import { useFormat } from "../lib/format.ts";
import { Empty } from "./page.tsx";
import { Csv, Report } from "./report.tsx";

type Trust = AnswerOf<"/admin/reports/trust", "get">;

export function Proofs({ found: { totals, checks, senders }, days }: { found: Trust["proofs"]; days: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Report
      title={
        totals.received === 0
          ? t("trust.proofs")
          : t("trust.proofsFinding", {
              count: totals.received,
              n: format.number(totals.contradicted),
              amount: format.money(totals.contradictedCents),
            })
      }
      counts={t("trust.proofsCounts")}
      csv="proofs"
      days={days}
    >
      <div className="card scroll-x" tabIndex={0}>
        {checks.length === 0 ? (
          <Empty title={t("trust.noProofs")} />
        ) : (
          <table className="plain">
            <thead>
              <tr>
                <th>{t("trust.check")}</th>
                <th className="r">{t("trust.outcome.contradicted")}</th>
                <th className="r">{t("trust.outcome.refused")}</th>
                <th className="r">{t("trust.customers")}</th>
                <th className="r">{t("books.amount")}</th>
              </tr>
            </thead>
            <tbody>
              {checks.map((row) => (
                <tr key={row.rule ?? ""}>
                  <td>{row.title ?? t("trust.noCheck")}</td>
                  <td className="r">{format.number(row.contradicted)}</td>
                  <td className="r">{format.number(row.refused)}</td>
                  <td className="r">{format.number(row.customers)}</td>
                  <td className="r">{format.money(row.cents)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
      {senders.length === 0 ? null : (
        <>
          <p className="dim small">
            {t("trust.sendersCounts")} <Csv which="senders" days={days} />
          </p>
          <div className="card rows">
            {senders.map((row) => (
              <Link
                key={row.customer}
                to="/customers/$ref"
                params={{ ref: row.customer }}
                className="row"
                style={{ gridTemplateColumns: "minmax(0,1fr) auto" }}
              >
                <span className="clip">{row.name}</span>
                <span className="num small dim">
                  {t("trust.sent", { contradicted: row.contradicted, refused: row.refused, on: format.dayShort(row.lastOn) })}
                </span>
              </Link>
            ))}
          </div>
        </>
      )}
    </Report>
  );
}
