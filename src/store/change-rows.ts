// What one decision changes, as rows to be written: made by the engine, written by changes.ts.
import type { Id } from "../kernel/ids.ts";
import type { Instant } from "../kernel/time.ts";
import type { Channel, HoldKind } from "../policy/facts.ts";
import type { DeliveryInsert } from "./webhook-deliveries.ts";

export interface OutboxInsert {
  id: Id;
  kind: "message" | "access" | "terminate";
  key: string;
  serviceId: Id | null;
  payload: string;
  notBefore: Instant;
}

export interface NoticeInsert {
  key: string;
  outboxId: Id;
  invoiceId: Id | null;
  serviceId: Id | null;
  accessSeq: number | null;
  promiseId: Id | null;
  claimId: Id | null;
  step: string;
  channel: Channel;
  warning: boolean;
}

export interface HoldInsert {
  id: Id;
  kind: HoldKind;
  effect: "access" | "collection";
  serviceId: Id | null;
  invoiceId: Id | null;
  by: string;
  reason: string;
  until: Instant | null;
}

export interface AccessUpdate {
  serviceId: Id;
  desired: "active" | "suspended";
  cause: string | null;
  announce: boolean;
  outboxId: Id;
  /** An earlier call for the service is still open: it is superseded unless it is in flight. */
  supersedes: boolean;
}

export interface TerminationInsert {
  id: Id;
  serviceId: Id;
  invoiceId: Id;
}

/** Everything one decision changes for one customer. */
export interface CustomerChange {
  customerId: Id;
  readVersion: number;
  at: Instant;
  nextCheckAt: Instant | null;
  attention: readonly string[];
  evidence: { seq: number; hash: string; entries: readonly { seq: number; kind: string; text: string }[] };
  outbox: readonly OutboxInsert[];
  notices: readonly NoticeInsert[];
  holds: readonly HoldInsert[];
  lifts: readonly Id[];
  access: readonly AccessUpdate[];
  promiseEnds: readonly { id: Id; state: "kept" | "broken" | "cancelled" }[];
  claimEnds: readonly { id: Id; state: "expired" }[];
  /** Claims that are not announced any more. */
  claimsTold: readonly Id[];
  proposals: readonly TerminationInsert[];
  withdrawals: readonly Id[];
  /** What other systems are told of it. */
  deliveries: readonly DeliveryInsert[];
}
