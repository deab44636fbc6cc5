// The command panel against real processes: the suite, and what only a process can do wrong.
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { wait } from "../../kernel/clock.ts";
import { controlPanelConformance } from "../../ports/conformance/control-panel.ts";
import type { PanelWorld } from "../../ports/conformance/control-panel.ts";
import type { CallContext } from "../../ports/outcome.ts";
import { CommandPanel } from "./command.ts";
import type { CommandPanelOptions } from "./command.ts";

const SECRET = "tok-4711-secret";

/** A provider's script: one file per account holds the line that `read` prints; marker files make it misbehave. */
const SCRIPT = `#!/bin/sh
# usage: panel.sh FOLDER TOKEN ACT [ACCOUNT [REASON]]
folder=$1 token=$2 act=$3 file=$1/accounts/$4
if [ -e "$folder/stall" ]; then sleep 600; fi
put() { printf '%s\\n' "$2" > "$1.new.$$"; mv "$1.new.$$" "$1"; echo changed >> "$folder/changes"; }
finish() { if [ -e "$folder/lose" ]; then rm "$folder/lose"; sleep 600; fi; }
case $act in
  read) if [ -e "$file" ]; then cat "$file"; else echo absent; fi; exit 0 ;;
  test) echo "signed in with $token"; exit 0 ;;
  list) cd "$folder/accounts"; for name in *; do echo "$name $(cat "$name")"; done; exit 0 ;;
esac
if [ -e "$folder/refuse" ]; then echo "the panel of $token is in maintenance" >&2; exit 75; fi
case $act in
  suspend) put "$file" "suspended by-us $5" ;;
  unsuspend) put "$file" active ;;
  terminate) rm "$file"; echo changed >> "$folder/changes" ;;
esac
finish
`;

async function openWorld(): Promise<PanelWorld> {
  const folder = await mkdtemp(join(tmpdir(), "regua-command-"));
  const script = join(folder, "panel.sh");
  await writeFile(script, SCRIPT);
  await chmod(script, 0o755);
  const accounts = join(folder, "accounts");
  await mkdir(accounts);
  const argv = (act: string, ...rest: string[]) => [script, folder, SECRET, act, ...rest];
  const line = async (name: string) => readFile(join(accounts, name), "utf8").catch(() => "absent");
  const mark = (name: string) => async () => writeFile(join(folder, name), "");
  const changesFile = join(folder, "changes");
  return {
    panel: new CommandPanel({
      read: argv("read", "{account}"),
      suspend: argv("suspend", "{account}", "{reason}"),
      unsuspend: argv("unsuspend", "{account}"),
      terminate: argv("terminate", "{account}"),
      list: argv("list"),
      test: argv("test"),
      keepsReason: true,
      secrets: [SECRET],
    }),
    addAccount: (name) => writeFile(join(accounts, name), "active\n"),
    truth: async (name) => (await line(name)).trim().split(" ")[0] as "active" | "suspended" | "absent",
    changes: async () => (await readFile(changesFile, "utf8").catch(() => "")).split("\n").length - 1,
    suspendByOther: async (name) => {
      await writeFile(join(accounts, name), "suspended by-other spam\n");
    },
    loseNextAnswer: mark("lose"),
    stall: mark("stall"),
    refuseActs: mark("refuse"),
    secrets: [SECRET],
    close: () => rm(folder, { recursive: true }),
  };
}

controlPanelConformance("a panel of commands", openWorld);

