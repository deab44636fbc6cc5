// The payment curve: of all invoices, the share paid by each day after the due date, with the ladder's steps standing on it.
import "@mantine/charts/styles.css";
import { AreaChart } from "@mantine/charts";
import { useTranslation } from "react-i18next";
import type { Reports } from "../lib/api.ts";
import { useFormat } from "../lib/format.ts";
import { sayOffset } from "../lib/ruler.ts";
import { stepName } from "../lib/say.ts";
import { GlyphIcon } from "./ruler.tsx";

export default function CurveChart({ found }: { found: Reports }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { rows, total } = found.curve;
  const last = Math.max(20, ...found.steps.filter((step) => step.offset <= 30).map((step) => step.offset + 3));
  const data = Array.from({ length: last + 11 }, (_, i) => i - 10).map((day) => ({
    day,
    share: total === 0 ? 0 : rows.filter((row) => row.offset <= day).reduce((sum, row) => sum + row.invoices, 0) / total,
  }));
  const marks = found.steps.filter((step) => step.offset >= -10 && step.offset <= last);
  return (
    <figure style={{ margin: 0 }} aria-label={t("reports.curveTitle")}>
      <AreaChart
        h={260}
        data={data}
        dataKey="day"
        series={[{ name: "share", label: t("reports.paidShare"), color: "var(--accent)" }]}
        curveType="stepAfter"
        withDots={false}
        withGradient={false}
        fillOpacity={0.12}
        valueFormatter={(value) => format.percent(value)}
        yAxisProps={{ domain: [0, 1], tickFormatter: (value: number) => format.percent(value), width: 48 }}
        xAxisProps={{
          type: "number",
          domain: [-10, last],
          ticks: Array.from({ length: Math.floor(last / 5) + 3 }, (_, i) => (i - 2) * 5),
          tickFormatter: sayOffset,
        }}
        xAxisLabel={t("reports.axis")}
        areaProps={{ isAnimationActive: false }}
        referenceLines={[
          { x: 0, color: "var(--ink)" },
          ...marks.map((step) => ({ x: step.offset, color: "var(--ink-2)", strokeDasharray: step.act === "suspend" ? "0" : "3 3" })),
        ]}
      />
      <figcaption className="small dim" style={{ display: "flex", flexWrap: "wrap", gap: "4px 18px", marginTop: 8 }}>
        {marks.map((step) => (
          <span key={step.step}>
            <GlyphIcon act={step.act} /> {stepName(t, step.step)} <span className="num">{sayOffset(step.offset)}</span>
          </span>
        ))}
      </figcaption>
    </figure>
  );
}
