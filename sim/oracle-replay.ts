// S7: plays a customer's evidence from its first entry, and tells the state it leads to. Read as an outsider would, from the entries alone.

/** The state in words, each part a list in any order. */
export interface Replayed {
  /** Open invoices and what is owed of each. */
  owed: string[];
  /** Money that no invoice took; a customer without receipts has none. */
  credit: string[];
  /** What each service is to be. */
  access: string[];
  /** Holds that stand: for money by invoice, others by kind. */
  holds: string[];
  promises: string[];
  claims: string[];
  /** Messages that a server took. */
  accepted: string[];
}

interface Reason {
  hold?: string;
  invoice?: string;
}

interface Body {
  invoice?: string | null;
  service?: string;
  services?: { ref: string }[];
  amount_cents?: number;
  credit_cents?: number;
  allocations?: { invoice: string; amount_cents: number }[];
  kind?: string;
  protocol?: string;
  message_id?: string;
  holds?: { invoice: string }[];
  lifted?: { because: Reason[] }[];
  access?: { service: string; desired: string }[];
  promises?: { promise: string; end: string }[];
  claims?: { because: Reason[] }[];
}

const STRANGE = ", never entered";

class State {
  readonly owed = new Map<string, number>();
  credit: number | null = null;
  readonly access = new Map<string, string>();
  readonly holds: string[] = [];
  readonly promises = new Map<string, string>();
  readonly claims: { invoice: string; state: string }[] = [];
  readonly accepted = new Set<string>();

  take(kind: string, body: Body): void {
    const { service = "", protocol = "" } = body;
    const invoice = body.invoice ?? "";
    switch (kind) {
      case "imported":
        for (const { ref } of body.services ?? []) this.access.set(ref, "active");
        break;
      case "service.created":
        this.access.set(service, "active");
        break;
      case "invoice.issued":
        this.owed.set(invoice, body.amount_cents ?? 0);
        break;
      case "invoice.voided":
        this.owed.delete(invoice);
        break;
      case "receipt":
      case "receipt.returned":
      case "receipt.reinstated":
        this.#receive(body);
        break;
      case "hold.placed":
        this.holds.push(body.kind ?? "");
        break;
      case "hold.released":
        this.#lift(body.kind ?? "");
        break;
      case "promise.granted":
        this.promises.set(protocol, "running");
        break;
      case "promise.cancelled":
        this.promises.set(protocol, "cancelled");
        break;
      case "claim.opened":
        this.claims.push({ invoice, state: "under_review" });
        break;
      case "claim.confirmed":
      case "claim.contradicted":
      case "claim.refused":
        this.#endClaim(invoice, kind.slice("claim.".length));
        break;
      case "message.accepted":
        this.accepted.add(body.message_id ?? "");
        break;
      case "terminated":
        this.access.set(service, "ended");
        break;
      case "decision":
        this.#decide(body);
    }
  }

  #receive(body: Body): void {
    this.credit = (this.credit ?? 0) + (body.credit_cents ?? 0);
    for (const { invoice, amount_cents: cents } of body.allocations ?? []) {
      const left = (this.owed.get(invoice) ?? 0) - cents;
      if (left === 0) this.owed.delete(invoice);
      else this.owed.set(invoice, left);
    }
  }

  #decide(body: Body): void {
    for (const { invoice } of body.holds ?? []) this.holds.push(`overdue ${invoice}`);
    for (const { because } of body.lifted ?? []) {
      const [{ hold = "", invoice = "" } = {}] = because;
      this.#lift(hold === "overdue" ? `overdue ${invoice}` : hold);
    }
    for (const { service, desired } of body.access ?? []) {
      const before = this.access.get(service);
      // A service that nobody entered keeps the mark of it.
      const strange = before === undefined || before.endsWith(STRANGE);
      if (before !== "ended") this.access.set(service, strange ? `${desired}${STRANGE}` : desired);
    }
    for (const { promise, end } of body.promises ?? []) this.promises.set(promise, end);
    for (const { because } of body.claims ?? []) this.#endClaim(because[0]?.invoice ?? "", "expired");
  }

  #lift(hold: string): void {
    const at = this.holds.indexOf(hold);
    // One that is lifted without having been placed shows as one too many.
    if (at < 0) this.holds.push(`${hold}, lifted unplaced`);
    else this.holds.splice(at, 1);
  }

  #endClaim(invoice: string, end: string): void {
    // The end of a claim names its invoice only while that is open.
    const open = this.claims.find((c) => c.state === "under_review" && (invoice === "" || c.invoice === invoice));
    if (open) open.state = end;
    else this.claims.push({ invoice, state: `${end}, never opened` });
  }
}

/** `entries`: the texts of one customer's chain, in order. */
export function replay(entries: readonly string[]): Replayed {
  const state = new State();
  for (const text of entries) {
    const { kind, body } = JSON.parse(text) as { kind: string; body: Body };
    state.take(kind, body);
  }
  return {
    owed: [...state.owed].map(([invoice, cents]) => `${invoice} ${cents}`),
    credit: state.credit === null ? [] : [String(state.credit)],
    access: [...state.access].map(([service, desired]) => `${service} ${desired}`),
    holds: state.holds,
    promises: [...state.promises].map(([protocol, end]) => `${protocol} ${end}`),
    claims: state.claims.map((claim) => claim.state),
    accepted: [...state.accepted],
  };
}
