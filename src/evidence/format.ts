// The bundle: what one customer's evidence looks like as a file, its exact bytes, and the seal over them.
import { z } from "zod";
import { sha256 } from "../kernel/hash.ts";
import { formatDay, parseDay } from "../kernel/time.ts";

export const FORMAT = "regua-evidence/1";

const instant = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/u, "an instant is written 2026-11-22T12:00:00.000Z");
const day = z.string().refine(isDay, "a day is written 2026-11-22");
const hash = z.string().regex(/^[0-9a-f]{64}$/u, "a SHA-256 is 64 hexadecimal digits");
const cents = z.int();
const count = z.int().min(0);
const text = z.string();

function isDay(value: string): boolean {
  try {
    return formatDay(parseDay(value)) === value;
  } catch {
    return false;
  }
}

const service = z.strictObject({
  ref: text,
  name: text,
  plan: text.nullable(),
  price_cents: cents.nullable(),
  panel: text.nullable(),
  account: text.nullable(),
  desired: text,
  desired_cause: text.nullable(),
  actual: text,
  suspended_by_us: z.boolean(),
  actual_since_at: instant.nullable(),
  cancel_asked_at: instant.nullable(),
  cancel_on: day.nullable(),
  terminated_at: instant.nullable(),
  created_at: instant,
});

const invoice = z.strictObject({
  ref: text,
  service: text.nullable(),
  issued_on: day,
  due_on: day,
  amount_cents: cents,
  paid_cents: cents,
  // Bundles of schema 1 have neither fees, nor phases of a receipt.
  fee_paid_cents: cents.optional(),
  currency: text,
  state: text,
  settled_at: instant.nullable(),
  reopened_at: instant.nullable().optional(),
  clearing_until: instant.nullable(),
  created_at: instant,
});

const receipt = z.strictObject({
  id: z.int(),
  source: text,
  external_id: text,
  amount_cents: cents,
  allocated_cents: cents,
  credit_cents: cents,
  refunded_cents: cents,
  currency: text,
  paid_on: day,
  settled_on: day.nullable().optional(),
  recorded_at: instant,
  names_invoice: text.nullable(),
  reason: text.nullable(),
  actor: text,
});

const state = z.strictObject({
  services: z.array(service),
  invoices: z.array(invoice),
  receipts: z.array(receipt),
  allocations: z.array(
    z.strictObject({ receipt: z.int(), invoice: text, kind: text.optional(), amount_cents: cents, allocated_at: instant }),
  ),
  promises: z.array(
    z.strictObject({
      protocol: text,
      kind: text,
      invoices: z.array(text),
      owed_cents: cents,
      reason: text,
      asked_by: text,
      owner: text,
      conditions: text,
      granted_at: instant,
      until: instant,
      state: text,
      ended_at: instant.nullable(),
    }),
  ),
  holds: z.array(
    z.strictObject({
      kind: text,
      effect: text,
      service: text.nullable(),
      invoice: text.nullable(),
      placed_at: instant,
      placed_by: text,
      reason: text,
      until: instant.nullable(),
      lifted_at: instant.nullable(),
      lifted_by: text.nullable(),
    }),
  ),
  claims: z.array(
    z.strictObject({
      invoice: text,
      state: text,
      received_at: instant,
      release_until: instant.nullable(),
      review_until: instant,
      ended_at: instant.nullable(),
      reason: text.nullable(),
      // Bundles before schema 3 know no files of proofs.
      recommendation: text.nullable().optional(),
      ended_by: text.nullable().optional(),
      file: hash.nullable().optional(),
    }),
  ),
  terminations: z.array(
    z.strictObject({
      service: text.nullable(),
      invoice: text.nullable(),
      state: text,
      proposed_at: instant,
      first_by: text.nullable(),
      first_at: instant.nullable(),
      second_by: text.nullable(),
      second_at: instant.nullable(),
      ended_at: instant.nullable(),
    }),
  ),
});

/** One message with its exact text; `entry` and `item` say which decision entry holds its hash: item 0 is the first of `body.messages`. */
const message = z.strictObject({
  entry: z.int().nullable(),
  item: count.nullable(),
  message_id: text,
  template: text,
  channel: text,
  to: text,
  lang: text,
  subject: text,
  text: text,
  notices: z.array(z.strictObject({ step: text, warning: z.boolean(), state: text })),
  delivery: z.strictObject({
    state: text,
    attempts: count,
    unknowns: count,
    answer: text.nullable(),
    decided_at: instant,
    ended_at: instant.nullable(),
  }),
});

/** `document`: the policy as compiled, in the very text whose hash names the version. */
const policy = z.strictObject({
  version: text,
  hash,
  source: text,
  document: text,
  stored_at: instant,
  stored_by: text,
  activated_at: instant.nullable(),
  activated_by: text.nullable(),
});

const anchors = z.strictObject({
  days: z.array(z.strictObject({ day, root: hash, leaves: count, previous: hash, hash })),
  proofs: z.array(z.strictObject({ day, after: count, seq: z.int().min(1), position: count, path: z.array(hash) })),
});

const unsealed = z.strictObject({
  format: z.literal(FORMAT),
  how_to_verify: z.strictObject({ "pt-BR": z.array(text), en: z.array(text) }),
  exported_at: instant,
  provider: z.strictObject({
    mode: text,
    time_zone: text,
    currency: text,
    identity: z.record(text, z.json()),
    channels: z.array(text),
  }),
  customer: z.strictObject({
    ref: text,
    name: text,
    email: text.nullable(),
    phone: text.nullable(),
    tax_id: text.nullable(),
    lang: text,
    since: day,
    tags: z.array(text),
    created_at: instant,
  }),
  head: z.strictObject({ seq: count, hash }),
  entries: z.array(text),
  hashes: z.array(hash),
  messages: z.array(message),
  policies: z.array(policy),
  state,
  anchors,
});

export const bundleSchema = unsealed.extend({ seal: text });

/** One customer's evidence, whole. */
export type Bundle = z.infer<typeof unsealed>;

export type BundleMessage = Bundle["messages"][number];

/** A bundle made of rows just read; anything out of shape is a defect of ours. */
export function shapeBundle(raw: unknown): Bundle {
  return unsealed.parse(raw);
}

/** What stands after the 64 digits of the seal. */
const AFTER_SEAL = '"\n}\n';
/** How many bytes at the end of a file the seal does not cover: its own digits and what closes the file. */
export const TAIL_BYTES = 64 + AFTER_SEAL.length;

/** The bytes of a bundle: JSON with two blanks of indentation, members in the order of the schema, and the seal at the end. */
export function writeBundle(bundle: Bundle): string {
  const open = `${JSON.stringify({ ...bundle, seal: "" }, null, 2)}\n`;
  const covered = open.slice(0, -AFTER_SEAL.length);
  return covered + sha256(covered) + AFTER_SEAL;
}

/** Whether the seal at the end of the bytes is the SHA-256 of everything before it. */
export function sealHolds(bytes: Uint8Array): boolean {
  const at = bytes.length - TAIL_BYTES;
  if (at < 0) return false;
  return Buffer.from(bytes.subarray(at)).toString("latin1") === sha256(bytes.subarray(0, at)) + AFTER_SEAL;
}
