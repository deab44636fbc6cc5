// Choosing in the list of customers: a box on each row, a range by Shift, all that is shown at once, by mouse and by keys.
import type { KeyboardEvent, ReactNode } from "react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Matter } from "../lib/api.ts";
import { choose, CHOSEN_MAX } from "../lib/chosen.ts";

export interface Choosing {
  chosen: ReadonlyMap<string, string>;
  /** A box was set, with Shift held or not. */
  pick: (index: number, on: boolean, extend: boolean) => void;
  /** Arrows go from box to box; with Shift they choose on the way. */
  onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
}

/** `rows` as they are listed. */
export function useChoosing(rows: readonly Matter[], chosen: ReadonlyMap<string, string>): Choosing {
  const anchor = useRef<number | null>(null);
  const range = (to: number): Matter[] => {
    const from = anchor.current ?? to;
    return rows.slice(Math.min(from, to), Math.max(from, to) + 1);
  };
  return {
    chosen,
    pick: (index, on, extend) => {
      if (!extend) anchor.current = index;
      choose(range(index), on);
      if (extend) anchor.current = index;
    },
    onKeyDown: (event) => {
      const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
      const box = event.target;
      if (step === 0 || !(box instanceof HTMLInputElement)) return;
      event.preventDefault();
      const from = Number(box.dataset.pick);
      const to = from + step;
      if (to < 0 || to >= rows.length) return;
      if (event.shiftKey) {
        anchor.current ??= from;
        choose([...rows.slice(from, from + 1), ...range(to)], true);
      } else anchor.current = null;
      // The list draws a dozen rows beyond what is seen, so that the next one is there.
      event.currentTarget.querySelector<HTMLInputElement>(`input[data-pick="${to}"]`)?.focus();
    },
  };
}

export function Pickable({
  matter,
  index,
  choosing,
  children,
}: {
  matter: Matter;
  index: number;
  choosing: Choosing;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  const on = choosing.chosen.has(matter.ref);
  return (
    <div className="pickable" data-on={on || undefined}>
      <label className="pick">
        <input
          type="checkbox"
          data-pick={index}
          aria-label={t("many.pick", { name: matter.name, ref: matter.ref })}
          checked={on}
          onChange={(event) => choosing.pick(index, !on, (event.nativeEvent as MouseEvent).shiftKey)}
        />
      </label>
      {children}
    </div>
  );
}

/** All rows that are shown; more are shown as the list is read on. */
export function PickAll({ rows, chosen }: { rows: readonly Matter[]; chosen: ReadonlyMap<string, string> }) {
  const { t } = useTranslation();
  const some = rows.filter((row) => chosen.has(row.ref)).length;
  const all = some === rows.length;
  return (
    <label className="pick-all small">
      <input
        type="checkbox"
        checked={all}
        ref={(box) => {
          if (box) box.indeterminate = some > 0 && !all;
        }}
        onChange={() => choose(rows, !all)}
      />
      {t("many.all", { count: rows.length })}
      <span className="dim">{chosen.size >= CHOSEN_MAX ? t("many.full", { count: CHOSEN_MAX }) : t("many.keys")}</span>
    </label>
  );
}
