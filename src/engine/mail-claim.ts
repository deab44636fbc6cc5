// A payment proof that came by mail becomes a claim where the mail is known to be the customer's own; else its sender is shown the way.
import { ReguaError } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";
import type { IncomingMail, MailFile } from "../ports/mail-reader.ts";
import { claimOfFile } from "../store/claim-proofs.ts";
import { invoicesOfMessage } from "../store/conversations.ts";
import type { MailEnd } from "../store/mail-in.ts";
import type { AnswerKind } from "../words/answers-texts.ts";
import type { Engine } from "./engine.ts";
import { withCase } from "./one-case.ts";
import { submitClaim } from "./submit-claim.ts";
import type { MailDesk } from "./take-mail.ts";

/** What came of it. `answer`: null where the rules tell the customer by themselves, as of a proof sent in the portal. */
export interface MailClaim {
  claimId: Id | null;
  outcome: string;
  answer: AnswerKind | null;
  waits: boolean;
}

/** A logo in a signature is smaller than any photo of a receipt. */
const INLINE_MIN = 30_000;
/** The others are seen by whoever looks at the mail. */
const TRIED_MAX = 3;
const FORMS: readonly (readonly number[])[] = [
  [0x25, 0x50, 0x44, 0x46],
  [0xff, 0xd8, 0xff],
  [0x89, 0x50, 0x4e, 0x47],
];

/** Told by its first bytes, but for a mail, which has none of its own. The reader of proofs says the rest. */
export function mayBeProof({ bytes, type, name, inline }: MailFile): boolean {
  if (inline && bytes.length < INLINE_MIN) return false;
  if (type === "message/rfc822" || /\.eml$/iu.test(name)) return true;
  return FORMS.some((form) => form.every((byte, at) => bytes[at] === byte));
}

export async function claimByMail(
  engine: Engine,
  desk: MailDesk,
  ask: { customerId: Id; mail: IncomingMail; words: string; end: MailEnd; mailId: Id },
): Promise<MailClaim | null> {
  const { customerId, mail, end } = ask;
  if (!end.ownAddress) return null;
  // Anybody can write a From line. Without its domain's signature a claim would be opened, and later held against the customer, on a stranger's word.
  if (mail.vouched !== "signed") return { claimId: null, outcome: "proof_by_link", answer: "proof_by_link", waits: true };
  const invoice = await invoiceMeant(engine, ask);
  if (invoice === "none_open") return { claimId: null, outcome: "nothing_open", answer: "paid", waits: false };
  if (invoice === null) return { claimId: null, outcome: "proof_by_link", answer: "proof_by_link", waits: true };
  let last: MailClaim = { claimId: null, outcome: "proof_unread", answer: "proof_unread", waits: true };
  for (const { bytes } of mail.files.filter(mayBeProof).slice(0, TRIED_MAX)) {
    const claim = await claimFile(engine, desk, { customerId, invoice, bytes });
    if (claim.claimId !== null || claim.outcome !== "proof_unread") return claim;
    last = claim;
  }
  return last;
}

async function claimFile(engine: Engine, desk: MailDesk, ask: { customerId: Id; invoice: string; bytes: Uint8Array }): Promise<MailClaim> {
  const { customerId, invoice, bytes } = ask;
  const opened = (claimId: Id): MailClaim => ({ claimId, outcome: "claim_opened", answer: null, waits: false });
  // Begun again after a crash: the claim is there already.
  const known = await claimOfFile(engine.db, customerId, await desk.files.put(bytes));
  if (known !== null) return opened(known);
  try {
    return opened((await submitClaim(engine, desk.proofs(), { customer: customerId, invoice, bytes, by: "mail" })).claimId);
  } catch (error) {
    if (!(error instanceof ReguaError)) throw error;
    const told = refusals(error);
    if (told === null) throw error;
    return told;
  }
}

/** Null: a fault of ours, tried again. */
function refusals({ code }: ReguaError): MailClaim | null {
  const said = (outcome: string, answer: AnswerKind, waits: boolean): MailClaim => ({ claimId: null, outcome, answer, waits });
  switch (code) {
    case "claims_closed":
      return said("proofs_off", "proofs_off", false);
    case "proof_refused":
    case "proof_infected":
      return said("proof_unread", "proof_unread", true);
    case "claim_open":
    case "claims_spent":
    case "invoice_unknown":
    case "invoice_not_open":
      return said(code, "received", true);
    default:
      return null;
  }
}

/** The invoice that its words name, or the only open one of the message that it answers, or the only open one; null: nobody can tell. */
async function invoiceMeant(
  engine: Engine,
  { customerId, mail, words, end }: { customerId: Id; mail: IncomingMail; words: string; end: MailEnd },
): Promise<string | "none_open" | null> {
  const outboxId = end.about?.outboxId ?? null;
  const listed = outboxId === null ? [] : await invoicesOfMessage(engine.db, customerId, outboxId);
  return withCase(engine, customerId, ({ found: { facts } }) => {
    const open = facts.invoices;
    if (open.length === 0) return Promise.resolve("none_open" as const);
    const said = `${mail.subject} ${words}`;
    const named = open.filter(({ ref }) => names(said, ref));
    const asked = open.filter(({ id }) => listed.includes(id));
    const [only] = [named, asked, open].find((some) => some.length === 1) ?? [];
    return Promise.resolve(only?.ref ?? null);
  });
}

/** As a word of its own: 104 is not in 1042. Numbers of one or two characters stand in any sentence. */
function names(text: string, ref: string): boolean {
  if (ref.length < 3) return false;
  const at = text.toLowerCase().indexOf(ref.toLowerCase());
  if (at < 0) return false;
  return !/[\p{L}\p{N}]/u.test(text.charAt(at - 1)) && !/[\p{L}\p{N}]/u.test(text.charAt(at + ref.length));
}
