// Reaches for a part of the installation when a person asks whether it is there: nothing is changed, and nothing sent but a letter to themselves.
import { deadline, type Clock } from "../kernel/clock.ts";
import { ReguaError } from "../kernel/errors.ts";
import type { OutgoingMail } from "../ports/mailer.ts";
import type { MailSource } from "../ports/mail-source.ts";
import { done, refused, unknown, type CallContext, type Outcome } from "../ports/outcome.ts";
import type { PaymentGateway } from "../ports/payment-gateway.ts";
import type { Outside } from "./call.ts";

export const PART_KINDS = ["mail", "mailbox", "panel", "gateway", "whmcs"] as const;
export type PartKind = (typeof PART_KINDS)[number];

interface Tried {
  outcome: "done" | "refused" | "unknown";
  detail: string;
  ms: number;
}

type Test = (context: CallContext) => Promise<Outcome<{ detail: string }>>;

export interface Reach {
  parts(): { name: string; kind: PartKind; detail: string }[];
  /** @throws ReguaError where reaching it needs a person first, such as for a certificate that nobody vouches for */
  test(kind: PartKind, name: string): Promise<Tried>;
  /** Sends a letter by mail; done: the server took it. */
  send(letter: OutgoingMail): Promise<Tried>;
}

export interface Reached {
  outside: Outside;
  gateways: ReadonlyMap<string, PaymentGateway>;
  /** Each with a connection of its own, closed afterwards: the one that reads is not disturbed. */
  mailboxes?: ReadonlyMap<string, () => MailSource>;
  /** WHMCS beside, where one is set up: what it is called, and how it is tried. */
  whmcs?: { detail: string; test: Test } | null;
  clock: Clock;
}

/** A person waits for it. */
const TEST_MS = 10_000;

const WHMCS = "whmcs";

export function makeReach({ outside, gateways, mailboxes = new Map(), whmcs = null, clock }: Reached): Reach {
  const testOf: Record<PartKind, (name: string) => Test | null> = {
    mail: (name) => methodOf(outside.mailers.get(name)),
    panel: (name) => methodOf(outside.panels.get(name)),
    gateway: (name) => methodOf(gateways.get(name)),
    mailbox: (name) => mailboxTest(mailboxes.get(name)),
    whmcs: (name) => (name === WHMCS && whmcs ? whmcs.test : null),
  };
  const timed = async (work: () => Promise<Outcome<{ detail: string }>>): Promise<Tried> => {
    const began = clock.now();
    const found = await work().catch((error: unknown) => {
      if (error instanceof ReguaError) throw error;
      return unknown(error instanceof Error ? error.message : String(error));
    });
    const detail = found.outcome === "done" ? found.value.detail : found.reason;
    return { outcome: found.outcome, detail, ms: Math.round(clock.now() - began) };
  };
  return {
    parts: () => [
      ...[...outside.mailers.keys()].map((name) => ({ name, kind: "mail" as const, detail: name })),
      ...[...mailboxes.keys()].map((name) => ({ name, kind: "mailbox" as const, detail: name })),
      ...(whmcs ? [{ name: WHMCS, kind: "whmcs" as const, detail: whmcs.detail }] : []),
      ...[...outside.panels].map(([name, panel]) => ({ name, kind: "panel" as const, detail: panel.kind })),
      ...[...gateways].map(([name, gateway]) => ({ name, kind: "gateway" as const, detail: gateway.kind })),
    ],
    test: (kind, name) =>
      timed(async () => {
        const test = testOf[kind](name);
        return test ? test({ signal: deadline(TEST_MS) }) : refused(`${kind} ${name} is not set up`, false);
      }),
    send: (letter) =>
      timed(async () => {
        const mailer = outside.mailers.get("email");
        if (!mailer) return refused("mail email is not set up", false);
        const sent = await mailer.send(letter, { signal: deadline(TEST_MS) });
        return sent.outcome === "done" ? done({ detail: `${sent.value.server}: ${sent.value.response}` }) : sent;
      }),
  };
}

function methodOf(part: { test: Test } | undefined): Test | null {
  return part ? (context) => part.test(context) : null;
}

function mailboxTest(open: (() => MailSource) | undefined): Test | null {
  if (!open) return null;
  return async (context) => {
    const source = open();
    try {
      return await source.test(context);
    } finally {
      await source.close();
    }
  };
}
