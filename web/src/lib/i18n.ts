// The console's two languages: one is loaded at the start, the other when it is asked for.
import i18next from "i18next";
import { initReactI18next } from "react-i18next";

export type Lang = "pt-BR" | "en";

const KEPT = "regua.lang";

const load: Record<Lang, () => Promise<{ default: object }>> = {
  "pt-BR": () => import("../locales/pt-BR.json"),
  en: () => import("../locales/en.json"),
};

/** As it was chosen here before; else what the browser prefers. */
function firstLang(): Lang {
  const kept = localStorage.getItem(KEPT);
  if (kept === "en" || kept === "pt-BR") return kept;
  return navigator.language.toLowerCase().startsWith("pt") ? "pt-BR" : "en";
}

export function currentLang(): Lang {
  return i18next.language === "en" ? "en" : "pt-BR";
}

export async function startLanguage(): Promise<void> {
  const lang = firstLang();
  const { default: texts } = await load[lang]();
  await i18next.use(initReactI18next).init({
    lng: lang,
    resources: { [lang]: { translation: texts } },
    fallbackLng: false,
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  document.documentElement.lang = lang;
}

export async function speak(lang: Lang): Promise<void> {
  if (!i18next.hasResourceBundle(lang, "translation")) {
    const { default: texts } = await load[lang]();
    i18next.addResourceBundle(lang, "translation", texts);
  }
  localStorage.setItem(KEPT, lang);
  document.documentElement.lang = lang;
  await i18next.changeLanguage(lang);
}
