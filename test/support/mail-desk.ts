// A desk for mail that comes in, on a test's own engine: the real reader with stored keys, files in a folder of its own, mail taken and dealt with.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FolderBlobStore } from "../../src/adapters/blobs/folder.ts";
import { MimeMailReader } from "../../src/adapters/mail/read-mail.ts";
import { storedKeys } from "../../src/adapters/proofs/dkim-keys.ts";
import { ChildProofReader } from "../../src/adapters/proofs/reader.ts";
import { handleMail } from "../../src/engine/handle-mail.ts";
import type { Handled } from "../../src/engine/mail-end.ts";
import { takeMail, type MailDesk } from "../../src/engine/take-mail.ts";
import { systemClock } from "../../src/kernel/clock.ts";
import type { World } from "./engine.ts";
import { signingKeys } from "./mails.ts";

export interface TestDesk {
  desk: MailDesk;
  /** Takes a mail in and deals with it; null: it was known. */
  receive(raw: Uint8Array): Promise<Handled>;
  close(): void;
}

export function makeMailDesk(world: World, change: Partial<MailDesk> & { domains?: string[] } = {}): TestDesk {
  const folder = mkdtempSync(join(tmpdir(), "regua-tests-"));
  const { domains = ["cliente.example"], ...rest } = change;
  const keys = storedKeys(signingKeys(...domains));
  const files = new FolderBlobStore(join(folder, "files"), systemClock);
  const proofs = { reader: new ChildProofReader({ keys }), files, scan: null };
  const desk: MailDesk = {
    reader: new MimeMailReader(keys),
    files,
    proofs: () => proofs,
    own: new Set(["cobranca@hospedagem.example"]),
    answers: true,
    keepDays: 180,
    ...rest,
  };
  return {
    desk,
    receive: async (raw) => {
      const { id } = await takeMail(world.engine, desk, { mailbox: "test", raw });
      return id === null ? null : handleMail(world.engine, desk, id);
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
