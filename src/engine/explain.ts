// Why a customer's matter stands as it does: the same decision the run would make, with its reasons, and the last ones it made.
import { formatInstant, parseInstant, type Instant } from "../kernel/time.ts";
import { decide } from "../policy/decide.ts";
import type { Because, Decision } from "../policy/decision.ts";
import type { CustomerFacts } from "../policy/facts.ts";
import { lastDecisions } from "../store/views.ts";
import type { Engine } from "./engine.ts";
import { withCase } from "./one-case.ts";
import type { Setting } from "./setting.ts";
import type { Who } from "./who.ts";

/** A decision of the past, as its evidence tells it. */
export interface PastDecision {
  seq: number;
  at: Instant;
  policyVersion: string | null;
  /** What was decided, in the words of the evidence: `messages`, `holds`, `access`… */
  what: string[];
  because: Because[];
}

export interface Explained {
  facts: CustomerFacts;
  setting: Setting;
  /** When the facts were read. */
  now: Instant;
  decision: Decision;
  past: PastDecision[];
}

const PAST = 5;

/**
 * What is decided with the facts of now. `at`: the same facts judged at another instant, as if nothing ran until then.
 * @throws ReguaError `customer_unknown`
 */
export async function explain(engine: Engine, who: Who, at: Instant | null): Promise<Explained> {
  return withCase(engine, who, async ({ trx, found: { facts }, setting, now }) => ({
    facts,
    setting,
    now,
    decision: decide(facts, setting.policy, at ?? now),
    past: (await lastDecisions(trx, facts.id, PAST)).map(readPast),
  }));
}

/** What a decision's evidence holds; see `evidenceOf` where it is written. */
interface DecisionEntry {
  seq: number;
  at: string;
  body: Record<string, unknown>;
}

function readPast(text: string): PastDecision {
  const { seq, at, body } = JSON.parse(text) as DecisionEntry;
  const { policy, ...what } = body;
  return {
    seq,
    at: parseInstant(at),
    policyVersion: typeof policy === "string" ? policy : null,
    what: Object.keys(what).sort(),
    because: distinct(reasonsIn(what)),
  };
}

/** Every reason below a value of the evidence: a reason is what stands in a list named `because`. */
export function reasonsIn(value: unknown): Because[] {
  if (Array.isArray(value)) return value.flatMap(reasonsIn);
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, member]) =>
    key === "because" && Array.isArray(member) ? member.map(readReason) : reasonsIn(member),
  );
}

/** The evidence keeps instants as text. */
function readReason(reason: Omit<Because, "at" | "until"> & { at?: string; until?: string }): Because {
  const { at, until, ...rest } = reason;
  return { ...rest, ...(at === undefined ? {} : { at: parseInstant(at) }), ...(until === undefined ? {} : { until: parseInstant(until) }) };
}

function distinct(because: readonly Because[]): Because[] {
  const seen = new Map<string, Because>();
  for (const each of because) seen.set(JSON.stringify({ ...each, at: each.at === undefined ? null : formatInstant(each.at) }), each);
  return [...seen.values()];
}
