/**
 * What records of another system should say, as last built.
 */
import type { FieldDescription, RecordFields, RecordKind } from '../connector/write.ts';
import { RevopsError } from '../errors.ts';
import { didYouMean } from '../nearest.ts';
import { dayOf } from '../sync/days.ts';
import type { Session } from '../warehouse/contract.ts';
import { identifier, literal } from '../warehouse/sql.ts';
import type { Column, ResultValue, Row } from '../warehouse/types.ts';
import { requireBuilt } from './built.ts';

export interface WantedRecords {
  kind: RecordKind;
  /** Fields by the columns that go into them. */
  fields: Record<string, string>;
  columns: readonly Column[];
  rows: readonly (Row & { record_id: string })[];
  /** Records that are left out, by reason. */
  suppressed: Record<string, number>;
}

/** Rows of one kind of a connector's records. CONFIG_INVALID where a column is none of the model. */
export async function wantedRecords(
  session: Session,
  connector: string,
  kind: RecordKind,
  fields: Record<string, string>,
): Promise<WantedRecords> {
  const { relation, id } = MODELS[kind];
  await requireBuilt(session, [`core.${relation}`]);
  const columns = (await session.describe({ schema: 'core', name: relation })) ?? [];
  const names = columns.map(({ name }) => name);
  for (const column of Object.keys(fields)) {
    if (names.includes(column)) continue;
    throw new RevopsError(
      'CONFIG_INVALID',
      `writeback.${connector}.${kind}.${column}: ${relation} has no such column${didYouMean(column, names)}`,
      { hint: `\`revops query "select * from ${relation}"\` shows what it has; a model of your own may replace it.` },
    );
  }
  const of = `from core.${relation} where source = ${literal(connector.replaceAll('-', '_'))}`;
  const wanted = Object.keys(fields).map(identifier);
  const rows = await session.query<Row & { record_id: string }>(
    `select ${[`${id} as record_id`, ...wanted].join(', ')} ${of} and suppressed_because is null order by ${byBytes(session, id)}`,
  );
  const suppressed = await session.query<{ reason: string; records: number }>(
    `select suppressed_because as reason, count(*) as records ${of} and suppressed_because is not null group by 1 order by 1`,
  );
  return {
    kind,
    fields,
    columns,
    rows,
    suppressed: Object.fromEntries(suppressed.map(({ reason, records }) => [reason, records])),
  };
}

/** The same as texts of the fields. CONFIG_INVALID where a field does not exist, is read-only, or holds something else. */
export function asFields(
  { kind, fields, columns, rows }: WantedRecords,
  known: ReadonlyMap<string, FieldDescription>,
  { connector, timeZone }: { connector: string; timeZone: string },
): RecordFields[] {
  const pairs = Object.entries(fields).map(([column, field]) => {
    const place = `writeback.${connector}.${kind}.${column}`;
    const found = known.get(field);
    if (found === undefined) {
      throw new RevopsError(
        'CONFIG_INVALID',
        `${place}: there is no field ${field}${didYouMean(field, known.keys())}`,
        {
          hint: 'Make it there first, by hand: nothing here makes fields in other systems.',
        },
      );
    }
    if (found.isReadOnly) throw new RevopsError('CONFIG_INVALID', `${place}: the field ${field} cannot be written`);
    const type = columns.find(({ name }) => name === column)?.type ?? 'text';
    if (!fits(type, found.type)) {
      throw new RevopsError(
        'CONFIG_INVALID',
        `${place}: ${field} holds ${NAMES[found.type]}, and ${column} is ${type}`,
      );
    }
    return { column, field, write: (value: ResultValue | undefined) => textOf(value, type, found.type, timeZone) };
  });
  return rows.map((row) => ({
    id: row.record_id,
    values: Object.fromEntries(pairs.map(({ column, field, write }) => [field, write(row[column])])),
  }));
}

// --- internal ---

const MODELS: Record<RecordKind, { relation: string; id: string }> = {
  contacts: { relation: 'contact_attribution', id: 'contact_id' },
  deals: { relation: 'deal_attribution', id: 'deal_id' },
};

const NAMES: Record<FieldDescription['type'], string> = {
  text: 'text',
  number: 'numbers',
  day: 'days',
  instant: 'times',
};

/** The same order whatever the database's collation. */
function byBytes({ engine }: Session, column: string): string {
  return engine === 'duckdb' ? column : `${column} collate "C"`;
}

function fits(type: Column['type'], field: FieldDescription['type']): boolean {
  if (field === 'text') return type !== 'json';
  if (field === 'number') return /^(integer|bigint|double|decimal)/.test(type);
  return type === 'date' || type === 'timestamptz';
}

function textOf(
  value: ResultValue | undefined,
  type: Column['type'],
  field: FieldDescription['type'],
  timeZone: string,
): string | null {
  if (value === null || value === undefined) return null;
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  if (type.startsWith('decimal')) return text.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
  if (type !== 'timestamptz') return text;
  const at = new Date(text);
  return field === 'day' ? dayOf(at, timeZone) : at.toISOString();
}
