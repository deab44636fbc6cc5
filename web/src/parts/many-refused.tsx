// The lines of an act on many customers: who it is, whom it does not change, and why; and when ends what it gave.
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { BulkDone } from "../lib/api.ts";
import type { ManyAct } from "../lib/chosen.ts";
import { useFormat } from "../lib/format.ts";

function Refused({ row }: { row: BulkDone["rows"][number] }) {
  const { refused } = row;
  if (refused === null) return null;
  const { message, cure, reasons } = refused;
  return (
    <>
      <div className="many-who">
        <Named row={row} />
      </div>
      <div className="small warm">{message}</div>
      {reasons.length === 0 ? (
        <div className="small dim">{cure}</div>
      ) : (
        <ul className="small many-why">
          {reasons.map((reason) => (
            <li key={reason.text}>
              {reason.text}
              {reason.wouldChange ? <span className="dim"> {reason.wouldChange.text}</span> : null}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

export function Named({ row: { ref, name } }: { row: { ref: string; name: string } }) {
  return (
    <>
      <Link to="/customers/$ref" params={{ ref }} className="who">
        {name}
      </Link>{" "}
      <span className="small dim">{ref}</span>
    </>
  );
}

/** Those of the rows whom it does not change. `head`: how many they are, in words. */
export function Stays({ rows, head }: { rows: readonly BulkDone["rows"][number][]; head: (count: number) => string }) {
  const refused = rows.filter((row) => row.refused !== null);
  if (refused.length === 0) return null;
  return (
    <>
      <h3 className="many-head">{head(refused.length)}</h3>
      <ul className="many-list">
        {refused.map((row) => (
          <li key={row.ref}>
            <Refused row={row} />
          </li>
        ))}
      </ul>
    </>
  );
}

/** A hold stands through a day, and ends with it; a promise has its hour. */
export function useSayEnd(): (act: ManyAct, until: string) => string {
  const { t } = useTranslation();
  const format = useFormat();
  return (act, until) =>
    act === "hold"
      ? t("many.throughDay", { day: format.dayShort(format.dayOf(new Date(Date.parse(until) - 1).toISOString())) })
      : format.moment(until);
}
