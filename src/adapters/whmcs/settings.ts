// The settings of the one WHMCS that an installation stands beside.
import { z } from "zod";

const secret = (what: string) => z.string().min(1).describe(`${what} Secret; kept sealed, and printed as ***.`);

export const whmcsSettings = z.strictObject({
  url: z
    .url({ protocol: /^https$/u, error: "it must be the address of WHMCS, beginning with https://" })
    .transform((url) => url.replace(/\/+$/u, ""))
    .describe("Address of WHMCS, as clients open it; includes/api.php lies below it."),
  identifier: secret("Identifier of the API credentials."),
  secret: secret("Their secret."),
  access_key: secret("$api_access_key of configuration.php, where the address of this machine is not allowed.").optional(),
  hook_secret: secret("What the hook file in WHMCS signs its calls with, 32 characters or more. Left out: no calls are taken.")
    .min(32)
    .optional(),
  acts: z
    .enum(["whmcs", "panel"])
    .describe("Who suspends: `whmcs`, whose modules act on our word, or `panel`, where we act and keep what WHMCS says true."),
  payment_method: z
    .string()
    .regex(/^[A-Za-z0-9_]{1,64}$/u)
    .describe("System name of the payment method in WHMCS under which payments that we learn first are booked, for example banktransfer."),
  gateways: z
    .record(
      z.string().regex(/^[A-Za-z0-9_]{1,64}$/u),
      z
        .string()
        .regex(/^[a-z][a-z0-9-]{0,39}$/u)
        .describe("Our gateway's name."),
    )
    .default({})
    .describe("The same money told twice: system names of payment methods in WHMCS, each with our gateway's name under `gateways`."),
  servers: z
    .record(
      z.string().min(1),
      z
        .string()
        .regex(/^[a-z][a-z0-9-]*$/u)
        .describe("Our panel's name."),
    )
    .default({})
    .describe("Names of servers in WHMCS, each with our panel's name under `panels`, for `regua link --by whmcs`."),
  hold_off_days: z
    .int()
    .min(10)
    .max(90)
    .default(30)
    .describe(
      "For how many days WHMCS's own suspension is held off each time. When we are silent for longer, WHMCS suspends by itself again.",
    ),
  answer_departments: z
    .array(z.int().min(1))
    .default([])
    .describe("Numbers of support departments whose tickets are answered at once with what is open and what comes next. Empty: none."),
  admin: z.string().min(1).optional().describe("WHMCS user name of the administrator whose name stands under our answers to tickets."),
  terminate: z.boolean().default(false).describe("Whether services may be terminated through WHMCS's modules, after two persons signed."),
  page: z.int().min(25).max(1000).default(250).describe("Rows asked for at once."),
  calls_per_second: z.int().min(1).max(100).default(10).describe("Calls to WHMCS in a second at most, of one process."),
  fingerprint: z
    .string()
    .optional()
    .describe("SHA-256 of WHMCS's certificate, for one that nobody vouches for. Left out: verified as the web does."),
  ca_file: z.string().optional().describe("PEM file of a certificate authority of your own; a relative path counts from the data folder."),
});

export type WhmcsSettings = z.infer<typeof whmcsSettings>;

/** The settings that are kept sealed. */
export const WHMCS_SECRETS: ReadonlySet<string> = new Set(["identifier", "secret", "access_key", "hook_secret"]);
