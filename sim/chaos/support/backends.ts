// The sessions of a PostgreSQL server as its superuser sees them, in order to end some.
import pg from "pg";
import type { Random } from "../../random.ts";

export class Backends {
  readonly #adminUrl: string;

  constructor(adminUrl: string) {
    this.#adminUrl = adminUrl;
  }

  /** Ends up to `count` sessions of the program; answers how many there were to end. Those with a transaction open are taken first, half the time. */
  async terminate(random: Random, count: number): Promise<number> {
    const client = new pg.Client({ connectionString: this.#adminUrl });
    client.on("error", () => undefined);
    try {
      await client.connect();
      const { rows } = await client.query<{ pid: number; busy: boolean }>(
        `SELECT pid, xact_start IS NOT NULL AS busy FROM pg_stat_activity
         WHERE backend_type = 'client backend' AND application_name LIKE 'regua%' ORDER BY pid`,
      );
      const busy = rows.filter((row) => row.busy);
      const from = busy.length > 0 && random.chance(0.5) ? busy : rows;
      let ended = 0;
      for (let i = 0; i < count && from.length > 0; i += 1) {
        const [taken] = from.splice(random.between(0, from.length - 1), 1);
        const { rows: answer } = await client.query<{ done: boolean }>("SELECT pg_terminate_backend($1) AS done -- one row", [taken?.pid]);
        if (answer[0]?.done) ended += 1;
      }
      return ended;
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
