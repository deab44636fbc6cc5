// Customers a page at a time, as the console lists them: found by index, each decided as it stands. And one box that finds anything.
import { inEach, ReguaError } from "../kernel/errors.ts";
import type { Day, Instant } from "../kernel/time.ts";
import { pageMatters, type MatterFilter } from "../store/console.ts";
import { inOneMoment } from "../store/evidence.ts";
import { customersById, readCases } from "../store/facts.ts";
import { findExact, searchCustomers, searchQuery, type ExactHit } from "../store/search.ts";
import type { Engine } from "./engine.ts";
import { lastDayPastDue, listed, type CustomerListed } from "./list-customers.ts";
import type { Setting } from "./setting.ts";

export interface MatterAsk {
  filter: MatterFilter;
  search?: string | undefined;
  /** Days past the due date, both included; for `owing` and `late`. */
  daysFrom?: number | undefined;
  daysTo?: number | undefined;
  cursor?: string | undefined;
  limit: number;
}

export interface Matters {
  customers: CustomerListed[];
  next: string | null;
  setting: Setting;
  now: Instant;
}

/** @throws ReguaError `field_invalid` for a cursor that is none */
export async function listMatters(engine: Engine, ask: MatterAsk): Promise<Matters> {
  return inOneMoment(engine.db, async (trx) => {
    const now = engine.clock.now();
    const setting = await engine.settings.load(trx, now);
    const today = setting.zone.dayOf(now);
    const late = ask.filter === "late" ? lastDayPastDue(setting.policy, now) : null;
    const through = ask.daysFrom === undefined ? late : Math.min(late ?? today, today - ask.daysFrom);
    const text = ask.search?.trim() ?? "";
    const page = await pageMatters(trx, {
      filter: ask.filter,
      dueFrom: ask.daysTo === undefined ? null : today - ask.daysTo,
      dueThrough: through,
      after: readPlace(ask.cursor),
      limit: ask.limit,
      query: text === "" ? null : searchQuery(text),
    });
    const cases = await readCases(trx, await customersById(trx, page.map(({ id }) => id)), setting.channels); // prettier-ignore
    const facts = new Map(cases.map((found) => [found.facts.id, found.facts] as const));
    const customers = page.flatMap(({ id }) => {
      const mine = facts.get(id);
      return mine ? [listed(mine, setting, now)] : [];
    });
    const last = page[page.length - 1];
    const next = last && page.length === ask.limit ? `${last.due ?? ""}.${last.id}` : null;
    return { customers, next, setting, now };
  });
}

/** A place is the day that orders the list, where one does, and the customer's id: `20780.1042`. */
function readPlace(cursor: string | undefined): { id: number; due: Day | null } | null {
  if (cursor === undefined) return null;
  const [, due = "", id = ""] = /^(\d{0,6})\.(\d{1,15})$/u.exec(cursor) ?? [];
  if (id === "")
    throw new ReguaError("field_invalid", {
      field: "cursor",
      problem: inEach("it is not the `next` of a page", "não é o `next` de uma página"),
    });
  return { id: Number(id), due: due === "" ? null : Number(due) };
}

export interface Found {
  customers: CustomerListed[];
  /** Things that have exactly the number typed, with their customer's own number. */
  exact: (ExactHit & { customer: string | null; name: string | null })[];
  setting: Setting;
}

const FOUND_MAX = 8;

/** Finds by name, domain, address, CPF or CNPJ, any number of the provider's, slip or end-to-end id. */
export async function findAnything(engine: Engine, text: string): Promise<Found> {
  return inOneMoment(engine.db, async (trx) => {
    const now = engine.clock.now();
    const setting = await engine.settings.load(trx, now);
    const query = searchQuery(text);
    const exact = await findExact(trx, text.trim());
    const ids = query === null ? [] : await searchCustomers(trx, query, 0, FOUND_MAX);
    const owners = exact.flatMap(({ customerId }) => customerId ?? []);
    const all = [...new Set([...owners, ...ids])];
    const cases = await readCases(trx, await customersById(trx, all), setting.channels);
    const facts = new Map(cases.map((found) => [found.facts.id, found.facts] as const));
    return {
      customers: all.flatMap((id) => facts.get(id) ?? []).map((mine) => listed(mine, setting, now)),
      exact: exact.map((hit) => {
        const mine = hit.customerId === null ? undefined : facts.get(hit.customerId);
        return { ...hit, customer: mine?.ref ?? null, name: mine?.name ?? null };
      }),
      setting,
    };
  });
}
