// The billing system beside us in a running installation: read, written to, and heard, each at its own pace.
import { every } from "../../kernel/clock.ts";
import { HOUR_MS, type Instant } from "../../kernel/time.ts";
import { BesideHooks, type HookOptions } from "./hooks.ts";
import { syncBilling, type SyncOptions } from "./sync.ts";
import { workTasks } from "./tasks.ts";

const LOOK_MS = 5_000;

export type BesideOptions = HookOptions & Pick<SyncOptions, "newToken">;

export interface RunningBeside {
  hooks: BesideHooks;
  /** Finishes what is in hand. */
  stop(): Promise<void>;
}

export function startBeside(options: BesideOptions): RunningBeside {
  const { engine, log } = options;
  const hooks = new BesideHooks(options);
  let stopping = false;
  let purgedAt: Instant | null = null;
  const stoppable = { ...options, stopping: () => stopping };
  const calmly = (work: () => Promise<unknown>) => (): Promise<void> =>
    work().then(
      () => undefined,
      (error: unknown) => log.error({ err: error }, "whmcs"),
    );
  // The first reading of a large base takes long: what is to be written there does not wait for it.
  const loops = [
    every(
      LOOK_MS,
      calmly(() => syncBilling(stoppable)),
    ),
    every(
      LOOK_MS,
      calmly(async () => {
        await workTasks(stoppable);
        await hooks.workOff();
        const now = engine.motorClock.now();
        if (purgedAt !== null && now - purgedAt < HOUR_MS) return;
        await hooks.purge();
        purgedAt = now;
      }),
    ),
  ];
  return {
    hooks,
    stop: async () => {
      stopping = true;
      await Promise.all(loops.map((loop) => loop.stop()));
      await hooks.workOff();
    },
  };
}
