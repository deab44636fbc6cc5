// The line in front of an account.
import { describe, expect, it } from "vitest";
import { NO_TURN, OneAtATime } from "./one-at-a-time.ts";

const ample = () => ({ signal: AbortSignal.timeout(10_000) });

describe("acts on one account", () => {
  it("run in the order asked, also after one of them failed, while other accounts do not wait", async () => {
    const line = new OneAtATime();
    const order: string[] = [];
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const first = line.run("alice", ample(), async () => {
      await gate;
      order.push("first");
      throw new Error("broken");
    });
    const second = line.run("alice", ample(), () => Promise.resolve(order.push("second")));
    await line.run("bob", ample(), () => Promise.resolve(order.push("bob")));
    open();
    await expect(first).rejects.toThrow("broken");
    await second;
    expect(order).toEqual(["bob", "first", "second"]);
  });

  it("are not run when the deadline comes before their turn, and the next still waits for the first", async () => {
    const line = new OneAtATime();
    const order: string[] = [];
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const first = line.run("alice", ample(), async () => {
      await gate;
      order.push("first");
    });
    const late = await line.run("alice", { signal: AbortSignal.abort() }, () => Promise.resolve(order.push("late")));
    expect(late).toBe(NO_TURN);
    const third = line.run("alice", ample(), () => Promise.resolve(order.push("third")));
    open();
    await Promise.all([first, third]);
    expect(order).toEqual(["first", "third"]);
  });
});
