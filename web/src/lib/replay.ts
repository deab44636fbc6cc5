// A replay asked for a piece at a time, so that a person sees how far it is and may leave it, and the pieces put together.
import { useRef, useState } from "react";
import { api, must, type AnswerOf } from "./api.ts";

type Piece = AnswerOf<"/admin/policies/replay", "post">;
export type Replayed = Omit<Piece, "next">;
export type Side = Piece["sides"]["present"];
export type Payers = "as_they_did" | "answering";

export interface ReplayAsk {
  doc: Record<string, unknown>;
  days: number;
  payers: Payers;
}

export interface Replaying {
  found: Replayed | null;
  /** Which document and question the answer is of. */
  asked: ReplayAsk | null;
  busy: boolean;
  error: unknown;
  start(ask: ReplayAsk): void;
  stop(): void;
}

const DIFFERING_MAX = 50;

export function useReplay(): Replaying {
  const [state, setState] = useState<Pick<Replaying, "found" | "asked" | "busy" | "error">>({
    found: null,
    asked: null,
    busy: false,
    error: null,
  });
  const turn = useRef(0);
  const run = async (ask: ReplayAsk): Promise<void> => {
    const mine = (turn.current += 1);
    setState({ found: null, asked: ask, busy: true, error: null });
    try {
      let all: Replayed | null = null;
      for (let after: number | null = 0; after !== null && turn.current === mine;) {
        const { next, ...piece }: Piece = await must(api.POST("/admin/policies/replay", { body: { ...ask, after } }));
        if (turn.current !== mine) return;
        all = all === null ? piece : together(all, piece);
        after = next;
        setState({ found: all, asked: ask, busy: next !== null, error: null });
      }
    } catch (error) {
      if (turn.current === mine) setState((was) => ({ ...was, busy: false, error }));
    }
  };
  return {
    ...state,
    start: (ask) => void run(ask),
    stop: () => {
      turn.current += 1;
      setState((was) => ({ ...was, busy: false }));
    },
  };
}

function together(a: Replayed, b: Replayed): Replayed {
  const apart = ({ present, changed }: Replayed["differing"][number]): number => Math.abs(present.daysDown - changed.daysDown);
  return {
    ...b,
    sides: plus(a.sides, b.sides),
    real: plus(a.real, b.real),
    differing: [...a.differing, ...b.differing].sort((one, other) => apart(other) - apart(one)).slice(0, DIFFERING_MAX),
    differingCount: a.differingCount + b.differingCount,
    faults: [...a.faults, ...b.faults],
    looked: a.looked + b.looked,
  };
}

/** Sums of the same shape: numbers added, lists by place, groups by name. */
function plus<T>(a: T, b: T): T {
  if (typeof a === "number" && typeof b === "number") return (a + b) as T;
  if (Array.isArray(a) && Array.isArray(b)) return a.map((each: unknown, i) => plus(each, b[i] as unknown)) as T;
  const [one, other] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return Object.fromEntries(
    names.map((name) => [name, name in one && name in other ? plus(one[name], other[name]) : (one[name] ?? other[name])]),
  ) as T;
}
