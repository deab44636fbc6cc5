// The IMAP source against a real Dovecot: read by numbers, marked as seen, woken by IDLE, and honest about what goes wrong.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { noDovecot, startDovecot, type Dovecot } from "../../../test/support/dovecot.ts";
import { letter } from "../../../test/support/mails.ts";
import { ImapSource } from "./imap.ts";

const PASSWORD = "senha-secreta-da-caixa";
const patient = () => ({ signal: AbortSignal.timeout(30_000) });

describe.skipIf(noDovecot !== null)(
  `a mailbox over IMAP${noDovecot === null ? "" : ` (skipped: ${noDovecot})`}`,
  { timeout: 120_000 },
  () => {
    let server: Dovecot;
    const open: ImapSource[] = [];
    const source = (change: { password?: string; port?: number; folder?: string } = {}): ImapSource => {
      const made = new ImapSource(
        { host: "127.0.0.1", port: server.port, secure: "none", user: server.user, password: PASSWORD, ...change },
        () => Date.now(),
      );
      open.push(made);
      return made;
    };
    const put = async (text: string): Promise<void> =>
      server.deliver(await letter({ from: "maria@cliente.example", text, at: Date.now(), signed: false }));
    const textOf = ({ raw }: { raw: Uint8Array }): string => Buffer.from(raw).toString("utf8").split("\r\n\r\n").at(1)?.trim() ?? "";

    beforeAll(async () => {
      server = await startDovecot(PASSWORD);
    });
    afterAll(async () => {
      for (const each of open) await each.close();
      await server.stop();
    });

    it("is read in pages, each message whole, and goes on where it stopped", async () => {
      const box = source();
      for (const text of ["um", "dois", "tres"]) await put(text);
      const first = await box.fetch(null, 2, patient());
      expect(first).toMatchObject({ outcome: "done", value: { more: true } });
      if (first.outcome !== "done") return;
      expect(first.value.mails.map(textOf)).toEqual(["um", "dois"]);
      const { validity, through } = first.value;
      const second = await box.fetch({ validity, uid: through }, 2, patient());
      expect(second.outcome === "done" && second.value.mails.map(textOf)).toEqual(["tres"]);
      // Of another validity the numbers mean nothing: the last days are read again.
      const anew = await box.fetch({ validity: validity + 1, uid: 999 }, 10, patient());
      expect(anew.outcome === "done" && anew.value.mails).toHaveLength(3);
      expect(
        second.outcome === "done" &&
          (
            await box.settle(
              second.value.mails.map(({ uid }) => uid),
              patient(),
            )
          ).outcome,
      ).toBe("done");
    });

    it("says at once when something has come, and when it is told to stop waiting", async () => {
      const box = source();
      const before = await box.fetch(null, 100, patient());
      if (before.outcome !== "done") throw new Error(before.reason);
      const woken = box.watch(AbortSignal.timeout(60_000));
      await put("novidade");
      await woken;
      const { validity, through } = before.value;
      const after = await box.fetch({ validity, uid: through }, 100, patient());
      expect(after.outcome === "done" && after.value.mails.map(textOf)).toEqual(["novidade"]);
      const stop = new AbortController();
      const stopped = box.watch(stop.signal);
      stop.abort();
      await stopped;
    });

    it("is tested by signing in and opening the folder, and says what is wrong without the password", async () => {
      expect(await source().test(patient())).toMatchObject({
        outcome: "done",
        value: { detail: expect.stringContaining("with IDLE") as unknown },
      });
      const refused = await source({ password: `${PASSWORD}-errada` }).test(patient());
      expect(refused).toMatchObject({ outcome: "refused", credentials: true });
      expect(JSON.stringify(refused)).not.toContain(PASSWORD);
      expect(await source({ folder: "Nenhuma" }).test(patient())).toMatchObject({ outcome: "unknown" });
      expect(await source({ port: 1 }).test(patient())).toMatchObject({ outcome: "unknown" });
    });
  },
);
