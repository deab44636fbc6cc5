// The customer's portal in English: calm, exact, with the next step and how to avoid it.
import type { PortalTexts } from "./portal-texts.ts";

export const PORTAL_EN: PortalTexts = {
  otherLang: "Português",
  skip: "Skip to the content",
  portal: "Customer portal",
  sandbox: "A rehearsal: the data are samples, and nothing leaves this machine.",
  signOut: "Sign out",
  back: "Back",
  backHome: "Back to the start",
  needHelp: (email) => `A person answers at ${email}.`,
  zone: (id) => `Times are in ${id}`,
  customer: (ref) => `Customer ${ref}`,

  signIn: {
    title: "Open the portal",
    lead: "Write the e-mail address of your account. We send a code of six digits; no password is needed.",
    email: "E-mail",
    send: "Send a code",
    codeTitle: "Code sent",
    codeLead: (minutes) =>
      `If the address belongs to an account here, the code arrives in a moment and is good for ${minutes} minutes. Look into the spam folder too.`,
    code: "Code of six digits",
    enter: "Open",
    again: "Send another code",
    sandboxCode: (code) => `Rehearsal: no mail leaves this machine. The code is ${code}.`,
    expired: "This link has served its time. Have a code sent by e-mail and come in just the same.",
    invalid: "This link does not open the portal: it may have been cut off in the message. Have a code sent by e-mail.",
    wrong: "The code is not right, or its time is over. Check the six digits of the last e-mail, or have another sent.",
    signedOut: "You are signed out. To come back, open the link of a message or have a code sent.",
    wait: (minutes) => `There were many requests in a short time. Try again in ${minutes === 1 ? "a minute" : `${minutes} minutes`}.`,
  },
  codeMail: {
    subject: "Your code for the portal",
    text: (name, code, minutes) =>
      `${name === null ? "Hello." : `Hello, ${name}.`}\n\nYour code for the portal is ${code}. It is good for ${minutes} minutes.\n\nIf it was not you who asked, there is nothing to do: without the code nobody comes in.\n`,
  },

  home: {
    nothing: "Everything is paid.",
    nothingSub: "Nothing is open. Thank you.",
    credit: (amount) => `You have a credit of ${amount}.`,
    owed: "Open",
    invoices: (count) => `${count} invoices`,
    due: (ref, onDue, past) => `Invoice ${ref} ${past ? "was due" : "is due"} ${onDue}.`,
    dueToday: (ref) => `Invoice ${ref} is due today.`,
    moved: (until) => `It can be paid until ${until} without any extra.`,
    suspended: (many, invoices) =>
      `${many ? "Some services are suspended" : "The service is suspended"}. Your data are kept. As soon as ${
        invoices > 1 ? `the ${invoices} invoices past due are paid` : "the payment arrives"
      }, ${many ? "they come back by themselves" : "it comes back by itself"}, within seconds, at any hour.`,
    suspendedOther: "The service is suspended for another reason, which a payment does not change. Write to the team: a person answers.",
    back: "The service is up again.",
    comingBack: "Payment received. The service is coming back now; this page tells you when it is up.",
    clearing: (until) => `A payment is on its way. We wait for the bank until ${until}; nothing changes before.`,
    promise: (until, protocol) => `More time is agreed until ${until} (protocol ${protocol}). Paying by then, there is nothing else to do.`,
    next: (n) => {
      switch (n.kind) {
        case "message":
          return `The next step is a notice by e-mail, ${n.on}. Paying before, it is not sent.`;
        case "suspension":
          return `For the service to stay up, pay by ${n.at}. Without a payment or more time by then it is suspended, with its data kept.`;
        case "termination":
          return `Without a payment, the end of the service may be proposed ${n.on}; two persons of the team decide. Paying before, this does not happen.`;
        case "promise":
          return `The time agreed ends ${n.on}.`;
        case "claim":
          return `The proof is looked at until ${n.at}.`;
        case "release":
          return `The service comes back ${n.on}.`;
        case "person":
          return `A person of the team looks at this ${n.on}.`;
      }
    },
    noNext: "No other step is planned.",
    rulerLabel: (due, today, next) => `Due: ${due}. Today: ${today}.${next === null ? "" : ` Next step: ${next}.`}`,
    ruler: {
      due: "due",
      dueToday: "due today",
      today: "today",
      next: {
        message: "notice",
        suspension: "suspension",
        termination: "end",
        promise: "time ends",
        claim: "review ends",
        release: "back up",
        person: "review",
      },
    },
    paidTitle: "I have paid",
    paidLead: "Send the proof",
    more: "I need more time",
    moreLead: "See what is possible",
    paid: "Payment received. Thank you.",
    otherInvoices: "Other open invoices",
    payThis: "Pay this one",
    services: "Services",
    access: {
      active: "up",
      suspended: "suspended",
      ending: "up, end asked",
      other: "suspended for another reason",
      ended: "ended",
      coming_back: "coming back",
      going_down: "being suspended",
    },
    since: (at) => `since ${at}`,
    endsOn: (day) => `end asked for ${day}`,
    everythingElse: "More",
    messages: "Messages",
    backup: "Copy of the data",
    leave: "End a service",
    terms: "Terms of service",
    live: "This page tells you by itself when the payment arrives.",
    changed: "The page was brought up to date.",
    offline: "No connection just now. The codes above stay valid; the page looks again by itself.",
    reload: "I have paid: load the page again",
  },

  pay: {
    title: (ref) => `Pay invoice ${ref}`,
    pix: "Pay by Pix",
    part: (ref, amount) => `${amount}, invoice ${ref}`,
    pixLead: "Copy the code and paste it in your bank's app, under Pix, Copia e Cola.",
    qr: (amount) => `Pix QR code for ${amount}`,
    copy: "Copy the Pix code",
    copied: "Code copied",
    copyByHand: "Select the code below and copy it.",
    boleto: "Boleto",
    boletoLead: "With a boleto the bank may take up to one business day to tell us.",
    copyLine: "Copy the digit line",
    line: "Digit line of the boleto",
    card: "Card",
    cardLead: (host) => `On the page of ${host}, which opens in another tab. The card's number stays there and does not pass through us.`,
    cardOpen: "Pay by card",
    page: "Payment page",
    pageLead: (host) => `The payment is made on the page of ${host}, which opens in another tab.`,
    pageOpen: "Open the payment page",
    boletoFile: "Download the boleto as PDF",
    boletoOpen: "Open the boleto in another tab",
    otherWays: "Other ways to pay",
    ask: (email) => `To learn how to pay, write to ${email}.`,
    amount: "Amount of the invoice",
    fixedFee: (percent) => `Late charge, once (${percent})`,
    dailyFee: (percent) => `Late charge by the day (${percent} a month)`,
    total: "Total today",
    noFees: "No late charge.",
    today: "The amount is for a payment today.",
    sandbox: "Pay now (rehearsal)",
    sandboxLead: "In this rehearsal the payment is pretended and the rest is real: the engine receives it, applies it and reactivates.",
    receiver: (name, taxId) => `Receiver: ${name}, ${taxId}`,
  },

  slip: {
    title: (ref) => `Boleto of invoice ${ref}`,
    bank: "Bank",
    due: "Due",
    amount: "Amount",
    from: "Billed by",
    invoice: "Invoice",
    payer: "Payer",
    how: "How to pay",
    lines: [
      "In a bank's app, at a cash machine, a branch or a lottery shop, until the due date.",
      "After the due date it is the bank that says whether the boleto can still be paid, and for how much.",
      "Before you confirm, check in the app who is paid and how much.",
      "The bank may take up to one business day to tell us of the payment. If you have paid, disregard this.",
    ],
    line: "Digit line and bar code",
    sandbox: "Rehearsal: this code pays nobody.",
    foot: (provider) => `Sheet made by ${provider} from the digit line. The boleto itself is registered at the bank.`,
  },

  proof: {
    title: "I have paid",
    lead: "Send the proof: a photo, a screenshot or the bank's PDF. Who pays by Pix need not send anything: the bank tells us within seconds.",
    closed: "No proofs are taken here: the bank tells us of the payment, and the service comes back by itself.",
    which: "For which invoice",
    file: "Proof of payment",
    hint: "PDF, JPEG or PNG, up to 10 MB.",
    send: "Send the proof",
    sending: "Sending and reading the document…",
    sent: "Proof received",
    open: "A proof for this invoice is being looked at already.",
    none: "There is no open invoice for a proof.",
    problems: {
      none: "Choose a file or take a photo of the proof.",
      form: "This file is no PDF, JPEG or PNG. A screenshot of the proof will do.",
      too_large: "The file is larger than 10 MB. A screenshot of the proof will do.",
      too_many_pages: "The file has more than 10 pages. Send the page of the proof alone.",
      too_many_pixels: "The picture is too large. A screenshot of the proof will do.",
      encrypted: "The file asks for a password. Send a screenshot of the proof.",
      unreadable: "The file seems to be damaged. Send it again, or a screenshot.",
      unread: "The file could not be read in time. Send it again, or a screenshot; the payment itself is not touched by this.",
      infected: "The virus scanner turned this file away, and it was not kept. Send a screenshot.",
      spent: "Several proofs for this invoice have arrived. The service comes back when the bank tells us; write to the team if you like.",
      open: "A proof for this invoice is being looked at already. There is no need for another.",
    },
  },

  time: {
    title: "More time",
    conditions: "The conditions",
    reason: "Why you need more time",
    reasonHint: "One sentence is enough.",
    accept: "I have read the conditions and accept them.",
    ask: "Ask for this time",
    granted: (until, protocol) => `Agreed: the time runs until ${until}. Protocol ${protocol}.`,
    grantedLead: "An e-mail confirms it.",
    because: "What counted",
    payInstead: "See how to pay",
    write: "Write to the team",
  },

  leave: {
    title: "End a service",
    lead: "Before you ask, see what happens.",
    pick: "Which service",
    owed: (amount) => `${amount} is open for this service. Asking for its end does not change that amount.`,
    owedNothing: "Nothing is open for this service.",
    data: "The data are not deleted by asking. The team agrees the day of the removal with you before it is done.",
    dataBackup: "If you want to keep the data, ask for the copy before the end.",
    now: "End it now",
    nowHint: "The team completes the end from today on.",
    term: (day) => `End it with the period, ${day}`,
    termHint: "The service goes on as usual until then.",
    when: "When",
    reason: "If you like, tell us why",
    confirm: "Ask for the end",
    asked: (on) => `The end is asked for ${on}.`,
    askedLead: "While the request is open, no more time to pay can be agreed.",
    keep: "Withdraw the request",
    keepLead: "Changed your mind? Withdraw the request, and the service goes on.",
    kept: "The request was withdrawn. The service goes on.",
    none: "There is no service to end.",
    noTime: "While the request is open, no more time to pay can be agreed.",
  },

  backup: {
    title: "Copy of the data",
    lead: "Ask for a copy of the service's files and databases. The team prepares it and tells you here.",
    ask: "Ask for a copy",
    full: "Full copy",
    minimum: "Minimum copy",
    asked: "The request has arrived. The team prepares the copy and tells you here.",
    refused: "While the service is suspended, the copy comes after the payment: it is back within seconds, and the copy is to be had.",
    refusedFrom: (day) => `Even without a payment, a minimum copy can be asked from ${day}.`,
    refusedUntilPaid: "Your data stay kept.",
    waits: "The copy was asked for already and is being prepared.",
    ended: "This service is no longer on the panel. Write to the team.",
    requests: "Requests",
    state: { asked: "being prepared", delivered: "delivered", withdrawn: "withdrawn" },
    none: "There are no services in this account.",
  },

  terms: {
    title: "Terms of service",
    version: (version, day) => `Version ${version}, of ${day}`,
    accepted: (version, at) => `You accepted version ${version} ${at}.`,
    notAccepted: "You have not accepted these terms in the portal yet.",
    newer: "There is a newer version than the one you accepted.",
    accept: "I have read and accept these terms",
    hash: "Fingerprint of the text (SHA-256)",
    none: "No terms were published here.",
  },

  messages: {
    title: "Messages",
    lead: "Write to the team. The answer appears here, and no date that is set already is changed by it.",
    empty: "There are no messages yet.",
    text: "Your message",
    send: "Send the message",
    you: "You",
    sent: "Message sent. A person answers here.",
  },

  suspendedSite: {
    title: "This site is away for the moment",
    lead: "Its content is kept. If you came to visit, please try again later.",
    owner: "Is this your site? The portal shows how it comes back; it takes a minute.",
    open: "Open the portal",
    contact: (email) => `Rather write? ${email}`,
  },

  problem: {
    stale: { title: "The page was open for too long", text: "Nothing was changed. Open the page again and send it once more." },
    tooMany: { title: "Many requests in a short time", text: "Nothing was lost. Try again in a minute." },
    notFound: {
      title: "There is no such page",
      text: "The address may have been cut off. The start of the portal has everything that is open.",
    },
    fault: {
      title: "Something failed on our side",
      text: "Your data and dates are as they were. Try again in a minute; if it stays so, write to the team.",
    },
    tls: { title: "This connection is not protected", text: "Open the portal by the address that begins with https." },
    spent: {
      title: "Your messages have arrived",
      text: "We received several messages today, and a person will answer. You can write again tomorrow.",
    },
    invalid: { title: "Something is missing in the form", text: "Nothing was changed. Go back, look at the fields and send it again." },
    changed: {
      title: "This changed meanwhile",
      text: "Nothing was changed by this request. Open the page again to see how it stands now.",
    },
  },
};
