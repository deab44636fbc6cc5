// From whom a message is, where an installation has several senders: by the customer's brand and by what the message is for.
import type { Template } from "../policy/decision.ts";
import type { Purpose, Setting } from "./setting.ts";

const PURPOSE_OF: Readonly<Record<Template, Purpose>> = {
  issued: "notices",
  before_due: "notices",
  due: "notices",
  reminder: "notices",
  warning: "warnings",
  suspended: "warnings",
  termination_warning: "warnings",
  reactivated: "warnings",
  promise_granted: "promises",
  promise_due: "promises",
  promise_broken: "promises",
  promise_kept: "promises",
  claim_released: "proofs",
  claim_scheduled: "proofs",
  claim_in_review: "proofs",
  claim_confirmed: "proofs",
  claim_contradicted: "proofs",
  claim_refused: "proofs",
  claim_expired: "proofs",
};

export function purposeOf(template: Template): Purpose {
  return PURPOSE_OF[template];
}

/** The first that fits, by its name; null: the one of everybody. */
export function senderFor({ senders }: Pick<Setting, "senders">, tags: readonly string[], purpose: Purpose): string | null {
  const fits = senders.find(
    (sender) =>
      (sender.tags.length === 0 || sender.tags.some((tag) => tags.includes(tag))) &&
      (sender.purposes.length === 0 || sender.purposes.includes(purpose)),
  );
  return fits?.name ?? null;
}
