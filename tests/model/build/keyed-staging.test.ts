import { expect, it } from 'vitest';

import { modelSql } from '../../../src/model/build/model-sql.ts';
import { compileProject } from '../../../src/model/index.ts';
import { engines, openTestWarehouse } from '../../support/warehouses.ts';
import { rowsOf, run } from '../building.ts';
import { model, projectOf } from '../project.ts';
import { makeRaw, sync, type RawTableShape } from '../synced.ts';

const MOVES: RawTableShape = {
  connector: 'crm',
  table: 'moves',
  columns: { deal: 'text', day: 'text', stage: 'text' },
  primaryKey: ['deal', 'day'],
};
const columns = ['deal text', 'day text', 'stage text', 'previous text'];
const STAGING = model(
  columns,
  'select deal, day, stage, lag(stage) over (partition by deal order by day) as previous from source where not _deleted',
  'grain: [deal, day]\nkey: deal\nsource: crm.moves\nreads: { deal: text, day: text, stage: text, _deleted: boolean }',
);

it.each(engines)(
  'On %s a staging model with a key that looks at several rows is computed for the keys of the changed rows alone',
  async (engine) => {
    const { warehouse, dispose } = await openTestWarehouse(engine);
    const project = await projectOf({
      'models/staging/crm/moves.sql': STAGING,
      'models/core/moves.sql': model(
        columns,
        'select * from crm_moves',
        'grain: [deal, day]\nkey: [deal, day]',
      ).replace('select *', 'select deal, day, stage, previous'),
    });
    await makeRaw(warehouse, MOVES);
    const made: string[] = [];
    const watched = {
      ...warehouse,
      execute: (sql: string, values: []) => (made.push(sql), warehouse.execute(sql, values)),
    } as typeof warehouse;
    const build = async (): Promise<string> => {
      const { relations } = await run(watched, project, {}, { rebuildShare: Infinity });
      const whole = await modelSql(warehouse, await compileProject(project, engine), 'moves');
      expect(await rowsOf(warehouse, 'core.moves')).toEqual(await rowsOf(warehouse, `(${whole}) as whole`));
      const done = relations.find(({ name }) => name === 'moves');
      return `${done?.ran} ${done?.written} ${done?.removed}`;
    };
    const move = (deal: string | null, day: string, stage: string): Record<string, string | null> => ({
      deal,
      day,
      stage,
    });
    await sync(warehouse, MOVES, {
      rows: ['a', 'b', null].flatMap((deal) => [move(deal, '1', 'new'), move(deal, '2', 'won')]),
    });
    expect(await build()).toBe('full 6 null');
    // one in the middle changes itself and the row after it
    await sync(warehouse, MOVES, { rows: [move('a', '1', 'old')] });
    made.length = 0;
    expect(await build()).toBe('incremental 2 2');
    const now = made.find((sql) => /"crm_moves__b2__now_\d+" as/.test(sql)) ?? '';
    expect(now).toContain('"crm_moves__b2__keys_');
    await sync(warehouse, MOVES, { rows: [move('c', '1', 'new')], vanished: [move('b', '1', 'new')] });
    expect(await build()).toBe('incremental 2 2');
    await sync(warehouse, MOVES, { rows: [], tombstones: [move('a', '2', 'won')] });
    expect(await build()).toBe('incremental 0 1');
    await dispose();
  },
);

it.each(engines)(
  'On %s a staging model whose key is computed, or another column of its raw table, is computed whole',
  async (engine) => {
    const { warehouse, dispose } = await openTestWarehouse(engine);
    const header = 'source: crm.moves\nreads: { deal: text, day: text, stage: text, _deleted: boolean }';
    const counted = 'cast(count(*) as bigint) as moves from source where not _deleted';
    const project = await projectOf({
      'models/staging/crm/stages.sql': model(
        ['stage text', 'moves bigint'],
        `with told as (select lower(stage) as stage, _deleted from source) select stage, ${counted.replace('source', 'told')} group by stage`,
        `key: stage\n${header}`,
      ),
      'models/staging/crm/days.sql': model(
        ['deal text', 'moves bigint'],
        `select day as deal, ${counted} group by day`,
        `key: deal\n${header}`,
      ),
      'models/core/stages.sql': model(
        ['stage text', 'moves bigint'],
        'select stage, moves from crm_stages',
        'key: stage',
      ),
      'models/core/days.sql': model(['deal text', 'moves bigint'], 'select deal, moves from crm_days', 'key: deal'),
    });
    await makeRaw(warehouse, MOVES);
    const move = (deal: string, day: string, stage: string): Record<string, string> => ({ deal, day, stage });
    await sync(warehouse, MOVES, { rows: [move('a', '1', 'Won'), move('b', 'b', 'Lost')] });
    await run(warehouse, project, {}, { rebuildShare: Infinity });
    await sync(warehouse, MOVES, { rows: [move('c', '1', 'won'), move('1', '1', 'WON')] });
    await run(warehouse, project, {}, { rebuildShare: Infinity });
    expect(await rowsOf(warehouse, 'core.stages')).toEqual([
      { stage: 'lost', moves: 1 },
      { stage: 'won', moves: 3 },
    ]);
    expect(await rowsOf(warehouse, 'core.days')).toEqual([
      { deal: '1', moves: 3 },
      { deal: 'b', moves: 1 },
    ]);
    await dispose();
  },
);

it('A function of a project that looks at several rows makes staging that calls it no model of single rows', async () => {
  const { warehouse, dispose } = await openTestWarehouse('duckdb');
  const project = await projectOf({
    'sql/duckdb/functions.sql':
      'create or replace macro how_many(value) as cast(count(value) as bigint);\ncreate or replace macro moves_of(value) as how_many(value);',
    'models/staging/crm/all.sql': model(
      ['every text', 'moves bigint'],
      "select 'all' as every, moves_of(deal) as moves from source",
      'source: crm.moves\nreads: { deal: text, day: text, stage: text, _deleted: boolean }',
    ),
    'models/core/all_moves.sql': model(
      ['every text', 'moves bigint'],
      'select every, moves from crm_all',
      'key: every',
    ),
  });
  await makeRaw(warehouse, MOVES);
  const build = (): Promise<unknown> => run(warehouse, project, {}, { rebuildShare: Infinity });
  await sync(warehouse, MOVES, { rows: [{ deal: 'a', day: '1', stage: 'x' }] });
  await build();
  await sync(warehouse, MOVES, { rows: [{ deal: 'b', day: '1', stage: 'x' }] });
  await build();
  expect(await rowsOf(warehouse, 'core.all_moves')).toEqual([{ every: 'all', moves: 2 }]);
  await dispose();
});
