// The policy file: its fields, their units and defaults. YAML in, one strict schema, unknown keys refused.
import { z } from "zod";
import { CHANNELS } from "./facts.ts";
import { FORM_WORDS } from "./form-words.ts";

const timeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/u, FORM_WORDS.time.en)
  .describe("Local time of day, 00:00 to 23:59.");
const days = (what: string, max = 3650) => z.int().min(0).max(max).describe(what);
const hours = (what: string) =>
  z
    .number()
    .min(0)
    .max(24 * 366)
    .describe(what);
const money = z
  .string()
  .regex(/^\d+(\.\d{2})?$/u, FORM_WORDS.amount.en)
  .describe("Amount in the provider's currency, as text in quotes with two decimals.");
const channel = z.enum(CHANNELS);

const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;
const weekdayName = z.enum(WEEKDAYS);

const closedTime = z.union([
  z.enum(["friday_afternoon", "weekend", "holiday", "eve"]).describe("friday_afternoon: from noon; eve: the day before a holiday."),
  z
    .strictObject({
      weekday: weekdayName.describe("The day of the week that is closed, or closed in part."),
      from: timeOfDay.default("00:00").describe("Local time of day at which it closes."),
      to: z
        .union([timeOfDay, z.literal("24:00")])
        .default("24:00")
        .describe("Local time of day at which it opens again, up to 24:00."),
    })
    .refine((closed) => closed.from < closed.to, { path: ["to"], error: FORM_WORDS.crosses.en }),
]);

const step = z.strictObject({
  step: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,39}$/u, FORM_WORDS.step.en)
    .describe("Name of the step, unique in its ladder; it is written in the evidence."),
  day: z
    .union([z.literal("issued"), z.int().min(-365).max(3650)])
    .describe(
      "Days from the effective due date (a due date on a non-banking day moves to the next banking day); “issued”: the day of issue.",
    ),
  at: timeOfDay.default("09:00").describe("Local time of day. A suspension that waits for another day waits for this time too."),
  do: z
    .enum(["notify", "warn", "suspend", "warn_termination", "terminate"])
    .describe("notify and warn send a message; suspend places an overdue hold; terminate asks two persons."),
  channels: z
    .array(channel)
    .min(1)
    .default(["email"])
    .describe("In this order: the next one is used when the one before could not deliver."),
  gap_hours: hours(
    "Least time since the step below; for suspend also since the warning was accepted. Default: the policy's gap_hours.",
  ).optional(),
});

const ladder = z.array(step).min(1).max(40);

const when = z
  .strictObject({
    tags: z.array(z.string()).min(1).optional().describe("The customer has one of these tags."),
    plans: z.array(z.string()).min(1).optional().describe("The service billed has one of these plans."),
    tenure_days_below: z.int().min(1).optional().describe("Customer for fewer days than this when the invoice is due."),
    tenure_days_from: z.int().min(0).optional().describe("Customer for at least this many days when the invoice is due."),
  })
  .refine((value) => Object.values(value).some((member) => member !== undefined), FORM_WORDS.condition.en)
  .describe("Who belongs to the segment: every condition that is written must hold.");

