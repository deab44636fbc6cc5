// The two languages every text for a person exists in.

export const LANGS = ["pt-BR", "en"] as const;
export type Lang = (typeof LANGS)[number];
