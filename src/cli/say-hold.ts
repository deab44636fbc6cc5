// The kinds of holds in words, as the reasons name them.
import type { Lang } from "../kernel/lang.ts";
import type { HoldKind } from "../policy/facts.ts";
import { HOLDS_EN } from "../words/reasons.en.ts";
import { HOLDS_PT_BR } from "../words/reasons.pt-BR.ts";

/** `dispute`, `decision of the staff`. */
export function sayHold(kind: HoldKind, lang: Lang): string {
  return (lang === "en" ? HOLDS_EN : HOLDS_PT_BR)[kind];
}
