// Where the public keys of mail signatures come from: the domain name system, or records that were kept.
import { Resolver } from "node:dns/promises";
import { done, unknown, type CallContext, type Outcome } from "../../ports/outcome.ts";

/** TXT records under a name, each in one piece; none is an answer too. `unknown`: nobody could tell. */
export type DkimKeys = (name: string, context: CallContext) => Promise<Outcome<readonly string[]>>;

/** Milliseconds for one question, and how often it is asked. */
const ANSWER_MS = 3_000;
const TRIES = 2;
/** The name servers' word for a name that has no such record. */
const NONE = new Set(["ENODATA", "ENOTFOUND", "NXDOMAIN"]);

/** Asks the machine's name servers, or the ones given as `address:port`. */
export function dnsKeys(servers?: readonly string[]): DkimKeys {
  return async (name, { signal }) => {
    if (signal.aborted) return unknown("given up before the name servers were asked");
    const resolver = new Resolver({ timeout: ANSWER_MS, tries: TRIES });
    if (servers) resolver.setServers(servers);
    const stop = (): void => resolver.cancel();
    signal.addEventListener("abort", stop, { once: true });
    try {
      const records = await resolver.resolveTxt(name);
      return done(records.map((parts) => parts.join("")));
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? "unknown";
      return NONE.has(code) ? done([]) : unknown(`the name servers gave no answer about ${name} (${code})`);
    } finally {
      signal.removeEventListener("abort", stop);
    }
  };
}

/** Records by name, as they were kept; nothing else exists. */
export function storedKeys(records: Readonly<Record<string, readonly string[]>>): DkimKeys {
  return (name) => Promise.resolve(done(Object.hasOwn(records, name) ? (records[name] ?? []) : []));
}
