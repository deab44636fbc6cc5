// A private nginx on loopback with sites that the example scripts can suspend.
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { request } from "node:http";
import type { IncomingHttpHeaders } from "node:http";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CommandPanelOptions } from "../../src/adapters/panels/command.ts";
import { wait } from "../../src/kernel/clock.ts";

const SCRIPTS = join(import.meta.dirname, "../../examples/panel-command");

export interface SiteAnswer {
  http: number;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Nginx {
  readonly port: number;
  readonly accessDir: string;
  /** Makes a site that answers with this text, open, and waits until it does. */
  addSite(name: string, body: string): Promise<void>;
  /** Asks for a page as a visitor does, over a new connection. */
  fetchSite(name: string, path?: string, method?: string): Promise<SiteAnswer>;
  /** Settings of a command panel that suspends these sites with the example scripts. */
  panelOptions(more?: readonly string[]): CommandPanelOptions;
  /** An operator suspends a site by hand, with the marker file that says so. */
  suspendByOperator(name: string, why: string): Promise<void>;
  reload(): Promise<void>;
  stop(): Promise<void>;
}

/** Where nginx is, or null: then a test skips with {@link NGINX_ABSENT}. */
export function findNginx(): string | null {
  for (const path of ["/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx", "/opt/homebrew/bin/nginx"]) {
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      continue;
    }
  }
  return null;
}

export const NGINX_ABSENT = "skipped: nginx is not installed (Debian: apt-get install nginx-light)";

/** Starts nginx as the current user, with its own prefix, pid file and temporary folders. */
export async function startNginx(): Promise<Nginx> {
  const program = findNginx();
  if (program === null) throw new Error(NGINX_ABSENT);
  const prefix = await mkdtemp(join(tmpdir(), "regua-nginx-"));
  const accessDir = join(prefix, "access");
  for (const folder of ["access", "sites", "www", "temp"]) await mkdir(join(prefix, folder));
  await writeFile(join(accessDir, "open.conf"), "# open: nothing is added to the site\n");
  const base = ["-p", prefix, "-c", join(prefix, "nginx.conf"), "-e", join(prefix, "error.log")];
  const { port, child } = await start(program, base, prefix);
  const ended = new Promise<void>((resolve) => void child.once("exit", () => resolve()));

  const fetchSite: Nginx["fetchSite"] = (name, path = "/", method = "GET") => ask(port, name, path, method);
  const reload = async () => {
    const reloading = spawn(program, [...base, "-s", "reload"], { stdio: "ignore" });
    await new Promise<void>((resolve) => void reloading.once("exit", () => resolve()));
  };
  /** A reload is served a little later: asks until the answer is as wanted. */
  const until = async (name: string, wanted: (answer: SiteAnswer) => boolean) => {
    for (let tries = 0; tries < 200; tries += 1) {
      if (wanted(await fetchSite(name))) return;
      await wait(25);
    }
    throw new Error(`nginx does not serve ${name} as wanted: ${await readFile(join(prefix, "error.log"), "utf8")}`);
  };

  return {
    port,
    accessDir,
    fetchSite,
    reload,
    addSite: async (name, body) => {
      await mkdir(join(prefix, "www", name), { recursive: true });
      await writeFile(join(prefix, "www", name, "index.html"), body);
      await symlink("open.conf", join(accessDir, `${name}.conf`));
      await writeFile(join(prefix, "sites", `${name}.conf`), siteConf(port, prefix, name));
      await reload();
      await until(name, (answer) => answer.body === body);
    },
    suspendByOperator: async (name, why) => {
      await writeFile(join(accessDir, `${name}.by-other`), `${why}\n`);
      await writeFile(join(prefix, "sites", `${name}.conf`), `server { listen 127.0.0.1:${port}; server_name ${name}; return 403; }\n`);
      await reload();
      await until(name, (answer) => answer.http === 403);
    },
    panelOptions: (more = []) => panelOptions(accessDir, port, [program, ...base, "-s", "reload"], more),
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
      await rm(prefix, { recursive: true, force: true });
    },
  };
}

/** nginx cannot take a port of the system's choice: one that was free a moment ago is tried, and another if it is gone. */
async function start(program: string, base: readonly string[], prefix: string): Promise<{ port: number; child: ChildProcess }> {
  for (let tries = 0; tries < 5; tries += 1) {
    const port = await freePort();
    await writeFile(join(prefix, "nginx.conf"), mainConf(port, prefix));
    const child = spawn(program, [...base], { stdio: "ignore" });
    let over = false;
    child.once("exit", () => (over = true));
    // eslint-disable-next-line no-unmodified-loop-condition -- the exit handler changes it
    while (!over) {
      const answer = await ask(port, "nobody.test", "/", "GET").catch(() => null);
      if (answer?.http === 404) return { port, child };
      await wait(20);
    }
  }
  throw new Error(`nginx does not start: ${await readFile(join(prefix, "error.log"), "utf8").catch(() => "no log")}`);
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

function mainConf(port: number, prefix: string): string {
  const temps = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${prefix}/temp/${name};`);
  // Started by root, the workers would be another user, who may not enter a private temporary folder.
  const user = process.getuid?.() === 0 ? "user root root;\n" : "";
  return `${user}daemon off;
worker_processes 2;
pid ${prefix}/nginx.pid;
error_log ${prefix}/error.log;
events { worker_connections 256; }
http {
  access_log off;
  server_names_hash_bucket_size 128;
  types { text/html html; text/css css; }
  ${temps.join("\n  ")}
  server { listen 127.0.0.1:${port} default_server; return 404; }
  include ${prefix}/sites/*.conf;
}
`;
}

function siteConf(port: number, prefix: string, name: string): string {
  return `server {
  include ${prefix}/access/${name}.conf;
  listen 127.0.0.1:${port};
  server_name ${name};
  root ${prefix}/www/${name};
  location ~ \\.css$ { expires 1h; }
}
`;
}

function panelOptions(accessDir: string, port: number, reload: readonly string[], more: readonly string[]): CommandPanelOptions {
  const script = (name: string, ...rest: string[]) => [
    process.execPath,
    join(SCRIPTS, `regua-nginx-${name}.mjs`),
    `--access-dir=${accessDir}`,
    `--probe=http://127.0.0.1:${port}`,
    ...rest,
  ];
  const provider = ["--provider-name=Hospedagem Exemplo", "--provider-contact=ajuda@hospedagem.example"];
  return {
    read: script("read", "--site={account}"),
    list: script("list"),
    suspend: script("suspend", "--site={account}", "--reason={reason}", ...provider, ...more, "--", ...reload),
    unsuspend: script("unsuspend", "--site={account}", "--", ...reload),
    keepsReason: true,
  };
}

function ask(port: number, host: string, path: string, method: string): Promise<SiteAnswer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, path, method, headers: { host }, agent: false }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => void chunks.push(chunk));
      answer.once("error", reject);
      answer.once("end", () =>
        resolve({ http: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks).toString("utf8") }),
      );
    });
    asked.once("error", reject);
    asked.end();
  });
}
