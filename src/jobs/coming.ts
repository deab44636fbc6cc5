// Works out what the next days hold, in the background of a running installation, whenever somebody looks at it and it has grown old.
import { workOutComing } from "../engine/coming-days.ts";
import type { Engine } from "../engine/engine.ts";
import { every } from "../kernel/clock.ts";
import type { MotorLog } from "./motor.ts";

/** Somebody who opens the console for the first time waits this long for the work to begin. */
const LOOK_MS = 1_000;

export function startComing(options: { engine: Engine; newToken: () => string; log: MotorLog }): { stop(): Promise<void> } {
  let stopping = false;
  const look = every(LOOK_MS, () =>
    workOutComing(options.engine, { lease: options.newToken(), stopping: () => stopping }).then(
      () => undefined,
      (error: unknown) => options.log.error({ err: error }, "outlook"),
    ),
  );
  return {
    stop: async () => {
      stopping = true;
      await look.stop();
    },
  };
}
