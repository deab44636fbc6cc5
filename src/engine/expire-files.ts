// Files of payment proofs whose time is over are deleted (LGPD, art. 15 and 16); their hashes and what was read from them stay.
import type { BlobStore } from "../ports/blob-store.ts";
import { expiredDocuments, markRemoved } from "../store/claim-proofs.ts";
import type { Engine } from "./engine.ts";

/** Documents per look: the next one takes the rest. */
const AT_ONCE = 500;

/** Answers how many documents lost their files. Done again after a crash it deletes what is left. */
export async function expireFiles(engine: Engine, files: BlobStore): Promise<number> {
  const now = engine.clock.now();
  const { zone } = await engine.settings.load(engine.db, now);
  const expired = await expiredDocuments(engine.db, zone.dayOf(now), AT_ONCE);
  for (const file of new Set(expired.flatMap((document) => document.files))) await files.delete(file);
  const claims = expired.map(({ claimId }) => claimId);
  if (claims.length > 0) await markRemoved(engine.db, claims, now);
  return claims.length;
}
