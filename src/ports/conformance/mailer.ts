// What every Mailer must do, whatever it sends through: one suite, run against each implementation.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Mailer, OutgoingMail } from "../mailer.ts";
import type { CallContext } from "../outcome.ts";

/** A mailer and the far side it talks to. */
export interface MailerHarness {
  mailer: Mailer;
  /** An address the far side accepts mail for. */
  accepts: string;
  /** An address it refuses for good. */
  refuses: string;
  /** An address it refuses once, and accepts afterwards. */
  defers: string;
  /** An address whose answer is lost after the message was handed over. */
  loses: string;
  /** Words that must never stand in a reason. */
  secrets: readonly string[];
  close(): Promise<void>;
}

/** Far longer than a loopback needs: only a mailer that hangs meets it. */
const DEADLINE_MS = 20_000;
const context = (): CallContext => ({ signal: AbortSignal.timeout(DEADLINE_MS) });

function aMail(change: Partial<OutgoingMail> = {}): OutgoingMail {
  return {
    messageId: "<notice-1@regua.example>",
    to: "cliente@padaria.example",
    subject: "Lembrete: fatura 1042",
    text: "Olá.\n",
    html: "<p>Olá.</p>",
    repeat: false,
    ...change,
  };
}

export function mailerConformance(name: string, start: () => Promise<MailerHarness>): void {
  describe(`${name} as a mailer`, () => {
    let harness: MailerHarness;
    beforeEach(async () => {
      harness = await start();
    });
    afterEach(async () => {
      await harness.mailer.close();
      await harness.close();
    });
    const send = (change: Partial<OutgoingMail>, how = context()) => harness.mailer.send(aMail(change), how);

    it("tells who accepted a message and in which words", async () => {
      const outcome = await send({ to: harness.accepts });
      expect(outcome).toMatchObject({
        outcome: "done",
        value: { response: expect.stringMatching(/^2\d\d[ -]/u), server: expect.stringMatching(/\S/u) },
      });
    });

    it("says that a refusal for good is one, with the reason in a line and without secrets", async () => {
      const outcome = await send({ to: harness.refuses });
      expect(outcome).toMatchObject({ outcome: "refused", retry: false });
      const reason = outcome.outcome === "refused" ? outcome.reason : "";
      expect(reason).toMatch(/^[^\r\n]+$/u);
      for (const secret of harness.secrets) expect(reason).not.toContain(secret);
    });

    it("says that a refusal for now is worth another try, and the other try succeeds", async () => {
      expect(await send({ to: harness.defers })).toMatchObject({ outcome: "refused", retry: true });
      expect(await send({ to: harness.defers })).toMatchObject({ outcome: "done" });
    });

    it("does not claim to know what became of a message whose answer was lost", async () => {
      expect(await send({ to: harness.loses })).toMatchObject({ outcome: "unknown", reason: expect.stringMatching(/\S/u) });
    });

    it("goes on after a refusal and after a lost answer", async () => {
      await send({ to: harness.refuses });
      await send({ to: harness.loses });
      expect(await send({ to: harness.accepts })).toMatchObject({ outcome: "done" });
    });

    it("takes the same message again, as after a lost answer", async () => {
      await send({ to: harness.accepts });
      expect(await send({ to: harness.accepts, repeat: true })).toMatchObject({ outcome: "done" });
    });

    it("gives each of many messages at once its own answer", async () => {
      const addresses = Array.from({ length: 40 }, (_, i) => (i % 4 === 0 ? harness.refuses : harness.accepts));
      const outcomes = await Promise.all(addresses.map((to, i) => send({ to, messageId: `<many-${i}@regua.example>` })));
      expect(outcomes.map((outcome) => outcome.outcome)).toEqual(addresses.map((to) => (to === harness.refuses ? "refused" : "done")));
    });

    it("hands nothing over when it is told to give up before it began", async () => {
      expect(await send({ to: harness.accepts }, { signal: AbortSignal.abort() })).toMatchObject({ outcome: "refused", retry: true });
    });

    it("tests the connection without sending", async () => {
      expect(await harness.mailer.test(context())).toMatchObject({ outcome: "done", value: { detail: expect.stringMatching(/\S/u) } });
    });

    it("answers after it was closed, and sends nothing", async () => {
      await harness.mailer.close();
      expect(await send({ to: harness.accepts })).toMatchObject({ outcome: "refused", retry: true });
    });
  });
}
