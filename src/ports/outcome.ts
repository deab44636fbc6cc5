// The three ways a call to the outside can end. A time-out is `unknown`: it may have happened.

export interface Done<T> {
  outcome: "done";
  value: T;
}

/** The other side said no. Nothing changed there. */
export interface Refused {
  outcome: "refused";
  /** What it answered, in its own words, without secrets. */
  reason: string;
  /** Asking again later can help (greylisting, maintenance); false: it never will. */
  retry: boolean;
  /** It was our key that was refused: nothing more is sent until a person has looked, since repeated failures get an address banned. */
  credentials?: true;
  /** No connection came about, so nothing was sent: it says something of the server, and nothing of what was asked. */
  unreached?: true;
}

/** No trustworthy answer came: the effect may or may not be there. Read the state, or repeat under the same key. */
export interface Unknown {
  outcome: "unknown";
  reason: string;
}

export type Outcome<T> = Done<T> | Refused | Unknown;

export const done = <T>(value: T): Done<T> => ({ outcome: "done", value });
export const refused = (reason: string, retry = false): Refused => ({ outcome: "refused", reason, retry });
export const unknown = (reason: string): Unknown => ({ outcome: "unknown", reason });

/** What every call to the outside is given: it must give up by itself when the signal fires. */
export interface CallContext {
  signal: AbortSignal;
}
