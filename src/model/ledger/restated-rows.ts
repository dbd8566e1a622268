/**
 * The SELECT that finds what a build has to say about frozen rows.
 */
import { identifier, identifiers, literal } from '../../warehouse/sql.ts';
import type { Column } from '../../warehouse/types.ts';
import { castTo, type EngineSpelling } from '../build/bind.ts';
import type { Model } from '../contract.ts';
import { sameKey } from '../build/key-sql.ts';
import { FROZEN_BY, type LedgerColumn } from './ledger-store.ts';
import { ledgerColumns, restatedName, restatementColumns } from './restatement-columns.ts';

/** The last restatement of each row, with the number of its build. */
export function lastRestatements(ids: readonly Column[], restatements: string): string {
  const build = `cast(substr(build_id, 2) as bigint)`;
  const partition = identifiers(ids.map((column) => column.name));
  return `select * from (select restated.*, ${build} as build, row_number() over (partition by ${partition} order by ${build} desc nulls last) as recency from (${restatements}\n) as restated) as ranked where recency = 1`;
}

/**
 * Rows for the restatements of a ledger. Of the rows in `suspects`, those that are known otherwise than was last said: in
 * the ledger itself, or in their last restatement.
 */
export function restatedRows(
  engine: EngineSpelling,
  model: Model,
  stored: readonly LedgerColumn[],
  tables: { suspects: string; frozen: string; known: string; last: string },
  said: Readonly<Record<'cause' | 'because' | 'build_id' | 'noted_at', string>>,
): string {
  const { ids, values, stamps } = ledgerColumns(model);
  // a row says nothing in a column that came after it
  const since = new Map(stored.map((column) => [column.name, column.since]));
  const differs = (build: string, one: string, other: string, column: string): string =>
    `(${build} >= ${since.get(column) ?? 0} and ${one} is distinct from ${other})`;
  const frozenBy = `frozen.${identifier(FROZEN_BY)}`;
  const fromFrozen = values.map(({ name }) =>
    differs(frozenBy, `frozen.${identifier(name)}`, `known.${identifier(name)}`, name),
  );
  const fromLast = values.map(({ name }) => {
    const before = `case when last.build is null then frozen.${identifier(name)} else last.${identifier(restatedName('known', name))} end`;
    return differs(`coalesce(last.build, ${frozenBy})`, before, `known.${identifier(name)}`, name);
  });
  const isFrozen = `(${frozenBy} is not null)`;
  const isKnown = `(known.is_there is not null)`;
  const wasThere = `(case when last.change in ('changed', 'added') then true when last.change = 'removed' then false else ${isFrozen} end)`;
  const names = values.map(({ name }, index) => `case when ${fromFrozen[index] ?? 'false'} then ${literal(name)} end`);
  const own: Readonly<Record<string, string>> = {
    change: `case when ${isFrozen} and ${isKnown} then case when ${anyOf(fromFrozen)} then 'changed' else 'restored' end when ${isFrozen} then 'removed' when ${isKnown} then 'added' else 'restored' end`,
    changed_columns: `case when ${isFrozen} and ${isKnown} then nullif(concat_ws(', ', ${names.join(', ') || 'null'}), '') end`,
    ...Object.fromEntries(Object.entries(said).map(([name, value]) => [name, literal(value)])),
    ...Object.fromEntries(ids.map(({ name }) => [name, `suspects.${identifier(name)}`])),
    ...Object.fromEntries(
      [...values, ...stamps].flatMap(({ name }) => [
        [restatedName('locked', name), `frozen.${identifier(name)}`],
        [restatedName('known', name), `known.${identifier(name)}`],
      ]),
    ),
  };
  const outputs = restatementColumns(model).map(
    ({ name, type }) => `${castTo(engine, own[name] ?? 'null', type)} as ${identifier(name)}`,
  );
  const same = (alias: string): string =>
    sameKey(engine, { columns: ids }, (index) => `suspects.${identifier(ids[index]?.name ?? '')}`, alias);
  return `select ${outputs.join(', ')}
from ${tables.suspects} as suspects
left join ${tables.frozen} as frozen on ${same('frozen')}
left join ${tables.known} as known on ${same('known')}
left join ${tables.last} as last on ${same('last')}
where ${wasThere} <> ${isKnown} or (${isKnown} and ${anyOf(fromLast)})`;
}

// --- internal ---

function anyOf(conditions: readonly string[]): string {
  return conditions.length === 0 ? 'false' : `(${conditions.join(' or ')})`;
}
