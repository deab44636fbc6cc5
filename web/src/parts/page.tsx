// What every page has: a head, waiting, nothing there, and a fault told with what to do about it.
import { Button, Skeleton } from "@mantine/core";
import type { ReactNode } from "react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "../lib/api.ts";

export function Page({ title, side, children }: { title: string; side?: ReactNode; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Régua`;
  }, [title]);
  return (
    <div className="page">
      <header className="head">
        <h1>{title}</h1>
        {side === undefined ? null : <div className="side">{side}</div>}
      </header>
      {children}
    </div>
  );
}

export function Part({ title, note, children, side }: { title: string; note?: string; children: ReactNode; side?: ReactNode }) {
  return (
    <section>
      <h2 className="part">
        {title}
        {note === undefined ? null : <span className="dim">{note}</span>}
        {side === undefined ? null : <span style={{ marginLeft: "auto" }}>{side}</span>}
      </h2>
      {children}
    </section>
  );
}

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <strong>{title}</strong>
      {children}
    </div>
  );
}

/** Bones of the page to come, in its shape, so that nothing jumps. */
export function Waiting() {
  const { t } = useTranslation();
  return (
    <div className="page" role="status" aria-label={t("page.loading")}>
      <Skeleton height={28} width={220} mb={24} />
      <Skeleton height={86} mb={24} />
      <Skeleton height={320} />
    </div>
  );
}

export function Bones({ rows = 4 }: { rows?: number }) {
  const { t } = useTranslation();
  return (
    <div role="status" aria-label={t("page.loading")}>
      {Array.from({ length: rows }, (_, i) => (
        <Skeleton key={i} height={36} m={12} />
      ))}
    </div>
  );
}

/** What happened, what was kept, what to do. */
export function Failure({ error, again }: { error: unknown; again?: () => void }) {
  const { t } = useTranslation();
  const said = error instanceof Problem && error.status > 0 ? error : null;
  return (
    <div className="note-box bad" role="alert">
      <strong>{said?.message || (error instanceof Problem ? t("page.unreachable") : t("page.fault"))}</strong>
      <div>{said?.cure || (error instanceof Problem ? t("page.unreachableCure") : t("page.faultCure"))}</div>
      {again === undefined ? null : (
        <Button mt="xs" size="xs" variant="default" onClick={again}>
          {t("page.again")}
        </Button>
      )}
    </div>
  );
}

export function Figure({ value, label, note, tone }: { value: string; label: string; note?: string; tone?: "warm" | "good" }) {
  return (
    <>
      <div className="label">{label}</div>
      <div className={`value ${tone ?? ""}`}>{value}</div>
      {note === undefined ? null : <div className="note">{note}</div>}
    </>
  );
}
