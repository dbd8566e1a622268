import type { CompiledProject } from '../src/model/index.ts';
import { isView } from '../src/model/relation.ts';
import type { Warehouse } from '../src/warehouse/contract.ts';
import { identifier, qualified } from '../src/warehouse/sql.ts';

/** By table: a number that any other row would change. Logs apart, which tell of builds. */
export async function digestsOf(warehouse: Warehouse, compiled: CompiledProject): Promise<Record<string, string>> {
  const digests: Record<string, string> = {};
  for (const relation of compiled.relations) {
    if (isView(relation) || relation.kind === 'log' || relation.kind === 'input') continue;
    const row = relation.columns
      .map(({ name }) => `coalesce(cast(${identifier(name)} as text), '~')`)
      .join(` || '|' || `);
    const hash =
      warehouse.engine === 'duckdb'
        ? `cast(hash(${row}) >> 8 as decimal(38,0))`
        : `cast(hashtextextended(${row}, 0) as numeric)`;
    const [found] = await warehouse.query<{ digest: string }>(
      `select cast(count(*) as text) || ' ' || coalesce(cast(sum(${hash}) as text), '') as digest from ${qualified({ schema: relation.schema, name: relation.name })}`,
    );
    digests[relation.name] = found?.digest ?? '';
  }
  return digests;
}
