// The frame of a report: its finding, what it counts in one sentence, and its CSV.
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Part } from "./page.tsx";

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
  const { t } = useTranslation();
  return (
    <Part
      title={title}
      side={
        <a className="small" href={`/admin/reports/${csv}?days=${days}`} download>
          {t("reports.csv")}
        </a>
      }
    >
      <p className="dim small">{counts}</p>
      {children}
    </Part>
  );
}
