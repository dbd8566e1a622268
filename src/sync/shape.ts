/**
 * What of a stream matters for its tables: names, columns, key, mode. Checked once, before anything is read.
 */
import { createHash } from 'node:crypto';

import { columnType } from '../connector/columns.ts';
import type { Partition, Stream } from '../connector/contract.ts';
import { RevopsError } from '../errors.ts';
import type { RelationName } from '../warehouse/sql.ts';
import type { Column } from '../warehouse/types.ts';

export interface StreamShape {
  connector: string;
  stream: string;
  mode: Stream['mode'];
  table: RelationName;
  history: RelationName;
  /** The declared columns, in the order of the schema. */
  columns: Column[];
  primaryKey: readonly string[];
  /** `window`: the column that holds the day. */
  day: string | null;
  /** `set`: the columns that name the owner of a set. */
  partitionBy: readonly string[];
  /** `window`: how far sums of columns may be from their control totals, as decimal text. */
  controlTolerance: Readonly<Record<string, string>>;
  /** Columns that tell where a row stands at the source; they are no content. */
  origin: { place: string; line: string; hint: string } | null;
  /** Columns whose values are what a row reports; where there are any, its table has `_as_of`. */
  reported: readonly string[];
  /** Changes when the same rows would have to be read or loaded differently. */
  digest: string;
}

/** Columns the engine adds to every raw table, after the stream's own. */
const ENGINE_COLUMNS: readonly Column[] = [
  { name: '_extra', type: 'json' },
  { name: '_row_hash', type: 'text' },
  { name: '_load_id', type: 'text' },
  { name: '_deleted', type: 'boolean' },
];

/** Of a stream that says which columns report something: since when that is known. */
export const AS_OF: Column = { name: '_as_of', type: 'timestamptz' };

/** The columns of a stream's raw table. */
export function rawColumns({ columns, reported }: Pick<StreamShape, 'columns' | 'reported'>): Column[] {
  return [...columns, ...ENGINE_COLUMNS, ...(reported.length === 0 ? [] : [AS_OF])];
}

/** Columns a history table has on top: the load that replaced or removed the row, and when. */
export const HISTORY_COLUMNS: readonly Column[] = [
  { name: '_replaced_by', type: 'text' },
  { name: '_replaced_at', type: 'timestamptz' },
];

/** The schema that holds a connector's raw tables. */
export function rawSchema(connector: string): string {
  return `raw_${connector.replaceAll('-', '_')}`;
}

/** The shape of a stream; STREAM_CONTRACT where its declaration contradicts itself. */
export function shapeOf(connector: string, stream: Stream<never>): StreamShape {
  const columns = Object.entries(stream.schema).map(([name, schema]) => {
    const type = columnType(schema);
    if (type === null) throw broken(connector, stream.name, `column ${name} was not made with column.*()`);
    if (name.startsWith('_')) throw broken(connector, stream.name, `column ${name} begins with an underscore`);
    return { name, type };
  });
  const day = stream.mode === 'window' ? stream.day : null;
  const partitionBy = stream.mode === 'set' ? stream.partitionBy : [];
  const origin = (stream.mode === 'upsert' ? stream.origin : undefined) ?? null;
  const originColumns = origin === null ? [] : [origin.place, origin.line];
  const reported = stream.reported ?? [];
  const named = [...originColumns, ...stream.primaryKey, ...reported, ...partitionBy, ...(day === null ? [] : [day])];
  const unknown = named.find((name) => !(name in stream.schema));
  if (unknown !== undefined) throw broken(connector, stream.name, `column ${unknown} is not in the schema`);
  if (stream.primaryKey.length === 0) throw broken(connector, stream.name, 'no primary key');
  if (day !== null && columns.find(({ name }) => name === day)?.type !== 'date') {
    throw broken(connector, stream.name, `day column ${day} is not a date`);
  }
  const table = { schema: rawSchema(connector), name: stream.name };
  const facts = { mode: stream.mode, columns, primaryKey: stream.primaryKey, day, partitionBy };
  return {
    connector,
    stream: stream.name,
    table,
    history: { schema: table.schema, name: `${stream.name}__history` },
    origin,
    reported,
    digest: createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 16),
    controlTolerance: stream.mode === 'window' ? (stream.controlTolerance ?? {}) : {},
    ...facts,
  };
}

/** Throws STREAM_CONTRACT where a partition's rows could not be told from another's; `why` they have to. */
export function checkPartition(shape: StreamShape, { key }: Partition, why: string): void {
  const missing = Object.keys(key).find((name) => !shape.columns.some((column) => column.name === name));
  if (missing === undefined) return;
  throw new RevopsError('STREAM_CONTRACT', `${streamLabel(shape)}: partition column ${missing} is not in the schema`, {
    hint: why,
  });
}

/** For messages: `google-ads.campaigns`. */
export function streamLabel(shape: { connector: string; stream: string }): string {
  return `${shape.connector}.${shape.stream}`;
}

// --- internal ---

function broken(connector: string, stream: string, what: string): RevopsError {
  return new RevopsError('STREAM_CONTRACT', `${connector}.${stream}: ${what}`, {
    hint: 'Correct the stream in its connector.',
  });
}
