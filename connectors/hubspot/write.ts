/**
 * Properties written into contacts and deals, in batches.
 */
import {
  isRevopsError,
  type FieldDescription,
  type ReadContext,
  type RecordFields,
  type RecordWriter,
} from 'revops/connector';

import type { HubspotClient } from './client.ts';
import { HubspotError } from './faults.ts';
import { readByIds } from './records.ts';

export const write: RecordWriter<ReadContext<HubspotClient>> = {
  kinds: ['contacts', 'deals'],

  async fields({ client }, kind) {
    const { results } = await client.call(`properties of ${kind}`, (sdk) => sdk.properties.getAll(kind));
    return new Map(
      results.map(({ name, type, calculated, modificationMetadata }): [string, FieldDescription] => [
        name,
        {
          type: TYPES[type] ?? 'text',
          isReadOnly: calculated === true || modificationMetadata?.readOnlyValue === true,
        },
      ]),
    );
  },

  async read({ client }, kind, ids, fields) {
    const records = await readByIds(client, kind, ids, { properties: fields, history: [] }, false);
    return records.map(({ id, properties }) => ({
      id,
      values: Object.fromEntries(fields.map((name) => [name, properties[name] || null])),
    }));
  },

  async *update({ client, signal }, kind, records) {
    for (let from = 0; from < records.length; from += BATCH) {
      signal.throwIfAborted();
      yield await updateBatch(client, kind, records.slice(from, from + BATCH));
    }
  },
};

// --- internal ---

/** The platform's limit. */
const BATCH = 100;

/** Everything else is text to whoever compares it. */
const TYPES: Readonly<Record<string, FieldDescription['type']>> = {
  number: 'number',
  date: 'day',
  datetime: 'instant',
};

type Outcome = { id: string; problem: string | null };

/** One value that is refused refuses the whole batch: then each half is tried, down to the record it is about. */
async function updateBatch(
  client: HubspotClient,
  kind: 'contacts' | 'deals',
  records: readonly RecordFields[],
): Promise<Outcome[]> {
  // An empty text is what clears a property.
  const inputs = records.map(({ id, values }) => ({
    id,
    properties: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value ?? ''])),
  }));
  try {
    const answer = await client.call(`update of ${kind}`, (sdk) => sdk.batches.update(kind, { inputs }));
    return outcomesOf(records, answer);
  } catch (error) {
    const problem = refusedBecause(error);
    if (problem === null) throw error;
    const [only, ...others] = records;
    if (only === undefined || others.length === 0) return records.map(({ id }) => ({ id, problem }));
    const half = Math.ceil(records.length / 2);
    return [
      ...(await updateBatch(client, kind, records.slice(0, half))),
      ...(await updateBatch(client, kind, records.slice(half))),
    ];
  }
}

interface Answer {
  results: readonly { id: string }[];
  errors?: readonly { category: string; message: string; context?: Record<string, string[]> }[];
}

/** 207: a part was written. What the answer does not name was not. */
function outcomesOf(records: readonly RecordFields[], { results, errors = [] }: Answer): Outcome[] {
  const written = new Set(results.map(({ id }) => id));
  return records.map(({ id }) => {
    if (written.has(id)) return { id, problem: null };
    const error = errors.find(({ context }) => Object.values(context ?? {}).some((ids) => ids.includes(id)));
    // Its message may quote the value.
    return { id, problem: (error ?? errors[0])?.category ?? 'not answered' };
  });
}

/** What a 400 says of what was sent; null for any other failure, which is not about single records. */
function refusedBecause(error: unknown): string | null {
  const cause = isRevopsError(error) ? error.cause : error;
  if (!(cause instanceof HubspotError) || cause.status !== 400) return null;
  return `${cause.category}: ${cause.message}`;
}
