// The frame of a report: its finding, what it counts in one sentence, and its CSV.
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Part } from "./page.tsx";

/** A report's numbers as a file. */
export function Csv({ which, days }: { which: string; days: string }) {
  const { t } = useTranslation();
  return (
    <a className="small" href={`/admin/reports/${which}?days=${days}`} download>
      {t("reports.csv")}
    </a>
  );
}

export function Report({
  title,
  counts,
  csv,
  days,
  children,
}: {
  title: string;
  counts: string;
  csv: string;
  days: string;
  children: ReactNode;
}) {
  return (
    <Part title={title} side={<Csv which={csv} days={days} />}>
      <p className="dim small">{counts}</p>
      {children}
    </Part>
  );
}
