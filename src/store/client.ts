// A connection of its own for one purpose, beside the pool: for what needs the owner's rights or happens before there is a pool.
import pg from "pg";

/** Opens a connection; whoever opens it ends it. When it breaks off, the statement under way fails, or else the next one. */
export async function openClient(config: pg.ClientConfig): Promise<pg.Client> {
  const client = new pg.Client(config);
  // Between two statements nobody waits for an answer that could fail; without a listener Node would end the process.
  client.on("error", () => undefined);
  await client.connect();
  return client;
}
