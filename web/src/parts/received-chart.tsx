// Money received by day, as bars; the same numbers stand in a table for who cannot see them.
import "@mantine/charts/styles.css";
import { BarChart } from "@mantine/charts";
import { useTranslation } from "react-i18next";
import { useFormat } from "../lib/format.ts";

export default function ReceivedChart({ rows }: { rows: readonly { day: string; cents: number; receipts: number }[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const data = rows.map((row) => ({ day: format.dayShort(row.day), value: row.cents }));
  return (
    <figure style={{ margin: 0 }} aria-label={t("today.curve")}>
      <BarChart
        h={170}
        data={data}
        dataKey="day"
        series={[{ name: "value", label: t("today.received"), color: "var(--accent)" }]}
        valueFormatter={(value) => format.money(value)}
        yAxisProps={{
          tickCount: 4,
          domain: [0, (most: number) => Math.max(100, Math.ceil(most / 30_000) * 30_000)],
          tickFormatter: (value: number) => format.short(value),
          width: 58,
        }}
        xAxisProps={{ interval: 6 }}
        gridAxis="x"
        tickLine="none"
        barProps={{ radius: 2, isAnimationActive: false }}
      />
    </figure>
  );
}
