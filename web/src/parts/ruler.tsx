// The ruler: a line of days with zero at the due date, closed days shaded, steps above, what happened below, today as a thin line.
import { useElementSize } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import { makeScale, sayOffset, type Scale } from "../lib/ruler.ts";

export type Act = "notify" | "warn" | "suspend" | "warn_termination" | "terminate";

export interface RulerMark {
  key: string;
  offset: number;
  act: Act;
  label: string;
  /** Whole sentence, for the pointer and for who cannot see. */
  title: string;
  /** Has not come yet. */
  later: boolean;
}

export interface RulerFact {
  offset: number;
  label: string;
}

interface Props {
  marks: readonly RulerMark[];
  facts?: readonly RulerFact[];
  closed: readonly number[];
  /** Offset of today; null: there is none, as in a ladder. */
  today: number | null;
  title: string;
  /** A mark was taken to another day; absent: marks stay. */
  onMove?: (key: string, offset: number) => void;
}

const ROW = 18;
const PAD = 10;

interface Placed extends RulerMark {
  x: number;
  row: number;
  /** Its label is written: with little room only what does more than remind is named, the others have their glyph and its title. */
  named: boolean;
}

/** A day narrower than this leaves no room for every name. */
const NARROW = 14;

/** Labels in as few rows as they need so that none touches another. */
function place(marks: readonly RulerMark[], scale: Scale, width: number): { placed: Placed[]; rows: number } {
  const ends: number[] = [];
  const placed = [...marks]
    .sort((a, b) => a.offset - b.offset)
    .map((mark) => {
      const x = scale.x(mark.offset);
      if (scale.unit < NARROW && mark.act === "notify" && marks.some((each) => each.act !== "notify"))
        return { ...mark, x, row: 0, named: false };
      const half = mark.label.length * 3.4 + 6;
      const left = Math.max(0, Math.min(x - half, width - 2 * half));
      let row = ends.findIndex((end) => end < left);
      if (row < 0) row = ends.length;
      ends[row] = left + 2 * half;
      return { ...mark, x, row, named: true };
    });
  return { placed, rows: Math.max(1, ends.length) };
}

export function Ruler({ marks, facts = [], closed, today, title, onMove }: Props) {
  const { ref, width } = useElementSize();
  const { t } = useTranslation();
  const wide = Math.max(width - 2 * PAD, 260);
  const offsets = [...marks.map((mark) => mark.offset), ...facts.map((fact) => fact.offset), ...(today === null ? [] : [today])];
  const scale = makeScale(offsets, wide);
  const { placed, rows } = place(marks, scale, wide);
  const below = place(
    facts.map((fact, i) => ({
      key: String(i),
      offset: fact.offset,
      act: "notify" as const,
      label: fact.label,
      title: fact.label,
      later: false,
    })),
    scale,
    wide,
  );
  const axis = rows * ROW + 34;
  const height = axis + 26 + (facts.length > 0 ? below.rows * ROW + 12 : 0);
  return (
    <div ref={ref}>
      <svg className="ruler" viewBox={`${-PAD} 0 ${wide + 2 * PAD} ${height}`} height={height} role="group" aria-label={title}>
        {closed.map((day) =>
          scale.days.includes(day) ? (
            <rect key={day} className="closed" x={scale.x(day) - scale.unit / 2} y={axis - 20} width={scale.unit} height={20} />
          ) : null,
        )}
        <Axis scale={scale} axis={axis} width={wide} marked={new Set(marks.map((mark) => mark.offset))} today={today} />
        {today === null ? null : (
          <g>
            <line className="now" x1={scale.x(today)} x2={scale.x(today)} y1={axis - 24} y2={axis + 3} />
            <text className="now-label" x={clampLabel(scale.x(today), t("ruler.today"), wide)} y={axis + 14} textAnchor="middle">
              {today === 0 ? "" : t("ruler.today")}
            </text>
          </g>
        )}
        {placed.map((mark) =>
          // Under every name, so that none is crossed out by its neighbour's.
          mark.named ? <line key={mark.key} className="stem" x1={mark.x} x2={mark.x} y1={labelTop(mark, rows) + 4} y2={axis - 21} /> : null,
        )}
        {placed.map((mark) => (
          <MarkOf key={mark.key} mark={mark} axis={axis} rows={rows} width={wide} scale={scale} onMove={onMove} />
        ))}
        {below.placed.map((fact) => (
          <g key={fact.key}>
            <circle className="below" cx={fact.x} cy={axis + 32} r={3} />
            <text x={clampLabel(fact.x, fact.label, wide)} y={axis + 48 + fact.row * ROW} textAnchor="middle">
              {fact.label}
            </text>
          </g>
        ))}
      </svg>
    </div>
  );
}

