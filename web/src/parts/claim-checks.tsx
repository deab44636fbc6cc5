// What was checked of a payment proof with each verdict, and the money that came lately, to lay beside it.
import { useTranslation } from "react-i18next";
import type { ClaimPage } from "../lib/api.ts";
import { useFormat } from "../lib/format.ts";
import { currentLang } from "../lib/i18n.ts";

export function Checks({ claim }: { claim: ClaimPage }) {
  const { t } = useTranslation();
  const format = useFormat();
  const lang = currentLang();
  return (
    <>
      <h2 className="part">{t("claims.checks")}</h2>
      {claim.checks.length === 0 ? <p className="small dim">{t("claims.noChecks")}</p> : null}
      <ul style={{ listStyle: "none", margin: 0, padding: 0 }} className="steps-list">
        {claim.checks.map((check) => (
          <li key={check.rule} className="small">
            <span className={`tag ${check.verdict === "supports" ? "good" : check.verdict === "contradicts" ? "warm" : ""}`}>
              {t(`claims.verdict.${check.verdict}`)}
            </span>{" "}
            <strong>{check.title[lang]}</strong>
            <div className="dim">{check.text[lang]}</div>
          </li>
        ))}
      </ul>
      {claim.receipts.length + claim.waiting.length > 0 ? <h2 className="part">{t("claims.lastMoney")}</h2> : null}
      <ul style={{ margin: 0, paddingLeft: 18 }} className="small">
        {claim.receipts.map((receipt) => (
          <li key={`${receipt.source} ${receipt.externalId}`} className="num">
            {format.day(receipt.paidOn)} · {format.money(receipt.amountCents)} · {receipt.source}
          </li>
        ))}
        {claim.waiting.map((money) => (
          <li key={money.id} className="num warm">
            {format.day(money.paidOn)} · {format.money(money.amountCents)} · {t("claims.waitingMoney")}
          </li>
        ))}
      </ul>
    </>
  );
}
