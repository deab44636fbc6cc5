// One call to the outside for one task: read, act, read again; never longer than its deadline.
import { deadline } from "../kernel/clock.ts";
import type { LinkTo } from "../engine/portal-links.ts";
import type { PanelSeen } from "../engine/record-outcomes.ts";
import type { Finished } from "../engine/record-outcomes.ts";
import type { Setting } from "../engine/setting.ts";
import type { AccessTask, MessageTask, Task, TerminateTask } from "../engine/sift.ts";
import { OUR_MARK, type AccountState, type ControlPanel } from "../ports/control-panel.ts";
import type { Acceptance, Mailer } from "../ports/mailer.ts";
import { done, refused, unknown, type Outcome } from "../ports/outcome.ts";
import type { Lang } from "../kernel/lang.ts";
import { layoutHtml } from "../words/layout.ts";
import { LINK_MARK } from "../words/portal.ts";
import { shortText } from "../words/short.ts";

/** The adapters an installation has. */
export interface Outside {
  /** By channel; e-mail is the one built in. */
  mailers: ReadonlyMap<string, Mailer>;
  /** By the name that services carry. */
  panels: ReadonlyMap<string, ControlPanel>;
  /** Signs the portal's links in messages. */
  links?: { make(to: LinkTo): Promise<string> };
}

/** A panel call that takes longer is given up as unknown; the lease outlasts it. */
export const CALL_DEADLINE_MS = 30_000;

/** Asked right before an account is taken down or ended. */
export type LastLook = (task: AccessTask | TerminateTask) => Promise<boolean>;

/** Makes the call of a task. Never throws: what an adapter throws is an unknown outcome. */
export async function call(task: Task, outside: Outside, setting: Setting, lastLook: LastLook): Promise<Finished> {
  if (task.kind === "message") return { task, outcome: await guarded(() => send(task, outside, setting)) };
  const panel = outside.panels.get(task.service.panel);
  if (!panel) return { task, outcome: refused(`no panel named “${task.service.panel}” is set up`, true) } as Finished;
  if (task.kind === "access") return { task, outcome: await guarded(() => setAccess(task, panel, lastLook)) };
  return { task, outcome: await guarded(() => terminate(task, panel, lastLook)) };
}

async function guarded<T>(work: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
  try {
    return await work();
  } catch (error) {
    return unknown(error instanceof Error ? error.message : String(error));
  }
}

async function send(task: MessageTask, outside: Outside, setting: Setting): Promise<Outcome<Acceptance>> {
  const { payload, row } = task;
  const mailer = outside.mailers.get(payload.channel);
  if (!mailer) return refused(`the channel ${payload.channel} is not set up`, true);
  const token = await linkFor(task, outside);
  // What is kept says where the link stands; the link itself is made for the one address, as it leaves.
  const text = payload.text.replaceAll(LINK_MARK, () => token);
  const lang = payload.lang as Lang;
  return mailer.send(
    {
      messageId: payload.messageId,
      to: payload.to,
      subject: payload.subject,
      text,
      html: layoutHtml({ subject: payload.subject, text }, setting.provider, lang),
      repeat: row.unknowns > 0,
      ...(payload.sender === undefined ? {} : { sender: payload.sender }),
      ...(payload.channel === "email"
        ? {}
        : { template: payload.template, lang, short: shortText(payload.subject, token, setting.provider) }),
    },
    { signal: deadline(CALL_DEADLINE_MS) },
  );
}

async function linkFor({ payload, row }: MessageTask, { links }: Outside): Promise<string> {
  if (!links || !payload.text.includes(LINK_MARK)) return "";
  return links.make({ customerId: row.customerId, outboxId: row.id, to: payload.to });
}

const CHANGED = "the facts changed since it was claimed; it is judged again";

async function setAccess(task: AccessTask, panel: ControlPanel, lastLook: LastLook): Promise<Outcome<PanelSeen>> {
  const { service, desired } = task;
  const context = { signal: deadline(CALL_DEADLINE_MS) };
  const before = await panel.read(service.account, context);
  // Nothing was asked of the account yet, so a lost answer leaves nothing unknown.
  if (before.outcome !== "done") return refused(before.reason, true);
  const ours = isOurs(task, before.value);
  const there = before.value.access;
  if (there === "absent" || there === desired) return done({ state: before.value, ours });
  if (desired === "suspended") {
    // It was away, or down by another's hand, when this was decided, and whether a suspension may start was not asked then: what was lifted
    // since is judged anew. (Else a suspension that only stood by would start on a Sunday night, when the panel is asked again.)
    if (service.confirmed !== "active") return done({ state: before.value, ours: false });
    if (!(await lastLook(task))) return refused(CHANGED, true);
    const after = await panel.suspend(service.account, { text: `${OUR_MARK} ${task.cause ?? ""}`.trim() }, context);
    if (after.outcome !== "done") return after;
    if (after.value.access === "active") return refused("the panel answered, but the account is still active", true);
    return done({ state: after.value, ours: !(after.value.access === "suspended" && after.value.by === "other") });
  }
  if (!ours) return done({ state: before.value, ours: false });
  const after = await panel.unsuspend(service.account, context);
  if (after.outcome !== "done") return after;
  if (after.value.access === "suspended") return refused("the panel answered, but the account is still suspended", true);
  return done({ state: after.value, ours: true });
}

/** Where the panel keeps no reason, our own records tell: we suspended it, or asked to and never heard the answer. */
function isOurs(task: AccessTask, state: AccountState): boolean {
  if (state.access !== "suspended") return false;
  if (state.by !== "unknown") return state.by === "us";
  return task.service.suspendedByUs || (task.desired === "suspended" && task.row.unknowns > 0);
}

async function terminate(task: TerminateTask, panel: ControlPanel, lastLook: LastLook): Promise<Outcome<PanelSeen>> {
  if (!panel.capabilities.terminate) return refused("this panel cannot terminate accounts; remove it by hand", false);
  if (!(await lastLook(task))) return refused(CHANGED, true);
  const after = await panel.terminate(task.service.account, { signal: deadline(CALL_DEADLINE_MS) });
  return after.outcome === "done" ? done({ state: after.value, ours: false }) : after;
}
