// What a Proxmox VE guest is to us: its configuration, our mark in its notes, and what must be restored.
import { z } from "zod";
import { assert } from "../../kernel/assert.ts";
import { OUR_MARK } from "../../ports/control-panel.ts";
import type { AccountState } from "../../ports/control-panel.ts";
import type { PanelMemory } from "./memory.ts";

const number = z.coerce.number().int();

export const resource = z.looseObject({
  vmid: number,
  node: z.string(),
  type: z.enum(["qemu", "lxc"]),
  status: z.string().optional(),
  name: z.string().optional(),
  tags: z.string().optional(),
  template: number.optional(),
});
export type Resource = z.infer<typeof resource>;

export const config = z.looseObject({ description: z.string().optional(), onboot: number.optional(), tags: z.string().optional() });

export const grant = z.looseObject({
  path: z.string(),
  type: z.enum(["user", "group", "token"]),
  ugid: z.string(),
  roleid: z.string(),
  propagate: z.union([z.number(), z.string(), z.boolean()]).optional(),
});

const note = z.object({
  /** `suspended`: all of it was done. The others: an act may have ended half-way. */
  phase: z.enum(["suspending", "suspended", "lifting"]),
  onboot: z.number(),
  running: z.boolean(),
  grants: z.array(z.object({ type: z.enum(["user", "group", "token"]), ugid: z.string(), roleid: z.string(), propagate: z.boolean() })),
});
export type Note = z.infer<typeof note>;

export interface Guest {
  node: string;
  type: "qemu" | "lxc";
  running: boolean;
  onboot: number;
  description: string;
  tags: readonly string[];
  note: Note | null;
}

/** The tag by which an operator says that he stopped a guest on purpose; a stopped guest without it was stopped by its owner. */
export const OPERATOR_TAG = "suspended";

/** The reason in the first line of the notes; null: the mark is not there. */
export function markOf(description: string): string | null {
  const [first = ""] = description.split("\n");
  return first.startsWith(OUR_MARK) ? first : null;
}

export function withMark(description: string, reason: string): string {
  return `${reason}\n${withoutMark(description)}`;
}

export function withoutMark(description: string): string {
  return markOf(description) === null ? description : description.split("\n").slice(1).join("\n");
}

export const tagsOf = (text: string | undefined): string[] => (text ?? "").split(/[;, +]+/u).filter((tag) => tag !== "");

export function stateOf(guest: Guest | null): AccountState {
  if (!guest) return { access: "absent" };
  if (guest.running) return { access: "active" };
  const mark = markOf(guest.description);
  if (mark !== null) return { access: "suspended", by: "us", reason: mark };
  if (guest.tags.includes(OPERATOR_TAG)) return { access: "suspended", by: "other", reason: `tag ${OPERATOR_TAG}` };
  return { access: "active" };
}

const KEY = "proxmox.before";

export async function recallNote(memory: PanelMemory, account: string): Promise<Note | null> {
  const text = await memory.recall(account, KEY);
  if (text === null) return null;
  const read = note.safeParse(JSON.parse(text));
  assert(read.success, `the panel memory of ${KEY} cannot be read`);
  return read.data;
}

export const keepNote = (memory: PanelMemory, account: string, kept: Note | null): Promise<void> =>
  memory.remember(account, KEY, kept && JSON.stringify(kept));
