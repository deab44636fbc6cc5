// What HestiaCP's JSON answers say, checked before it is believed.
import { z } from "zod";

const yesNo = z.enum(["yes", "no"]);

const user = z.looseObject({ SUSPENDED: yesNo, ROLE: z.string().optional() });

/** Everything HestiaCP lists is an object by name, each with its own `SUSPENDED`; all values are strings. */
const users = z.record(z.string(), user);
const objects = z.record(z.string(), z.looseObject({ SUSPENDED: yesNo }));

export interface HestiaUser {
  suspended: boolean;
  /** How many web domains, mail domains and so on are suspended, by the counter's name; absent counters are null. */
  count(counter: string): number | null;
}

/** The user in an answer of `v-list-user`; null when the answer cannot be read. */
export function parseUser(text: string, account: string): HestiaUser | null {
  const all = users.safeParse(parse(text));
  if (!all.success || !Object.hasOwn(all.data, account)) return null;
  const record = all.data[account];
  if (!record) return null;
  return {
    suspended: record.SUSPENDED === "yes",
    count: (counter) => {
      const value = record[counter];
      return typeof value === "string" && /^\d+$/u.test(value) ? Number(value) : null;
    },
  };
}

/** Every name in a list, and whether it is suspended; null when the answer cannot be read. */
export function parseSuspended(text: string): ReadonlyMap<string, boolean> | null {
  // A list of nothing is `{}` on some versions and nothing at all (204) on others.
  if (text === "") return new Map();
  const all = objects.safeParse(parse(text));
  if (!all.success) return null;
  return new Map(Object.entries(all.data).map(([name, record]) => [name, record.SUSPENDED === "yes"]));
}

const backups = z.record(z.string(), z.looseObject({ DATE: z.string(), TIME: z.string() }));

/** When the newest backup in a list was made, in the panel's own words; null: there is none; undefined: the answer cannot be read. */
export function parseBackups(text: string): string | null | undefined {
  if (text === "") return null;
  const all = backups.safeParse(parse(text));
  if (!all.success) return undefined;
  return (
    Object.values(all.data)
      .map(({ DATE, TIME }) => `${DATE} ${TIME}`)
      .sort()
      .at(-1) ?? null
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
