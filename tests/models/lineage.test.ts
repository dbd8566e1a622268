import fc from 'fast-check';
import { expect, it } from 'vitest';

import { bindModel } from '../../src/model/build/bind.ts';
import { lineageOf } from '../../src/model/lineage/index.ts';
import type { ModelRelation } from '../../src/model/relation.ts';
import type { Warehouse } from '../../src/warehouse/contract.ts';
import { identifier } from '../../src/warehouse/sql.ts';
import type { LogicalType } from '../../src/warehouse/types.ts';
import { buildLibrary, installFunctions } from '../support/library.ts';
import { shippedLibrary } from '../support/shipped.ts';
import { isWhole, openTestWarehouse } from '../support/warehouses.ts';
import { smallWorld } from './small-world.ts';

/** Of the columns, each so many-th is changed; `npm run test:all` changes all of them. */
const EVERY = isWhole ? 1 : 3;
const SEED = Number(process.env['REVOPS_TEST_SEED'] ?? 20_260_305);

it('A change of one column changes no column of a model that does not come from it, in the whole shipped library', async () => {
  const compiled = await shippedLibrary();
  const lineage = lineageOf(compiled);
  const models = compiled.relations.filter(
    (relation): relation is ModelRelation => relation.kind === 'model' && relation.schema !== 'staging',
  );
  const given = fc.sample(smallWorld, { numRuns: 1, seed: SEED })[0] ?? {};
  const { warehouse, dispose } = await openTestWarehouse('duckdb');
  let turn = 0;
  let reacted = 0;
  let passedOn = 0;
  let reactedPassed = 0;
  try {
    await installFunctions(warehouse, compiled);
    await buildLibrary(warehouse, compiled, 'library', given);
    for (const model of models) {
      const before = await columnDigests(warehouse, model, undefined);
      const filters = new Set((lineage.up.get(`${model.name}.*`) ?? []).map(({ from }) => from));
      for (const parent of model.parents) {
        for (const { name, type } of compiled.byName.get(parent)?.columns ?? []) {
          // what the SQL never names cannot show
          const { columnNames, readsUnnamedColumns } = model.parsed.analysis;
          if (type === 'json' || (!columnNames.has(name) && !readsUnnamedColumns)) continue;
          turn += 1;
          if (turn % EVERY !== 0) continue;
          const id = `${parent}.${name}`;
          const after = await columnDigests(warehouse, model, { parent, column: name, type });
          for (const { name: output } of model.columns) {
            const edge = lineage.up.get(`${model.name}.${output}`)?.find(({ from }) => from === id);
            const isChanged = before[output] !== after[output];
            if (edge?.kind === 'passed') passedOn += 1;
            if (!isChanged) continue;
            reacted += 1;
            if (edge?.kind === 'passed') reactedPassed += 1;
            expect(
              edge !== undefined || filters.has(id),
              `${model.name}.${output} changes with ${id}, from which it does not come`,
            ).toBe(true);
          }
        }
      }
    }
  } finally {
    await dispose();
  }
  // it must not hold for want of changes
  expect(reacted).toBeGreaterThan(500 / EVERY);
  expect(reactedPassed / passedOn).toBeGreaterThan(0.5);
}, 240_000);

// --- internal ---

/** A digest of each column's values, whatever their order, with one column of one parent changed in every row. */
async function columnDigests(
  warehouse: Warehouse,
  { model, parsed, parents, columns }: ModelRelation,
  change: { parent: string; column: string; type: LogicalType } | undefined,
): Promise<Record<string, unknown>> {
  const shadows = parents.map((name) => {
    const replaced =
      change?.parent === name
        ? ` replace (${changed(change.column, change.type)} as ${identifier(change.column)})`
        : '';
    return { name, sql: `select *${replaced} from library.${identifier(name)}` };
  });
  const select = bindModel(warehouse, { sql: model.sql, calls: parsed.calls, columns }, shadows, (name) => name);
  const digests = columns.map(
    ({ name }) =>
      `cast(sum(hash(coalesce(cast(${identifier(name)} as text), 'nothing')) % 1000003) as bigint) as ${identifier(name)}`,
  );
  const [row] = await warehouse.query(`select ${digests.join(', ')} from (${select}) as made`);
  return row ?? {};
}

function changed(column: string, type: LogicalType): string {
  const name = identifier(column);
  if (column.endsWith('time_zone')) return `'Asia/Tokyo'`;
  if (type === 'text') return `coalesce(${name} || '~', 'EUR')`;
  if (type === 'boolean') return `not coalesce(${name}, false)`;
  if (type === 'date') return `coalesce(${name}, date '2024-03-01') + 1`;
  if (type === 'timestamptz') return `coalesce(${name}, timestamptz '2024-03-01 00:00:00+00') + interval 1 day`;
  return `cast(coalesce(${name}, 0) + 1 as ${type})`;
}
