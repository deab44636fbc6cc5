// Policies for the console: the versions there are, a draft checked and drawn with its texts, kept, and put in force by a second person.
import { stringify } from "yaml";
import { inEach, ReguaError, type InEach } from "../kernel/errors.ts";
import { formatDay, type Day, type Instant } from "../kernel/time.ts";
import { compilePolicy } from "../policy/compile.ts";
import type { LinedFinding } from "../policy/finding.ts";
import { project } from "../policy/project.ts";
import { readPolicy } from "../policy/read.ts";
import { policySchema, type PolicyDoc } from "../policy/schema.ts";
import { policyTimeline, sampleCustomer, type Sample, type TimelineLine } from "../policy/timeline.ts";
import { listPolicies, policySource, type PolicyVersionRow } from "../store/policies.ts";
import { readPolicyDoc } from "../store/setting.ts";
import { writeMessage } from "../words/messages.ts";
import { changesBetween, checkSource } from "./check-policy.ts";
import type { Engine } from "./engine.ts";
import { enforcePolicy, importPolicy } from "./install-provider.ts";
import type { Setting } from "./setting.ts";
import { closedDays } from "./tell-story.ts";

export interface PolicyListed extends PolicyVersionRow {
  inForce: boolean;
}

export async function policyVersions(engine: Engine): Promise<{ versions: PolicyListed[]; inForce: string }> {
  const { policy } = await engine.settings.load(engine.db, engine.clock.now());
  const versions = (await listPolicies(engine.db)).map((row) => ({ ...row, inForce: row.version === policy.version }));
  return { versions, inForce: policy.version };
}

/** @throws ReguaError `policy_unknown` */
export async function onePolicy(engine: Engine, version: string): Promise<{ version: string; source: string; doc: PolicyDoc }> {
  const found = await policySource(engine.db, version);
  if (!found) throw new ReguaError("policy_unknown", { value: version });
  return { ...found, doc: policySchema.parse(await readPolicyDoc(engine.db, found.version)) };
}

/** A text as the ladder would send it to the customer of the example. */
export interface PreviewText {
  offset: number;
  at: Instant;
  steps: string[];
  template: string;
  channel: string;
  lang: "pt-BR" | "en";
  subject: string;
  text: string;
}

export interface Draft {
  ok: boolean;
  version: string | null;
  source: string;
  findings: LinedFinding[];
  /** What differs from the version in force; one line a place. */
  changes: InEach<string[]>;
  drawn: { dueOn: Day; marks: TimelineLine[]; closed: number[]; texts: PreviewText[] } | null;
}

const EXAMPLE_CENTS = 5990;

/** Checks a policy that is not stored, and draws what it would do to one invoice. Nothing is written. */
export async function draftPolicy(engine: Engine, doc: unknown, dueOn: Day | null): Promise<Draft> {
  const setting = await engine.settings.load(engine.db, engine.clock.now());
  const source = stringify(doc);
  const { ok, version, findings } = checkSource("policy", source);
  const changes = changesBetween(await readPolicyDoc(engine.db, setting.policy.version), ok ? readPolicy(source) : doc);
  const none = inEach<string[]>([], []);
  return {
    ok,
    version,
    source,
    findings,
    changes: ok ? changes : none,
    drawn: ok ? draw(source, setting, dueOn, engine.clock.now()) : null,
  };
}

function draw(source: string, setting: Setting, on: Day | null, now: Instant): Draft["drawn"] {
  const { zone, currency } = setting;
  const policy = compilePolicy(readPolicy(source), zone);
  const dueOn = on ?? zone.dayOf(now) + 7;
  const sample: Sample = { issuedOn: dueOn - 10, dueOn, amount: EXAMPLE_CENTS, currency };
  const marks = policyTimeline(policy, sample);
  const due = policy.calendar.effectiveDue(dueOn);
  const last = marks[marks.length - 1]?.at ?? now;
  const texts = (["pt-BR", "en"] as const).flatMap((lang) => {
    const who = { ...sampleCustomer(sample), lang, name: lang === "en" ? "Central Bakery" : "Padaria Central" };
    const service = who.services.map((each) => ({ ...each, name: "padaria-central.example" }));
    const facts = { ...who, services: service, invoices: who.invoices.map((each) => ({ ...each, ref: "20418" })) };
    return project(facts, policy, zone.startOf(sample.issuedOn), last).decisions.flatMap(({ at, decision }) =>
      decision.messages.map((message): PreviewText => {
        const { subject, text } = writeMessage(message.template, message.content, setting.provider, zone);
        return {
          offset: zone.dayOf(at) - due,
          at,
          steps: message.notices.map((notice) => notice.step),
          template: message.template,
          channel: message.channel,
          lang,
          subject,
          text,
        };
      }),
    );
  });
  return { dueOn: due, marks, closed: closedDays({ policy }, due, marks.map((mark) => mark.offset)), texts }; // prettier-ignore
}

/** Keeps a checked policy as a version; nothing changes for anybody yet. @throws ReguaError `policy_invalid` */
export async function keepPolicy(engine: Engine, doc: unknown, by: string): Promise<{ version: string }> {
  return { version: await importPolicy(engine.db, { source: stringify(doc), by, at: engine.clock.now() }) };
}

/**
 * Puts a version in force, now or from a day on. Who wrote it cannot be who activates it: it reaches every customer at once.
 * @throws ReguaError `policy_unknown`, `policy_day_past`, `policy_of_oneself`
 */
export async function activateVersion(
  engine: Engine,
  ask: { version: string; on: Day | null; by: string },
): Promise<{ customers: number; from: Instant }> {
  const now = engine.clock.now();
  const { zone } = await engine.settings.load(engine.db, now);
  const row = (await listPolicies(engine.db)).find((each) => each.version === ask.version);
  if (!row) throw new ReguaError("policy_unknown", { value: ask.version });
  if (row.storedBy === ask.by) throw new ReguaError("policy_of_oneself", { by: ask.by });
  const today = zone.dayOf(now);
  if (ask.on !== null && ask.on < today) throw new ReguaError("policy_day_past", { value: formatDay(ask.on) });
  const from = ask.on === null || ask.on === today ? now : zone.startOf(ask.on);
  return { ...(await enforcePolicy(engine.db, { version: ask.version, by: ask.by, from, at: engine.motorClock.now() })), from };
}
