// Those with whom a history begins, as a source for the importer: all of them in one batch, so that a life does not start with a thousand statements.
import type { Day } from "../src/kernel/time.ts";
import type { CustomerRecord, CustomerSource, ServiceRecord, SourceBatch } from "../src/ports/customer-source.ts";
import { PANEL } from "./ports.ts";

export class Settlers implements CustomerSource {
  readonly kind = "simulated";
  readonly defaultLang = "pt-BR";
  readonly #customers: CustomerRecord[] = [];
  readonly #services: ServiceRecord[] = [];

  get lines(): number {
    return this.#customers.length + this.#services.length;
  }

  come(ref: string, email: string | null, since: Day): void {
    const place = { file: "settlers", line: this.lines + 1 };
    this.#customers.push({ place, ref, name: `Cliente ${ref.slice(1)}`, email, phone: null, taxId: null, lang: null, since, tags: null });
  }

  /** `account`: on the panel; null where the service is tied to none. */
  take(customerRef: string, ref: string, account: string | null): void {
    const place = { file: "settlers", line: this.lines + 1 };
    const panel = account === null ? null : PANEL;
    this.#services.push({ place, ref, customerRef, name: `Hospedagem ${ref}`, plan: null, price: 2990, panel, account });
  }

  async *read(): AsyncIterable<SourceBatch> {
    await Promise.resolve();
    yield { customers: this.#customers, services: this.#services, invoices: [], payments: [], refused: [], lines: this.lines };
  }
}
