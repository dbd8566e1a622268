import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { compileProject } from '../../../src/model/compile/compile.ts';
import type { ModelProject } from '../../../src/model/contract.ts';
import { modelSql } from '../../../src/model/build/model-sql.ts';
import type { Warehouse } from '../../../src/warehouse/contract.ts';
import { engines, openTestWarehouse, type TestWarehouse } from '../../support/warehouses.ts';
import { rowsOf, run } from '../building.ts';
import { model, projectOf, type Files } from '../project.ts';
import { makeRaw, sync, type RawTableShape } from '../synced.ts';

const VISITS: RawTableShape = {
  connector: 'web',
  table: 'visits',
  columns: { id: 'text', person: 'text', click: 'text' },
  primaryKey: ['id'],
};
const CLICKS: RawTableShape = {
  connector: 'web',
  table: 'clicks',
  columns: { click: 'text', campaign: 'text' },
  primaryKey: ['click'],
};
const CAMPAIGNS: RawTableShape = {
  connector: 'web',
  table: 'campaigns',
  columns: { campaign: 'text', channel: 'text', last_day: 'text' },
  primaryKey: ['campaign'],
};

function staging(shape: RawTableShape, header = ''): string {
  const columns = Object.keys(shape.columns);
  const reads = columns.map((column) => `${column}: text`).join(', ');
  return model(
    columns.map((column) => `${column} text`),
    `select ${columns.join(', ')} from source`,
    `source: web.${shape.table}\nreads: { ${reads} }${header}`,
  );
}

const TOUCHES = model(
  ['id text', 'person text', 'channel text', 'touches bigint'],
  `select visits.id, visits.person, web_campaigns.channel, count(*) over (partition by visits.person) as touches
from visits
left join web_clicks on web_clicks.click = visits.click
left join web_campaigns on web_campaigns.campaign = web_clicks.campaign`,
  'key: person\nlookups:\n  web_clicks: { click: visits.click }\n  web_campaigns: { campaign: web_clicks.campaign }',
);
const FILES: Files = {
  'models/staging/web/visits.sql': staging(VISITS),
  'models/staging/web/clicks.sql': staging(CLICKS),
  'models/staging/web/campaigns.sql': staging(CAMPAIGNS),
  'models/core/visits.sql': model(
    ['id text', 'person text', 'click text'],
    'select id, person, click from web_visits',
    'key: id',
  ),
  'models/core/touches.sql': TOUCHES,
};

