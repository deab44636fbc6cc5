// Days down and money by day under both policies; the sums stand in the table above.
import "@mantine/charts/styles.css";
import { LineChart } from "@mantine/charts";
import { useTranslation } from "react-i18next";
import { addDays, useFormat } from "../lib/format.ts";
import type { Replayed } from "../lib/replay.ts";

type Day = Replayed["sides"]["present"]["byDay"][number];

export default function ReplayChart({ found }: { found: Replayed }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { present, changed } = found.sides;
  const tenth = (value: number): string => format.number(Math.round(value * 10) / 10);
  const series = [
    { name: "present", label: t("replay.present"), color: "var(--ink-2)", strokeDasharray: "4 3" },
    { name: "changed", label: t("replay.changed"), color: "var(--accent)" },
  ];
  const charts = [
    { title: t("replay.downByDay"), of: (day: Day) => day.daysDown, say: tenth, axis: tenth },
    {
      title: t("replay.moneyByDay"),
      of: (day: Day) => day.receivedCents,
      say: (cents: number) => format.money(cents),
      axis: (cents: number) => format.short(cents),
    },
  ];
  return (
    <div className="columns even">
      {charts.map(({ title, of, say, axis }) => (
        <figure key={title} className="card pad" style={{ margin: "16px 0 0" }} aria-label={title}>
          <figcaption className="small" style={{ marginBottom: 8 }}>
            {title}
          </figcaption>
          <LineChart
            h={180}
            data={present.byDay.map((day, i) => ({
              day: format.dayShort(addDays(found.from, i)),
              present: of(day),
              changed: changed.byDay[i] ? of(changed.byDay[i]) : 0,
            }))}
            dataKey="day"
            series={series}
            withDots={false}
            withLegend
            curveType="linear"
            valueFormatter={say}
            yAxisProps={{ tickFormatter: axis, width: 58 }}
            xAxisProps={{ interval: Math.max(0, Math.floor(present.byDay.length / 6)) }}
            gridAxis="x"
            tickLine="none"
            lineProps={{ isAnimationActive: false }}
          />
        </figure>
      ))}
    </div>
  );
}
