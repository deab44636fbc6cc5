// A customer in a list: who, what is owed since when, where on the ruler, what comes next.
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Matter } from "../lib/api.ts";
import { useFormat } from "../lib/format.ts";
import { stepName, useSayNext } from "../lib/say.ts";
import { SmallRuler, type Act } from "./ruler.tsx";

export function MatterRow({ matter, ladder }: { matter: Matter; ladder: readonly { offset: number; act: Act }[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const sayNext = useSayNext();
  const where = matter.daysPastDue === null ? t("matter.nothingOwed") : t("matter.days", { count: matter.daysPastDue });
  return (
    <Link to="/customers/$ref" params={{ ref: matter.ref }} className="row matter">
      <div style={{ minWidth: 0 }}>
        <div className="who clip">{matter.name}</div>
        <div className="small dim clip">
          {matter.ref}
          {matter.servicesDown > 0 ? (
            <>
              {" "}
              · <span className="tag">{t("matter.down", { count: matter.servicesDown })}</span>
            </>
          ) : null}
          {matter.attention.map((kind) => (
            <span key={kind} className="tag warm" style={{ marginLeft: 6 }}>
              {t(`attention.${kind}`, { defaultValue: t("attention.other") })}
            </span>
          ))}
        </div>
      </div>
      <div style={{ minWidth: 0 }}>
        <div className="num">{matter.owedCents === 0 ? t("matter.nothingOwed") : format.money(matter.owedCents, matter.currency)}</div>
        {matter.dueOn === null ? null : (
          <div className="small dim clip">
            {t("matter.since", { day: format.dayShort(matter.dueOn) })}
            {matter.openInvoices > 1 ? ` · ${t("matter.invoices", { count: matter.openInvoices })}` : ""}
          </div>
        )}
      </div>
      <div className="where">
        {matter.daysPastDue === null ? null : (
          <SmallRuler
            days={matter.daysPastDue}
            steps={ladder}
            label={`${where}${matter.step === null ? "" : `, ${stepName(t, matter.step)}`}`}
          />
        )}
      </div>
      <div className="next small clip">
        {matter.next ? (
          <span title={sayNext(matter.next)}>{sayNext(matter.next)}</span>
        ) : matter.waitsFor ? (
          <span className="warm" title={matter.waitsFor.text}>
            {matter.waitsFor.text}
          </span>
        ) : (
          <span className="dim">{t("matter.nothingNext")}</span>
        )}
      </div>
    </Link>
  );
}
