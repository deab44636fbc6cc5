// English rules for reading a reply. Patterns are over small letters without accents; typographic apostrophes are plain.
import type { ReplyRules } from "./rules.ts";

const NOT = /(?:\bnot|\bnever|n't|\bhaven't|\bhasn't|\bwithout|\bunable to|\bcan't|\bcannot)(?: (?:yet|been|have|having|already|be))? ?$/u;
const WHEN =
  "(?:tomorrow|later|next|on|by|until|in (?:a|\\d|two|three|some)|when|after|monday|tuesday|wednesday|thursday|friday|saturday|this (?:week|friday))";
const THING = "(?:services?|accounts?|hosting|plans?|subscriptions?|contracts?|domains?|sites?|websites?|vps|servers?|everything)";

export const EN: ReplyRules = {
  lang: "en",
  rules: [
    {
      id: "en.more_time.term",
      intent: "more_time",
      pattern:
        /\b(?:more time|extra time|an extension|(?:a )?grace period|another (?:week|month|few days|day)|(?:a )?few (?:more )?days|\d{1,2} more days|more days)\b/u,
    },
    {
      id: "en.more_time.extend",
      intent: "more_time",
      pattern: /\b(?:extend|postpone|push back|defer)(?: \w+){0,3} (?:deadline|due date|date|payment|invoice|term)\b/u,
    },
    {
      id: "en.more_time.will_pay",
      intent: "more_time",
      pattern: new RegExp(
        `\\b(?:(?:i|we)(?:'ll| will| can| could| shall| am going to| are going to|'m going to) (?:only )?(?:pay|settle|make the payment|transfer))(?: \\w+){0,5} ${WHEN}\\b`,
        "u",
      ),
    },
    {
      id: "en.more_time.wait",
      intent: "more_time",
      pattern: /\b(?:please |can you |could you )?(?:wait|hold off|bear with (?:me|us))(?: \w+){0,3} (?:until|till|a few|for)\b/u,
    },
    {
      id: "en.more_time.keep_up",
      intent: "more_time",
      pattern:
        /\b(?:do not|don't|avoid|please not) (?:\w+ )?(?:suspend\w*|cut(?:ting)?|shut\w*|block\w*|tak(?:e|ing) (?:it|my site|the site) down|disconnect\w*|turn\w* off)\b/u,
    },
    {
      id: "en.paid.done",
      intent: "paid",
      pattern:
        /\b(?:(?:i|we)(?: have|'ve)? (?:already |just )?(?:paid|settled|transferred|wired|made (?:the|a) (?:payment|transfer))|already paid|just paid)\b/u,
      unless: NOT,
    },
    {
      id: "en.paid.passive",
      intent: "paid",
      pattern:
        /\b(?:(?:was|is|has been|have been|been) (?:already )?paid|payment (?:was|has been) (?:made|sent|done|completed|scheduled))\b/u,
      unless: NOT,
    },
    {
      id: "en.paid.proof",
      intent: "paid",
      pattern:
        /\b(?:(?:attached|here is|here's|enclosed|find|see)(?: \w+){0,5} (?:receipt|proof)|(?:receipt|proof of payment)(?: \w+){0,3} (?:attached|enclosed|below))\b/u,
      unless: NOT,
    },
    {
      id: "en.how_to_pay.how",
      intent: "how_to_pay",
      pattern: /\b(?:how|where) (?:can|do|should|could|may) (?:i|we) (?:\w+ )?(?:pay|settle|make)\b/u,
    },
    {
      id: "en.how_to_pay.send",
      intent: "how_to_pay",
      pattern: /\b(?:send|resend|give|need|issue|update)(?: \w+){0,4} (?:invoice|payment link|pix|bill|boleto|bank details|qr code)\b/u,
    },
    {
      id: "en.how_to_pay.expired",
      intent: "how_to_pay",
      pattern:
        /\b(?:link|invoice|boleto|pix|code)(?: \w+){0,2} (?:expired|does not work|doesn't work|is not working|isn't working|won't open)\b/u,
    },
    {
      id: "en.cancel.ask",
      intent: "cancel",
      pattern:
        /\b(?:want|would like|wish|please|need|going|decided|i'd like|request)(?: \w+){0,4} (?:cancel|close|terminate|end)(?: \w+){0,3} (?:it|this|services?|accounts?|hosting|plans?|subscriptions?|contracts?|domains?|sites?|everything)\b/u,
      unlessAfter: /^ (?:invoice|charge|suspension|fee)/u,
    },
    {
      id: "en.cancel.thing",
      intent: "cancel",
      pattern: new RegExp(`\\b(?:cancel|close|terminate|cancellation of)(?: (?:my|our|the|this|that|all|of|web))* ${THING}\\b`, "u"),
    },
    {
      id: "en.cancel.no_more",
      intent: "cancel",
      pattern:
        /\b(?:(?:no longer|don't|do not) (?:need|want|wish)(?: \w+){0,4} (?:services?|hosting|accounts?|sites?|anymore|any more|to continue|to renew))\b/u,
    },
    {
      id: "en.dispute.unknown",
      intent: "dispute",
      pattern: /\b(?:(?:don't|do not) (?:recogni[sz]e|owe)|never (?:ordered|signed up|agreed|requested|contracted))\b/u,
    },
    {
      id: "en.dispute.wrong",
      intent: "dispute",
      pattern:
        /\b(?:(?:wrong|incorrect|duplicate)(?:ly)? (?:amount|invoice|charged?|bill(?:ed)?|total)|overcharged|charged (?:me |us )?twice|dispute|i (?:already|have already) cancel\w+|already cancell?ed)\b/u,
    },
    {
      id: "en.installments",
      intent: "installments",
      pattern: /\b(?:instal?lments?|payment plan|split the (?:payment|invoice|amount)|discount|pay half)\b/u,
    },
    {
      id: "en.insult",
      intent: "insult",
      pattern:
        /\b(?:idiots?|thie(?:f|ves)|scam(?:mers?)?|crooks?|bastards?|fuck\w*|shit\w*|incompeten(?:t|ce)|stupid|morons?|assholes?|go to hell|bullshit|clowns?|damn you|piece of (?:crap|garbage))\b/u,
    },
    {
      id: "en.legal",
      intent: "legal",
      pattern:
        /\b(?:lawyers?|attorneys?|(?:will|to|going to) sue|legal action|court|small claims|chargeback|consumer protection|regulator|police)\b/u,
    },
    {
      id: "en.personal_data",
      intent: "personal_data",
      pattern: /\b(?:gdpr|data protection|(?:delete|erase|remove) (?:all )?(?:my|our) (?:personal )?data|my personal data)\b/u,
    },
    {
      id: "en.fewer_messages",
      intent: "fewer_messages",
      pattern: /\b(?:unsubscribe|stop (?:sending|e-?mailing|writing)|remove me from)\b/u,
    },
    { id: "en.thanks", intent: "thanks", pattern: /\b(?:thanks?(?: you)?|thx|cheers|ok|okay|noted|got it|received|appreciated)\b/u },
  ],
};
