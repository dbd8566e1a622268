/**
 * Parse and Describe of the wire protocol, which the driver does not offer by itself: names and types without running.
 */
import type { Client, Connection, FieldDef, Submittable } from 'pg';

/** The columns a statement gives; none for one that gives no rows. Rejects with the server's error. */
export function describeStatement(client: Client, sql: string): Promise<FieldDef[]> {
  return new Promise((resolve, reject) => {
    let fields: FieldDef[] = [];
    let failure: Error | null = null;
    const request = {
      submit(connection: Connection) {
        connection.parse({ name: '', text: sql, types: [] }, true);
        connection.describe({ type: 'S', name: '' }, true);
        connection.sync();
      },
      handleRowDescription(message: { fields: FieldDef[] }) {
        fields = message.fields;
      },
      handleError(error: Error) {
        failure = error;
        // The server skips to the sync that was sent; the driver expects no second one.
        reject(error);
      },
      handleReadyForQuery() {
        if (failure === null) resolve(fields);
      },
      // The driver sets a time limit through this.
      callback() {},
    };
    client.query(request as unknown as Submittable);
  });
}
