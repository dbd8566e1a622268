/**
 * The SELECT that gives a table's rows as one JSON text each, on either engine.
 */
import { literal, quoted } from '../../warehouse/sql.ts';
import type { EngineName } from '../../warehouse/types.ts';
import type { TableRequest } from './contract.ts';

/**
 * `relation`: what stands behind FROM. `columns`: the columns it has, in whatever case of letters; those asked for that it
 * has not are left out.
 */
export function selectRows(
  engine: EngineName,
  relation: string,
  has: readonly string[],
  { columns, by, kind, from, to }: TableRequest,
): string {
  const outputs = columns.flatMap((name) => {
    const there = writtenName(has, name);
    return there === null ? [] : [`${quoted(there)} as ${quoted(name)}`];
  });
  const order = quoted(writtenName(has, by) ?? by);
  // Postgres finds times by an index only where their column is left as it is.
  const compared =
    kind === 'text'
      ? `cast(${order} as ${TEXT[engine]})`
      : engine === 'duckdb'
        ? `cast(${order} as timestamptz)`
        : order;
  const value = (text: string): string => (kind === 'text' ? literal(text) : `cast(${literal(text)} as timestamptz)`);
  const bounds = [
    ...(from === null ? [] : [`${compared} >= ${value(from)}`]),
    ...(to === undefined ? [] : [`${compared} <= ${value(to)}`]),
  ];
  const where = bounds.length === 0 ? '' : `where ${order} is null or (${bounds.join(' and ')})`;
  return `select cast(to_json(given) as ${TEXT[engine]}) as given
    from (select ${outputs.join(', ')}, ${compared} as ${ORDER} from ${relation} ${where}) as given
    order by ${ORDER} nulls first`;
}

/** The SELECT that gives the last of a column's texts as `last`. */
export function selectLast(engine: EngineName, relation: string, column: string): string {
  return `select max(cast(${quoted(column)} as ${TEXT[engine]})) as last from ${relation}`;
}

/** Column of the order in the rows given; no column of theirs. */
export const ORDER = 'revops_order';

/** A table's name, or `schema.table`. */
export function quotedTable(table: string): string {
  return table.split('.').map(quoted).join('.');
}

/** How a column is written there; null where there is none. */
export function writtenName(has: readonly string[], name: string): string | null {
  return has.find((one) => one.toLowerCase() === name.toLowerCase()) ?? null;
}

// --- internal ---

const TEXT: Record<EngineName, string> = { duckdb: 'varchar', postgres: 'text' };
