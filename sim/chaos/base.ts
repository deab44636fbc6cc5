// The installation that is put under chaos: provider, policy, configuration, and a few hundred customers as CSV files.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { formatDay, formatTimeOfDay, HOUR_MS, MINUTE_MS, Zone, type Instant } from "../../src/kernel/time.ts";
import type { KnownInvoice } from "../known.ts";
import type { Random } from "../random.ts";
import { GAP_MS } from "./times.ts";

export const PANEL = "painel";

/** Local time at which a run begins: no midnight comes within any run of less than sixteen hours. */
const MORNING = 6;

export interface Person {
  ref: string;
  /** Three in ten never do. */
  pays: boolean;
  /** Service by its account on the panel. */
  services: { ref: string; account: string }[];
}

export interface Base {
  people: Person[];
  invoices: KnownInvoice[];
}

/** A zone in which it is morning now, so that a run means the same at any hour of any day. */
export function morningZone(now: Instant): Zone {
  const hour = Math.floor((now / HOUR_MS) % 24);
  let ahead = MORNING - hour;
  if (ahead < -12) ahead += 24;
  if (ahead > 14) ahead -= 24;
  return new Zone(ahead === 0 ? "Etc/GMT" : `Etc/GMT${ahead > 0 ? "-" : "+"}${Math.abs(ahead)}`);
}

/** The bare ladder, a gap of some seconds instead of a day, and promises that end in the middle of the run. */
function policyOf(zone: Zone, promisesEnd: Instant): unknown {
  return {
    policy: "chaos",
    regime: "general",
    calendar: { holidays: "none", weekend: [] },
    never_suspend_on: [],
    quiet_hours: "none",
    gap_hours: GAP_MS / HOUR_MS,
    small_remainder: "1.00",
    ladder: [
      { step: "reminder", day: 1, at: "00:00", do: "notify" },
      { step: "warning", day: 2, at: "00:00", do: "warn" },
      { step: "suspend", day: 3, at: "00:00", do: "suspend" },
    ],
    promises: {
      max_days: 5,
      deadline_at: formatTimeOfDay(zone.local(promisesEnd + MINUTE_MS).minute),
      min_tenure_days: 0,
      min_paid_on_time: 0,
      max_broken: 100,
      broken_costs_days: 0,
      wait_days: 0,
      weekend: "allow",
      remind: false,
    },
    breaker: "none",
  };
}

function providerOf(zone: Zone): unknown {
  const pay = ["Pix: pix@hospedagem.example"];
  return {
    name: "Hospedagem Exemplo",
    tax_id: "12.ABC.345/01DE-35",
    address: "Rua do Exemplo, 100, Centro, 01000-000 São Paulo, SP",
    email: "financeiro@hospedagem.example",
    time_zone: zone.id,
    payment: { "pt-BR": pay, en: pay },
  };
}

const MAP = {
  map: "chaos",
  lang: "pt-BR",
  currency: "BRL",
  files: [
    { file: "customers.csv", customer: { ref: "ref", name: "name", email: "email", since: "since" } },
    { file: "services.csv", service: { ref: "ref", customer: "customer", name: "ref", panel: { constant: PANEL }, account: "account" } },
    {
      file: "invoices.csv",
      invoice: { ref: "ref", customer: "customer", service: "service", issued: "issued", due: "due", amount: "amount" },
    },
  ],
};

/** Writes what `regua init --live` and `regua import csv` are given; answers who was written. */
export function writeBase(
  folder: string,
  options: { zone: Zone; now: Instant; customers: number; random: Random; promisesEnd: Instant },
): Base {
  const { zone, now, customers, random, promisesEnd } = options;
  const today = zone.dayOf(now);
  const base: Base = { people: [], invoices: [] };
  for (let n = 1; n <= customers; n += 1) {
    const ref = `C${n}`;
    const services = Array.from({ length: random.pick([1, 1, 1, 2]) }, (_, s) => ({ ref: `${ref}S${s + 1}`, account: `c${n}s${s + 1}` }));
    base.people.push({ ref, pays: random.chance(0.7), services });
    for (const [s, service] of services.entries()) {
      // Half of them owe since long ago, so that the whole ladder is before them; some owe nothing yet.
      const draw = random.unit();
      if (draw > 0.65) continue;
      const dueOn = draw > 0.55 ? today + 20 + s : today - random.between(4, 30) * 2 - s;
      const amount = 1_000 + random.between(0, 400) * 10;
      base.invoices.push({ ref: `${service.ref}F0`, customer: ref, service: service.ref, dueOn, amount, open: amount, settledAt: null });
    }
  }
  const rows = (head: string, lines: string[]): string => `${[head, ...lines].join("\n")}\n`;
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  const { people } = base;
  const since = formatDay(today - 400);
  write(
    "customers.csv",
    rows(
      "ref;name;email;since",
      people.map(({ ref }) => `${ref};Cliente ${ref};${ref.toLowerCase()}@cliente.example;${since}`),
    ),
  );
  write(
    "services.csv",
    rows(
      "ref;customer;account",
      people.flatMap(({ ref, services }) => services.map((service) => `${service.ref};${ref};${service.account}`)),
    ),
  );
  write(
    "invoices.csv",
    rows(
      "ref;customer;service;issued;due;amount",
      base.invoices.map((i) =>
        [i.ref, i.customer, i.service, formatDay(i.dueOn - 30), formatDay(i.dueOn), (i.amount / 100).toFixed(2).replace(".", ",")].join(
          ";",
        ),
      ),
    ),
  );
  write("map.yaml", stringify(MAP));
  write("policy.yaml", stringify(policyOf(zone, promisesEnd)));
  write("provider.yaml", stringify(providerOf(zone)));
  return base;
}

export interface PanelKeys {
  fingerprint: string;
  accessKey: string;
  secretKey: string;
}

/** The configuration of one process: the panel and the mail server each by a door of its own. */
export function configOf(options: { panelPort: number; mailPort: number; panel: PanelKeys }): string {
  const { panelPort, mailPort } = options;
  const { fingerprint, accessKey, secretKey } = options.panel;
  return stringify({
    connections: 6,
    parallel: 8,
    mail: {
      host: "127.0.0.1",
      port: mailPort,
      secure: "none",
      from_name: "Hospedagem Exemplo",
      from_address: "financeiro@hospedagem.example",
      connections: 8,
    },
    panels: {
      [PANEL]: { kind: "hestia", host: "127.0.0.1", port: panelPort, access_key: accessKey, secret_key: secretKey, fingerprint },
    },
  });
}
