// The answer of `explain`, for a terminal: each invoice and each service with what is decided or waited for, and why.
import type { Explained, PastDecision } from "../engine/explain.ts";
import { isQuiet } from "../policy/decide.ts";
import type { Because, Decision, Wait } from "../policy/decision.ts";
import type { InvoiceFacts, ServiceFacts } from "../policy/facts.ts";
import { sayAct } from "../words/reasons.ts";
import type { Voice } from "./say.ts";
import { joined, wrap } from "./table.ts";

const INDENT = "  ";
const BELOW = "    ";

export function explainPage({ facts, setting, now, decision, past }: Explained, voice: Voice): string[] {
  const { explain, head } = voice.texts;
  const { policy } = setting;
  return [
    `${voice.line(facts.name)} (${voice.line(facts.ref)})`,
    ...wrap(explain.judged(decision.policyVersion, voice.moment(decision.at)), ""),
    ...(decision.at === now ? [] : wrap(explain.otherTime(voice.moment(now)), "")),
    ...(isQuiet(decision, facts) ? [explain.quiet] : []),
    ...facts.invoices.flatMap((invoice) => [
      "",
      joined(
        `${voice.texts.invoice(voice.line(invoice.ref))}: ${voice.money(invoice.open, invoice.currency)}`,
        voice.texts.dueLine(voice.day(invoice.dueOn), policy.zone.dayOf(decision.at) - policy.calendar.effectiveDue(invoice.dueOn)),
      ),
      ...invoiceLines(invoice, decision, voice),
    ]),
    ...facts.services.flatMap((service) => ["", ...serviceLines(service, decision, voice)]),
    ...others(decision, facts.invoices, voice),
    "",
    decision.nextCheckAt === null ? explain.noLook : explain.lookAgain(voice.moment(decision.nextCheckAt)),
    ...(past.length === 0 ? [] : ["", head.lastDecisions, ...past.flatMap((each) => pastLines(each, voice))]),
  ];
}

function verdict(label: string, what: string, because: readonly Because[], voice: Voice): string[] {
  return [...wrap(`${label}: ${what}`, INDENT), ...voice.reasons(because).flatMap((text) => wrap(text, BELOW))];
}

function invoiceLines(invoice: InvoiceFacts, decision: Decision, voice: Voice): string[] {
  const { explain, coming } = voice.texts;
  const lines: string[] = [];
  for (const message of decision.messages)
    for (const notice of message.notices)
      if (notice.invoiceId === invoice.id)
        lines.push(...verdict(explain.decided, coming.by(voice.step(notice.step), voice.channel(message.channel)), notice.because, voice));
  for (const hold of decision.place)
    if (hold.invoiceId === invoice.id)
      lines.push(
        ...verdict(
          explain.decided,
          `${sayAct("suspend", voice.lang)}, ${voice.texts.service(voice.line(hold.serviceRef))}`,
          hold.because,
          voice,
        ),
      );
  for (const end of decision.terminations.propose)
    if (end.invoiceId === invoice.id)
      lines.push(
        ...verdict(explain.decided, `${coming.termination}, ${voice.texts.service(voice.line(end.serviceRef))}`, end.because, voice),
      );
  for (const wait of decision.waits) if (wait.invoice === invoice.ref && wait.service === null) lines.push(...waitLines(wait, voice));
  return lines;
}

function waitLines(wait: Wait, voice: Voice): string[] {
  const { texts } = voice;
  const step = wait.step === null ? "" : `${voice.step(wait.step)}, `;
  return verdict(
    texts.explain.waits,
    step + (wait.until === null ? texts.explain.untilAnswer : texts.until(voice.moment(wait.until))),
    [wait.because],
    voice,
  );
}

function serviceLines(service: ServiceFacts, decision: Decision, voice: Voice): string[] {
  const { texts } = voice;
  const level = decision.levels.find((each) => each.serviceId === service.id);
  const asked = decision.access.find((each) => each.serviceId === service.id);
  const title = joined(
    `${texts.service(voice.line(service.ref))}: ${texts.access[service.actual]}`,
    level === undefined ? texts.notLinked : texts.shouldBe(texts.access[level.desired]),
    service.callOpen ? texts.callOpen : null,
  );
  const because = level === undefined ? [] : asked ? [...asked.because] : [...level.because];
  const label = asked ? verdict(texts.explain.decided, texts.shouldBe(texts.access[asked.desired]), because, voice) : null;
  return [
    title,
    ...(label ?? voice.reasons(because).flatMap((text) => wrap(text, INDENT))),
    ...decision.waits.filter((wait) => wait.service === service.ref).flatMap((wait) => waitLines(wait, voice)),
  ];
}

/** What is about neither one invoice nor one service: promises, proofs, announcements, matters of a person. */
function others(decision: Decision, invoices: readonly InvoiceFacts[], voice: Voice): string[] {
  const { explain, coming } = voice.texts;
  const lines: string[] = [];
  for (const message of decision.messages)
    for (const notice of message.notices)
      if (!invoices.some((invoice) => invoice.id === notice.invoiceId))
        lines.push(...verdict(explain.decided, coming.by(voice.step(notice.step), voice.channel(message.channel)), notice.because, voice));
  for (const end of decision.promises) lines.push(...verdict(explain.decided, coming.promise[end.end] ?? end.end, end.because, voice));
  for (const end of decision.claims) lines.push(...verdict(explain.decided, coming.claim, end.because, voice));
  for (const lift of decision.lift) lines.push(...verdict(explain.decided, explain.what.lifted ?? "", lift.because, voice));
  for (const item of decision.attention) lines.push(...verdict(explain.decided, coming.person, item.because, voice));
  for (const wait of decision.waits) if (wait.invoice === null && wait.service === null) lines.push(...waitLines(wait, voice));
  return lines.length === 0 ? [] : ["", explain.others, ...lines];
}

function pastLines({ at, policyVersion, what, because }: PastDecision, voice: Voice): string[] {
  const names = what.map((each) => voice.texts.explain.what[each] ?? each).join(", ");
  return [
    ...wrap(joined(`${voice.moment(at)}  ${names}`, policyVersion), INDENT),
    ...voice.reasons(because).flatMap((text) => wrap(text, BELOW)),
  ];
}
