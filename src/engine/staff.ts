// The provider's own people: invited by a one-time link, given a role, switched off. At least one owner can always come in.
import { ReguaError } from "../kernel/errors.ts";
import { sha256 } from "../kernel/hash.ts";
import type { HouseAct } from "../kernel/house-record.ts";
import { DAY_MS, formatInstant, type Instant } from "../kernel/time.ts";
import { appendToRecord } from "../store/house-record.ts";
import { inTransaction } from "../store/retry.ts";
import {
  countOwners,
  insertInvite,
  insertStaff,
  isActive,
  listStaff,
  lockStaff,
  readInvite,
  readStaff,
  updateStaff,
  useInvite,
  type InviteRow,
  type NewStaff,
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
  const after = { role, expiresAt: formatInstant(expiresAt) };
  await inTransaction(engine.db, async (trx) => {
    await insertInvite(trx, { hash: sha256(secret), role, email, madeBy: by, expiresAt }, now);
    await appendToRecord(trx, { actor: by, kind: "staff.invited", subject: email, before: null, after }, now);
  });
  return { token: secret, expiresAt };
}

/** @throws ReguaError `invite_not_valid` */
export async function invited(engine: Engine, token: string): Promise<InviteRow> {
  const row = await readInvite(engine.db, sha256(token), engine.motorClock.now());
  if (!row) throw new ReguaError("invite_not_valid");
  return row;
}

/**
 * Uses a link up and makes the person, in one transaction: where the one fails there is none of the other.
 * @throws ReguaError `invite_not_valid`, `invite_of_another`, `staff_exists`
 */
export async function acceptInvite(engine: Engine, token: string, person: Omit<NewStaff, "role">): Promise<void> {
  const now = engine.motorClock.now();
  const email = person.email.toLowerCase();
  await inTransaction(engine.db, async (trx) => {
    const invite = await useInvite(trx, sha256(token), now);
    if (!invite) throw new ReguaError("invite_not_valid");
    const { role, email: meant, madeBy } = invite;
    // Every act is written under the address: who was invited under one cannot act under a colleague's.
    if (meant !== null && meant.toLowerCase() !== email) throw new ReguaError("invite_of_another", { email: meant });
    if (!(await insertStaff(trx, { ...person, email, role }, now))) throw new ReguaError("staff_exists", { email });
    const after = { name: person.name, role, invitedBy: madeBy };
    await appendToRecord(trx, { actor: `staff:${email}`, kind: "staff.joined", subject: email, before: null, after }, now);
  });
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
  by: string,
): Promise<void> {
  const now = engine.motorClock.now();
  await inTransaction(engine.db, async (trx) => {
    await lockStaff(trx);
    const there = await readStaff(trx, id);
    if (!there) throw new ReguaError("staff_unknown", { value: id });
    await updateStaff(trx, id, change, now);
    if ((await countOwners(trx)) === 0) throw new ReguaError("last_owner");
    for (const act of changesOf(there, change)) await appendToRecord(trx, { ...act, actor: by, subject: there.email }, now);
  });
}

/** What became different: the same role again, or another language, changes nobody's rights. */
function changesOf(
  there: Pick<StaffRow, "role" | "disabledAt">,
  { role = there.role, disabled = there.disabledAt !== null }: { role?: Role; disabled?: boolean },
): Pick<HouseAct, "kind" | "before" | "after">[] {
  const acts: Pick<HouseAct, "kind" | "before" | "after">[] = [];
  if (role !== there.role) acts.push({ kind: "staff.role", before: { role: there.role }, after: { role } });
  if (disabled !== (there.disabledAt !== null)) {
    const kind = disabled ? "staff.disabled" : "staff.enabled";
    acts.push({ kind, before: { role: there.role, disabled: !disabled }, after: { role, disabled } });
  }
  return acts;
}

/** The sign-in library keeps second factors in transactions of its own: what it did is told right after. */
export async function noteSecondFactor(engine: Engine, person: { email: string; before: boolean; after: boolean }): Promise<void> {
  const { email, before, after } = person;
  if (!before && !after) return;
  const [was, is] = [{ secondFactor: before }, { secondFactor: after }];
  const act = { actor: `staff:${email}`, kind: "staff.factor", subject: email, before: was, after: is } as const;
  await inTransaction(engine.db, (trx) => appendToRecord(trx, act, engine.motorClock.now()));
}
