// Small sentences that many pages say: a step's name, what comes next, a person's name in the evidence.
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import type { Coming } from "./api.ts";
import { useFormat } from "./format.ts";

export function stepName(t: TFunction, step: string | null): string {
  if (step === null) return "";
  return t(`step.${step.replaceAll("_", "-")}`, { defaultValue: step });
}

/** `staff:ana@provedor` as `ana@provedor`; what the program did by itself is said so. */
export function actorName(t: TFunction, actor: string): string {
  const [kind = "", rest = ""] = actor.split(/:(.*)/su);
  if (kind === "staff" || kind === "api") return rest;
  if (kind === "policy") return t("actor.policy");
  if (kind === "channel") return t("actor.channel");
  if (kind === "panel" || kind === "gateway") return `${t(`actor.${kind}`)} ${rest}`;
  return t(`actor.${actor}`, { defaultValue: actor });
}

/** What comes, in a few words: `suspension`, `reminder by e-mail`. */
export function useSayComing(): (coming: Pick<Coming, "kind" | "steps" | "detail">) => string {
  const { t } = useTranslation();
  return ({ kind, steps, detail }) => {
    if (kind === "message") return stepName(t, steps[steps.length - 1] ?? null) || t("coming.message");
    if (kind === "promise") return t(`coming.promise_${detail === "kept" ? "kept" : "broken"}`);
    if (kind === "person") return t(`attention.${detail ?? "other"}`, { defaultValue: t("coming.person") });
    return t(`coming.${kind}`);
  };
}

/** `Suspension · Thu, 26 November, 09:00`. */
export function useSayNext(): (coming: Pick<Coming, "kind" | "steps" | "detail" | "at">) => string {
  const say = useSayComing();
  const format = useFormat();
  return (coming) => `${say(coming)} · ${format.moment(coming.at)}`;
}
