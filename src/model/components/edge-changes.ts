/**
 * What came and went of the edges of a model of components, since it was built last.
 */
import { qualified } from '../../warehouse/sql.ts';
import { castTo } from '../build/bind.ts';
import type { BuildWork } from '../build/build-work.ts';
import type { Change } from '../build/deltas.ts';
import { deniedSelect, edgesSelect } from './edges.ts';
import type { ComponentsRelation } from '../relation.ts';
import type { Parts } from '../store/state.ts';
import { STORE, workName } from '../store/store.ts';
import { makeWorkTable } from '../build/work-table.ts';

export interface EdgeChanges {
  /** A table (side, a, b, seen_at); the sides are `added`, `removed`, `denied` and `allowed`. */
  table: string;
  /** None went, and who is denied is as before. */
  isGrowth: boolean;
}

/** What changed since `before`; or why that cannot be told. */
export async function changeOfEdges(
  work: BuildWork,
  relation: ComponentsRelation,
  before: Parts,
): Promise<'none' | EdgeChanges | { because: string }> {
  const { warehouse } = work.options;
  const { denied } = relation.spec;
  const unknown = (name: string): { because: string } => ({ because: `what changed in ${name} is not known` });
  const edges: Change = await work.deltas.of(relation.edges, before);
  if (edges === 'unknown') return unknown(relation.edges);
  const denials: Change = denied === undefined ? 'none' : await work.deltas.of(denied, before);
  if (denials === 'unknown') return unknown(denied ?? '');

  const type = relation.columns.find(({ name }) => name === 'first_at')?.type ?? 'timestamptz';
  const arm = (side: string, seen: string, rows: string): string =>
    `select ${castTo(warehouse, `'${side}'`, 'text')} as side, a, b, ${seen} as seen_at from (${rows}\n) as ${side}`;
  const edgeArm = (side: string, rows: string): string => arm(side, 'seen_at', edgesSelect(warehouse, relation, rows));
  const deniedArm = (side: string, rows: string): string =>
    arm(side, castTo(warehouse, 'null', type), deniedSelect(warehouse, relation, rows));
  const arms = [
    ...(edges === 'none' ? [] : [edgeArm('added', edges.added), edgeArm('removed', edges.removed)]),
    ...(denials === 'none' ? [] : [deniedArm('denied', denials.added), deniedArm('allowed', denials.removed)]),
  ];
  if (arms.length === 0) return 'none';
  const name = workName(relation.name, work.buildId, 'changes');
  if ((await makeWorkTable(warehouse, name, arms.join('\nunion all\n'))) === 0) return 'none';
  const table = qualified({ schema: STORE, name });
  const [other] = await warehouse.query(`select 1 as found from ${table} where side <> 'added' limit 1`);
  return { table, isGrowth: other === undefined };
}
