// The catalogue of planted defects: one file each in planted/, all of them here.
import type { Mutant } from "./mutant.ts";
import { abuseLiftedByPayment } from "./planted/abuse-lifted-by-payment.ts";
import { accessBeforeAnswer } from "./planted/access-before-answer.ts";
import { afternoonTakenForMidnight } from "./planted/afternoon-taken-for-midnight.ts";
import { attemptBeforeJob } from "./planted/attempt-before-job.ts";
import { cardTakenForTheLine } from "./planted/card-taken-for-the-line.ts";
import { catchUpBurst } from "./planted/catch-up-burst.ts";
import { checkedFromLastRun } from "./planted/checked-from-last-run.ts";
import { claimNeverExpires } from "./planted/claim-never-expires.ts";
import { claimReleasesTwice } from "./planted/claim-releases-twice.ts";
import { claimTakenAsPayment } from "./planted/claim-taken-as-payment.ts";
import { closedDaysInUtc } from "./planted/closed-days-in-utc.ts";
import { collectionHoldIgnored } from "./planted/collection-hold-ignored.ts";
import { dedupeKeyMissing } from "./planted/dedupe-key-missing.ts";
import { diedInTheAct } from "./planted/died-in-the-act.ts";
import { earlierLandingForgotten } from "./planted/earlier-landing-forgotten.ts";
import { endAnnouncedLate } from "./planted/end-announced-late.ts";
import { eventBelievedUnread } from "./planted/event-believed-unread.ts";
import { eventSwallowed } from "./planted/event-swallowed.ts";
import { evidenceRewritten } from "./planted/evidence-rewritten.ts";
import { firstRefusalFinal } from "./planted/first-refusal-final.ts";
import { gapFromSending } from "./planted/gap-from-sending.ts";
import { gapNotWaited } from "./planted/gap-not-waited.ts";
import { lastLookDropped } from "./planted/last-look-dropped.ts";
import { lateLandingForgotten } from "./planted/late-landing-forgotten.ts";
import { lateLandingSeenLate } from "./planted/late-landing-seen-late.ts";
import { lateRungSkipped } from "./planted/late-rung-skipped.ts";
import { leaseNeverExpires } from "./planted/lease-never-expires.ts";
import { leaseNotAsked } from "./planted/lease-not-asked.ts";
import { levelGivenUp } from "./planted/level-given-up.ts";
import { liftedByHandGoesDown } from "./planted/lifted-by-hand-goes-down.ts";
import { lineLikenedBeforeItsId } from "./planted/line-likened-before-its-id.ts";
import { lineOfOurCodeTwice } from "./planted/line-of-our-code-twice.ts";
import { messageIdByChance } from "./planted/message-id-by-chance.ts";
import { namedPaymentMoved } from "./planted/named-payment-moved.ts";
import { neighboursAddress } from "./planted/neighbours-address.ts";
import { noRedecisionAtClaim } from "./planted/no-redecision-at-claim.ts";
import { noServiceSerialisation } from "./planted/no-service-serialisation.ts";
import { oneApprover } from "./planted/one-approver.ts";
import { otherPartyUndone } from "./planted/other-party-undone.ts";
import { outboxRowForgotten } from "./planted/outbox-row-forgotten.ts";
import { overpaymentDropped } from "./planted/overpayment-dropped.ts";
import { partPaymentReleases } from "./planted/part-payment-releases.ts";
import { pixKnownByItsLineOnly } from "./planted/pix-known-by-its-line-only.ts";
import { promiseForgotten } from "./planted/promise-forgotten.ts";
import { promiseNeverEnds } from "./planted/promise-never-ends.ts";
import { quietHoursIgnored } from "./planted/quiet-hours-ignored.ts";
import { reactivationBacksOff } from "./planted/reactivation-backs-off.ts";
import { reactivationByNight } from "./planted/reactivation-by-night.ts";
import { receiptWithoutEvidence } from "./planted/receipt-without-evidence.ts";
import { refundAtTheGatewayUnheard } from "./planted/refund-at-the-gateway-unheard.ts";
import { repeatMarkLost } from "./planted/repeat-mark-lost.ts";
import { repeatMarkMissing } from "./planted/repeat-mark-missing.ts";
import { reviewIgnored } from "./planted/review-ignored.ts";
import { scheduledTakenAsPaid } from "./planted/scheduled-taken-as-paid.ts";
import { secondPixTakenForTheFirst } from "./planted/second-pix-taken-for-the-first.ts";
import { smallRemainderSuspends } from "./planted/small-remainder-suspends.ts";
import { stepBeforeItsHour } from "./planted/step-before-its-hour.ts";
import { supersededNoticeSent } from "./planted/superseded-notice-sent.ts";
import { suspendsUnread } from "./planted/suspends-unread.ts";
import { suspensionSpreads } from "./planted/suspension-spreads.ts";
import { terminationWithoutDistance } from "./planted/termination-without-distance.ts";
import { timeoutAsFailure } from "./planted/timeout-as-failure.ts";
import { timeoutAsSuccess } from "./planted/timeout-as-success.ts";
import { toldWhileImported } from "./planted/told-while-imported.ts";
import { undeliverableCounts } from "./planted/undeliverable-counts.ts";
import { versionCheckDropped } from "./planted/version-check-dropped.ts";
import { voidStillCollected } from "./planted/void-still-collected.ts";
import { weekendIgnored } from "./planted/weekend-ignored.ts";
import { whoseIsNotAsked } from "./planted/whose-is-not-asked.ts";
import { wonChargebackKeptBack } from "./planted/won-chargeback-kept-back.ts";
import { zombieBelieved } from "./planted/zombie-believed.ts";

