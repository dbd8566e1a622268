/**
 * A result read in pieces by a cursor on the server.
 */
import type { Client } from 'pg';

const ROWS = 5000;

let cursors = 0;

/** Rows in chunks. Outside of a transaction the cursor gets one of its own, which ends with the reading. */
export async function* readStream<R extends object>(
  connection: Client,
  sql: string,
  parameters: (string | null)[],
  inTransaction: boolean,
): AsyncGenerator<R[]> {
  const cursor = `revops_cursor_${++cursors}`;
  if (!inTransaction) await connection.query('begin');
  try {
    await connection.query(`declare ${cursor} no scroll cursor for ${sql}`, parameters);
    for (;;) {
      const { rows } = await connection.query(`fetch ${ROWS} from ${cursor}`);
      if (rows.length > 0) yield rows as R[];
      if (rows.length < ROWS) break;
    }
  } finally {
    // After an error the transaction takes the cursor with it; the error itself is what is thrown.
    await connection.query(inTransaction ? `close ${cursor}` : 'rollback').catch(() => undefined);
  }
}
