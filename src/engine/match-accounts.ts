// Finds the account of each service by its user name or its domain; whatever could be two is nobody's.
import type { Account } from "../ports/control-panel.ts";
import type { LinkableService } from "../store/links.ts";

export interface Matched {
  pairs: { service: LinkableService; account: string }[];
  /** A service with several accounts, or an account with several services: a person chooses. */
  ambiguous: { services: string[]; accounts: string[] }[];
  /** Services tied to nothing, and with no account here. */
  services: LinkableService[];
  /** Accounts here that no service is tied to. */
  accounts: Account[];
}

/** Letters of domains and user names: neither heeds the case. */
const DOMAIN = /[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+/gu;

/**
 * `user`: the account's name is the service's number or name. `domain`: a domain in the service's name or number is the account's, or one of
 * those it is also known by. Services and accounts that are tied already take no part.
 */
export function matchAccounts(
  all: readonly LinkableService[],
  accounts: readonly Account[],
  panel: string,
  by: "user" | "domain",
): Matched {
  const taken = new Set(all.filter((service) => service.panel === panel).map((service) => service.account));
  const services = all.filter((service) => service.panel === null);
  const free = accounts.filter(({ name }) => !taken.has(name));
  const owners = new Map<string, string[]>();
  for (const account of free) {
    const words = by === "user" ? [account.name] : [account.name, ...(account.also ?? []).filter((text) => !text.includes("@"))];
    for (const word of new Set(words.map(fold))) owners.set(word, [...(owners.get(word) ?? []), account.name]);
  }
  const found = services
    .map((service) => ({ service, accounts: candidates(service, owners, by) }))
    .filter((each) => each.accounts.length > 0);
  const claims = new Map<string, LinkableService[]>();
  for (const each of found) for (const name of each.accounts) claims.set(name, [...(claims.get(name) ?? []), each.service]);
  const matched: Matched = { pairs: [], ambiguous: [], services: [], accounts: [] };
  for (const { service, accounts: names } of found) {
    const [only, ...more] = names;
    const rivals = names.flatMap((name) => claims.get(name) ?? []);
    if (only !== undefined && more.length === 0 && rivals.length === 1) matched.pairs.push({ service, account: only });
    else matched.ambiguous.push({ services: [...new Set(rivals.map(({ ref }) => ref))].sort(), accounts: names });
  }
  const seen = new Set<string>();
  matched.ambiguous = matched.ambiguous.filter((each) => {
    const key = JSON.stringify(each);
    return !seen.has(key) && seen.add(key);
  });
  const touched = new Set(found.map(({ service }) => service.ref));
  matched.services = services.filter(({ ref }) => !touched.has(ref));
  matched.accounts = free.filter(({ name }) => !claims.has(name));
  return matched;
}

function candidates(service: LinkableService, owners: ReadonlyMap<string, string[]>, by: "user" | "domain"): string[] {
  const texts = [service.ref, service.name].map(fold);
  const words = by === "user" ? texts : texts.flatMap((text) => text.match(DOMAIN) ?? []);
  const bare = words.map((word) => (by === "domain" ? word.replace(/^www\./u, "") : word));
  return [...new Set(bare.flatMap((word) => owners.get(word) ?? []))].sort();
}

const fold = (text: string): string => text.trim().toLowerCase();

/**
 * By the user name and the domain that the billing system keeps for a service, each where the other says nothing. Where they name two
 * accounts one of them is out of date there, and a person chooses. What a service is called here plays no part.
 */
export function matchThere(
  all: readonly LinkableService[],
  known: ReadonlyMap<string, { username: string | null; domain: string | null }>,
  accounts: readonly Account[],
  panel: string,
): Matched {
  const taken = new Set(all.filter((service) => service.panel === panel).map((service) => service.account));
  const services = all.filter((service) => service.panel === null);
  const free = accounts.filter(({ name }) => !taken.has(name));
  const names = new Map(free.map(({ name }) => [fold(name), name]));
  const domains = new Map<string, string[]>();
  for (const { name, also } of free)
    for (const word of new Set([name, ...(also ?? [])].map(fold))) domains.set(word, [...(domains.get(word) ?? []), name]);
  const wanted = services.map((service) => {
    const { username, domain } = known.get(service.ref) ?? { username: null, domain: null };
    const user = username === null ? undefined : names.get(fold(username));
    const site = domain === null ? [] : (domains.get(fold(domain).replace(/^www\./u, "")) ?? []);
    return { service, found: [...new Set([...(user === undefined ? [] : [user]), ...site])].sort() };
  });
  const claims = new Map<string, string[]>();
  for (const { service, found } of wanted) for (const name of found) claims.set(name, [...(claims.get(name) ?? []), service.ref]);
  const matched: Matched = { pairs: [], ambiguous: [], services: [], accounts: free.filter(({ name }) => !claims.has(name)) };
  for (const { service, found } of wanted) {
    const [only, ...more] = found;
    const rivals = [...new Set(found.flatMap((name) => claims.get(name) ?? []))].sort();
    if (only === undefined) matched.services.push(service);
    else if (more.length === 0 && rivals.length === 1) matched.pairs.push({ service, account: only });
    // Told once, by the first of those who claim the same.
    else if (rivals[0] === service.ref) matched.ambiguous.push({ services: rivals, accounts: found });
  }
  return matched;
}
