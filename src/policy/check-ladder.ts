// Whether a ladder can be climbed as written: its order, its gaps, its warnings, what the regulator asks, and how a service may end.
import { inEach, type InEach } from "../kernel/errors.ts";
import { formatTimeOfDay, parseTimeOfDay } from "../kernel/time.ts";
import { daysIn, hoursIn, type Finding, type Severity } from "./finding.ts";
import { isoWeekday, type PolicyDoc, type StepDoc } from "./schema.ts";

/** A step with its place in the file and its time, in minutes from the start of the due day; null: the day of issue. */
interface Rung {
  place: string;
  step: StepDoc;
  minutes: number | null;
}

const DAY_MINUTES = 1440;
/** Anatel RGC (Resolução 765/2023): days from the proven notice to the suspension, and from there to the end of the contract. */
const TELECOM_SUSPEND_DAYS = 15;
const TELECOM_TERMINATE_DAYS = 60;
/** Less time than this to fetch one's data is short in any regime. */
const TERMINATE_DAYS = 15;

export function checkLadder(doc: PolicyDoc, place: string, steps: readonly StepDoc[]): Finding[] {
  const rungs = steps.map((step, i): Rung => ({
    place: `${place}[${i}]`,
    step,
    minutes: step.day === "issued" ? null : step.day * DAY_MINUTES + parseTimeOfDay(step.at),
  }));
  const findings = [...rungs.flatMap((rung, i) => checkRung(doc, rungs, rung, i)), ...checkEnd(doc, rungs)];
  if (!steps.some((step) => step.do === "suspend"))
    findings.push({
      severity: "warning",
      place,
      problem: inEach(
        "the ladder never suspends: after its last message nothing follows",
        "a régua nunca suspende: depois da última mensagem nada acontece",
      ),
      cure: inEach(
        "Add a warn and a suspend step, if that is not what you want.",
        "Acrescente um passo “warn” e um “suspend”, se não é isso o que você quer.",
      ),
    });
  return findings;
}

function checkRung(doc: PolicyDoc, rungs: readonly Rung[], rung: Rung, i: number): Finding[] {
  const { step, minutes } = rung;
  const findings: Finding[] = [];
  const add = adder(findings, rung);
  const before = rungs.slice(0, i);
  if (before.some((other) => other.step.step === step.step))
    add(
      "error",
      "step",
      inEach(`two steps are named “${step.step}”`, `dois passos têm o nome “${step.step}”`),
      inEach("Rename one: a step is known by its name.", "Dê outro nome a um deles: um passo é conhecido pelo nome."),
    );
  const last = before.findLast((other) => other.minutes !== null);
  if (last && (minutes === null || minutes < (last.minutes ?? 0)))
    add(
      "error",
      "day",
      inEach(`it comes before the step “${last.step.step}” above it`, `ele vem antes do passo “${last.step.step}”, escrito acima dele`),
      inEach("Write the steps in the order of their times.", "Escreva os passos na ordem dos seus horários."),
    );
  else if (last && minutes !== null) {
    const gap = step.gap_hours ?? doc.gap_hours;
    const apart = (minutes - (last.minutes ?? 0)) / 60;
    if (gap > apart) add("error", "gap_hours", ...tooClose(last.step.step, hoursIn(gap), hoursIn(apart)));
  }
  if (step.do === "suspend" || step.do === "terminate") findings.push(...checkHarm(doc, rungs, rung, i));
  else if (quiet(doc, parseTimeOfDay(step.at)))
    add(
      "warning",
      "at",
      inEach(
        `${step.at} lies in the quiet hours: the message always waits for their end`,
        `${step.at} cai nas horas sem mensagem: ela sempre espera até que terminem`,
      ),
      inEach("Choose a time outside quiet_hours.", "Escolha um horário fora de quiet_hours."),
    );
  if (new Set(step.channels).size < step.channels.length)
    add(
      "warning",
      "channels",
      inEach("a channel is named twice; the second time says nothing", "um canal está escrito duas vezes; a segunda não acrescenta nada"),
      inEach("Name each channel once.", "Escreva cada canal uma só vez."),
    );
  if (step.do === "warn" && !step.channels.includes("email"))
    add(
      "warning",
      "channels",
      inEach(
        "who has only an e-mail address cannot be warned, and is put before a person",
        "quem só tem endereço de e-mail não pode ser avisado, e o caso vai para uma pessoa",
      ),
      inEach("Add email to the channels.", "Acrescente “email” aos canais."),
    );
  return findings;
}

