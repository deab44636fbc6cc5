// Proxmox VE's API: a token in a header, words beside the HTTP code, and tasks whose answer comes before their work.
import { z } from "zod";
import { wait } from "../../kernel/clock.ts";
import { done, refused, unknown } from "../../ports/outcome.ts";
import type { CallContext, Outcome } from "../../ports/outcome.ts";
import { PanelDoor } from "./panel-door.ts";
import type { PanelAddress, PanelRequest } from "./panel-http.ts";

const answer = z.looseObject({ data: z.unknown(), errors: z.unknown().optional() });
const task = z.looseObject({ status: z.string(), exitstatus: z.string().optional() });

/** A stop takes seconds to a minute; asked for at this distance. */
const POLL_MS = 300;

export class ProxmoxApi {
  readonly #door: PanelDoor;
  readonly #authorization: string;

  /** `token`: `user@realm!name`; `secret`: its UUID. */
  constructor(address: PanelAddress, token: string, secret: string) {
    this.#authorization = `PVEAPIToken=${token}=${secret}`;
    this.#door = new PanelDoor(address, [secret]);
  }

  forget(): void {
    this.#door.forget();
  }

  fit(text: string): string {
    return this.#door.fit(text);
  }

  /** The `data` of an answer. */
  async call(
    method: PanelRequest["method"],
    path: string,
    fields: Readonly<Record<string, string>>,
    context: CallContext,
  ): Promise<Outcome<unknown>> {
    const pairs = new URLSearchParams(fields).toString();
    const inBody = method === "POST" || method === "PUT";
    const sent = await this.#door.send(
      {
        method,
        path: `/api2/json${path}${inBody || pairs === "" ? "" : `?${pairs}`}`,
        headers: { authorization: this.#authorization, ...(inBody ? { "content-type": "application/x-www-form-urlencoded" } : {}) },
        ...(inBody ? { body: pairs } : {}),
      },
      context,
    );
    if (sent.outcome !== "done") return sent;
    const { http, words, text } = sent.value;
    if (http === 401) return this.#door.lock(`Proxmox VE refused our token (HTTP 401): ${words}`);
    const read = answer.safeParse(parse(text));
    if (http === 200 && read.success) return done(read.data.data);
    // A node that the cluster cannot reach is 595 or 596; whatever a proxy before it says has no `data`.
    if (!read.success && (http < 400 || http >= 500)) return this.#door.strange(sent.value, "not an answer of Proxmox VE");
    const details = read.success && read.data.errors ? `: ${JSON.stringify(read.data.errors)}` : "";
    return refused(this.#door.fit(`${method} ${path}, HTTP ${http}: ${words}${details}`), http !== 403);
  }

  /** Follows a task to its end: only its exit status says whether the work was done. */
  async followTask(node: string, upid: unknown, context: CallContext): Promise<Outcome<null>> {
    if (typeof upid !== "string" || !upid.startsWith("UPID:")) return done(null);
    for (;;) {
      const said = await this.call("GET", `/nodes/${node}/tasks/${encodeURIComponent(upid)}/status`, {}, context);
      if (said.outcome !== "done") return unknown(`The task was begun, and its end could not be read: ${said.reason}`);
      const read = task.safeParse(said.value);
      if (!read.success) return unknown("The task was begun, and its state cannot be read.");
      const { status, exitstatus } = read.data;
      if (status === "stopped")
        return exitstatus === "OK" || exitstatus?.startsWith("WARNINGS")
          ? done(null)
          : refused(this.#door.fit(`The task ended with: ${exitstatus ?? "nothing"}`), true);
      if (context.signal.aborted) return unknown("The task was still running at the deadline.");
      await wait(POLL_MS);
    }
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
