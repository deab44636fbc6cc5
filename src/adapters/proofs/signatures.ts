// The DKIM signatures of a mail: whether each holds for every byte of the mail as it came, by RFC 6376 read strictly.
import type { dkimVerify as Verify } from "mailauth/lib/dkim/verify.js";
import type { Instant } from "../../kernel/time.ts";
import type { ReadProof } from "../../ports/proof-reader.ts";

export type Signature = NonNullable<ReadProof["mail"]>["signatures"][number];

/** The TXT records under a name: `null` when nobody can tell, empty when there are none. */
export type KeySource = (name: string) => Promise<readonly string[] | null>;

/** A mail relayed and signed by all on its way has four or five. */
const SIGNATURES_MAX = 10;
/**
 * mailauth puts folded lines together in a time that grows with their square: 32,000 of them (256 kB) took 1.2 s of processor, and 128,000
 * would take twenty. Mail that went through many hands has a few hundred; this many take 0.3 s at worst.
 */
const HEADER_LINES_MAX = 15_000;
/** RFC 5322 allows one of each. Where there are two, one is signed and people are shown the other. */
const ONCE = new Set(["from", "sender", "to", "subject", "date", "content-type", "content-transfer-encoding", "mime-version"]);

/**
 * Why a signature that may be right by its letters does not hold here:
 *
 * `second_from`, `header_twice`: what is shown need not be what was signed; `part_only`: it covers only the beginning of the mail (`l=`);
 * `body_changed`, `bad_signature`: the mail is not the one that was signed; `no_key`, `key_unusable`: the domain does not offer the key, or
 * has revoked it; `weak`: a key or a hash that can be forged; `expired`: it ended before the mail's own date; `malformed`.
 * With `unknown`: `no_answer` of the domain name servers, or `testing`: the domain asks not to rely on it yet.
 */
export type SignatureReason =
  | "second_from"
  | "header_twice"
  | "part_only"
  | "body_changed"
  | "bad_signature"
  | "no_key"
  | "key_unusable"
  | "weak"
  | "expired"
  | "malformed"
  | "no_answer"
  | "testing";

type Result = Awaited<ReturnType<typeof Verify>>["results"][number];

/**
 * @param sentAt the mail's own date, on which its signatures had to be valid: a receipt forwarded a week later is no worse for it
 */
export async function verifySignatures(
  mail: Uint8Array,
  sentAt: Instant | null,
  keys: KeySource,
): Promise<{ from: string | null; signatures: Signature[]; leftOut: boolean }> {
  const bytes = Buffer.from(mail.buffer, mail.byteOffset, mail.byteLength);
  if (headerLines(bytes) > HEADER_LINES_MAX) return { from: null, signatures: [], leftOut: true };
  // A tenth of a second to load: every command opens the mail desk, and few have a signature to verify.
  const { dkimVerify } = await import("mailauth/lib/dkim/verify.js");
  const verified = await dkimVerify(bytes, {
    strict: true,
    minBitLength: 1_024,
    ...(sentAt === null ? {} : { curTime: new Date(sentAt) }),
    resolver: resolver(keys),
  });
  const names = verified.headers?.parsed.map(({ key }) => key) ?? [];
  const twice = names.find((name, index) => ONCE.has(name) && names.indexOf(name) !== index);
  const shown = twice === "from" || verified.headerFrom.length > 1 ? "second_from" : twice === undefined ? null : "header_twice";
  const signed = verified.results.filter(({ signingDomain }) => typeof signingDomain === "string" && signingDomain !== "");
  const signatures = signed.slice(0, SIGNATURES_MAX).map((result): Signature => judged(result, shown));
  const from = verified.headerFrom[0]?.split("@").at(-1)?.toLowerCase() ?? null;
  return { from, signatures, leftOut: signed.length > SIGNATURES_MAX };
}

/** Lines above the first empty one, counted no further than matters. */
function headerLines(mail: Buffer): number {
  let lines = 0;
  for (let at = mail.indexOf(10); at >= 0 && lines <= HEADER_LINES_MAX; at = mail.indexOf(10, at + 1)) {
    lines += 1;
    if (mail[at + 1] === 10 || (mail[at + 1] === 13 && mail[at + 2] === 10)) break;
  }
  return lines;
}

function judged(result: Result, shown: SignatureReason | null): Signature {
  const domain = (result.signingDomain ?? "").toLowerCase();
  const outcome = outcomeOf(result);
  if (outcome.result !== "pass") return { domain, ...outcome };
  if (shown !== null) return { domain, result: "fail", reason: shown };
  if (result.canonBodyLengthLimited === true) return { domain, result: "fail", reason: "part_only" };
  return { domain, ...outcome };
}

function outcomeOf({ status }: Result): { result: Signature["result"]; reason: SignatureReason | null } {
  const comment = typeof status.comment === "string" ? status.comment : "";
  if (status.result === "pass")
    return status.testing === true ? { result: "unknown", reason: "testing" } : { result: "pass", reason: null };
  if (status.result === "temperror") return { result: "unknown", reason: "no_answer" };
  return { result: "fail", reason: status.result === "policy" ? "weak" : reasonOf(comment) };
}

function reasonOf(comment: string): SignatureReason {
  if (comment.startsWith("body hash")) return "body_changed";
  if (comment === "bad signature") return "bad_signature";
  if (comment === "no key") return "no_key";
  if (comment === "expired") return "expired";
  return /key|revoked/u.test(comment) ? "key_unusable" : "malformed";
}

/** As mailauth wants to be answered. Names asked beyond the limit have no answer: a mail must not make us ask for a thousand. */
function resolver(keys: KeySource): (name: string, type: string) => Promise<string[][]> {
  let asked = 0;
  return async (name) => {
    asked += 1;
    const records = asked > SIGNATURES_MAX ? null : await keys(name.toLowerCase());
    if (records === null) throw Object.assign(new Error("no answer"), { code: "ESERVFAIL" });
    if (records.length === 0) throw Object.assign(new Error("no key"), { code: "ENODATA" });
    return records.map((record) => [record]);
  };
}
