// What a language supplies for the customer's portal. Dates and amounts come in already written.

/** A step that comes, in words. */
export interface NextView {
  kind: "message" | "suspension" | "release" | "termination" | "promise" | "claim" | "person";
  /** `sexta-feira, 27 de novembro, às 9h`. */
  at: string;
  /** With its preposition: `na sexta-feira, …`. */
  on: string;
  service: string | null;
}

type OfService = "active" | "suspended" | "ending" | "other" | "ended" | "coming_back" | "going_down";

/** Names of ticks on the ruler: two words at most. */
export interface RulerNames {
  due: string;
  dueToday: string;
  today: string;
  next: Readonly<Record<NextView["kind"], string>>;
}

export interface PortalTexts {
  /** The other language, in its own words, and how a reader of the screen is told. */
  otherLang: string;
  skip: string;
  portal: string;
  sandbox: string;
  signOut: string;
  back: string;
  backHome: string;
  needHelp(email: string): string;
  zone(id: string): string;
  customer(ref: string): string;

  signIn: {
    title: string;
    lead: string;
    email: string;
    send: string;
    codeTitle: string;
    codeLead(minutes: number): string;
    code: string;
    enter: string;
    again: string;
    sandboxCode(code: string): string;
    expired: string;
    invalid: string;
    wrong: string;
    signedOut: string;
    wait(minutes: number): string;
  };
  /** The mail that carries a code. */
  codeMail: { subject: string; text(name: string | null, code: string, minutes: number): string };

  home: {
    nothing: string;
    nothingSub: string;
    credit(amount: string): string;
    owed: string;
    invoices(count: number): string;
    due(ref: string, onDue: string, past: boolean): string;
    dueToday(ref: string): string;
    moved(until: string): string;
    suspended(many: boolean, invoices: number): string;
    suspendedOther: string;
    back: string;
    comingBack: string;
    clearing(until: string): string;
    promise(until: string, protocol: string): string;
    next(next: NextView): string;
    noNext: string;
    rulerLabel(due: string, today: string, next: string | null): string;
    ruler: RulerNames;
    paidTitle: string;
    paidLead: string;
    more: string;
    moreLead: string;
    paid: string;
    otherInvoices: string;
    payThis: string;
    services: string;
    access: Readonly<Record<OfService, string>>;
    since(at: string): string;
    endsOn(day: string): string;
    everythingElse: string;
    messages: string;
    backup: string;
    leave: string;
    terms: string;
    live: string;
    changed: string;
    offline: string;
    reload: string;
  };

  pay: {
    title(ref: string): string;
    pix: string;
    part(ref: string, amount: string): string;
    pixLead: string;
    qr(amount: string): string;
    copy: string;
    copied: string;
    copyByHand: string;
    boleto: string;
    boletoLead: string;
    /** Of the button that copies the line, and of the line itself. */
    copyLine: string;
    line: string;
    card: string;
    /** `host`: of the gateway's page. */
    cardLead(host: string): string;
    cardOpen: string;
    page: string;
    pageLead(host: string): string;
    pageOpen: string;
    boletoFile: string;
    boletoOpen: string;
    otherWays: string;
    ask(email: string): string;
    amount: string;
    fixedFee(percent: string): string;
    dailyFee(percent: string): string;
    total: string;
    noFees: string;
    today: string;
    sandbox: string;
    sandboxLead: string;
    receiver(name: string, taxId: string): string;
  };

  /** The boleto on paper. */
  slip: {
    title(ref: string): string;
    bank: string;
    due: string;
    amount: string;
    from: string;
    invoice: string;
    payer: string;
    how: string;
    lines: readonly string[];
    line: string;
    sandbox: string;
    foot(provider: string): string;
  };

  proof: {
    title: string;
    lead: string;
    closed: string;
    which: string;
    file: string;
    hint: string;
    send: string;
    sending: string;
    sent: string;
    open: string;
    none: string;
    problems: Readonly<
      Record<
        | "none"
        | "form"
        | "too_large"
        | "too_many_pages"
        | "too_many_pixels"
        | "encrypted"
        | "unreadable"
        | "unread"
        | "infected"
        | "spent"
        | "open",
        string
      >
    >;
  };

  time: {
    title: string;
    conditions: string;
    reason: string;
    reasonHint: string;
    accept: string;
    ask: string;
    granted(until: string, protocol: string): string;
    grantedLead: string;
    because: string;
    payInstead: string;
    write: string;
  };

  leave: {
    title: string;
    lead: string;
    pick: string;
    owed(amount: string): string;
    owedNothing: string;
    data: string;
    dataBackup: string;
    now: string;
    nowHint: string;
    term(day: string): string;
    termHint: string;
    when: string;
    reason: string;
    confirm: string;
    asked(on: string): string;
    askedLead: string;
    keep: string;
    keepLead: string;
    kept: string;
    none: string;
    noTime: string;
  };

  backup: {
    title: string;
    lead: string;
    ask: string;
    full: string;
    minimum: string;
    asked: string;
    refused: string;
    refusedFrom(day: string): string;
    refusedUntilPaid: string;
    waits: string;
    ended: string;
    requests: string;
    state: Readonly<Record<"asked" | "delivered" | "withdrawn", string>>;
    none: string;
  };

  terms: {
    title: string;
    version(version: number, day: string): string;
    accepted(version: number, at: string): string;
    notAccepted: string;
    newer: string;
    accept: string;
    hash: string;
    none: string;
  };

  messages: {
    title: string;
    lead: string;
    empty: string;
    text: string;
    send: string;
    you: string;
    sent: string;
  };

  suspendedSite: { title: string; lead: string; owner: string; open: string; contact(email: string): string };

  problem: Readonly<
    Record<"stale" | "tooMany" | "notFound" | "fault" | "tls" | "spent" | "invalid" | "changed", { title: string; text: string }>
  >;
}
