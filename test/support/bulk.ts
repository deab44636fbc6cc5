// Everything that an act could leave behind, counted: what is only tried leaves the same.
import type { World } from "./engine.ts";

export async function rememberActs(world: World): Promise<unknown> {
  const tables = ["hold", "promise", "notice", "outbox", "evidence", "bulk_act", "bulk_hold", "webhook_delivery"];
  const counts = tables.map((table) => `(SELECT count(*) FROM ${table}) AS ${table}`);
  return world.rows(`SELECT ${counts.join(", ")}, (SELECT sum(version) FROM customer) AS versions`);
}
