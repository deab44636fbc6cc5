// The ladder's steps as a form: what each does, on which day and at what hour, by which channels.
import { ActionIcon, Button, NumberInput, Select, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Step } from "../lib/policy.ts";
import { stepName } from "../lib/say.ts";
import { GlyphIcon, type Act } from "./ruler.tsx";

const ACTS: readonly Act[] = ["notify", "warn", "suspend", "warn_termination", "terminate"];

export function StepForms({ steps, onChange }: { steps: readonly Step[]; onChange: ((steps: Step[]) => void) | undefined }) {
  const { t } = useTranslation();
  const set = (at: number, change: Partial<Step>): void => onChange?.(steps.map((step, i) => (i === at ? { ...step, ...change } : step)));
  const add = (): void => {
    const last = Math.max(0, ...steps.map((step) => (step.day === "issued" ? 0 : step.day)));
    const name = freeName(steps);
    onChange?.([...steps, { step: name, day: last + 3, at: "09:00", do: "notify", channels: ["email"] }]);
  };
  return (
    <div className="card rows">
      {steps.map((step, i) => (
        <div key={step.step} className="row step-row">
          <GlyphIcon act={step.do} />
          <span>
            {stepName(t, step.step)} <span className="small dim mono">{step.step}</span>
          </span>
          <Select
            className="does"
            size="xs"
            aria-label={t("ladder.does", { step: step.step })}
            disabled={!onChange}
            allowDeselect={false}
            data={ACTS.map((act) => ({ value: act, label: t(`act.kind.${act}`) }))}
            value={step.do}
            onChange={(value) => set(i, { do: value as Act })}
          />
          {step.day === "issued" ? (
            <span className="day small dim">{t("ladder.issued")}</span>
          ) : (
            <NumberInput
              className="day"
              size="xs"
              aria-label={t("ladder.dayOf", { step: step.step })}
              disabled={!onChange}
              min={-365}
              max={3650}
              allowDecimal={false}
              suffix={` ${t("ladder.daysUnit")}`}
              value={step.day}
              onChange={(value) => (typeof value === "number" ? set(i, { day: value }) : undefined)}
            />
          )}
          <TextInput
            className="hour"
            size="xs"
            type="time"
            aria-label={t("ladder.hourOf", { step: step.step })}
            disabled={!onChange}
            value={step.at ?? "09:00"}
            onChange={(event) => set(i, { at: event.currentTarget.value })}
          />
          {onChange ? (
            <ActionIcon
              className="drop"
              variant="subtle"
              color="gray"
              aria-label={t("ladder.remove", { step: step.step })}
              onClick={() => onChange(steps.filter((_, at) => at !== i))}
            >
              <IconTrash size={16} />
            </ActionIcon>
          ) : null}
        </div>
      ))}
      {onChange ? (
        <div className="pad">
          <Button size="xs" variant="default" leftSection={<IconPlus size={14} />} onClick={add}>
            {t("ladder.add")}
          </Button>
        </div>
      ) : null}
    </div>
  );
}

function freeName(steps: readonly Step[]): string {
  for (let n = 2; ; n += 1) if (!steps.some((step) => step.step === `reminder-${n}`)) return `reminder-${n}`;
}
