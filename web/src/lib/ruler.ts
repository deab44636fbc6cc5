// Where days lie on the ruler: long empty stretches are broken, so that a ladder of sixty days fits on a phone.

export interface Scale {
  /** The middle of a day, in units of width. */
  x(offset: number): number;
  /** Days that are drawn. */
  days: number[];
  /** Breaks: where one is drawn, and how many days it stands for. */
  breaks: { x: number; days: number }[];
  unit: number;
}

/** Empty days kept on either side of a day that matters. */
const NEAR = 2;
/** A break is as wide as this many days. */
const BREAK = 2;
/** A shorter stretch than this is drawn in full. */
const HIDDEN_MIN = 5;

/** Lays days out over a width; `offsets` are the days that matter. */
export function makeScale(offsets: readonly number[], width: number): Scale {
  const events = [...new Set([...offsets, 0])].sort((a, b) => a - b);
  const first = (events[0] ?? 0) - 1;
  const last = (events[events.length - 1] ?? 0) + 1;
  const near = (day: number): boolean => events.some((event) => Math.abs(event - day) <= NEAR);
  const cells: ({ day: number } | { hidden: number })[] = [];
  for (let day = first; day <= last; day += 1) {
    if (near(day)) {
      cells.push({ day });
      continue;
    }
    let end = day;
    while (end < last && !near(end + 1)) end += 1;
    const length = end - day + 1;
    if (length < HIDDEN_MIN) for (let each = day; each <= end; each += 1) cells.push({ day: each });
    else cells.push({ hidden: length });
    day = end;
  }
  const units = cells.reduce((sum, cell) => sum + ("day" in cell ? 1 : BREAK), 0);
  const unit = width / units;
  const at = new Map<number, number>();
  const breaks: Scale["breaks"] = [];
  let place = 0;
  for (const cell of cells) {
    if ("day" in cell) {
      at.set(cell.day, (place + 0.5) * unit);
      place += 1;
    } else {
      breaks.push({ x: (place + BREAK / 2) * unit, days: cell.hidden });
      place += BREAK;
    }
  }
  return { x: (offset) => at.get(offset) ?? 0, days: [...at.keys()], breaks, unit };
}

export function sayOffset(offset: number): string {
  return offset > 0 ? `+${offset}` : offset < 0 ? `−${-offset}` : "0";
}
