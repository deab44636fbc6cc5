// Lives through an atlas: every world is decided, judged by the promise, decided again, and compared with its neighbours.
import { decide } from "../decide.ts";
import { applyDecision, type Assume } from "../project.ts";
import type { Easing } from "./atlases.ts";
import { breaches, HARSH, harshness } from "./promise-oracle.ts";
import { factsOf, POLICIES } from "./small-facts.ts";
import { dimensionsOf, worldsOf, type Atlas, type SmallWorld } from "./small-worlds.ts";

export interface Lived {
  worlds: number;
  /** Worlds in which a suspension starts. */
  suspensions: number;
  /** The harshness of each world's decision, by its number. */
  bits: Uint16Array;
  /** The first of them, each with its world. */
  breaches: string[];
}

const KEPT = 8;

/** The outside answers nothing: messages are on their way, panels are asked. */
const UNANSWERED: Assume = { delivery: () => "pending", panel: () => "waits" };

/** Decides every world of an atlas twice, and once more after its decision was written. */
export function liveThrough(atlas: Atlas): Lived {
  const size = dimensionsOf(atlas).reduce((product, { values }) => product * values.length, 1);
  const lived: Lived = { worlds: 0, suspensions: 0, bits: new Uint16Array(size), breaches: [] };
  for (const world of worldsOf(atlas)) {
    const { bits, found } = judge(world);
    lived.bits[lived.worlds] = bits;
    lived.worlds += 1;
    if ((bits & HARSH.starts) !== 0) lived.suspensions += 1;
    if (found.length > 0 && lived.breaches.length < KEPT) lived.breaches.push(`${found.join("; ")} in ${JSON.stringify(world)}`);
  }
  return lived;
}

function judge(world: SmallWorld): { bits: number; found: string[] } {
  const policy = POLICIES[world.scope];
  try {
    const { facts, now } = factsOf(world);
    const decision = decide(facts, policy, now);
    const found = breaches(world, facts, decision);
    const fresh = factsOf(world);
    if (JSON.stringify(decide(fresh.facts, policy, fresh.now)) !== JSON.stringify(decision))
      found.push("D1: decided again, it is another decision");
    if (JSON.stringify(facts) !== JSON.stringify(fresh.facts)) found.push("D1: the facts were changed");
    const again = decide(applyDecision(facts, decision, UNANSWERED), policy, now);
    const more = again.messages.length + again.place.length + again.access.length + again.lift.length + again.promises.length;
    if (more + again.claims.length + again.terminations.propose.length > 0)
      found.push("D2: decided after it was written, there is more to do");
    return { bits: harshness(facts, decision), found };
  } catch (error) {
    return { bits: 0, found: [`throws ${error instanceof Error ? error.message : String(error)}`] };
  }
}

/** Counts the pairs of worlds that differ by an easing only, and names those in which it made the decision harsher. */
export function compare(atlas: Atlas, bits: Uint16Array, easings: readonly Easing[]): { pairs: number; harsher: string[] } {
  const dimensions = dimensionsOf(atlas);
  const result = { pairs: 0, harsher: [] as string[] };
  for (const { kind, from, to, mask = 0xffff } of easings)
    for (const [d, { name, values }] of dimensions.entries()) {
      const [low, high] = [from, to].map((value) => values.findIndex((each) => JSON.stringify(each) === JSON.stringify(value)));
      if (!name.startsWith(kind) || low === undefined || high === undefined || low < 0 || high < 0) continue;
      const stride = dimensions.slice(d + 1).reduce((product, dimension) => product * dimension.values.length, 1);
      for (let n = 0; n < bits.length; n += 1) {
        if (Math.floor(n / stride) % values.length !== low) continue;
        result.pairs += 1;
        const added = (bits[n + (high - low) * stride] ?? 0) & ~(bits[n] ?? 0) & mask;
        if (added !== 0 && result.harsher.length < KEPT)
          result.harsher.push(`${JSON.stringify(to)} instead of ${JSON.stringify(from)} adds ${added.toString(2)} in ${nameOf(atlas, n)}`);
      }
    }
  return result;
}

function nameOf(atlas: Atlas, wanted: number): string {
  let n = 0;
  for (const world of worldsOf(atlas)) if (n++ === wanted) return JSON.stringify(world);
  return `world ${wanted}`;
}
