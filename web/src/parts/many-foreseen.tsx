// What an act would change for each customer, as the server tried it: the next step before and after, what comes back, and who stays as they are.
import { useTranslation } from "react-i18next";
import type { BulkForeseen } from "../lib/api.ts";
import type { ManyAct } from "../lib/chosen.ts";
import { useFormat } from "../lib/format.ts";
import { stepName, useSayNext } from "../lib/say.ts";
import { Stays, useSayEnd } from "./many-refused.tsx";

export function Foreseen({ act, rows }: { act: ManyAct; rows: readonly BulkForeseen[] }) {
  const { t } = useTranslation();
  const changed = rows.filter((row) => row.refused === null);
  return (
    <>
      <h3 className="many-head" aria-live="polite">
        {t("many.changes", { count: changed.length })}
      </h3>
      <ul className="many-list">
        {changed.map((row) => (
          <li key={row.ref}>
            <Changed act={act} row={row} />
          </li>
        ))}
      </ul>
      <Stays rows={rows} head={(count) => t("many.stays", { count })} />
    </>
  );
}

function Changed({ act, row }: { act: ManyAct; row: BulkForeseen }) {
  const { t } = useTranslation();
  const format = useFormat();
  const sayEnd = useSayEnd();
  const sayNext = useSayNext();
  const stand = (of: BulkForeseen["before"]): string => (of?.next ? sayNext(of.next) : (of?.waitsFor?.text ?? t("matter.nothingNext")));
  const [before, after] = [stand(row.before), stand(row.after)];
  return (
    <>
      <div className="many-who">
        <span className="who">{row.name}</span> <span className="small dim">{row.ref}</span>
        {row.before ? <span className="num small">{format.money(row.before.owedCents, row.before.currency)}</span> : null}
      </div>
      <dl className="many-turn small">
        <dt>{t("many.before")}</dt>
        <dd className="dim">{before}</dd>
        <dt>{t("many.after")}</dt>
        <dd>{after === before ? t("many.same") : after}</dd>
        {row.until === null ? null : (
          <>
            <dt>{t("many.until")}</dt>
            <dd>{sayEnd(act, row.until)}</dd>
          </>
        )}
      </dl>
      <div className="many-tags">
        {row.back.map((name) => (
          <span key={name} className="tag good">
            {t("many.back", { name })}
          </span>
        ))}
        {row.down.map((name) => (
          <span key={name} className="tag warm">
            {t("many.down", { name })}
          </span>
        ))}
        {row.tells.map((step) => (
          <span key={step} className="tag">
            {t("many.tells", { what: stepName(t, step) })}
          </span>
        ))}
      </div>
    </>
  );
}