function labelTop(mark: Placed, rows: number): number {
  return 12 + (rows - 1 - mark.row) * ROW;
}

function clampLabel(x: number, label: string, width: number): number {
  const half = label.length * 3.3;
  return Math.min(Math.max(x, half - PAD), width - half + PAD);
}

interface AxisProps {
  scale: Scale;
  axis: number;
  width: number;
  marked: ReadonlySet<number>;
  today: number | null;
}

/** A numbered day takes about this much. */
const NUMBER_WIDTH = 30;

/** The days whose numbers are written: those with marks first, then as many others as there is room for. */
function numbered({ scale, marked, today }: AxisProps, texts: readonly number[]): number[] {
  const taken = [...texts, scale.x(0), ...(today === null ? [] : [scale.x(today)])];
  const fits = (day: number): boolean => taken.every((x) => Math.abs(x - scale.x(day)) >= NUMBER_WIDTH);
  const chosen: number[] = [];
  for (const day of [...scale.days.filter((each) => marked.has(each)), ...scale.days.filter((each) => each % 5 === 0), ...scale.days]) {
    if (chosen.includes(day) || !fits(day)) continue;
    chosen.push(day);
    taken.push(scale.x(day));
  }
  return chosen;
}

function Axis(props: AxisProps) {
  const { scale, axis, width, marked } = props;
  const { t } = useTranslation();
  const { breaks } = scale;
  const numbers = numbered(props, scale.unit > 24 ? breaks.map(({ x }) => x) : []);
  return (
    <g>
      <line className="axis" x1={0} x2={width} y1={axis} y2={axis} />
      {scale.days.map((day) => (
        <line
          key={day}
          className={day === 0 ? "zero" : "tick"}
          x1={scale.x(day)}
          x2={scale.x(day)}
          y1={axis - (day === 0 ? 10 : 5)}
          y2={axis}
        />
      ))}
      <text className="strong" x={scale.x(0)} y={axis + 14} textAnchor="middle">
        {t("ruler.due")}
      </text>
      {numbers.map((day) => (
        <text key={day} x={scale.x(day)} y={axis + 14} textAnchor="middle" opacity={marked.has(day) ? 1 : 0.75}>
          {sayOffset(day)}
        </text>
      ))}
      {breaks.map(({ x, days }) => (
        <g key={x}>
          <rect x={x - scale.unit} y={axis - 3} width={scale.unit * 2} height={6} fill="var(--card)" />
          <line className="gap" x1={x - scale.unit} x2={x + scale.unit} y1={axis} y2={axis} />
          {scale.unit > 24 ? (
            <text x={x} y={axis + 14} textAnchor="middle" opacity={0.75}>
              {t("ruler.days", { count: days })}
            </text>
          ) : null}
        </g>
      ))}
    </g>
  );
}

interface MarkProps {
  mark: Placed;
  axis: number;
  rows: number;
  width: number;
  scale: Scale;
  onMove: Props["onMove"];
}

function MarkOf({ mark, axis, rows, width, scale, onMove }: MarkProps) {
  const y = axis - 14;
  const moves = onMove
    ? {
        className: `grip${mark.later ? " later" : ""}`,
        tabIndex: 0,
        role: "slider",
        "aria-label": mark.title,
        "aria-valuenow": mark.offset,
        "aria-valuetext": `${mark.label} ${sayOffset(mark.offset)}`,
        onKeyDown: (event: React.KeyboardEvent) => {
          const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
          if (by === 0) return;
          event.preventDefault();
          onMove(mark.key, mark.offset + by);
        },
        onPointerDown: (event: React.PointerEvent<SVGGElement>) => follow(event, scale, width, (offset) => onMove(mark.key, offset)),
      }
    : { className: mark.later ? "later" : "" };
  return (
    <g {...moves}>
      <title>{mark.title}</title>
      {mark.named ? (
        <text className="strong" x={clampLabel(mark.x, mark.label, width)} y={labelTop(mark, rows)} textAnchor="middle">
          {mark.label}
        </text>
      ) : null}
      <Glyph act={mark.act} x={mark.x} y={y} />
    </g>
  );
}

