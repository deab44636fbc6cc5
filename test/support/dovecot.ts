// A real Dovecot on loopback with a configuration and a mailbox of its own, in a folder of the test's: for mail that is read over IMAP.
import { spawn, type ChildProcess } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PROGRAM = "/usr/sbin/dovecot";
/** Owns the mailbox: Dovecot serves none as root. */
const NOBODY = 65_534;

/** Why there is no Dovecot for tests here; null: there is one. */
export const noDovecot: string | null = !existsSync(PROGRAM)
  ? "dovecot-imapd is not installed"
  : process.getuid?.() === 0
    ? null
    : "a Dovecot of one's own needs root";

export interface Dovecot {
  port: number;
  user: string;
  password: string;
  /** Puts a message into the mailbox, as a delivery agent does: whole, or not at all. */
  deliver(raw: Uint8Array): void;
  stop(): Promise<void>;
}

export async function startDovecot(password: string): Promise<Dovecot> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "regua-tests-")));
  chmodSync(folder, 0o755);
  const home = join(folder, "home");
  for (const path of [home, ...["", "new", "cur", "tmp"].map((name) => join(home, "Maildir", name))]) {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    chownSync(path, NOBODY, NOBODY);
  }
  const port = await freePort();
  const config = join(folder, "dovecot.conf");
  writeFileSync(config, configOf(folder, home, port, password));
  const child = spawn(PROGRAM, ["-F", "-c", config], { stdio: ["ignore", "ignore", "inherit"] });
  await answering(port, child);
  let delivered = 0;
  return {
    port,
    user: "respostas",
    password,
    deliver: (raw) => {
      delivered += 1;
      const name = `${Date.now()}.M${String(delivered).padStart(6, "0")}P${process.pid}.test`;
      const half = join(home, "Maildir/tmp", name);
      writeFileSync(half, raw);
      chownSync(half, NOBODY, NOBODY);
      renameSync(half, join(home, "Maildir/new", name));
    },
    stop: async () => {
      const gone = new Promise<void>((resolve) => void child.once("exit", () => resolve()));
      if (child.exitCode === null) {
        child.kill("SIGTERM");
        await gone;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function configOf(folder: string, home: string, port: number, password: string): string {
  return `
protocols = imap
listen = 127.0.0.1
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/log
ssl = no
disable_plaintext_auth = no
mail_location = maildir:~/Maildir
mailbox_list_index = no
passdb {
  driver = static
  args = password=${password}
}
userdb {
  driver = static
  args = uid=${NOBODY} gid=${NOBODY} home=${home}
}
service imap-login {
  chroot =
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = 0
  }
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
`;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** Its greeting is the sign that it answers. */
async function answering(port: number, child: ChildProcess): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`dovecot ended with ${child.exitCode} before it answered`);
    const greeted = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1");
      socket.once("data", () => {
        socket.destroy();
        resolve(true);
      });
      socket.once("error", () => resolve(false));
      socket.once("close", () => resolve(false));
    });
    if (greeted) return;
    await new Promise((resolve) => void setTimeout(resolve, 50));
  }
}
