// The provider's own people: invited by a one-time link, given a role, switched off. At least one owner can always come in.
import { ReguaError } from "../kernel/errors.ts";
import { sha256 } from "../kernel/hash.ts";
import { DAY_MS, type Instant } from "../kernel/time.ts";
import { inTransaction } from "../store/retry.ts";
import {
  countOwners,
  giveInviteBack,
  insertInvite,
  isActive,
  listStaff,
  lockStaff,
  readInvite,
  updateStaff,
  useInvite,
  type InviteRow,
  type Role,
  type StaffRow,
} from "../store/staff.ts";
import type { Engine } from "./engine.ts";

/** Long enough for a colleague who is off today, short enough for a link in a mailbox. */
export const INVITE_MS = 3 * DAY_MS;

/** Makes a one-time link's token (32 random bytes, base64url) good for three days; only its hash is kept. */
export async function inviteStaff(
  engine: Engine,
  request: { role: Role; email: string | null; secret: string; by: string },
): Promise<{ token: string; expiresAt: Instant }> {
  const now = engine.motorClock.now();
  const expiresAt = now + INVITE_MS;
  const { role, email, by, secret } = request;
  await insertInvite(engine.db, { hash: sha256(secret), role, email, madeBy: by, expiresAt }, now);
  return { token: secret, expiresAt };
}

/** @throws ReguaError `invite_not_valid` */
export async function invited(engine: Engine, token: string): Promise<InviteRow> {
  const row = await readInvite(engine.db, sha256(token), engine.motorClock.now());
  if (!row) throw new ReguaError("invite_not_valid");
  return row;
}

/**
 * Uses a link up and lets `enter` make the person; where that fails the link stays good.
 * @throws ReguaError `invite_not_valid`
 */
export async function acceptInvite<T>(engine: Engine, token: string, enter: (invite: InviteRow) => Promise<T>): Promise<T> {
  const hash = sha256(token);
  const row = await useInvite(engine.db, hash, engine.motorClock.now());
  if (!row) throw new ReguaError("invite_not_valid");
  try {
    return await enter(row);
  } catch (error) {
    await giveInviteBack(engine.db, hash);
    throw error;
  }
}

/** Whether a person may have a session. */
export async function mayEnter(engine: Engine, staffId: string): Promise<boolean> {
  return isActive(engine.db, staffId);
}

export async function staffList(engine: Engine): Promise<StaffRow[]> {
  return listStaff(engine.db);
}

/** @throws ReguaError `staff_unknown`, `last_owner` */
export async function changeStaff(
  engine: Engine,
  id: string,
  change: { role?: Role; lang?: "pt-BR" | "en"; disabled?: boolean },
): Promise<void> {
  await inTransaction(engine.db, async (trx) => {
    await lockStaff(trx);
    if (!(await updateStaff(trx, id, change, engine.motorClock.now()))) throw new ReguaError("staff_unknown", { value: id });
    if ((await countOwners(trx)) === 0) throw new ReguaError("last_owner");
  });
}
