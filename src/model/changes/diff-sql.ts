/**
 * SQL that pairs the rows a build removed with those it added, by the grain.
 */
import { identifier, identifiers } from '../../warehouse/sql.ts';
import type { Column, LogicalType } from '../../warehouse/types.ts';

/** The rows that left and those that came, as SELECTs with the same columns. */
export interface Sides {
  removed: string;
  added: string;
}

/** What several builds did together: a row that one added and another removed is in neither. */
export function netOf(all: readonly Sides[], columns: readonly Column[]): Sides {
  const [first] = all;
  if (first !== undefined && all.length === 1) return first;
  const names = identifiers(columns.map((column) => column.name));
  const union = (side: keyof Sides): string =>
    all.map((sides) => `select ${names} from (${sides[side]}) as part`).join('\nunion all\n');
  const without = (one: keyof Sides, other: keyof Sides): string =>
    `select ${names} from (${union(one)}) as one\nexcept all\nselect ${names} from (${union(other)}) as other`;
  return { removed: without('removed', 'added'), added: without('added', 'removed') };
}

/**
 * One row per key: `was` and `is_now` are 1 where it was and is there, `k0…` its key, `b0…` its other values before, `a0…`
 * now. Of several rows with one key the first is paired with the first. Booleans come as text.
 */
export function pairedSelect({ removed, added }: Sides, key: readonly Column[], others: readonly Column[]): string {
  const all = [...key, ...others];
  const side = (sql: string, sign: number): string => {
    const order = all.map(({ name }) => `${identifier(name)} nulls first`).join(', ');
    const outputs = all.map(({ name, type }) => `${valueOf(name, type)} as ${identifier(name)}`);
    const within = key.length === 0 ? '' : `partition by ${identifiers(key.map(({ name }) => name))} `;
    return `select ${sign} as _diff_sign, row_number() over (${within}order by ${order}) as _diff_number, ${outputs.join(', ')} from (${sql}\n) as side`;
  };
  const keys = key.map(({ name }, index) => `${identifier(name)} as k${index}`);
  const values = others.flatMap(({ name }, index) => [
    `max(case when _diff_sign = -1 then ${identifier(name)} end) as b${index}`,
    `max(case when _diff_sign = 1 then ${identifier(name)} end) as a${index}`,
  ]);
  const grouped = [...key.map(({ name }) => identifier(name)), '_diff_number'].join(', ');
  const flags = [
    'max(case when _diff_sign = -1 then 1 else 0 end) as was',
    'max(case when _diff_sign = 1 then 1 else 0 end) as is_now',
  ];
  return `select ${['_diff_number', ...flags, ...keys, ...values].join(', ')} from (${side(removed, -1)}\nunion all\n${side(added, 1)}) as sides group by ${grouped}`;
}

// --- internal ---

/** Neither engine gives the greater of two booleans alike. */
function valueOf(name: string, type: LogicalType): string {
  return type === 'boolean' ? `cast(${identifier(name)} as text)` : identifier(name);
}
