import { expect, it } from 'vitest';

import { column, type Stream } from '../../src/connector/index.ts';
import { freshness } from '../../src/project/freshness.ts';
import type { Project } from '../../src/project/load.ts';
import { recorded, syncSummary } from '../../src/project/runs.ts';
import { openBench } from '../sync/support.ts';
import { connectorOf } from '../sync/support-options.ts';
import { engines } from '../support/warehouses.ts';

const AT = '2026-03-05T08:00:00Z';
const at = (instant: string) => ({ now: () => new Date(instant) });

const STREAMS: Stream[] = [
  {
    name: 'spend',
    description: 'Spend.',
    mode: 'window',
    day: 'day',
    restates: 1,
    sliceDays: 31,
    schema: { account_id: column.text(), day: column.date(), cost: column.bigint() },
    primaryKey: ['account_id', 'day'],
    partitions: async () => [{ key: { account_id: '1' }, label: 'One', timeZone: 'Europe/Berlin' }],
    async *read() {
      yield { records: [] };
    },
  },
  ...['deals', 'costs'].map((name): Stream => ({
    name,
    description: 'Changes.',
    mode: 'upsert',
    schema: { id: column.bigint() },
    primaryKey: ['id'],
    async *read() {
      yield { records: [{ id: 1 }], cursor: 1 };
    },
    ...(name === 'costs' ? { slaHours: null } : {}),
  })),
];

it.each(engines)('a source is as fresh as its data reaches, and late beyond what is allowed, on %s', async (engine) => {
  const bench = await openBench(engine);
  const connector = connectorOf(STREAMS);
  const project = {
    timeZone: 'UTC',
    connectors: [connector],
    checks: { freshnessHours: 26, slaHours: { 'made-up.deals': 24 } },
  } as unknown as Project;
  const never = await freshness(project, bench.warehouse, new Date(AT));
  expect(never.map(({ source, status }) => `${source} ${status}`)).toEqual([
    'made-up.spend never_loaded',
    'made-up.deals never_loaded',
    'made-up.costs never_loaded',
  ]);
  await recorded(bench.warehouse, { command: 'sync', ...at(AT) }, { keepDays: 180 }, async ({ note }) => {
    const report = await bench.sync([connector], at(AT));
    await note(syncSummary(report));
    return { result: null, status: report.status };
  });
  const found = await freshness(project, bench.warehouse, new Date('2026-03-06T08:00:00Z'));
  expect(found).toMatchObject([
    // the whole days of Berlin up to the 4th
    { source: 'made-up.spend', account: '1', dataTo: '2026-03-04T23:00:00.000Z', hoursBehind: 33, status: 'late' },
    { source: 'made-up.deals', account: null, hoursBehind: 24, allowedHours: 24, status: 'fresh' },
    { source: 'made-up.costs', hoursBehind: 24, allowedHours: null, status: 'no_promise' },
  ]);
  for (const { readAt, loadedAt } of found) {
    expect([readAt, loadedAt].map((instant) => Date.parse(instant ?? ''))).toEqual([Date.parse(AT), Date.parse(AT)]);
  }
  expect(found.map(({ newestAt, hoursSinceLoad }) => [newestAt, hoursSinceLoad])).toEqual([
    [null, 24],
    [null, 24],
    [null, 24],
  ]);
  await bench.warehouse.script(`create schema marts; create schema reference;
    create table reference.source_coverage (connector text, stream text, feed text, account_id text);
    insert into reference.source_coverage values ('made-up', 'spend', 'ad_spend', '1'), ('made-up', 'deals', 'deals', '');
    create table marts.source_freshness (feed text, source text, account_id text, newest_at timestamptz);
    insert into marts.source_freshness values ('ad_spend', 'made_up', '1', timestamptz '2026-03-03 23:00:00+00'),
      ('ad_spend', 'made_up', '2', timestamptz '2026-03-05 23:00:00+00'),
      ('deals', 'a_system_in_files', '', timestamptz '2026-03-06 05:00:00+00'),
      ('deals', 'made_up', '', timestamptz '2026-03-01 05:00:00+00');`);
  const built = await freshness(project, bench.warehouse, new Date('2026-03-06T08:00:00Z'));
  expect(built.map(({ newestAt, hoursSinceNewest }) => [newestAt?.slice(0, 19), hoursSinceNewest])).toEqual([
    ['2026-03-03T23:00:00', 57],
    ['2026-03-06T05:00:00', 3],
    [undefined, null],
  ]);
  const [, deals] = await freshness(project, bench.warehouse, new Date('2026-03-06T08:00:01Z'));
  expect(deals?.status).toBe('late');
  await bench.dispose();
});
