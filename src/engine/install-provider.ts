// The first act of an installation: who the provider is, and the policy in force.
import { inEach, ReguaError } from "../kernel/errors.ts";
import type { Lang } from "../kernel/lang.ts";
import { policyHash, policyVersion } from "../policy/compile.ts";
import { readPolicy } from "../policy/read.ts";
import type { HouseAct } from "../kernel/house-record.ts";
import { formatInstant, type Instant } from "../kernel/time.ts";
import { checkPolicy } from "../policy/check.ts";
import { inBoth, sayFinding } from "../policy/finding.ts";
import { wakeEveryone } from "../store/customers.ts";
import type { Db, Trx } from "../store/database.ts";
import { appendToRecord } from "../store/house-record.ts";
import { activatePolicy, storePolicy } from "../store/policies.ts";
import { insertProvider, readProvider } from "../store/provider.ts";
import { inTransaction } from "../store/retry.ts";
import { readSetting } from "../store/setting.ts";
import type { Identity } from "./setting.ts";

/** Who the provider is, where its clock stands, and what it is paid in. */
export interface ProviderFile {
  identity: Identity;
  /** IANA name, for example America/Sao_Paulo. */
  timeZone: string;
  /** ISO 4217. */
  currency: string;
}

const MODES = { sandbox: inEach("sandbox", "ensaio"), live: inEach("live", "de verdade") };

/**
 * `at`: where the clock of the rules begins. `actAt`: the machine's, where that is another: a sandbox begins in the past.
 * @throws ReguaError `initialised_already`, `policy_invalid`
 */
export async function installProvider(
  db: Db,
  options: { mode: "sandbox" | "live"; provider: ProviderFile; policySource: string; at: Instant; actAt?: Instant; by: string },
): Promise<void> {
  const { provider, at, actAt = at, by } = options;
  await inTransaction(db, async (trx) => {
    const sandboxNow = options.mode === "sandbox" ? at : null;
    const row = { mode: options.mode, timeZone: provider.timeZone, currency: provider.currency, identity: provider.identity, sandboxNow };
    if (!(await insertProvider(trx, row, at))) {
      const there = await readProvider(trx);
      throw new ReguaError("initialised_already", { mode: MODES[there?.mode ?? "sandbox"] });
    }
    const version = await importPolicy(trx, { source: options.policySource, by, at });
    await appendToRecord(trx, await putInForce(trx, { version, by, from: at }), actAt);
  });
}

/** Stores a policy as a version, after it was checked. @throws ReguaError `policy_invalid` */
export async function importPolicy(db: Db, policy: { source: string; by: string; at: Instant }): Promise<string> {
  const doc = readPolicy(policy.source);
  const errors = checkPolicy(doc).filter((finding) => finding.severity === "error");
  if (errors.length > 0) {
    const said = (lang: Lang) => errors.map((error) => sayFinding(error, lang));
    throw new ReguaError("policy_invalid", {
      summary: inBoth((lang) =>
        said(lang)
          .map((each) => `${each.place}: ${each.problem}. ${each.cure}`)
          .join(" "),
      ),
      problems: inEach(said("en"), said("pt-BR")),
    });
  }
  const version = policyVersion(doc);
  await storePolicy(db, { version, name: doc.policy, hash: policyHash(doc), source: policy.source, doc, by: policy.by, at: policy.at });
  return version;
}

/** Puts a stored version in force from `from` on and has everybody with something open looked at. @throws ReguaError `policy_unknown` */
export async function enforcePolicy(db: Db, act: Enforcement & { at: Instant }): Promise<{ customers: number }> {
  return inTransaction(db, async (trx) => {
    const told = await putInForce(trx, act);
    const customers = await wakeEveryone(trx, act.from);
    await appendToRecord(trx, told, act.at);
    return { customers };
  });
}

interface Enforcement {
  version: string;
  by: string;
  /** By the clock that the rules go by; `at` by the machine's. */
  from: Instant;
}

/** A version keeps only the last time it was put in force; the record of the house keeps each. */
async function putInForce(trx: Trx, { version, by, from }: Enforcement): Promise<HouseAct> {
  const replaced = (await readSetting(trx, from))?.version ?? null;
  if (!(await activatePolicy(trx, version, by, from))) throw new ReguaError("policy_unknown", { value: version });
  const after = { version, from: formatInstant(from) };
  const before = replaced === null ? null : { version: replaced };
  return { actor: by, kind: "policy.activated", subject: version, before, after };
}
