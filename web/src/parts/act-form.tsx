// The form of an act: what is asked for, why, what it will change, and the one button that does it.
import { Button, Textarea } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Case } from "../lib/api.ts";

export interface ActProps {
  matter: Case;
  done: () => void;
}

export function Form({
  will,
  ready,
  busy,
  children,
  onSubmit,
  go,
}: {
  will: ReactNode;
  ready: boolean;
  busy: boolean;
  children?: ReactNode;
  onSubmit: () => void;
  go: string;
}) {
  const { t } = useTranslation();
  return (
    <form
      className="steps-list"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {children}
      <div className="note-box calm" aria-live="polite">
        <div className="small dim">{t("act.will")}</div>
        {will}
      </div>
      <Button type="submit" loading={busy} disabled={!ready}>
        {go}
      </Button>
    </form>
  );
}

/** Why it is done: it stands in the evidence with who did it. `focus`: the first thing to type. */
export function Reason({
  value,
  onChange,
  label,
  focus = true,
}: {
  value: string;
  onChange: (value: string) => void;
  label?: string;
  focus?: boolean;
}) {
  const { t } = useTranslation();
  return (
    <Textarea
      label={label ?? t("act.reason")}
      required
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      autosize
      minRows={2}
      {...(focus ? { "data-autofocus": true } : {})}
    />
  );
}
