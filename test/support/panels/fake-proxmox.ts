// A Proxmox VE that answers as its source says: tasks that end after the answer, errors beside the HTTP code, rights that start a guest again.
import type { AccountState } from "../../../src/ports/control-panel.ts";
import { FakePanel, json, type FakeAnswer, type FakeRequest } from "./panel-server.ts";

interface Guest {
  type: "qemu" | "lxc";
  name: string;
  running: boolean;
  onboot: number;
  description: string;
  tags: string;
}

interface Grant {
  path: string;
  type: "user" | "group" | "token";
  ugid: string;
  roleid: string;
  propagate: number;
}

export const PROXMOX = { token: "regua@pve!ladder", secret: "12345678-5ec0-4e71-9abc-def012345678" };

export class FakeProxmox extends FakePanel {
  readonly secrets = [PROXMOX.secret];
  readonly guests = new Map<number, Guest>();
  grants: Grant[] = [];
  failures = 0;
  backupTasks: string[] = [];
  backups: number[] = [];
  /** How often a task is still running when asked. */
  taskTakes = 0;
  /** The next task ends with these words instead of OK. */
  taskFails: string | null = null;
  /** The next task ends well before its work is done (HA). */
  workLater = false;
  readonly #tasks = new Map<string, { polls: number; end: string; work: () => void }>();

  add(name: string): void {
    this.guests.set(Number(name), {
      type: "qemu",
      name: `vm-${name}`,
      running: true,
      onboot: 1,
      description: "web server\nof the shop",
      tags: "",
    });
  }

  guest(name: string): Guest {
    const found = this.guests.get(Number(name));
    if (!found) throw new Error(`no guest ${name}`);
    return found;
  }

  truth(name: string): AccountState["access"] {
    const guest = this.guests.get(Number(name));
    if (!guest) return "absent";
    return guest.running ? "active" : "suspended";
  }

  suspendByHand(name: string): void {
    Object.assign(this.guest(name), { running: false, tags: "suspended;shop" });
    this.changes += 1;
  }

  /** A customer presses "start" in his own login. */
  customerStarts(name: string, user: string): boolean {
    const may = this.grants.some((g) => g.path === `/vms/${name}` && g.ugid === user && g.roleid === "PVEVMUser");
    if (may) this.guest(name).running = true;
    return may;
  }

  isAct({ method, path }: FakeRequest): boolean {
    return (method === "POST" && /\/status\/(shutdown|start)$/u.test(path)) || method === "DELETE";
  }

  answer(request: FakeRequest): FakeAnswer {
    if (request.headers.authorization !== `PVEAPIToken=${PROXMOX.token}=${PROXMOX.secret}`) {
      this.failures += 1;
      return { ...json({ data: null }, 401), words: "authentication failure" };
    }
    const { method } = request;
    const path = request.path.replace("/api2/json", "");
    if (this.refusing && method !== "GET")
      return { ...json({ data: null }, 403), words: `Permission check failed (/vms, VM.PowerMgmt) ${PROXMOX.secret}` };
    if (path === "/cluster/resources") return data([...this.guests].map(([vmid, g]) => this.#resource(vmid, g)));
    if (path === "/access/acl") return method === "GET" ? data(this.grants) : this.#grant(request.form);
    if (path === "/access/roles")
      return data([
        { roleid: "PVEVMUser", privs: "VM.Audit,VM.Console,VM.PowerMgmt" },
        { roleid: "PVEAuditor", privs: "VM.Audit" },
      ]);
    const task = /^\/nodes\/node1\/tasks\/(.+)\/status$/u.exec(path)?.[1];
    if (task !== undefined) return this.#task(decodeURIComponent(task));
    if (path === "/nodes/node1/tasks") return data(this.backupTasks.map((upid) => ({ upid, status: "RUNNING" })));
    if (path.endsWith("/content")) return data(this.backups.map((ctime) => ({ ctime, volid: `backup/${ctime}` })));
    if (path.endsWith("/vzdump")) {
      this.backupTasks.push("UPID:node1:00000009:vzdump");
      return data(this.backupTasks[0]);
    }
    const [, vmid = "", rest = ""] = /^\/nodes\/node1\/(?:qemu|lxc)\/(\d+)(.*)$/u.exec(path) ?? [];
    const guest = this.guests.get(Number(vmid));
    if (!guest) return { ...json({ data: null }, 500), words: `Configuration file 'nodes/node1/qemu-server/${vmid}.conf' does not exist` };
    return this.#guest(Number(vmid), guest, method, rest, request.form);
  }

  #guest(vmid: number, guest: Guest, method: string, rest: string, form: URLSearchParams): FakeAnswer {
    if (rest === "/status/current") return data({ vmid, status: guest.running ? "running" : "stopped", name: guest.name });
    if (rest === "/config" && method === "GET")
      return data({ description: guest.description, onboot: guest.onboot, tags: guest.tags, digest: "d" });
    if (rest === "/config") {
      if (form.has("description")) guest.description = form.get("description") ?? "";
      if (form.has("onboot")) guest.onboot = Number(form.get("onboot"));
      return data(null);
    }
    if (rest === "/status/shutdown")
      return this.#begin(guest.running ? "OK" : `VM ${vmid} not running`, () => {
        if (guest.running) this.changes += 1;
        guest.running = false;
      });
    if (rest === "/status/start")
      return this.#begin(guest.running ? `VM ${vmid} already running` : "OK", () => {
        if (!guest.running) this.changes += 1;
        guest.running = true;
      });
    if (method === "DELETE")
      return this.#begin("OK", () => {
        this.guests.delete(vmid);
        this.changes += 1;
      });
    return { ...json({ data: null }, 501), words: "Method not implemented" };
  }

  /** Answered before the work; here the work is done at once unless it is put off, and the task is seen running for a while. */
  #begin(end: string, work: () => void): FakeAnswer {
    const upid = `UPID:node1:0000000${this.#tasks.size}:task::root@pam:`;
    const failed = this.taskFails;
    this.taskFails = null;
    if (failed === null && !this.workLater) work();
    this.#tasks.set(upid, { polls: this.taskTakes, end: failed ?? end, work });
    return data(upid);
  }

  #task(upid: string): FakeAnswer {
    const task = this.#tasks.get(upid);
    if (!task) return { ...json({ data: null }, 500), words: "no such task" };
    if (task.polls-- > 0) return data({ upid, status: "running" });
    return data({ upid, status: "stopped", exitstatus: task.end });
  }

  #grant(form: URLSearchParams): FakeAnswer {
    const [type, ugid] = (["user", "group", "token"] as const)
      .map((t) => [t, form.get(`${t}s`)] as const)
      .find(([, id]) => id !== null) ?? ["user", ""];
    const one = {
      path: form.get("path") ?? "",
      type,
      ugid: ugid ?? "",
      roleid: form.get("roles") ?? "",
      propagate: Number(form.get("propagate") ?? 1),
    };
    this.grants = this.grants.filter((g) => !(g.path === one.path && g.ugid === one.ugid && g.roleid === one.roleid));
    if (form.get("delete") !== "1") this.grants.push(one);
    return data(null);
  }

  #resource(vmid: number, { type, name, running, tags }: Guest): unknown {
    return { id: `${type}/${vmid}`, type, vmid, name, node: "node1", status: running ? "running" : "stopped", template: 0, tags };
  }
}

const data = (value: unknown): FakeAnswer => json({ data: value });
