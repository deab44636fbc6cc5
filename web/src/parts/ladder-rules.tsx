// The rules around the ladder by form: the calendar, quiet hours, promises, proofs, fees, the breaker.
import { Checkbox, NumberInput, Switch, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { readAt, writeAt } from "../lib/policy.ts";
import { Part } from "./page.tsx";

type Doc = Record<string, unknown>;

interface Props {
  doc: Doc;
  onChange: ((doc: Doc) => void) | undefined;
}

const CLOSED = ["friday_afternoon", "weekend", "holiday", "eve"] as const;

const NUMBERS = [
  { path: ["gap_hours"], unit: "h" },
  { path: ["promises", "max_days"], unit: "d" },
  { path: ["promises", "min_tenure_days"], unit: "d" },
  { path: ["promises", "min_paid_on_time"], unit: "" },
  { path: ["promises", "max_broken"], unit: "" },
  { path: ["promises", "courtesy_days"], unit: "d" },
  { path: ["late_fee", "fine_percent"], unit: "%" },
  { path: ["late_fee", "interest_percent_month"], unit: "%" },
  { path: ["termination", "distance_days"], unit: "d" },
  { path: ["breaker", "max_per_hour"], unit: "" },
] as const;

const SWITCHES = [
  ["promises", "enabled"],
  ["promises", "charge_released_days"],
  ["claims", "accept"],
  ["announce", "suspended"],
  ["announce", "reactivated"],
] as const;

export function Rules({ doc, onChange }: Props) {
  const { t } = useTranslation();
  const never = Array.isArray(doc.never_suspend_on) ? (doc.never_suspend_on as unknown[]) : [];
  const quiet = doc.quiet_hours as { from?: string; to?: string } | "none" | undefined;
  const toggle = (name: string): void =>
    onChange?.({ ...doc, never_suspend_on: never.includes(name) ? never.filter((each) => each !== name) : [...never, name] });
  return (
    <div className="columns even">
      <div>
        <Part title={t("rules.never")} note={t("rules.neverNote")}>
          <div className="card pad steps-list">
            {CLOSED.map((name) => (
              <Checkbox
                key={name}
                disabled={!onChange}
                label={t(`rules.closed.${name}`)}
                checked={never.includes(name)}
                onChange={() => toggle(name)}
              />
            ))}
          </div>
        </Part>
        <Part title={t("rules.quiet")}>
          <div className="card pad" style={{ display: "flex", gap: 12 }}>
            {quiet === "none" || quiet === undefined ? (
              <span className="dim small">{t("rules.noQuiet")}</span>
            ) : (
              (["from", "to"] as const).map((end) => (
                <TextInput
                  key={end}
                  type="time"
                  disabled={!onChange}
                  label={t(`rules.quiet_${end}`)}
                  value={quiet[end] ?? ""}
                  onChange={(event) => onChange?.({ ...doc, quiet_hours: { ...quiet, [end]: event.currentTarget.value } })}
                />
              ))
            )}
          </div>
        </Part>
        <Part title={t("rules.switches")}>
          <div className="card pad steps-list">
            {SWITCHES.map((path) => (
              <Switch
                key={path.join(".")}
                disabled={!onChange}
                label={t(`rules.${path.join("_")}`)}
                checked={readAt(doc, path) === true}
                onChange={(event) => onChange?.(writeAt(doc, path, event.currentTarget.checked))}
              />
            ))}
          </div>
        </Part>
      </div>
      <Part title={t("rules.numbers")}>
        <div className="card pad steps-list">
          {NUMBERS.map(({ path, unit }) => {
            const value = readAt(doc, path);
            return typeof value === "number" ? (
              <NumberInput
                key={path.join(".")}
                disabled={!onChange}
                label={t(`rules.${path.join("_")}`)}
                value={value}
                min={0}
                suffix={unit === "" ? "" : ` ${t(`rules.unit.${unit}`)}`}
                onChange={(next) => (typeof next === "number" ? onChange?.(writeAt(doc, path, next)) : undefined)}
              />
            ) : null;
          })}
        </div>
      </Part>
    </div>
  );
}
