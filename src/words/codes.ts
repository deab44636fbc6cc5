// What a person reads about printed payment codes, in both languages.
import type { Lang } from "../kernel/lang.ts";
import { CODES_EN } from "./codes.en.ts";
import { CODES_PT_BR } from "./codes.pt-BR.ts";
import type { CodeTexts } from "./codes-texts.ts";

const TEXTS: Readonly<Record<Lang, CodeTexts>> = { "pt-BR": CODES_PT_BR, en: CODES_EN };

export function codeTexts(lang: Lang): CodeTexts {
  return TEXTS[lang];
}