/** Adds a finding at a key of the rung. */
function adder(findings: Finding[], { place }: Rung): (severity: Severity, key: string, problem: InEach, cure: InEach) => void {
  return (severity, key, problem, cure) => void findings.push({ severity, place: `${place}.${key}`, problem, cure });
}

function tooClose(step: string, gap: InEach, apart: InEach): [InEach, InEach] {
  return [
    inEach(
      `it waits ${gap.en} for the step “${step}”, which stands only ${apart.en} before: it would always be late`,
      `ele espera ${gap["pt-BR"]} depois do passo “${step}”, que está só ${apart["pt-BR"]} antes: chegaria sempre atrasado`,
    ),
    inEach("Set the steps further apart, or the gap_hours of this one lower.", "Afaste mais os dois passos, ou diminua o gap_hours deste."),
  ];
}

/** What a suspension or a termination needs: a day after the due date, and the steps that go before it. */
function checkHarm(doc: PolicyDoc, rungs: readonly Rung[], rung: Rung, i: number): Finding[] {
  const { step } = rung;
  const findings: Finding[] = [];
  const add = adder(findings, rung);
  const before = rungs.slice(0, i);
  if (before.some((other) => other.step.do === step.do))
    add(
      "error",
      "do",
      inEach(`the ladder has a second ${step.do} step`, `a régua tem um segundo passo “${step.do}”`),
      inEach("Keep one of them.", "Deixe só um deles."),
    );
  if (step.day === "issued" || step.day < 1)
    add(
      "error",
      "day",
      inEach("the invoice may still be paid on that day", "nesse dia a fatura ainda está no prazo"),
      inEach("Write 1 or more.", "Escreva 1 ou mais."),
    );
  if (step.do === "terminate") return findings;
  const warning = before.findLast((other) => other.step.do === "warn");
  if (!warning)
    add(
      "error",
      "do",
      inEach(
        "nobody is suspended without a warning, and no warn step stands before this one",
        "ninguém é suspenso sem aviso, e não há passo “warn” antes deste",
      ),
      inEach("Add a warn step above it.", "Acrescente um passo “warn” acima dele."),
    );
  if (warning && warning.minutes !== null && rung.minutes !== null && before.at(-1) !== warning) {
    const apart = (rung.minutes - warning.minutes) / 60;
    if ((step.gap_hours ?? doc.gap_hours) > apart)
      add(
        "error",
        "gap_hours",
        inEach(
          `the warning stands only ${hoursIn(apart).en} before: the suspension would always be late`,
          `o aviso está só ${hoursIn(apart)["pt-BR"]} antes: a suspensão chegaria sempre atrasada`,
        ),
        inEach("Warn earlier, or lower the gap.", "Avise mais cedo, ou diminua o gap_hours."),
      );
  }
  if (alwaysClosed(doc, parseTimeOfDay(step.at)))
    add(
      "error",
      "at",
      inEach(`never_suspend_on closes ${step.at} on every day of the week`, `never_suspend_on fecha ${step.at} em todos os dias da semana`),
      inEach("Choose a time at which suspensions may start.", "Escolha um horário em que uma suspensão pode começar."),
    );
  if (doc.regime === "telecom-br" && warning) findings.push(...checkTelecomGap(doc, rung, warning));
  return findings;
}

function checkTelecomGap(doc: PolicyDoc, rung: Rung, warning: Rung): Finding[] {
  const [days, hours] = [TELECOM_SUSPEND_DAYS, TELECOM_SUSPEND_DAYS * 24];
  const near = (rung.minutes ?? 0) - (warning.minutes ?? 0) < days * DAY_MINUTES;
  if (!near && (rung.step.gap_hours ?? doc.gap_hours) >= hours) return [];
  return [
    {
      severity: "error",
      place: `${rung.place}.gap_hours`,
      problem: inEach(
        `the regulator allows a suspension only ${days} days after the proven notice (RGC, Resolução 765/2023)`,
        `a agência reguladora só permite a suspensão ${days} dias depois da notificação comprovada (RGC, Resolução 765/2023)`,
      ),
      cure: inEach(
        `Keep ${days} days between the two, and write gap_hours: ${hours} or more at the suspension.`,
        `Deixe ${days} dias entre os dois, e escreva gap_hours: ${hours} ou mais na suspensão.`,
      ),
    },
  ];
}

