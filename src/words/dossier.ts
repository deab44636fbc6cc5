// The words of the dossier, by language.
import type { Lang } from "../kernel/lang.ts";
import { DOSSIER_EN } from "./dossier.en.ts";
import { DOSSIER_PT_BR } from "./dossier.pt-BR.ts";
import type { DossierTexts } from "./dossier-texts.ts";

const TEXTS: Readonly<Record<Lang, DossierTexts>> = { "pt-BR": DOSSIER_PT_BR, en: DOSSIER_EN };

export function dossierTexts(lang: Lang): DossierTexts {
  return TEXTS[lang];
}
