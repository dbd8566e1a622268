import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { followBuild, followSync } from '../../src/cli/open-lineage.ts';
import { compileProject } from '../../src/model/compile/compile.ts';
import type { Project } from '../../src/project/load.ts';
import { openLineageFile } from '../../src/project/open-lineage.ts';
import { loadRaw, run } from '../model/building.ts';
import { projectOf, writeFiles } from '../model/project.ts';
import { DEAL_COLUMNS, INPUTS, LIBRARY } from '../model/small-library.ts';
import { engines, openTestWarehouse } from '../support/warehouses.ts';

const NOW = new Date('2026-03-01T12:00:00Z');
const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;

interface Event {
  eventType: string;
  eventTime: string;
  producer: string;
  schemaURL: string;
  run: { runId: string; facets: Record<string, Facet> };
  job: { namespace: string; name: string; facets: Record<string, Facet> };
  inputs: { namespace: string; name: string; facets: Record<string, Facet> }[];
  outputs: { namespace: string; name: string; facets: Record<string, Facet>; outputFacets?: Record<string, Facet> }[];
}
type Facet = Record<string, unknown> & { _producer: string; _schemaURL: string };

function eventsIn(file: string): Event[] {
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Event);
}

/** What https://openlineage.io/spec/2-0-2/OpenLineage.json requires. */
function expectValid(events: readonly Event[]): void {
  for (const {
    eventType,
    eventTime,
    producer,
    schemaURL,
    run: { runId, facets },
    job,
    inputs,
    outputs,
  } of events) {
    expect(['START', 'COMPLETE', 'FAIL']).toContain(eventType);
    expect(new Date(eventTime).toISOString()).toBe(eventTime);
    expect([new URL(producer).href, new URL(schemaURL).hash]).toEqual([producer, '#/$defs/RunEvent']);
    expect(runId).toMatch(UUID);
    expect([job.namespace, job.name].every((name) => name.length > 0)).toBe(true);
    const all = [
      facets,
      job.facets,
      ...[...inputs, ...outputs].map((one) => one.facets),
      ...outputs.map((one) => one.outputFacets ?? {}),
    ];
    for (const facet of all.flatMap((group) => Object.values(group))) {
      expect(facet._producer).toBe(producer);
      expect(facet._schemaURL).toMatch(/^https:\/\/openlineage\.io\/spec\/facets\/\d-\d-\d\/(\w+)\.json#\/\$defs\/\1$/);
    }
  }
  for (const id of new Set(events.map((event) => event.run.runId))) {
    const types = events.filter((event) => event.run.runId === id).map((event) => event.eventType);
    expect(types).toEqual(['START', expect.stringMatching(/^(COMPLETE|FAIL)$/)]);
  }
}

describe.each(engines)('%s', (engine) => {
  it('A build writes valid events of itself and of its models, and says which failed', async () => {
    const { warehouse, config, dispose } = await openTestWarehouse(engine);
    await loadRaw(warehouse, 'crm', 'deals', DEAL_COLUMNS, [['a', '1', 'true']]);
    const models = await projectOf(LIBRARY);
    const compiled = await compileProject(models, engine);
    const file = join(writeFiles({}), 'events.jsonl');
    const project = { name: 'company', warehouse: config } as Project;
    const lineage = openLineageFile(project, file, warehouse.location, () => NOW);
    const one = followBuild(lineage, compiled, NOW);
    await run(warehouse, models, INPUTS, { onEvent: (event) => one.onEvent(event) });
    one.end();
    one.end(new Error('too late'));
    const events = eventsIn(file);
    expectValid(events);
    const deals = events.filter((event) => event.job.name === 'build.core.deals');
    const database =
      engine === 'postgres'
        ? `${new URL(config.type === 'postgres' ? config.url.reveal() : '').pathname.slice(1)}.`
        : '';
    expect(deals.map(({ eventType }) => eventType)).toEqual(['START', 'COMPLETE']);
    expect(deals[1]).toMatchObject({
      job: { namespace: 'company', facets: { sql: { query: expect.stringContaining('from deals_feed') } } },
      run: { facets: { parent: { job: { name: 'build' }, run: { runId: events[0]?.run.runId } } } },
      inputs: [{ name: `${database}feeds.deals_feed` }, { name: `${database}reference.settings` }],
      outputs: [
        {
          namespace: expect.stringMatching(
            engine === 'postgres' ? /^postgres:\/\/[^/]+:\d+$/ : /^duckdb:\/\/\/.*\.duckdb$/,
          ),
          name: `${database}core.deals`,
          facets: {
            schema: {
              fields: expect.arrayContaining([{ name: 'amount', type: 'decimal(18,6)', description: 'A column.' }]),
            },
          },
          outputFacets: { outputStatistics: { rowCount: 1 } },
        },
      ],
    });
    expect(JSON.stringify(events)).not.toContain('too late');

    const other = followBuild(lineage, compiled, NOW);
    const broken = await projectOf({
      ...LIBRARY,
      'models/marts/won.sql': (LIBRARY['models/marts/won.sql'] ?? '').replace('count(*)', 'cast(source as bigint)'),
    });
    const failed = run(warehouse, broken, INPUTS, { onEvent: (event) => other.onEvent(event), fullRefresh: true });
    await failed.catch((error: unknown) => other.end(error));
    const last = eventsIn(file).slice(events.length);
    expectValid(last);
    expect(
      last
        .filter(({ eventType }) => eventType === 'FAIL')
        .map(({ job, run: { facets } }) => [job.name, facets['errorMessage']?.['message']]),
    ).toEqual([
      ['build.marts.won', expect.stringContaining('marts.won cannot be built')],
      ['build', expect.stringContaining('marts.won cannot be built')],
    ]);
    await dispose();
  });
});

it('A sync writes an event of every stream', () => {
  const file = join(writeFiles({}), 'events.jsonl');
  const project = { name: 'company', warehouse: { type: 'duckdb', path: '/data/w.duckdb' } } as Project;
  const lineage = openLineageFile(project, file, 'duckdb:w.duckdb', () => NOW);
  const follower = followSync(lineage, NOW);
  const rows = { read: 3, loaded: 2, unchanged: 1, rejected: 0, deleted: 0, vanished: 0 };
  const names = { connector: 'my-crm', stream: 'deals' };
  follower.onEvent({ type: 'stream_started', ...names, slices: 1 });
  const report = { ...names, status: 'ok' as const, loads: 1, rows, milliseconds: 1 };
  follower.onEvent({ type: 'stream_finished', ...names, report });
  follower.onEvent({ type: 'stream_started', ...names, stream: 'calls', slices: 1 });
  follower.end(new Error('gone'));
  const events = eventsIn(file);
  expectValid(events);
  expect(events.map(({ eventType, job }) => `${eventType} ${job.name}`)).toEqual([
    'START sync',
    'START sync.my-crm.deals',
    'COMPLETE sync.my-crm.deals',
    'START sync.my-crm.calls',
    'FAIL sync.my-crm.calls',
    'FAIL sync',
  ]);
  expect(events[2]?.outputs[0]).toMatchObject({
    name: 'raw_my_crm.deals',
    outputFacets: { outputStatistics: { rowCount: 2 } },
  });
  expect(() => openLineageFile(project, '/no/such/folder/events', 'x', () => NOW)).toThrow('cannot be written');
});