describe.each(engines)('%s', (engine) => {
  let opened: TestWarehouse;
  let warehouse: Warehouse;
  let project: ModelProject;
  beforeEach(async () => {
    opened = await openTestWarehouse(engine);
    warehouse = opened.warehouse;
    project = await projectOf(FILES);
    for (const shape of [VISITS, CLICKS, CAMPAIGNS]) await makeRaw(warehouse, shape);
    const people = ['p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p7', 'p8'];
    await sync(warehouse, VISITS, {
      rows: people.flatMap((person, at) => [
        { id: `${at}a`, person, click: at < 4 ? `c${at}` : null },
        { id: `${at}b`, person, click: null },
      ]),
    });
    await sync(warehouse, CLICKS, {
      rows: [
        { click: 'c0', campaign: 'A' },
        { click: 'c1', campaign: 'B' },
      ],
    });
    await sync(warehouse, CAMPAIGNS, {
      rows: ['A', 'B'].map((campaign) => ({ campaign, channel: 'Search', last_day: '1' })),
    });
    await build();
  });
  afterEach(() => opened.dispose());

  /** What was done with `touches`, how many rows it wrote; and that it holds what its SQL gives. */
  async function build(): Promise<string> {
    const { relations } = await run(warehouse, project, {}, { rebuildShare: 0.5 });
    const done = relations.find(({ name }) => name === 'touches');
    const whole = await modelSql(warehouse, await compileProject(project, engine), 'touches');
    expect(await rowsOf(warehouse, 'core.touches')).toEqual(await rowsOf(warehouse, `(${whole}) as whole`));
    return `${done?.ran} ${done?.written}${done?.because === undefined ? '' : `: ${done.because}`}`;
  }

  it('A row of a lookup that comes, changes or goes touches the keys that look at it, and no others', async () => {
    await sync(warehouse, CLICKS, { rows: [{ click: 'c2', campaign: 'B' }] });
    expect(await build()).toBe('incremental 1');
    await sync(warehouse, CLICKS, { rows: [{ click: 'c2', campaign: 'none' }] });
    expect(await build()).toBe('incremental 1');
    await sync(warehouse, CLICKS, { rows: [], vanished: [{ click: 'c1' }] });
    expect(await build()).toBe('incremental 1');
    await sync(warehouse, CLICKS, { rows: [{ click: 'unknown', campaign: 'A' }] });
    expect(await build()).toBe('unchanged 0');
  });

  it('A lookup behind a lookup leads over its rows, those that changed at the same time included', async () => {
    await sync(warehouse, CAMPAIGNS, { rows: [{ campaign: 'B', channel: 'Video', last_day: '1' }] });
    expect(await build()).toBe('incremental 1');
    await sync(warehouse, CLICKS, {
      rows: [
        { click: 'c0', campaign: 'B' },
        { click: 'c3', campaign: 'A' },
      ],
    });
    await sync(warehouse, CAMPAIGNS, { rows: [{ campaign: 'A', channel: 'Display', last_day: '1' }] });
    await sync(warehouse, VISITS, { rows: [{ id: '0b', person: 'p1', click: 'c3' }] });
    expect(await build()).toBe('incremental 3');
  });

  it('What the model does not name of a lookup does not matter', async () => {
    await sync(warehouse, CAMPAIGNS, { rows: [{ campaign: 'A', channel: 'Search', last_day: '2' }] });
    expect(await build()).toBe('unchanged 0');
  });

  it('While some keys are computed, a lookup holds only what their rows look at, each once whatever leads to it', async () => {
    // the count breaks the promise of the ways, and so shows what was there
    const sees = model(
      ['id text', 'person text', 'seen bigint'],
      'select id, person, (select count(*) from web_clicks) as seen from visits',
      'key: person\nlookups:\n  web_clicks:\n    - { click: visits.click }\n    - { click: visits.person }',
    );
    project = await projectOf({ ...FILES, 'models/core/sees.sql': sees });
    await sync(warehouse, CLICKS, { rows: ['p1', 'p2', 'c9'].map((click) => ({ click, campaign: 'A' })) });
    await build();
    await sync(warehouse, VISITS, {
      rows: [
        { id: '0c', person: 'p1', click: 'c1' },
        { id: '0d', person: 'p1', click: 'p1' },
      ],
    });
    await build();
    const rows = await warehouse.query('select distinct person, seen from core.sees order by person');
    // c0 and c1 by their clicks, p1 by the click and by the person
    expect(rows.map(({ person, seen }) => `${String(person)} ${String(seen)}`)).toEqual([
      'p1 3',
      ...['p2', 'p3', 'p4', 'p5', 'p6', 'p7', 'p8'].map((person) => `${person} 5`),
    ]);
  });

  it('Without its ways a change of a lookup builds the model whole, and a header with other ways is another definition', async () => {
    const text = TOUCHES.replace(/lookups:\n {2}web_clicks.*\n {2}web_campaigns.*\n/, '');
    project = await projectOf({ ...FILES, 'models/core/touches.sql': text });
    expect(await build()).toBe('full 16: its definition changed');
    await sync(warehouse, CLICKS, { rows: [{ click: 'c2', campaign: 'B' }] });
    expect(await build()).toBe('full 16: web_clicks changed, and is read whole');
  });
});

it.each([
  [
    'a relation it does not read',
    'web_click: { click: visits.click }',
    'lookups web_click: touches does not read web_click; did you mean web_clicks?',
  ],
  [
    'a column that is not there',
    'web_clicks: { clik: visits.click }',
    'lookups web_clicks: web_clicks has no column clik; did you mean click?',
  ],
  [
    'a column the parent has not',
    'web_clicks: { click: visits.clik }',
    'lookups web_clicks: visits has no column clik; did you mean click?',
  ],
  [
    'a parent that carries the key',
    'visits: { id: web_clicks.click }',
    'lookups visits: it carries the key, and is no lookup',
  ],
  [
    'a way that ends before the key',
    'web_campaigns: { campaign: web_clicks.campaign }',
    'lookups web_campaigns: web_clicks does not carry the key of touches, and has no way of its own to one that does',
  ],
  [
    'a way in a circle',
    'web_campaigns: { campaign: web_clicks.campaign }\n  web_clicks: { campaign: web_campaigns.campaign }',
    'lookups web_campaigns: web_clicks does not carry the key of touches',
  ],
  [
    'columns of two parents',
    'web_clicks: { click: visits.click, campaign: web_campaigns.campaign }',
    'lookups.web_clicks: ',
  ],
])('A lookup of %s is refused', async (_, lookups, message) => {
  const text = TOUCHES.replace(/web_clicks: \{.*\n {2}web_campaigns: .*\n/, `${lookups}\n`);
  const compiled = projectOf({ ...FILES, 'models/core/touches.sql': text }).then((found) => compileProject(found));
  await expect(compiled).rejects.toMatchObject({ code: 'MODEL_INVALID', message: expect.stringContaining(message) });
});
