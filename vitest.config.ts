// How the tests run: files side by side on two cores, each with its own database.
import { join } from "node:path";
import { defineConfig } from "vitest/config";

// PROPERTY_TIMES=20 asks each property twenty times as often: what one run in ten thousand shows would stop somebody else's change some day.
const times = Number(process.env["PROPERTY_TIMES"] ?? 1);
const manyTimes = { find: /^fast-check$/u, replacement: join(import.meta.dirname, "test/support/many-times.ts") };

export default defineConfig({
  resolve: { alias: times > 1 ? [manyTimes] : [] },
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts", "tools/**/*.test.ts", "sim/**/*.test.ts"],
    globalSetup: ["test/global-setup.ts"],
    pool: "forks",
    maxWorkers: 2,
    // The longest test without a time of its own takes 11 s on the slowest machine seen, two busy cores.
    testTimeout: 60_000 * times,
    hookTimeout: 120_000,
  },
});
