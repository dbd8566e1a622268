/**
 * A ledger as it was after a build: what was reported then, or what was known then.
 */
import { identifier, identifiers, qualified } from '../../warehouse/sql.ts';
import { castTo, type EngineSpelling } from '../build/bind.ts';
import { sameKey } from '../build/key-sql.ts';
import { restatementsName } from '../compile/companions.ts';
import type { ModelRelation } from '../relation.ts';
import { keptName, STORE } from '../store/store.ts';
import { FROZEN_BY } from './ledger-store.ts';
import { lastRestatements } from './restated-rows.ts';
import { ledgerColumns, restatedName } from './restatement-columns.ts';

/**
 * The SELECT of a ledger's rows that were frozen by build number `build` or before. `reported`: as they were frozen.
 * `known`: as its restatements up to that build say; the stamps of restated rows are NULL.
 */
export function ledgerAt(
  engine: EngineSpelling,
  { name, columns, model }: ModelRelation,
  build: number,
  state: 'reported' | 'known',
): string {
  const names = identifiers(columns.map((column) => column.name));
  const kept = qualified({ schema: STORE, name: keptName(name) });
  const frozen = `select ${names} from ${kept} where ${identifier(FROZEN_BY)} <= ${build}`;
  if (state === 'reported') return frozen;
  const { ids, values } = ledgerColumns(model);
  const log = qualified({ schema: STORE, name: keptName(restatementsName(name)) });
  const last = lastRestatements(ids, `select * from ${log} where cast(substr(build_id, 2) as bigint) <= ${build}`);
  const isId = (column: string): boolean => ids.some((id) => id.name === column);
  const isValue = (column: string): boolean => values.some((value) => value.name === column);
  const known = columns.map((column) => {
    const from = isId(column.name) ? column.name : restatedName('known', column.name);
    const value = isId(column.name) || isValue(column.name) ? identifier(from) : 'null';
    return `${castTo(engine, value, column.type)} as ${identifier(column.name)}`;
  });
  const same = sameKey(engine, { columns: ids }, (index) => `frozen.${identifier(ids[index]?.name ?? '')}`, 'last');
  return `select ${names} from (${frozen}) as frozen
where not exists (select 1 from (${last}) as last where last.change in ('changed', 'removed') and ${same})
union all
select ${known.join(', ')} from (${last}) as last where change in ('changed', 'added')`;
}
