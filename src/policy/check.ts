// Checks what a policy means: whether its ladder can be climbed as written, and whether the law lets it. The schema checked its form.
import { inEach, ReguaError, type InEach } from "../kernel/errors.ts";
import { parseTimeOfDay, Zone } from "../kernel/time.ts";
import { checkLadder } from "./check-ladder.ts";
import { compilePolicy, type Policy } from "./compile.ts";
import { daysIn, decimal, inBoth, type Finding } from "./finding.ts";
import type { PolicyDoc, WhenDoc } from "./schema.ts";

/** Lei 8.078/1990 (CDC), art. 52 §1. */
const FINE_PERCENT_MAX = 2;
/** Código Civil art. 406 with CTN art. 161 §1: the rate that contracts may state without further ground. */
const INTEREST_PERCENT_MAX = 1;
/** More than a year, so that every holiday is met once. */
const PROBE_DAYS = 400;

/** Everything found, errors first. A policy without errors can be put in force. */
export function checkPolicy(doc: PolicyDoc): Finding[] {
  const findings: Finding[] = [
    ...checkCalendar(doc),
    ...checkLadder(doc, "ladder", doc.ladder),
    ...doc.segments.flatMap((segment, i) => checkLadder(doc, `segments[${i}].ladder`, segment.ladder)),
    ...checkSegments(doc),
    ...checkLateFee(doc),
    ...checkBreaker(doc),
  ];
  return [...findings.filter((f) => f.severity === "error"), ...findings.filter((f) => f.severity === "warning")];
}

/** Whether the calendar opens at all, and what needs an open one. The zone does not matter: closed times are local. */
function checkCalendar(doc: PolicyDoc): Finding[] {
  let policy: Policy;
  try {
    policy = compilePolicy(doc, new Zone("UTC"));
  } catch (error) {
    const found = error instanceof ReguaError ? ofCompiling(error, doc) : null;
    if (found === null) throw error;
    return [{ severity: "error", ...found }];
  }
  return checkPromises(doc, policy);
}

/** What compiling refuses, said of its place in the file; null for what this check does not know. */
function ofCompiling(error: ReguaError, doc: PolicyDoc): Omit<Finding, "severity"> | null {
  const value = String(error.details.value);
  if (error.code === "holidays_unknown")
    return {
      place: "calendar.holidays",
      problem: inEach(`no holiday calendar is known for “${value}”`, `não se conhece calendário de feriados para “${value}”`),
      cure: inEach(
        "Write BR for the Brazilian banking calendar, another two-letter country code of ISO 3166 such as PT, or none for no holidays.",
        "Escreva BR para o calendário bancário brasileiro, outro código de país de duas letras da ISO 3166, como PT, ou “none” para nenhum feriado.",
      ),
    };
  if (error.code === "calendar_never_open") {
    const field = String(error.details.field);
    return {
      place: field,
      problem: inBoth((lang) => {
        const { what, days } = error.detailsIn(lang);
        return lang === "en"
          ? `the calendar leaves no room for ${String(what)}: ${String(days)} days in a row are closed`
          : `o calendário não deixa lugar para ${String(what)}: ${String(days)} dias seguidos estão fechados`;
      }),
      cure: inEach(
        `Leave at least one day of the week, or a part of one, open in ${field}.`,
        `Deixe ao menos um dia da semana, ou parte de um, aberto em ${field}.`,
      ),
    };
  }
  if (error.code !== "amount_unreadable") return null;
  return {
    place: value === doc.small_remainder ? "small_remainder" : "promises.max_amount",
    problem: inEach(`the amount ${value} is too large to be counted`, `o valor ${value} é grande demais para ser contado`),
    cure: inEach("Write a smaller amount, for example 5.00.", "Escreva um valor menor, por exemplo 5.00."),
  };
}

function checkPromises(doc: PolicyDoc, policy: Policy): Finding[] {
  const { promises } = doc;
  if (!promises.enabled) return [];
  const findings: Finding[] = [];
  const minute = parseTimeOfDay(promises.deadline_at);
  let ends = false;
  for (let day = 0; day < PROBE_DAYS && !ends; day += 1)
    ends = policy.calendar.isBankingDay(day) && policy.calendar.suspendOpenAt(policy.zone.at(day, minute)) === null;
  if (!ends)
    findings.push({
      severity: "error",
      place: "promises.deadline_at",
      problem: inEach(
        `at ${promises.deadline_at} a suspension may start on no banking day, so no promise could ever end`,
        `às ${promises.deadline_at} nenhuma suspensão pode começar em dia bancário, e assim nenhuma promessa terminaria`,
      ),
      cure: inEach(
        "Choose a time outside never_suspend_on, and not before the suspend step's own time of day.",
        "Escolha um horário fora de never_suspend_on, e não antes do horário do passo de suspensão.",
      ),
    });
  if (policy.calendar.quietAt(policy.zone.at(0, minute)))
    findings.push({
      severity: "warning",
      place: "promises.deadline_at",
      problem: inEach(
        `${promises.deadline_at} lies in the quiet hours, and the message that a promise ended goes out at that time`,
        `${promises.deadline_at} cai nas horas sem mensagem, e a mensagem de que uma promessa terminou sai nesse horário`,
      ),
      cure: inEach("Choose a time outside quiet_hours.", "Escolha um horário fora de quiet_hours."),
    });
  if (promises.max_days === 0)
    findings.push({
      severity: "warning",
      place: "promises.max_days",
      problem: inEach(
        "a promise of 0 days can only end on the day it is asked",
        "uma promessa de 0 dias só pode terminar no dia em que é pedida",
      ),
      cure: inEach("Give it some days, or write enabled: false.", "Dê alguns dias a ela, ou escreva enabled: false."),
    });
  return findings;
}

