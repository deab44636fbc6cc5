// What a language supplies for the commands of every day: sentences given the dates and amounts already written.

/** Sentences of the commands. Dates and amounts come in already written. */
export interface CliTexts {
  /** Heads of tables and of the parts of a page. */
  head: {
    customer: string;
    name: string;
    owed: string;
    due: string;
    days: string;
    step: string;
    next: string;
    services: string;
    openInvoices: string;
    comes: string;
    notices: string;
    promises: string;
    claims: string;
    holds: string;
    receipts: string;
    terminations: string;
    attention: string;
    lastDecisions: string;
    told: string;
    suspended: string;
    released: string;
    promiseEnds: string;
    proposed: string;
    person: string;
    totals: string;
  };
  none: string;
  nobody: string;
  now: string;
  count(shown: number, total: number): string;
  /** One line of who a customer is. */
  since(day: string): string;
  barred(reason: string): string;
  claimsBarred(reason: string): string;
  fault(reason: string): string;
  owes(amount: string, invoices: number): string;
  nothingOpen: string;
  credit(amount: string): string;
  settledInvoices(count: number): string;
  access: Readonly<Record<"active" | "suspended" | "absent" | "unknown", string>>;
  accessSince(access: string, at: string | null): string;
  byOther: string;
  shouldBe(access: string): string;
  callOpen: string;
  linked(account: string, panel: string): string;
  notLinked: string;
  leaves(day: string): string;
  terminated(at: string): string;
  dueLine(day: string, days: number): string;
  stepReached(step: string, at: string): string;
  paidToday(open: string, fine: string, interest: string, total: string): string;
  clearing(at: string): string;
  today(offset: string): string;
  notice: Readonly<Record<"pending" | "accepted" | "undeliverable" | "superseded", string>>;
  answer(text: string): string;
  promiseState: Readonly<Record<"running" | "kept" | "broken" | "cancelled", string>>;
  promiseLine(kind: string, until: string): string;
  promiseKind: Readonly<Record<"release" | "postponement" | "courtesy", string>>;
  claimState: Readonly<Record<"under_review" | "confirmed" | "contradicted" | "refused" | "expired", string>>;
  holdEffect: Readonly<Record<"access" | "collection", string>>;
  until(at: string): string;
  by(who: string): string;
  invoice(ref: string): string;
  service(ref: string): string;
  toCredit(amount: string): string;
  proposal(id: number, service: string, invoice: string, firstBy: string | null): string;
  /** Kinds of what comes. */
  coming: {
    by(what: string, channel: string): string;
    release: string;
    promise: Readonly<Record<string, string>>;
    claim: string;
    termination: string;
    person: string;
  };
  explain: {
    judged(policy: string, at: string): string;
    otherTime(now: string): string;
    decided: string;
    waits: string;
    untilAnswer: string;
    quiet: string;
    lookAgain(at: string): string;
    noLook: string;
    others: string;
    what: Readonly<Record<string, string>>;
  };
  rehearse: {
    title(from: string, through: string, policy: string): string;
    assumed: readonly string[];
    sandbox: string;
    totals(parts: {
      messages: number;
      suspensions: number;
      releases: number;
      promises: number;
      proposals: number;
      persons: number;
    }): string;
    customers(touched: number, looked: number): string;
    breaker(count: number, limit: number, at: string): string;
    faults(count: number): string;
  };
  run: {
    done(customers: number): string;
    counts(parts: { messages: number; holds: number; suspended: number; reactivated: number }): string;
    faults(count: number): string;
    stopped(waiting: number): string;
    cure: string;
    approved(count: number, by: string): string;
    nothingToApprove: string;
    progress: string;
  };
  act: {
    booked(amount: string, customer: string): string;
    known(id: string): string;
    allocated: (amount: string, invoice: string) => string;
    allocatedFee: (amount: string, invoice: string) => string;
    credited(amount: string): string;
    cameBack(service: string): string;
    wentDown(service: string): string;
    onItsWay(service: string, access: string): string;
    stays(service: string): string;
    ended(service: string): string;
    next(what: string, at: string): string;
    nothingNext: string;
    promised(kind: string, protocol: string, until: string): string;
    overridden(rules: string): string;
    offered: string;
    promiseCancelled(protocol: string): string;
    held(kind: string, id: number, until: string | null): string;
    lifted(id: number): string;
    signedFirst(id: number): string;
    signedSecond(id: number): string;
  };
  evidence: {
    exported(file: string, entries: number): string;
    personal: string;
    verify(file: string): string;
  };
  imports: {
    counts(parts: { customers: number; services: number; invoices: number; receipts: number; updated: number }): string;
    refused(count: number): string;
    reading: string;
    writing: string;
    more(count: number): string;
  };
}
