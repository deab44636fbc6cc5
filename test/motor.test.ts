// Several servers that start at the same moment on one database, as after a power cut: all of them start.
import { afterAll, beforeAll, expect, it } from "vitest";
import { startMotor } from "../src/jobs/motor.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";

let data: TestDatabase;

beforeAll(async () => {
  data = await freshDatabase();
});

afterAll(async () => {
  await data.drop();
});

it("starts every motor of those that start together, on a new database and on one that is known", async () => {
  const errors: string[] = [];
  const log = { info: () => undefined, error: (what: Record<string, unknown>) => void errors.push(String(what.err)) };
  for (let round = 0; round < 3; round += 1) {
    const motors = await Promise.all(Array.from({ length: 5 }, () => startMotor({ url: data.url, log })));
    await Promise.all(motors.map((motor) => motor.stop()));
  }
  expect(errors).toEqual([]);
});
