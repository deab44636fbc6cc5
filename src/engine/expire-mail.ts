// Mail whose time is over: its words, addresses and files are deleted (LGPD, art. 15 and 16); that it came, and its hash, stay.
import type { BlobStore } from "../ports/blob-store.ts";
import { expiredMail, markMailRemoved } from "../store/mail-in.ts";
import type { Engine } from "./engine.ts";

const AT_ONCE = 200;

/** Answers how many were emptied. Done again after a crash it deletes what is left. */
export async function expireMail(engine: Engine, files: BlobStore): Promise<number> {
  const now = engine.clock.now();
  const { zone } = await engine.settings.load(engine.db, now);
  const expired = await expiredMail(engine.db, zone.dayOf(now), AT_ONCE);
  for (const file of new Set(expired.flatMap((mail) => [mail.rawSha256, ...mail.files]))) await files.delete(file);
  const ids = expired.map(({ id }) => id);
  if (ids.length > 0) await markMailRemoved(engine.db, ids, now);
  return expired.length;
}
