import { expect, it } from 'vitest';

import type { Warehouse } from '../../../src/warehouse/contract.ts';
import { engines, openTestWarehouse } from '../../support/warehouses.ts';
import { rowsOf, run } from '../building.ts';
import { model, projectOf } from '../project.ts';
import { makeRaw, sync, type RawTableShape } from '../synced.ts';

const EVENTS: RawTableShape = {
  connector: 'web',
  table: 'events',
  columns: { id: 'text', person: 'text', payload: 'json' },
  primaryKey: ['id'],
};

it.each(engines)(
  'On %s rows that come in the one parent with the key are read from the load alone, and what the model had of their keys goes',
  async (engine) => {
    const { warehouse, dispose } = await openTestWarehouse(engine);
    const project = await projectOf({
      'models/staging/web/events.sql': model(
        ['event_id text', 'person text', 'payload json'],
        'select id as event_id, person, payload from source where not _deleted',
        'source: web.events\nreads: { id: text, person: text, payload: json, _deleted: boolean }',
      ),
      'models/core/events.sql': model(
        ['event_id text', 'person text', 'payload json'],
        'select event_id, lower(person) as person, payload from web_events',
        'key: event_id',
      ),
      // several rows of its parent have one key: what came is not all of them
      'models/core/people.sql': model(
        ['person text', 'events bigint'],
        'select person, count(*) as events from events group by person',
        'key: person',
      ),
      // it has a row of a key before its parent has one
      'models/core/listed.sql': model(
        ['event_id text', 'person text'],
        "select listed.event_id, coalesce(web_events.person, 'nobody') as person from (values ('1'), ('3')) as listed(event_id) left join web_events on web_events.event_id = listed.event_id",
        'grain: [event_id]\nkey: event_id',
      ),
    });
    const statements: string[] = [];
    const watched: Warehouse = {
      ...warehouse,
      execute: (sql, values) => (statements.push(sql), warehouse.execute(sql, values)),
    };
    const build = async (): Promise<string[]> => {
      statements.length = 0;
      await run(watched, project, {}, { rebuildShare: Infinity });
      return statements.filter((sql) =>
        /create (unlogged )?table "revops_store"."events__b\d+__(old|fresh)"/.test(sql),
      );
    };
    const event = (id: string, person: string): Record<string, string> => ({ id, person, payload: `{"of": "${id}"}` });
    await makeRaw(warehouse, EVENTS);
    await sync(warehouse, EVENTS, { rows: [event('1', 'Ann'), event('2', 'Bob')] });
    await build();
    await sync(warehouse, EVENTS, { rows: [event('3', 'ANN')] });
    const [old = '', fresh = ''] = await build();
    expect(old).toContain('events__b1');
    expect(fresh).not.toContain('raw_web');
    expect(await rowsOf(warehouse, 'core.listed')).toEqual([
      { event_id: '1', person: 'Ann' },
      { event_id: '3', person: 'ANN' },
    ]);
    await sync(warehouse, EVENTS, { rows: [event('1', 'Bob'), event('4', 'Cid')], vanished: [{ id: '2' }] });
    const [changed = ''] = await build();
    expect(changed).toContain('events__b1');
    expect(await rowsOf(warehouse, 'core.events')).toEqual([
      { event_id: '1', person: 'bob', payload: { of: '1' } },
      { event_id: '3', person: 'ann', payload: { of: '3' } },
      { event_id: '4', person: 'cid', payload: { of: '4' } },
    ]);
    expect(await rowsOf(warehouse, 'core.people')).toEqual([
      { person: 'ann', events: 1 },
      { person: 'bob', events: 1 },
      { person: 'cid', events: 1 },
    ]);
    await dispose();
  },
);
