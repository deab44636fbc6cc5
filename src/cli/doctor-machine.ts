// The doctor's checks of the machine and the database: Node, the data folder, the disk, the server, the rights, the clocks.
import { accessSync, constants, existsSync, statfsSync, statSync } from "node:fs";
import { readFileSync } from "node:fs";
import type { Db } from "../store/database.ts";
import { evidenceRights, type ServerHealth } from "../store/health.ts";
import { APP_ROLE, INSERTS_ALONE } from "../store/migrate.ts";
import type { Loaded } from "./config.ts";
import { note, ok, person, type Check, type Say } from "./doctor-report.ts";

const NODE_MAJOR = 24;

export function nodeCheck(version: string, say: Say): Check {
  const major = Number(version.split(".")[0]);
  if (major >= NODE_MAJOR) return ok("node", `Node ${version}`);
  return person(
    "node",
    say(
      `Node ${version} runs the program, which is made for ${NODE_MAJOR}.`,
      `O programa roda no Node ${version}, e é feito para o ${NODE_MAJOR}.`,
    ),
    say(
      "Start it with ./regua or npm start: they use the Node it brings.",
      "Inicie com ./regua ou npm start: eles usam o Node que vem junto.",
    ),
  );
}

export function folderCheck({ dataDir, config }: Loaded, say: Say): Check {
  if (!existsSync(dataDir)) {
    if (config.database_url !== undefined)
      return ok(
        "data",
        say(
          "No data folder, and none is needed: DATABASE_URL says where the data is.",
          "Sem pasta de dados, e não precisa: DATABASE_URL diz onde os dados estão.",
        ),
      );
    return person(
      "data",
      say(`There is no data folder ${dataDir}.`, `Não existe a pasta de dados ${dataDir}.`),
      say(
        "Begin with `regua init --sandbox`, or name your folder with --data.",
        "Comece com `regua init --sandbox`, ou indique a sua pasta com --data.",
      ),
    );
  }
  try {
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    return person(
      "data",
      say(`The data folder ${dataDir} may not be written by this user.`, `Este usuário não pode gravar na pasta de dados ${dataDir}.`),
      say("Run Régua as the user who owns the folder.", "Rode a Régua com o usuário dono da pasta."),
    );
  }
  return ok("data", say(`Data folder ${dataDir}`, `Pasta de dados ${dataDir}`));
}

/** A file with passwords in it that others on the machine may read. */
export function configCheck({ file }: Loaded, say: Say): Check {
  if (file === null)
    return ok("config", say("No configuration file: the defaults hold.", "Sem arquivo de configuração: valem os padrões."));
  const open = (statSync(file).mode & 0o077) !== 0;
  if (open && /^\s*(password|secret_key|access_key|database_url)\s*:/mu.test(readFileSync(file, "utf8")))
    return person(
      "config",
      say(
        `The configuration ${file} holds secrets, and other users may read it.`,
        `A configuração ${file} contém segredos, e outros usuários podem lê-la.`,
      ),
      `chmod 600 ${file}`,
    );
  return ok("config", say(`Configuration ${file}`, `Configuração ${file}`));
}

const GIB = 1024 ** 3;

export function diskCheck(dataDir: string, say: Say): Check[] {
  if (!existsSync(dataDir)) return [];
  const disk = statfsSync(dataDir);
  const [free, all] = [disk.bavail * disk.bsize, disk.blocks * disk.bsize];
  const gib = (bytes: number): string => (bytes / GIB).toFixed(1);
  const found = say(`${gib(free)} GiB of ${gib(all)} free on the disk`, `${gib(free)} de ${gib(all)} GiB livres no disco`);
  // PostgreSQL stops the moment its log cannot grow, and a busy day writes hundreds of megabytes of it.
  if (free >= GIB) return [ok("disk", found)];
  return [
    person("disk", `${found}.`, say("Free some space: at none the database stops.", "Libere espaço: sem espaço o banco de dados para.")),
  ];
}

/** Fifteen is what the schema and the statements are tried on. */
const VERSION_MIN = 150_000;

