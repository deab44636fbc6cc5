// The mail of the sandbox: every message is accepted and none leaves. The outbox row is the record.
import { done, refused, type CallContext, type Outcome } from "../../ports/outcome.ts";
import type { Acceptance, Mailer, OutgoingMail } from "../../ports/mailer.ts";

export interface SandboxOptions {
  /** Addresses that answer otherwise, to rehearse bounces and lost answers; null: accepted. */
  refusals?: (to: string) => Outcome<Acceptance> | null;
}

export class SandboxMailer implements Mailer {
  readonly #options: SandboxOptions;
  #closed = false;

  constructor(options: SandboxOptions = {}) {
    this.#options = options;
  }

  send(mail: OutgoingMail, { signal }: CallContext): Promise<Outcome<Acceptance>> {
    if (this.#closed) return Promise.resolve(refused("sandbox: closed", true));
    if (signal.aborted) return Promise.resolve(refused("sandbox: given up before it was kept", true));
    const answer = this.#options.refusals?.(mail.to) ?? done({ response: "250 sandbox: kept, not sent", server: "sandbox" });
    return Promise.resolve(answer);
  }

  test({ signal }: CallContext): Promise<Outcome<{ detail: string }>> {
    if (signal.aborted) return Promise.resolve(refused("sandbox: given up", true));
    return Promise.resolve(done({ detail: "sandbox: messages are kept, none is sent" }));
  }

  close(): Promise<void> {
    this.#closed = true;
    return Promise.resolve();
  }
}
