// What the measurements' commands share: whole numbers read, figures rounded, and a word about folders in memory.
import { InvalidArgumentError } from "commander";
import type { Lang } from "../kernel/lang.ts";

export function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least || value > most)
      throw new InvalidArgumentError(`Give a whole number, ${least} to ${most}.`);
    return value;
  };
}

export const IN_MEMORY: Readonly<Record<Lang, string>> = {
  en: "The folder lies in memory, where fsync costs nothing: give --folder on a disk.",
  "pt-BR": "A pasta fica na memória, onde fsync não custa nada: indique --folder em um disco.",
};

/** Figures without digits that mean nothing. */
export function rounded<T>(measured: T): T {
  const counts = new Set(["customers", "payments", "rate", "seconds", "times"]);
  const digits = (value: unknown): unknown => (typeof value === "number" ? Number(value.toPrecision(4)) : value);
  return JSON.parse(
    JSON.stringify(measured, (name, value: unknown) => (counts.has(name) && Number.isInteger(value) ? value : digits(value))),
  ) as T;
}