function checkSegments(doc: PolicyDoc): Finding[] {
  const findings: Finding[] = [];
  for (const [i, { segment, when }] of doc.segments.entries()) {
    const place = `segments[${i}]`;
    const before = doc.segments.slice(0, i);
    const error = (at: string, problem: InEach, cure: InEach): void => void findings.push({ severity: "error", place: at, problem, cure });
    if (before.some((other) => other.segment === segment))
      error(
        `${place}.segment`,
        inEach(`two segments are named “${segment}”`, `dois segmentos têm o nome “${segment}”`),
        inEach("Rename one.", "Dê outro nome a um deles."),
      );
    const { tenure_days_from: from, tenure_days_below: below } = when;
    if (from !== undefined && below !== undefined && from >= below)
      error(
        `${place}.when`,
        inEach(
          `nobody is a customer for at least ${from} and fewer than ${daysIn(below).en}`,
          `ninguém é cliente há ao menos ${daysIn(from)["pt-BR"]} e há menos de ${daysIn(below)["pt-BR"]}`,
        ),
        inEach("Make tenure_days_from the smaller number.", "Faça de tenure_days_from o número menor."),
      );
    const earlier = before.find((other) => covers(other.when, when));
    if (earlier)
      error(
        place,
        inEach(
          `nobody reaches this segment: the segment “${earlier.segment}” before it takes all its customers`,
          `ninguém chega a este segmento: o segmento “${earlier.segment}”, antes dele, leva todos os seus clientes`,
        ),
        inEach("Put the narrower segment first, or take it out.", "Ponha antes o segmento mais restrito, ou retire este."),
      );
  }
  return findings;
}

/** Whether every customer of `narrow` belongs to `wide`. */
function covers(wide: WhenDoc, narrow: WhenDoc): boolean {
  const within = (outer: readonly string[] | undefined, inner: readonly string[] | undefined): boolean =>
    outer === undefined || (inner !== undefined && inner.every((one) => outer.includes(one)));
  return (
    within(wide.tags, narrow.tags) &&
    within(wide.plans, narrow.plans) &&
    (wide.tenure_days_below === undefined ||
      (narrow.tenure_days_below !== undefined && narrow.tenure_days_below <= wide.tenure_days_below)) &&
    (wide.tenure_days_from === undefined || wide.tenure_days_from === 0 || (narrow.tenure_days_from ?? 0) >= wide.tenure_days_from)
  );
}

function checkLateFee(doc: PolicyDoc): Finding[] {
  const { fine_percent: fine, interest_percent_month: interest, legal_basis: basis } = doc.late_fee;
  if (basis !== undefined) return [];
  const severity = doc.regime === "general" ? "warning" : "error";
  const cure = inEach(
    "Lower it, or state in late_fee.legal_basis what allows more.",
    "Diminua o valor, ou diga em late_fee.legal_basis o que permite mais.",
  );
  const findings: Finding[] = [];
  if (fine > FINE_PERCENT_MAX) {
    const problem = inEach(
      `a fine of ${fine} % is above the ${FINE_PERCENT_MAX} % that consumer law in Brazil allows (CDC art. 52 §1)`,
      `uma multa de ${decimal(fine)["pt-BR"]} % está acima dos ${FINE_PERCENT_MAX} % que a lei do consumidor permite no Brasil (CDC, art. 52, § 1º)`,
    );
    findings.push({ severity, place: "late_fee.fine_percent", problem, cure });
  }
  if (interest > INTEREST_PERCENT_MAX) {
    const problem = inEach(
      `interest of ${interest} % a month is above the ${INTEREST_PERCENT_MAX} % a month that a contract may state in Brazil`,
      `juros de ${decimal(interest)["pt-BR"]} % ao mês estão acima do ${INTEREST_PERCENT_MAX} % ao mês que um contrato pode fixar no Brasil`,
    );
    findings.push({ severity, place: "late_fee.interest_percent_month", problem, cure });
  }
  return findings;
}

function checkBreaker(doc: PolicyDoc): Finding[] {
  if (doc.breaker !== "none") return [];
  const problem = inEach(
    "without a breaker, one import with wrong due dates can suspend every customer",
    "sem disjuntor, uma só importação com vencimentos errados pode suspender todos os clientes",
  );
  const cure = inEach("Leave the key out to have the default limits.", "Retire a chave para ter os limites padrão.");
  return [{ severity: "warning", place: "breaker", problem, cure }];
}
