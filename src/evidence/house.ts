// Checks the record of the house: each row's own hash, its place, and that it names the row before it.
import { HOUSE_GENESIS, houseHash } from "../kernel/house-record.ts";
import type { Db } from "../store/database.ts";
import { recordAfter } from "../store/house-record.ts";
import type { Finding } from "./finding.ts";

const ROWS = 5000;

/**
 * Every row, in order. Rows are only ever added, so that reading them in parts sees no less than at one moment. Rows taken from the end leave
 * no trace here: only the hash of a row that was kept elsewhere shows that it is gone.
 */
export async function verifyHouse(db: Db): Promise<{ rows: number; findings: Finding[] }> {
  const findings: Finding[] = [];
  let [count, seq, hash] = [0, 0, HOUSE_GENESIS];
  for (;;) {
    const rows = await recordAfter(db, seq, ROWS);
    for (const row of rows) {
      const adjacent = row.seq === seq + 1;
      if (!adjacent) findings.push({ code: "house_rows_missing", from: seq + 1, through: row.seq - 1 });
      if (houseHash(row) !== row.hash) findings.push({ code: "house_row_differs", row: row.seq, kind: row.kind });
      // Behind a gap the row before is not there to compare with.
      else if (adjacent && row.prev !== hash) findings.push({ code: "house_row_unchained", row: row.seq, kind: row.kind });
      [seq, hash] = [row.seq, row.hash];
    }
    count += rows.length;
    if (rows.length < ROWS) return { rows: count, findings };
  }
}
