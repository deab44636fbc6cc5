// The first act of an installation: who the provider is, and the policy in force.
import { inEach, ReguaError } from "../kernel/errors.ts";
import type { Lang } from "../kernel/lang.ts";
import type { Instant } from "../kernel/time.ts";
import { policyHash, policyVersion } from "../policy/compile.ts";
import { readPolicy } from "../policy/read.ts";
import { checkPolicy } from "../policy/check.ts";
import { inBoth, sayFinding } from "../policy/finding.ts";
import { wakeEveryone } from "../store/customers.ts";
import type { Db } from "../store/database.ts";
import { activatePolicy, storePolicy } from "../store/policies.ts";
import { insertProvider, readProvider } from "../store/provider.ts";
import { inTransaction } from "../store/retry.ts";
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

/** @throws ReguaError `initialised_already`, `policy_invalid` */
export async function installProvider(
  db: Db,
  options: { mode: "sandbox" | "live"; provider: ProviderFile; policySource: string; at: Instant; by: string },
): Promise<void> {
  const { provider, at, by } = options;
  await inTransaction(db, async (trx) => {
    const sandboxNow = options.mode === "sandbox" ? at : null;
    const row = { mode: options.mode, timeZone: provider.timeZone, currency: provider.currency, identity: provider.identity, sandboxNow };
    if (!(await insertProvider(trx, row, at))) {
      const there = await readProvider(trx);
      throw new ReguaError("initialised_already", { mode: MODES[there?.mode ?? "sandbox"] });
    }
    const version = await importPolicy(trx, { source: options.policySource, by, at });
    await activatePolicy(trx, version, by, at);
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
export async function enforcePolicy(db: Db, version: string, by: string, from: Instant): Promise<{ customers: number }> {
  return inTransaction(db, async (trx) => {
    if (!(await activatePolicy(trx, version, by, from))) throw new ReguaError("policy_unknown", { value: version });
    return { customers: await wakeEveryone(trx, from) };
  });
}
