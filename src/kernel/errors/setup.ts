// Errors of setting up: input, configuration, files and imports.
import type { ErrorEntry } from "./entry.ts";

export const SETUP_ERRORS = {
  amount_unreadable: {
    http: 422,
    exit: 1,
    message: "The amount “{value}” cannot be read.",
    cure: "Write it with at most two decimals, for example 29.90 or 29,90.",
  },
  date_unreadable: {
    http: 422,
    exit: 1,
    message: "The date or time “{value}” cannot be read.",
    cure: "Write a day as 2026-11-27, a time as 09:00, an instant as 2026-11-27T09:00:00-03:00.",
  },
  zone_unknown: {
    http: 422,
    exit: 1,
    message: "The time zone “{value}” is not known.",
    cure: "Use an IANA name, for example America/Sao_Paulo.",
  },
  panel_option_invalid: {
    http: 422,
    exit: 1,
    message: "The control panel's setting “{field}” cannot be used: {problem}.",
    cure: "Correct it in the panel's settings; the operating guide says what each of them holds.",
  },
  gateway_option_invalid: {
    http: 422,
    exit: 1,
    message: "The payment gateway's setting “{field}” cannot be used: {problem}.",
    cure: "Correct it in the gateway's settings; docs/payments.md says what each of them holds.",
  },
  gateway_name_taken: {
    http: 409,
    exit: 1,
    message: "A payment gateway named “{value}” is set up already. Nothing was written.",
    cure: "Choose another name, or give --replace to take the new settings for it.",
  },
  gateway_not_reached: {
    http: 502,
    exit: 1,
    message: "The payment gateway “{value}” did not take the call: {reason}",
    cure: "Correct its settings and try again with `regua gateways test`; docs/payments.md says what each of them holds.",
  },
  gateway_webhook_by_hand: {
    http: 422,
    exit: 1,
    message: "The address for webhooks of “{value}” cannot be set from here.",
    cure: "Type {url} into the gateway's own page for webhooks, and the secret that it gives there into webhook_secret in regua.yaml.",
  },
  not_initialised: {
    http: 503,
    exit: 1,
    message: "There is no provider in this data folder yet.",
    cure: "Run `regua init --sandbox` to try, or `regua init --live` with your own provider file.",
  },
  no_policy: {
    http: 503,
    exit: 1,
    message: "No policy is in force.",
    cure: "Run `regua policy import FILE` and `regua policy activate NAME`.",
  },
  import_map_invalid: {
    http: 422,
    exit: 1,
    message: "The map {file} cannot be used. {place}: {problem}.",
    cure: "{cure}",
  },
  import_file_invalid: {
    http: 422,
    exit: 1,
    message: "{file} cannot be imported: {problem}. Nothing was written.",
    cure: "{cure}",
  },
  sandbox_backwards: {
    http: 422,
    exit: 1,
    message: "The sandbox stands at {now} already; it cannot go back to {to}.",
    cure: "Advance to a later day, or begin again with `regua sandbox reset`.",
  },
  sandbox_only: {
    http: 409,
    exit: 1,
    message: "This works in the sandbox only, and this installation is live.",
    cure: "Use another data folder: `regua --data DIR init --sandbox`.",
  },
  initialised_already: {
    http: 409,
    exit: 1,
    message: "This data folder already belongs to a provider ({mode}).",
    cure: "Use another folder with --data DIR; a sandbox can be begun again with `regua sandbox reset`.",
  },
  config_invalid: {
    http: 422,
    exit: 1,
    message: "The configuration cannot be used: {problems}",
    cure: "`regua config check` shows every key with its meaning; mend the file or the environment variable named.",
  },
  init_mode_needed: {
    http: 422,
    exit: 1,
    message: "Say which it is to be: a rehearsal or the real thing.",
    cure: "Run `regua init --sandbox` to rehearse, or `regua init --live --provider FILE`.",
  },
  provider_file_needed: {
    http: 422,
    exit: 1,
    message: "A live installation needs to know who the provider is.",
    cure: "Copy examples/provider.yaml, fill it in, and give it with --provider FILE.",
  },
  file_unreadable: {
    http: 422,
    exit: 1,
    message: "The file {file} cannot be read: {why}.",
    cure: "Give the path of a file that is there and that you may read; a relative one counts from the folder you are in.",
  },
  file_unwritable: {
    http: 422,
    exit: 1,
    message: "The file {file} cannot be written: {why}.",
    cure: "Choose a name that is free, in a folder that you may write.",
  },
  provider_file_invalid: {
    http: 422,
    exit: 1,
    message: "The provider file {file} cannot be used: {summary}",
    cure: "Correct the places named; examples/provider.yaml explains each line.",
  },
  doctor_found: {
    http: 503,
    exit: 1,
    message: "{count} of {checks} checks need a person.",
    cure: "Each of them says above what to do; run `regua doctor` again afterwards.",
  },
  import_incomplete: {
    http: 422,
    exit: 1,
    message: "Lines not taken: {count}. Everything else is in.",
    cure: "Each refused line says above what to correct. Import the same files again afterwards: what is in already changes nothing.",
  },
} as const satisfies Record<string, ErrorEntry>;