/** The end of a service: announced after the suspension, and far from it. */
function checkEnd(doc: PolicyDoc, rungs: readonly Rung[]): Finding[] {
  const end = rungs.findIndex(({ step }) => step.do === "terminate");
  const terminate = rungs[end];
  if (!terminate) return [];
  const down = rungs.findIndex(({ step }, i) => step.do === "suspend" && i < end);
  const announced = rungs.findIndex(({ step }, i) => step.do === "warn_termination" && i > down && i < end);
  const suspend = rungs[down];
  const findings: Finding[] = [];
  const add = adder(findings, terminate);
  if (!suspend) {
    const problem = inEach("no suspend step stands before it", "não há passo “suspend” antes dele");
    add("error", "do", problem, inEach("A service is suspended before it is ended.", "Um serviço é suspenso antes de ser encerrado."));
    return findings;
  }
  if (announced === -1) {
    const problem = inEach("nobody is told that the service will end", "ninguém é avisado de que o serviço será encerrado");
    const cure = inEach(
      "Add a warn_termination step between the suspension and this one.",
      "Acrescente um passo warn_termination entre a suspensão e este.",
    );
    add("error", "do", problem, cure);
    return findings;
  }
  const days = Math.floor(((terminate.minutes ?? 0) - (suspend.minutes ?? 0)) / DAY_MINUTES);
  // A late suspension moves what follows only through the gaps: the calendar alone would let the two come close.
  const hours = rungs.slice(down + 1, end + 1).reduce((sum, { step }) => sum + (step.gap_hours ?? doc.gap_hours), 0);
  if (doc.regime === "telecom-br" && (days < TELECOM_TERMINATE_DAYS || hours < TELECOM_TERMINATE_DAYS * 24)) {
    const problem = inEach(
      `the regulator allows the end of the contract only ${TELECOM_TERMINATE_DAYS} days after the suspension (RGC, Resolução 765/2023)`,
      `a agência reguladora só permite o fim do contrato ${TELECOM_TERMINATE_DAYS} dias depois da suspensão (RGC, Resolução 765/2023)`,
    );
    const cure = inEach(
      `Keep ${TELECOM_TERMINATE_DAYS} days between the two, and gaps of ${TELECOM_TERMINATE_DAYS * 24} hours in all on the steps from one to the other.`,
      `Deixe ${TELECOM_TERMINATE_DAYS} dias entre os dois, e gap_hours de ${TELECOM_TERMINATE_DAYS * 24} horas ao todo nos passos de um ao outro.`,
    );
    add("error", "gap_hours", problem, cure);
  } else if (days < TERMINATE_DAYS) {
    const problem = inEach(
      `the service ends ${daysIn(days).en} after its suspension, which is little time to fetch the data`,
      `o serviço é encerrado ${daysIn(days)["pt-BR"]} depois da suspensão, pouco tempo para buscar os dados`,
    );
    add("warning", "day", problem, inEach(`Leave ${TERMINATE_DAYS} days or more.`, `Deixe ${TERMINATE_DAYS} dias ou mais.`));
  }
  return findings;
}

function quiet(doc: PolicyDoc, minute: number): boolean {
  if (doc.quiet_hours === "none") return false;
  const { from, to } = doc.quiet_hours;
  const at = formatTimeOfDay(minute);
  return from <= to ? from <= at && at < to : from <= at || at < to;
}

/** Whether never_suspend_on closes a time of day on all seven days of the week, holidays aside. */
function alwaysClosed(doc: PolicyDoc, minute: number): boolean {
  const at = formatTimeOfDay(minute);
  const weekend = doc.calendar.weekend.map(isoWeekday);
  const closed = (day: number, rule: PolicyDoc["never_suspend_on"][number]): boolean => {
    if (rule === "friday_afternoon") return day === 5 && at >= "12:00";
    if (rule === "weekend") return weekend.some((one) => one === day);
    return typeof rule !== "string" && isoWeekday(rule.weekday) === day && rule.from <= at && at < rule.to;
  };
  return [1, 2, 3, 4, 5, 6, 7].every((day) => doc.never_suspend_on.some((rule) => closed(day, rule)));
}