/** Follows the pointer from day to day until it lets go. */
function follow(event: React.PointerEvent<SVGGElement>, scale: Scale, width: number, to: (offset: number) => void): void {
  const svg = event.currentTarget.ownerSVGElement;
  if (!svg) return;
  const box = svg.getBoundingClientRect();
  const reach = (width + 2 * PAD) / box.width;
  const unit = scale.unit;
  const from = event.clientX;
  const start = Number(event.currentTarget.getAttribute("aria-valuenow"));
  let last = start;
  const move = (next: PointerEvent): void => {
    const offset = start + Math.round(((next.clientX - from) * reach) / unit);
    if (offset !== last) to((last = offset));
  };
  const up = (): void => {
    window.removeEventListener("pointermove", move);
    window.removeEventListener("pointerup", up);
  };
  window.addEventListener("pointermove", move);
  window.addEventListener("pointerup", up);
}

export function Glyph({ act, x, y }: { act: Act; x: number; y: number }) {
  const r = 5;
  if (act === "suspend") return <circle className="mark full" cx={x} cy={y} r={r} />;
  if (act === "warn")
    return (
      <g>
        <circle className="mark warn" cx={x} cy={y} r={r} />
        <path className="half" d={`M ${x} ${y - r} A ${r} ${r} 0 0 1 ${x} ${y + r} Z`} />
      </g>
    );
  if (act === "notify") return <circle className="mark" cx={x} cy={y} r={r} />;
  const diamond = `M ${x} ${y - 6} L ${x + 6} ${y} L ${x} ${y + 6} L ${x - 6} ${y} Z`;
  return <path className={act === "terminate" ? "mark full" : "mark"} d={diamond} />;
}

/** A step's glyph by itself, for lists and legends. */
export function GlyphIcon({ act }: { act: Act }) {
  return (
    <svg className="ruler" viewBox="0 0 16 16" aria-hidden style={{ width: 16, height: 16, display: "inline-block", verticalAlign: -3 }}>
      <Glyph act={act} x={8} y={8} />
    </svg>
  );
}

/** So small that steps of neighbouring days do not touch. */
const SMALL = 0.72;

/** Where a customer stands, in a list's row: the ladder's steps as ticks, those climbed filled, today as a thin line. */
export function SmallRuler({ days, steps, label }: { days: number | null; steps: readonly { offset: number; act: Act }[]; label: string }) {
  const first = -3;
  const last = Math.max(12, ...steps.filter((step) => step.offset < 30).map((step) => step.offset + 2));
  const x = (offset: number): number => ((Math.min(Math.max(offset, first), last) - first) / (last - first)) * 132 + 6;
  return (
    <svg className="ruler" viewBox="0 0 180 26" role="img" aria-label={label} style={{ maxWidth: 180 }}>
      <line className="tick" x1={6} x2={138} y1={17} y2={17} />
      <line className="zero" x1={x(0)} x2={x(0)} y1={11} y2={17} />
      {days === null ? null : <line className="axis" x1={x(0)} x2={x(days)} y1={17} y2={17} />}
      {steps
        .filter((step) => step.offset >= first && step.offset <= last)
        .map((step) => (
          <g key={`${step.offset} ${step.act}`} className={days !== null && step.offset <= days ? "" : "later"}>
            <g transform={`translate(${x(step.offset)} 8) scale(${SMALL})`}>
              <Glyph act={step.act} x={0} y={0} />
            </g>
          </g>
        ))}
      {days === null ? null : <line className="now" x1={x(days)} x2={x(days)} y1={10} y2={24} />}
      {days === null ? null : (
        <text className="now-label" x={146} y={21}>
          {sayOffset(days)}
        </text>
      )}
    </svg>
  );
}
