import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { MIGRATIONS } from '../../../src/warehouse/state/migrations.ts';
import { migrateState, state, statement, stateVersion, warehouseId } from '../../../src/warehouse/state/index.ts';
import type { builder } from '../../../src/warehouse/state/index.ts';
import { engines, openTestWarehouse } from '../../support/warehouses.ts';
import type { TestWarehouse } from '../../support/warehouses.ts';

const now = (): Date => new Date('2026-03-01T00:00:00Z');

const LAST = MIGRATIONS.at(-1)?.version ?? 0;

for (const engine of engines) {
  describe(`state on ${engine}`, () => {
    let test: TestWarehouse;
    beforeEach(async () => {
      test = await openTestWarehouse(engine);
    });
    afterEach(() => test.dispose());

    it('is made once, and doing it again changes nothing', async () => {
      const { warehouse } = test;
      expect(await stateVersion(warehouse)).toBe(0);
      expect(await migrateState(warehouse, now)).toEqual({ from: 0, to: MIGRATIONS.at(-1)?.version });
      const id = await warehouseId(warehouse);
      const relations = await warehouse.relations('revops');
      expect(await migrateState(warehouse, now)).toEqual({
        from: MIGRATIONS.at(-1)?.version,
        to: MIGRATIONS.at(-1)?.version,
      });
      expect(await warehouseId(warehouse)).toBe(id);
      expect(await warehouse.relations('revops')).toEqual(relations);
      expect(relations.map((relation) => relation.name)).toEqual([
        'baselines',
        'builds',
        'changes',
        'check_acks',
        'check_results',
        'export_batches',
        'exported_items',
        'forced_answers',
        'intervals',
        'kept_values',
        'ledger_columns',
        'ledger_digests',
        'loads',
        'meta',
        'migrations',
        'model_runs',
        'partitions',
        'published',
        'rejected_rows',
        'runs',
        'stream_state',
        'written_records',
      ]);
      expect(await warehouse.query('select version, applied_at from revops.migrations order by version')).toEqual(
        MIGRATIONS.map(({ version }) => ({ version, applied_at: '2026-03-01T00:00:00.000000Z' })),
      );
    });

    it('is left as it was when a migration fails, and the next one starts from there', async () => {
      const { warehouse } = test;
      const next = {
        version: LAST + 1,
        description: 'one more column',
        change: (schema: typeof builder.schema) => void schema.alterTable('runs', (table) => void table.text('extra')),
        keys: {},
      };
      const broken = {
        ...next,
        change: (schema: typeof builder.schema) => void schema.dropTable('runs').dropTable('nothing'),
      };
      await expect(migrateState(warehouse, now, [...MIGRATIONS, broken])).rejects.toThrow(/nothing/);
      expect(await stateVersion(warehouse)).toBe(0);
      await migrateState(warehouse, now);
      await warehouse.execute(
        ...statement(
          state('runs').insert({ run_id: 'r1', command: 'sync', started_at: now(), status: 'ok', version: '1' }),
        ),
      );
      await expect(migrateState(warehouse, now, [...MIGRATIONS, broken])).rejects.toThrow(/nothing/);
      expect(await stateVersion(warehouse)).toBe(LAST);
      await migrateState(warehouse, now, [...MIGRATIONS, next]);
      expect(await warehouse.query(...statement(state('runs').select('run_id', 'extra', 'finished_at')))).toEqual([
        { run_id: 'r1', extra: null, finished_at: null },
      ]);
    });

    it('of a newer program is refused', async () => {
      const { warehouse } = test;
      await migrateState(warehouse, now);
      await warehouse.execute(
        ...statement(state('migrations').insert({ version: 99, description: 'future', applied_at: now() })),
      );
      await expect(migrateState(warehouse, now)).rejects.toThrow(
        `state of version 99; this revops knows up to ${LAST}`,
      );
    });

    it('takes inserts, updates and deletes built by knex', async () => {
      const { warehouse } = test;
      await migrateState(warehouse, now);
      const rows = [1, 2, 3].map((number) => ({
        load_id: `l${number}`,
        connector: 'c',
        stream: 's',
        row_number: number,
        reason: 'it\'s "bad"?',
        payload: JSON.stringify({ question: 'a ? b', value: '$1' }),
      }));
      expect(await warehouse.execute(...statement(state('rejected_rows').insert(rows)))).toBe(3);
      expect(
        await warehouse.execute(
          ...statement(state('rejected_rows').whereIn('row_number', [1, 2]).update({ reason: 'x' })),
        ),
      ).toBe(2);
      expect(await warehouse.execute(...statement(state('rejected_rows').where({ load_id: 'l2' }).delete()))).toBe(1);
      expect(
        await warehouse.query(
          ...statement(state('rejected_rows').orderBy('row_number').limit(5).select('row_number', 'reason', 'payload')),
        ),
      ).toEqual([
        { row_number: 1, reason: 'x', payload: rows[0]?.payload },
        { row_number: 3, reason: rows[2]?.reason, payload: rows[2]?.payload },
      ]);
    });
  });
}