describe("the command panel", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "regua-command-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const ample = (): CallContext => ({ signal: AbortSignal.timeout(15_000) });

  /** A panel whose commands are one script given as text; it gets the act, the account and the reason. */
  async function panelOf(body: string, more: Partial<CommandPanelOptions> = {}): Promise<CommandPanel> {
    const script = join(folder, "script.sh");
    await writeFile(script, `#!/bin/sh\n${body}\n`);
    await chmod(script, 0o755);
    return new CommandPanel({
      read: [script, "read", "{account}"],
      suspend: [script, "suspend", "{account}", "why={reason}"],
      unsuspend: [script, "unsuspend", "{account}"],
      ...more,
    });
  }

  it("hands arguments over as they are: no shell sees a reason", async () => {
    const panel = await panelOf(`case $1 in read) cat "${folder}/state" 2>/dev/null || echo active ;;
      suspend) printf '%s' "$3" > "${folder}/reason"; echo suspended > "${folder}/state" ;; esac`);
    const text = 'Régua: fatura "1042"; $(touch x) `touch x` & {account} \u0000\nsecond';
    expect(await panel.suspend("alice", { text }, ample())).toMatchObject({ outcome: "done", value: { access: "suspended" } });
    expect(await readFile(join(folder, "reason"), "utf8")).toBe('why=Régua: fatura "1042"; $(touch x) `touch x` & {account} second');
  });

  it("marks a reason that does not carry our mark", async () => {
    const panel = await panelOf(`case $1 in read) cat "${folder}/state" 2>/dev/null || echo active ;;
      suspend) printf 'suspended by-us %s\\n' "$3" > "${folder}/state" ;; esac`);
    expect(await panel.suspend("alice", { text: "--force" }, ample())).toMatchObject({ value: { reason: "why=Régua: --force" } });
  });

  it("gives the commands no environment but PATH and LANG", async () => {
    const panel = await panelOf(`env | cut -d= -f1 | grep -vE '^(PWD|SHLVL|_|OLDPWD)$' | sort | tr '\\n' ' '`, {
      test: [join(folder, "script.sh")],
    });
    expect(await panel.test(ample())).toEqual({ outcome: "done", value: { detail: "LANG PATH" } });
  });

  it.each([
    [75, true],
    [1, false],
    [64, false],
  ])("takes exit code %i for a refusal (ask again: %s)", async (code, retry) => {
    const panel = await panelOf(`[ "$1" = read ] && echo active && exit 0; echo "in maintenance" >&2; exit ${code}`);
    expect(await panel.suspend("alice", { text: "Régua: x" }, ample())).toEqual({
      outcome: "refused",
      reason: `Exit code ${code}: in maintenance`,
      retry,
    });
  });

  it("believes what is read over an exit code, in both directions", async () => {
    const early = await panelOf(`if [ "$1" = read ]; then cat "${folder}/state" 2>/dev/null || echo active; exit 0; fi
      echo suspended > "${folder}/state"; exit 75`);
    expect(await early.suspend("alice", { text: "Régua: x" }, ample())).toMatchObject({ outcome: "done", value: { access: "suspended" } });
    const liar = await panelOf(`[ "$1" = read ] && echo active; exit 0`);
    expect(await liar.suspend("alice", { text: "Régua: x" }, ample())).toMatchObject({ outcome: "refused", retry: true });
  });

  it("takes a command that a signal ended for unknown", async () => {
    const panel = await panelOf(`[ "$1" = read ] && echo active && exit 0; kill -9 $$`);
    expect((await panel.suspend("alice", { text: "Régua: x" }, ample())).outcome).toBe("unknown");
  });

  it("leaves no child running after the deadline, not even one that ignores the request to end", async () => {
    const panel = await panelOf(`trap '' TERM; (trap '' TERM; echo $$ > "${folder}/pid"; exec sleep 600) & wait; sleep 600`);
    const deadline = new AbortController();
    const reading = panel.read("alice", { signal: deadline.signal });
    const group = await eventually(async () => (await readFile(join(folder, "pid"), "utf8").catch(() => "")).trim() || null);
    expect((await livingIn(group)).length).toBeGreaterThan(1);
    deadline.abort();
    expect((await reading).outcome).toBe("unknown");
    // A killed process stays listed until its new parent takes notice: only living ones count.
    await eventually(async () => (await livingIn(group)).length === 0 || null);
  });

  it("does not wait for a daemon that the command left behind with its output open", async () => {
    const panel = await panelOf(`echo active; sleep 600 & echo $! > "${folder}/daemon"`);
    expect(await panel.read("alice", ample())).toEqual({ outcome: "done", value: { access: "active" } });
    process.kill(Number(await readFile(join(folder, "daemon"), "utf8")), "SIGKILL");
  });

  it("refuses an answer longer than 64 kB, and reads it to the end so that the command is not stuck", async () => {
    const panel = await panelOf(`head -c 200000 /dev/zero | tr '\\0' a; echo; touch "${folder}/ended"`);
    expect(await panel.read("alice", ample())).toMatchObject({ outcome: "refused", reason: expect.stringContaining("65536") as string });
    expect(await readdir(folder)).toContain("ended");
  });

  it.each(["", "on", "suspended?", "active\nactive", "suspended since yesterday", "ACTIVE"])(
    "does not guess what “%s” means",
    async (text) => {
      const panel = await panelOf(`printf '%s' '${text}'`);
      expect((await panel.read("alice", ample())).outcome).toBe("refused");
    },
  );

  it("cannot tell whose a bare suspension is", async () => {
    const panel = await panelOf("echo suspended");
    expect(await panel.read("alice", ample())).toMatchObject({ value: { access: "suspended", by: "unknown", reason: null } });
  });

  it("says that an absent program is absent", async () => {
    const panel = new CommandPanel({
      read: ["/nowhere/r", "{account}"],
      suspend: ["/bin/true", "{account}"],
      unsuspend: ["/bin/true", "{account}"],
    });
    expect(await panel.test(ample())).toMatchObject({ outcome: "refused", reason: expect.stringContaining("read") as string });
    expect(await panel.read("alice", ample())).toMatchObject({ outcome: "refused", reason: expect.stringContaining("ENOENT") as string });
  });

  it("allows a slash in names only where the setting does, and never a way up", async () => {
    const body = "echo active";
    const strict = await panelOf(body);
    const loose = await panelOf(body, { allowSlash: true });
    expect((await strict.read("shop/loja", ample())).outcome).toBe("refused");
    expect((await loose.read("shop/loja", ample())).outcome).toBe("done");
    expect((await loose.read("shop/../loja", ample())).outcome).toBe("refused");
  });

  it.each([
    ["read", ["panel-read", "{account}"]],
    ["suspend", []],
    ["unsuspend", ["/bin/true"]],
    ["terminate", ["/bin/true", "a\0b{account}"]],
  ])("refuses a setting of “%s” that cannot be right", (field, argv) => {
    const good = ["/bin/true", "{account}"];
    const options = { read: good, suspend: good, unsuspend: good, [field]: argv };
    expect(() => new CommandPanel(options)).toThrow(expect.objectContaining({ code: "panel_option_invalid" }) as Error);
  });
});

/** Asks until there is an answer; the test's own time limit ends a hopeless wait. */
async function eventually<T>(ask: () => Promise<T | null>): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer !== null) return answer;
    await wait(20);
  }
}

/** The process ids of a group that are alive, from the kernel's own table. */
async function livingIn(group: string): Promise<string[]> {
  const living: string[] = [];
  for (const pid of await readdir("/proc")) {
    if (!/^\d+$/u.test(pid)) continue;
    const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
    const [state, , pgrp] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (pgrp === group && state !== "Z") living.push(pid);
  }
  return living;
}
