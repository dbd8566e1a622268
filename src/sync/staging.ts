/**
 * A load's rows in temporary tables of the load's transaction.
 */
import type { Session, Warehouse } from '../warehouse/contract.ts';
import { identifier, identifiers } from '../warehouse/sql.ts';
import type { Column } from '../warehouse/types.ts';
import { loadPart } from './load-part.ts';
import type { Manifest } from './manifest.ts';
import { stageRejected } from './rejected.ts';
import type { StreamShape } from './shape.ts';
import { temporary } from './temporary.ts';

/** Rows of the load: the columns of the stream and `STAGED_COLUMNS`. */
export const STAGED = 'revops_staged';
/** `set`: owners whose sets the load gives completely. */
export const OWNERS = 'revops_owners';

/** What a staged row has on top of the stream's columns; `_seq` is the order of reading, `_gone` a deletion. */
export const STAGED_COLUMNS: readonly Column[] = [
  { name: '_extra', type: 'json' },
  { name: '_row_hash', type: 'text' },
  { name: '_gone', type: 'boolean' },
  { name: '_seq', type: 'bigint' },
];

/** Loads the parts of a spool into temporary tables. */
export async function stage(
  warehouse: Warehouse,
  session: Session,
  shape: StreamShape,
  manifest: Manifest,
  folder: string,
): Promise<void> {
  const load = async (table: string, columns: readonly Column[], part: 'rows' | 'owners'): Promise<void> => {
    const spelled = columns.map(({ name, type }) => `${identifier(name)} ${warehouse.typeName(type)}`);
    await session.execute(`create temporary table ${identifier(table)} (${spelled.join(', ')})`);
    if (manifest.parts[part] === 0) return;
    await loadPart(session, temporary(session, table), columns, manifest, part, folder);
    if (session.engine === 'postgres') await session.execute(`analyze ${identifier(table)}`);
  };
  await load(STAGED, [...shape.columns, ...STAGED_COLUMNS], 'rows');
  if (shape.mode === 'set') await load(OWNERS, ownerColumns(shape), 'owners');
  await stageRejected(warehouse, session, shape, manifest, folder);
}

/** Removes the temporary tables. */
export async function unstage(session: Session, shape: StreamShape): Promise<void> {
  await session.execute(`drop table ${identifier(STAGED)}`);
  if (shape.mode === 'set') await session.execute(`drop table ${identifier(OWNERS)}`);
}

/** Leaves one staged row per primary key, the last read (`append`: the first); gives the number of rows dropped. */
export async function dropDuplicates(session: Session, shape: StreamShape): Promise<number> {
  const key = identifiers(shape.primaryKey);
  const twice = `select ${key} from ${STAGED} group by ${key} having count(*) > 1`;
  const [found] = await session.query<{ n: number }>(`select count(*) as n from (${twice}) as twice`);
  if ((found?.n ?? 0) === 0) return 0;
  const order = shape.mode === 'append' ? 'asc' : 'desc';
  const ranked = `select _seq, row_number() over (partition by ${key} order by _seq ${order}) as place from ${STAGED}`;
  return session.execute(
    `delete from ${STAGED} where _seq in (select _seq from (${ranked}) as ranked where place > 1)`,
  );
}

/** `set`: drops rows of owners that a later page gave anew; gives their number. */
export async function dropSupersededSets(session: Session, shape: StreamShape): Promise<number> {
  const owner = identifiers(shape.partitionBy);
  const same = shape.partitionBy.map((name) => `o.${identifier(name)} = s.${identifier(name)}`).join(' and ');
  return session.execute(
    `delete from ${STAGED} as s using (select ${owner}, max(_seq) as _seq from ${OWNERS} group by ${owner}) as o
     where ${same} and s._seq < o._seq`,
  );
}

export function ownerColumns(shape: StreamShape): Column[] {
  const types = new Map(shape.columns.map(({ name, type }) => [name, type]));
  return [
    ...shape.partitionBy.map((name): Column => ({ name, type: types.get(name) ?? 'text' })),
    { name: '_seq', type: 'bigint' },
  ];
}