export const MUTANTS: readonly Mutant[] = [
  abuseLiftedByPayment,
  accessBeforeAnswer,
  afternoonTakenForMidnight,
  attemptBeforeJob,
  cardTakenForTheLine,
  catchUpBurst,
  checkedFromLastRun,
  claimNeverExpires,
  claimReleasesTwice,
  claimTakenAsPayment,
  closedDaysInUtc,
  collectionHoldIgnored,
  dedupeKeyMissing,
  diedInTheAct,
  earlierLandingForgotten,
  endAnnouncedLate,
  eventBelievedUnread,
  eventSwallowed,
  evidenceRewritten,
  firstRefusalFinal,
  gapFromSending,
  gapNotWaited,
  lastLookDropped,
  lateLandingForgotten,
  lateLandingSeenLate,
  lateRungSkipped,
  leaseNeverExpires,
  leaseNotAsked,
  levelGivenUp,
  liftedByHandGoesDown,
  lineLikenedBeforeItsId,
  lineOfOurCodeTwice,
  messageIdByChance,
  namedPaymentMoved,
  neighboursAddress,
  noRedecisionAtClaim,
  noServiceSerialisation,
  oneApprover,
  otherPartyUndone,
  outboxRowForgotten,
  overpaymentDropped,
  partPaymentReleases,
  pixKnownByItsLineOnly,
  promiseForgotten,
  promiseNeverEnds,
  quietHoursIgnored,
  reactivationBacksOff,
  reactivationByNight,
  receiptWithoutEvidence,
  refundAtTheGatewayUnheard,
  repeatMarkLost,
  repeatMarkMissing,
  reviewIgnored,
  scheduledTakenAsPaid,
  secondPixTakenForTheFirst,
  smallRemainderSuspends,
  stepBeforeItsHour,
  supersededNoticeSent,
  suspendsUnread,
  suspensionSpreads,
  terminationWithoutDistance,
  timeoutAsFailure,
  timeoutAsSuccess,
  toldWhileImported,
  undeliverableCounts,
  versionCheckDropped,
  voidStillCollected,
  weekendIgnored,
  whoseIsNotAsked,
  wonChargebackKeptBack,
  zombieBelieved,
];

/** @throws Error when there is none of that name */
export function mutantNamed(name: string): Mutant {
  const found = MUTANTS.find((mutant) => mutant.name === name);
  if (!found) throw new Error(`no mutant is named “${name}”; there are: ${MUTANTS.map((mutant) => mutant.name).join(", ")}`);
  return found;
}
