// Where and when a seed's history is set: its time zone, its first day, its policy; and the provider who lives it.
import { installProvider } from "../src/engine/install-provider.ts";
import { DAY_MS, parseDay, parseInstant, Zone, type Day, type Instant } from "../src/kernel/time.ts";
import type { Db } from "../src/store/database.ts";
import type { Occasion } from "./faults.ts";
import { policyOf, type SimPolicy } from "./policies.ts";
import { stream } from "./random.ts";

const LONG_AGO = parseInstant("2020-01-01T00:00:00Z");

/** Brazil has no daylight saving since 2019; these two have, and on different days. */
const ZONES = ["America/Sao_Paulo", "America/Sao_Paulo", "America/Sao_Paulo", "America/New_York", "Europe/Lisbon"] as const;
const FIRST_DAY = parseDay("2026-01-05");
const LEAP_DAY = parseDay("2028-02-29");

export interface SimSetting {
  zone: Zone;
  start: Instant;
  policy: SimPolicy;
  occasions: Occasion[];
}

/** The setting of a seed. One in eight lives through a leap day; a zone with daylight saving is set so that the clocks change in it. */
export function settingOf(seed: number, days: number, preset: string): SimSetting {
  const random = stream(seed, "start");
  const zone = new Zone(stream(seed, "zone").pick(ZONES));
  const policy = policyOf(seed, preset);
  const early = random.between(15, Math.max(15, days - 35));
  const day = stream(seed, "leap").chance(1 / 8) ? LEAP_DAY - early : firstDay(zone, early, random.between(0, 330));
  const occasions: Occasion[] = [];
  if (day <= LEAP_DAY && LEAP_DAY < day + days) occasions.push("leap_day");
  if (changeAfter(zone, day) < day + days) occasions.push("daylight_saving");
  if (policy.ladder === "quick") occasions.push("quick_end");
  return { zone, start: zone.at(day, 0), policy, occasions };
}

function firstDay(zone: Zone, early: number, drawn: number): Day {
  const change = changeAfter(zone, FIRST_DAY + Math.min(drawn, 280));
  return change === Number.POSITIVE_INFINITY ? FIRST_DAY + drawn : Math.max(FIRST_DAY, change - early);
}

/** The next day on which the clocks of a zone change; never where they do not within a year. */
function changeAfter(zone: Zone, day: Day): Day {
  for (let on = day; on < day + 366; on += 1) if (zone.startOf(on + 1) - zone.startOf(on) !== DAY_MS) return on;
  return Number.POSITIVE_INFINITY;
}

/** The provider of the history, in a database that has none yet. */
export async function install(db: Db, { zone, policy }: SimSetting): Promise<void> {
  const identity = {
    name: "Hospedagem Exemplo",
    legalName: "Hospedagem Exemplo Ltda",
    taxId: "12.345.678/0001-90",
    address: "Rua das Flores, 10, Curitiba, 80000-000",
    email: "financeiro@hospedagem.example",
    phone: "+55 41 3333-4444",
    site: "https://hospedagem.example",
    lang: "pt-BR",
    payment: { "pt-BR": ["Pix: pix@hospedagem.example"], en: ["Pix: pix@hospedagem.example"] },
    proof: null,
  } as const;
  const provider = { identity, timeZone: zone.id, currency: "BRL" };
  await installProvider(db, { mode: "live", provider, policySource: policy.source, at: LONG_AGO, by: "sim" });
}
