// Payment proofs for staff: those under review, one with everything beside it that helps to judge it, and its picture.
import { ReguaError } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";
import type { BlobStore } from "../ports/blob-store.ts";
import { claimRow, claimRows, type ClaimRow } from "../store/claim-proofs.ts";
import { listReceipts, type ReceiptRecord } from "../store/records.ts";
import { listWaiting, type WaitingShown } from "./list-waiting.ts";
import type { Engine } from "./engine.ts";
import { whoIs, type Who } from "./who.ts";

/** More than a person works through in a day. */
const CLAIMS_MAX = 200;
const RECEIPTS_SHOWN = 5;
const WAITING_LOOKED = 200;

/** Claims under review, those that wait for a person first; or all of one customer, the newest first. @throws ReguaError `customer_unknown` */
export async function listClaims(engine: Engine, customer: Who | null): Promise<ClaimRow[]> {
  const which = customer === null ? { open: true as const } : { customerId: await whoIs(engine.db, customer) };
  return claimRows(engine.db, which, CLAIMS_MAX);
}

export interface ClaimPage {
  claim: ClaimRow;
  /** The customer's last payments. */
  receipts: readonly ReceiptRecord[];
  /** Money that waits for its owner and could be this customer's. */
  waiting: readonly WaitingShown["money"][];
}

/** @throws ReguaError `claim_not_known` */
export async function showClaim(engine: Engine, claimId: Id): Promise<ClaimPage> {
  const claim = await oneClaim(engine, claimId);
  const receipts = await listReceipts(engine.db, claim.customerId, null, RECEIPTS_SHOWN);
  const { waiting } = await listWaiting(engine, { limit: WAITING_LOOKED });
  const mine = waiting.filter(({ matches }) => matches.some(({ customer }) => customer === claim.customer));
  return { claim, receipts, waiting: mine.map(({ money }) => money) };
}

/**
 * The picture that people are shown: drawn anew from the file, never the file itself.
 * @throws ReguaError `claim_not_known`, `claim_picture_gone`
 */
export async function claimPicture(engine: Engine, files: BlobStore, claimId: Id): Promise<{ type: string; bytes: Uint8Array }> {
  const { picture, pictureType: type, removedAt } = await oneClaim(engine, claimId);
  const bytes = picture === null || removedAt !== null ? null : await files.get(picture);
  if (bytes === null || type === null) throw new ReguaError("claim_picture_gone", { value: claimId });
  return { type, bytes };
}

async function oneClaim(engine: Engine, claimId: Id): Promise<ClaimRow> {
  const claim = await claimRow(engine.db, claimId);
  if (!claim) throw new ReguaError("claim_not_known", { value: claimId });
  return claim;
}
