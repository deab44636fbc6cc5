// What the commands of every day say to the provider's staff, in both languages.
import type { Lang } from "../kernel/lang.ts";
import type { CliTexts } from "./cli-texts.ts";
import { CLI_EN } from "./cli.en.ts";
import { CLI_PT_BR } from "./cli.pt-BR.ts";

const TEXTS: Readonly<Record<Lang, CliTexts>> = { "pt-BR": CLI_PT_BR, en: CLI_EN };

export function cliTexts(lang: Lang): CliTexts {
  return TEXTS[lang];
}
