// S13: whether a text that one customer gets to see names anything of another. Every number of the simulated base carries its customer's own.

/** `C12`, its service `C12S1`, an invoice `C12S1F3`, a payment `C12R4`, the account `c12s1`, the address `c12@…`, and the name `Cliente 12`. */
const NAMES = /\bc(?:liente )?(\d+)(?:s\d+)?(?:[fr]\d+)?\b/giu;
/** The letters of a protocol may read like a customer's number. */
const PROTOCOLS = /\bP-\d{8}-\w{4}\b/gu;

/** What names another customer than the one that `own` names; null when nothing does. */
export function strangerIn(text: string, own: string): string | null {
  const [mine] = own.matchAll(NAMES);
  for (const found of text.replace(PROTOCOLS, "").matchAll(NAMES)) if (found[1] !== mine?.[1]) return found[0];
  return null;
}
