/**
 * A stream of one kind of object as it is now.
 */
import { column, type ColumnSchema, type SourceRecord, type UpsertStream } from 'revops/connector';

import type { StripeClient } from './client.ts';
import type { Resource } from './resources.ts';
import { isOutdated, type Visit, walk } from './walk.ts';

export interface UpsertDetails<T> {
  name: string;
  description: string;
  columns: Record<string, ColumnSchema>;
  resource: Resource<T>;
  /** Whether objects of this kind can be deleted. Then a read of everything finds out which were. */
  canVanish: boolean;
  /** Made once per read. */
  records(client: StripeClient): (visit: Visit<T>) => Promise<SourceRecord[]> | SourceRecord[];
}

/** Days after which everything is read again: events have been known to be missed. */
const FULL_EVERY = 30;

export function upserts<T extends { id: string; created: number }>(
  details: UpsertDetails<T>,
): UpsertStream<StripeClient> {
  const { name, description, columns, resource, canVanish } = details;
  return {
    name,
    description,
    mode: 'upsert',
    schema: {
      id: column.text(),
      ...columns,
      is_live: column.boolean(),
      metadata: column.json(),
      created_at: column.timestamp(),
    },
    primaryKey: ['id'],
    fullEvery: FULL_EVERY,
    ...(canVanish ? { snapshot: true, isOutdated } : {}),
    async *read(context, { since }) {
      const recordsOf = details.records(context.client);
      for await (const visit of walk(context, resource, since)) {
        yield {
          records: await recordsOf(visit),
          deleted: visit.gone.map((id) => ({ id })),
          ...(visit.cursor === undefined ? {} : { cursor: visit.cursor }),
        };
      }
    },
  };
}