export const policySchema = z.strictObject({
  policy: z
    .string()
    .regex(/^[a-z][a-z0-9-]{1,59}$/u, FORM_WORDS.policy.en)
    .describe("Name of the policy. Its versions are known as name@hash of their content."),
  description: z.string().max(500).optional().describe("What the policy is for, in your own words."),
  regime: z
    .enum(["prepaid-br", "telecom-br", "general"])
    .default("prepaid-br")
    .describe("The law the ladder answers to. telecom-br: Anatel RGC (Resolução 765/2023) floors."),
  calendar: z
    .strictObject({
      holidays: z.string().default("BR").describe("ISO 3166 country of the bank holidays, or “none”."),
      weekend: z.array(weekdayName).default(["saturday", "sunday"]).describe("Days on which banks are closed."),
    })
    .prefault({}),
  never_suspend_on: z
    .array(closedTime)
    .default(["friday_afternoon", "weekend", "holiday", "eve"])
    .describe("Times at which no suspension starts; neither does one before the suspend step's own time of day."),
  quiet_hours: z
    .union([
      z.literal("none"),
      z.strictObject({
        from: timeOfDay.describe("Local time of day at which the quiet hours begin."),
        to: timeOfDay.describe("Local time of day at which they end; earlier than from: the next morning."),
      }),
    ])
    .default({ from: "20:00", to: "08:00" })
    .describe(
      "No notice of the ladder and no reminder is sent in these local hours. Answers to a payment, a promise or a suspension go at once.",
    ),
  scope: z
    .enum(["service", "account"])
    .default("service")
    .describe("service: an unpaid invoice suspends the service it bills; account: every service of the customer."),
  gap_hours: hours("Least time between two steps of one invoice.").default(24),
  small_remainder: money.default("0.00").describe("An invoice of which no more than this is still owed suspends nothing."),
  ladder,
  segments: z
    .array(
      z.strictObject({
        segment: z.string().min(1).max(60).describe("Name of the segment, for people."),
        when,
        ladder,
        accept_claims: z
          .boolean()
          .optional()
          .describe("false: no payment proofs are taken for invoices of this segment. Absent or true: as claims.accept says."),
      }),
    )
    .max(50)
    .default([])
    .describe("Other ladders for some customers; the first whose conditions all hold is taken."),
  announce: z
    .strictObject({
      suspended: z.boolean().default(true).describe("Tell the customer when the service was suspended."),
      reactivated: z.boolean().default(true).describe("Tell the customer when it is back after payment."),
      promise_ends: z.boolean().default(true).describe("Tell the customer that a promise was kept or broken."),
      claims: z.boolean().optional().describe("Tell the customer that a payment proof came, and how its review ended. Absent: true."),
    })
    .prefault({}),
  late_fee: z
    .strictObject({
      fine_percent: z
        .number()
        .min(0)
        .max(100)
        .default(0)
        .describe("Once, on the amount overdue. Law for consumers in Brazil: at most 2 (CDC art. 52 §1)."),
      interest_percent_month: z
        .number()
        .min(0)
        .max(100)
        .default(0)
        .describe("Per month of 30 days, pro rata die. Default legal limit by contract: 1."),
      legal_basis: z.string().min(10).max(300).optional().describe("What allows more than 2 % and 1 %; printed in the dossier."),
      collect: z
        .boolean()
        .optional()
        .describe(
          "true: a late payment pays fine and interest first (Código Civil, art. 354), and what is missing stays open. Absent or false: who pays the amount of the invoice owes nothing more.",
        ),
    })
    .prefault({}),
  receipts: z
    .strictObject({
      book_matches: z
        .enum(["certain", "none"])
        .optional()
        .describe(
          "Bank lines that name no invoice: certain books those that leave no doubt, none has a person look at each. Absent: certain.",
        ),
      use_credit: z
        .enum(["asked", "when_issued"])
        .optional()
        .describe("Credit pays an invoice when staff ask for it, or as soon as one is issued. Absent: asked."),
    })
    .optional(),
  promises: z
    .strictObject({
      enabled: z.boolean().default(true).describe("Releases and postponements on trust are offered at all."),
      max_days: days("Longest promise, in days from the day it is asked.", 60).default(5),
      deadline_at: timeOfDay.default("18:00").describe("Local time at which a promise ends on its day."),
      min_tenure_days: days("Customer for at least this long; newer ones have only the courtesy.").default(30),
      min_paid_on_time: z.int().min(0).max(100).default(1).describe("Invoices paid by their due date, at least."),
      max_broken: z.int().min(0).max(100).default(1).describe("Promises broken within the memory, at most."),
      memory_days: days("How long a broken promise or a refused proof counts.").default(365),
      broken_costs_days: days("Each broken promise in the memory shortens the next one by this many days.", 60).default(2),
      wait_days: days("Least time since the last release began.").default(25),
      max_amount: money.optional().describe("Most that may be owed for a release without a person. Absent: no limit."),
      courtesy_days: days("Once, for customers newer than min_tenure_days: this many days. 0: no courtesy.", 60).default(5),
      weekend: z
        .enum(["allow", "charge", "refuse"])
        .default("refuse")
        .describe("For customers who used a release over a weekend and then left or did not pay: refuse, or grant and charge the days."),
      charge_released_days: z
        .boolean()
        .default(true)
        .describe("Released days are charged if the service is then cancelled; the conditions say so."),
      remind: z.boolean().default(true).describe("A reminder the day before the deadline."),
    })
    .prefault({}),
  claims: z
    .strictObject({
      accept: z.boolean().default(true).describe("Payment proofs are accepted (P14: one switch)."),
      refuse_tags: z.array(z.string()).default([]).describe("Customers with one of these tags send no proofs."),
      release: z
        .strictObject({
          pix_minutes: z.int().min(1).max(2880).optional().describe("Access while a Pix is confirmed. Absent: 60."),
          boleto_margin_hours: z
            .int()
            .min(0)
            .max(96)
            .optional()
            .describe("Access for a boleto: to the end of the next banking day and this much longer. Absent: 12."),
          unknown_hours: z.int().min(1).max(96).optional().describe("Access where the proof does not show how it was paid. Absent: 24."),
        })
        .optional(),
      neutral: z
        .enum(["release", "person"])
        .optional()
        .describe("A proof that nothing supports and nothing contradicts, as most screenshots. Absent: release."),
      scheduled: z
        .enum(["wait", "person"])
        .optional()
        .describe("A proof of a payment that is only scheduled: never a release. Absent: wait for its day without a person."),
      keep_files_days: z
        .int()
        .min(1)
        .max(3650)
        .optional()
        .describe("Files sent are deleted after this (LGPD, art. 15 and 16); their hash and what was read stay. Absent: 180."),
    })
    .prefault({}),
  backup: z
    .strictObject({
      minimum_after_days: days(
        "Backups while the service is down: a minimum download is to be had this many days into it. Absent: only after paying.",
        365,
      ).optional(),
    })
    .optional(),
  termination: z
    .strictObject({
      distance_days: days("No termination within this many days of money, a promise or a claim.").default(15),
    })
    .prefault({}),
  breaker: z
    .union([
      z.literal("none"),
      z.strictObject({
        max_per_hour: z.int().min(1).default(50).describe("Suspensions started within an hour before a person is asked."),
        max_percent: z
          .number()
          .min(0.1)
          .max(100)
          .default(10)
          .describe("The same as a share of all linked services; the larger of the two counts."),
        after_change_percent: z.number().min(0.1).max(100).default(3).describe("Share within a day of a policy or clock change."),
      }),
    ])
    .prefault({})
    .describe("More suspensions than this stop the program until a person has looked. none: no limit."),
});

/** A policy as written, with defaults filled in. */
export type PolicyDoc = z.infer<typeof policySchema>;
export type StepDoc = PolicyDoc["ladder"][number];
export type WhenDoc = PolicyDoc["segments"][number]["when"];
export type ClosedDoc = PolicyDoc["never_suspend_on"][number];

/** JSON Schema (2020-12) of the policy file, for editors. */
export function policyJsonSchema(): unknown {
  return z.toJSONSchema(policySchema, { io: "input" });
}

/** ISO weekday of a weekday's name. */
export function isoWeekday(name: (typeof WEEKDAYS)[number]): 1 | 2 | 3 | 4 | 5 | 6 | 7 {
  return (WEEKDAYS.indexOf(name) + 1) as 1 | 2 | 3 | 4 | 5 | 6 | 7;
}
