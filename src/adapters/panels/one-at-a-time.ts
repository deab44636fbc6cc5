// Keeps the acts on one account in line: a late "suspend" that lands after an "unsuspend" is the classic fault.
import { refused } from "../../ports/outcome.ts";
import type { CallContext } from "../../ports/outcome.ts";
import { DEADLINE, orDeadline } from "./deadline.ts";

/** What a call answers that never had its turn. */
export const NO_TURN = refused("Not sent: an earlier call on the same account had not ended when the deadline came.", true);

/** A line per key, inside this process. Between processes the dispatcher claims the service first. */
export class OneAtATime {
  readonly #tails = new Map<string, Promise<void>>();

  /** Runs the work when everything asked earlier under this key has ended; answers {@link NO_TURN} when the deadline comes first. */
  async run<T>(key: string, context: CallContext, work: () => Promise<T>): Promise<T | typeof NO_TURN> {
    const earlier = this.#tails.get(key) ?? Promise.resolve();
    const { promise: ours, resolve: leave } = Promise.withResolvers<void>();
    const tail = earlier.then(() => ours);
    this.#tails.set(key, tail);
    try {
      if ((await orDeadline(earlier, context.signal)) === DEADLINE) return NO_TURN;
      return await work();
    } finally {
      leave();
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    }
  }
}
