// How an act on many customers ended, one by one; and for holds the one button that takes them back.
import { Button } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { api, must, type BulkDone } from "../lib/api.ts";
import { keepLast, type LastAct, type ManyAct } from "../lib/chosen.ts";
import { useMay } from "../lib/me.ts";
import { useAct } from "../lib/use.ts";
import { Named, Stays, useSayEnd } from "./many-refused.tsx";

export function ManyResult({ last }: { last: LastAct }) {
  const { t } = useTranslation();
  const may = useMay();
  const { act, done, undone } = last;
  const changed = done.rows.filter((row) => row.refused === null).length;
  const undo = useAct(() =>
    must(api.POST("/admin/bulk/{id}/undo", { params: { path: { id: done.id } }, body: { reason: t("many.undoReason") } })),
  );
  return (
    <div className="steps-list">
      {undone === null ? (
        <>
          <Ends act={act} rows={done.rows} good={t(`many.${act}.done`, { count: changed })} />
          {act !== "hold" || changed === 0 || !may("undoMany") ? (
            <p className="small dim">{act === "hold" ? "" : t(`many.${act}.noUndo`)}</p>
          ) : (
            <div className="note-box calm">
              <p className="small" style={{ margin: "0 0 8px" }}>
                {t("many.undoWhat")}
              </p>
              <Button
                variant="default"
                leftSection={<IconArrowBackUp size={16} />}
                loading={undo.isPending}
                onClick={() => undo.mutate(undefined, { onSuccess: (answer) => keepLast({ ...last, undone: answer }) })}
              >
                {t("many.undo", { count: changed })}
              </Button>
            </div>
          )}
        </>
      ) : (
        <Ends act={act} rows={undone.rows} good={t("many.undone", { count: undone.rows.filter((row) => row.refused === null).length })} />
      )}
    </div>
  );
}

function Ends({ act, rows, good }: { act: ManyAct; rows: BulkDone["rows"]; good: string }) {
  const { t } = useTranslation();
  const sayEnd = useSayEnd();
  const done = rows.filter((row) => row.refused === null);
  return (
    <div>
      <h3 className="many-head" role="status">
        {good}
      </h3>
      <ul className="many-list">
        {done.map((row) => (
          <li key={row.ref} className="many-who">
            <Named row={row} />
            {row.until === null ? null : <span className="small num">{t("many.untilOf", { until: sayEnd(act, row.until) })}</span>}
          </li>
        ))}
      </ul>
      <Stays rows={rows} head={(count) => t("many.stayed", { count })} />
    </div>
  );
}