export function serverChecks(server: ServerHealth, own: boolean, say: Say): Check[] {
  const where = own ? say("our own, in the data folder", "o próprio, na pasta de dados") : "DATABASE_URL";
  const name = `PostgreSQL ${server.version} (${where})${server.citus === null ? "" : `, Citus ${server.citus}`}`;
  const version =
    server.versionNumber >= VERSION_MIN
      ? ok("database", name)
      : person(
          "database",
          say(`${name} is older than PostgreSQL 15.`, `${name} é anterior ao PostgreSQL 15.`),
          say("Move the database to PostgreSQL 15 or later.", "Leve o banco de dados para o PostgreSQL 15 ou mais novo."),
        );
  const { migrations, lastMigration } = server;
  return [
    version,
    durabilityCheck(server, say),
    ok("migrations", say(`Schema at ${lastMigration} (${migrations} applied)`, `Esquema em ${lastMigration} (${migrations} aplicadas)`)),
    clockCheck(server, say),
  ];
}

function durabilityCheck({ fsync, fullPageWrites, synchronousCommit }: ServerHealth, say: Say): Check {
  const off = Object.entries({ fsync, full_page_writes: fullPageWrites, synchronous_commit: synchronousCommit })
    .filter(([, value]) => value === "off")
    .map(([name]) => name);
  if (off.length === 0)
    return ok(
      "durability",
      say("What is committed survives a loss of power (fsync on)", "O que foi gravado sobrevive à falta de energia (fsync ligado)"),
    );
  const names = off.join(", ");
  return person(
    "durability",
    say(
      `A loss of power can lose what was recorded: ${names} is off.`,
      `Uma falta de energia pode perder o que foi registrado: ${names} está desligado.`,
    ),
    say(`Set ${names} to on in the server's configuration and reload it.`, `Ligue ${names} na configuração do servidor e recarregue-a.`),
  );
}

/** Leases of calls in flight are minutes long; machines that differ by seconds still agree about them. */
const DRIFT_MAX_MS = 5_000;

function clockCheck({ ahead, roundTrip }: ServerHealth, say: Say): Check {
  const apart = Math.max(0, Math.abs(ahead) - roundTrip / 2);
  const seconds = (Math.abs(ahead) / 1000).toFixed(1);
  if (apart <= DRIFT_MAX_MS)
    return ok(
      "clock",
      say(
        `The clocks of machine and database agree (${seconds} s apart)`,
        `Os relógios da máquina e do banco concordam (${seconds} s de diferença)`,
      ),
    );
  const side = ahead > 0;
  return person(
    "clock",
    say(
      `The database's clock is ${seconds} s ${side ? "ahead of" : "behind"} this machine's.`,
      `O relógio do banco de dados está ${seconds} s ${side ? "adiantado" : "atrasado"} em relação ao desta máquina.`,
    ),
    say(
      "Set both by a time server (chrony or systemd-timesyncd).",
      "Acerte os dois por um servidor de hora (chrony ou systemd-timesyncd).",
    ),
  );
}

/** Whether the program can only add to the evidence, by its rights and not by its manners. */
export async function rightsCheck(db: Db, server: ServerHealth, say: Say): Promise<Check> {
  const { user, tooMuch } = await evidenceRights(db);
  if (tooMuch.length === 0)
    return ok(
      "rights",
      say(`The program (as ${user}) can only add to the evidence`, `O programa (como ${user}) só pode acrescentar às provas`),
    );
  if (server.citus !== null)
    return note(
      "rights",
      say(
        `With Citus the program works as ${user}: the evidence is guarded by its chain and its anchors, not by rights.`,
        `Com o Citus o programa trabalha como ${user}: as provas são guardadas pela cadeia e pelas âncoras, não por permissões.`,
      ),
    );
  const found = say(
    `The program works as ${user}, who may change the evidence (${tooMuch.join(", ")}).`,
    `O programa trabalha como ${user}, que pode alterar as provas (${tooMuch.join(", ")}).`,
  );
  if (user === APP_ROLE) return person("rights", found, `${INSERTS_ALONE};`);
  return note(
    "rights",
    found,
    say(
      `Its chain still shows every change. To close it as well: as an administrator CREATE ROLE ${APP_ROLE} NOLOGIN; GRANT ${APP_ROLE} TO "${user}"; then grant it the tables, but on the evidence only SELECT and INSERT.`,
      `A cadeia ainda mostra cada alteração. Para fechar também: como administrador CREATE ROLE ${APP_ROLE} NOLOGIN; GRANT ${APP_ROLE} TO "${user}"; e conceda as tabelas, mas nas provas só SELECT e INSERT.`,
    ),
  );
}
