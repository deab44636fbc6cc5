// What `rehearse` answers: a value for machines, and a page for a terminal.
import type { Rehearsal, Rehearsed } from "../engine/rehearse.ts";
import type { Voice } from "./say.ts";
import { joined, wrap } from "./table.ts";

const INDENT = "  ";

interface Groups {
  told: Rehearsed[];
  suspended: Rehearsed[];
  released: Rehearsed[];
  ends: Rehearsed[];
  terminations: Rehearsed[];
  person: Rehearsed[];
}

export function rehearsePage(found: Rehearsal, voice: Voice, mode: "sandbox" | "live"): { value: unknown; lines: () => string[] } {
  const groups = grouped(found.coming);
  const assumptions = [...voice.texts.rehearse.assumed, ...(mode === "sandbox" ? [voice.texts.rehearse.sandbox] : [])];
  const told: Record<string, number> = {};
  for (const { steps } of groups.told) for (const step of steps) told[step] = (told[step] ?? 0) + 1;
  const { fromDay, throughDay, policyVersion, customersTouched, customersLooked, breaker, faults } = found;
  const said = (list: readonly Rehearsed[]) => list.map((each) => ({ ...each, reasons: voice.reasons(each.because) }));
  const value = {
    fromDay,
    throughDay,
    policyVersion,
    assumptions,
    told: said(groups.told),
    suspended: said(groups.suspended),
    released: said(groups.released),
    ends: said(groups.ends),
    terminations: said(groups.terminations),
    attention: said(groups.person),
    totals: {
      customersTouched,
      customersLooked,
      messages: groups.told.length,
      notices: told,
      suspensions: groups.suspended.length,
      releases: groups.released.length,
      ends: groups.ends.length,
      terminations: groups.terminations.length,
      attention: groups.person.length,
    },
    breaker,
    faults,
  };
  return { value, lines: () => page(found, groups, assumptions, told, voice) };
}

function grouped(coming: readonly Rehearsed[]): Groups {
  const of = (...kinds: Rehearsed["kind"][]): Rehearsed[] => coming.filter((each) => kinds.includes(each.kind));
  return {
    told: of("message"),
    suspended: of("suspension"),
    released: of("release"),
    ends: of("promise", "claim"),
    terminations: of("termination"),
    person: of("person"),
  };
}

function page(found: Rehearsal, groups: Groups, assumptions: readonly string[], told: Record<string, number>, voice: Voice): string[] {
  const { head, rehearse, none } = voice.texts;
  const sameDay = found.fromDay === found.throughDay;
  const part = (title: string, list: readonly Rehearsed[], always = false): string[] => {
    if (list.length === 0 && !always) return [];
    return ["", `${title}: ${list.length === 0 ? none : list.length}`, ...list.flatMap((each) => entry(each, sameDay, voice))];
  };
  const steps = Object.entries(told).map(([step, count]) => `${voice.step(step)} ${count}`);
  return [
    ...wrap(rehearse.title(voice.day(found.fromDay), voice.day(found.throughDay), found.policyVersion), ""),
    ...assumptions.flatMap((text) => wrap(`- ${text}`, INDENT)),
    ...part(head.told, groups.told, true),
    ...part(head.suspended, groups.suspended, true),
    ...part(head.released, groups.released, true),
    ...part(head.promiseEnds, groups.ends),
    ...part(head.proposed, groups.terminations),
    ...part(head.person, groups.person),
    "",
    ...wrap(`${head.totals}: ${totals(groups, voice)}`, ""),
    ...(steps.length === 0 ? [] : wrap(steps.join(" · "), INDENT)),
    ...wrap(rehearse.customers(found.customersTouched, found.customersLooked), ""),
    ...(found.breaker === null
      ? []
      : ["", ...wrap(rehearse.breaker(found.breaker.suspensions, found.breaker.limit, voice.moment(found.breaker.at)), "")]),
    ...(found.faults.length === 0
      ? []
      : ["", ...wrap(rehearse.faults(found.faults.length), ""), ...found.faults.map((each) => `${INDENT}${each.customer}: ${each.fault}`)]),
  ];
}

function totals(groups: Groups, voice: Voice): string {
  return voice.texts.rehearse.totals({
    messages: groups.told.length,
    suspensions: groups.suspended.length,
    releases: groups.released.length,
    promises: groups.ends.length,
    proposals: groups.terminations.length,
    persons: groups.person.length,
  });
}

function entry(each: Rehearsed, sameDay: boolean, voice: Voice): string[] {
  const time = sameDay ? voice.time(each.at) : voice.moment(each.at);
  const below = INDENT + " ".repeat(time.length + 2);
  const about =
    each.kind === "message"
      ? each.invoices.map((ref) => voice.texts.invoice(voice.line(ref))).join(", ")
      : each.service === null
        ? ""
        : voice.texts.service(voice.line(each.service));
  return [
    ...wrap(
      `${INDENT}${time}  ${joined(`${voice.line(each.customer)} ${voice.line(each.name)}`, voice.coming(each), about)}`.trimEnd(),
      "",
    ).map((text, i) => (i === 0 ? text : below + text)),
    ...voice.reasons(each.because).flatMap((text) => wrap(text, below)),
  ];
}
