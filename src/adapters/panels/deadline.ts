// Waiting that ends with the caller's deadline.

/** What {@link orDeadline} answers when the signal fired first. */
export const DEADLINE = Symbol("deadline");

/** Waits for the work or for the signal, whichever is first. The work itself is not stopped. */
export async function orDeadline<T>(work: Promise<T>, signal: AbortSignal): Promise<T | typeof DEADLINE> {
  if (signal.aborted) {
    work.catch(() => undefined);
    return DEADLINE;
  }
  const { promise: fired, resolve } = Promise.withResolvers<typeof DEADLINE>();
  const onAbort = () => resolve(DEADLINE);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([work, fired]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
