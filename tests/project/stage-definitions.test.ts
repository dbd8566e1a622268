import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { attributionDefinition, partDifferences } from '../../src/attribution/index.ts';
import { compileProject, readModelProject } from '../../src/model/index.ts';
import { readCsv } from '../../src/model/read/csv.ts';
import { packageRoot } from '../../src/project/package-root.ts';
import { pipelineVersions } from '../../src/project/pipeline-schema.ts';
import { stageCriteria, stageDefinitions } from '../../src/project/stage-definitions.ts';
import { lockedSettings } from '../support/locked-settings.ts';

const root = packageRoot();

function rowsFor(pipeline: unknown): string[] {
  const { rows } = readCsv(stageDefinitions(pipelineVersions.parse(pipeline)).text);
  return rows.map((row) => row.map((value) => value ?? '-').join(' '));
}

describe('stageCriteria', () => {
  it('gives a row for each stage, pipeline and thing it needs, for as long as its version holds', () => {
    const versions = pipelineVersions.parse([
      {
        version: 'a',
        stages: [],
        criteria: [{ dealStage: ['demo', 'offer'], needs: ['contact'], source: 'my-crm', pipeline: ['x', 'y'] }],
      },
      {
        version: 'b',
        effectiveFrom: '2026-03-01',
        stages: [],
        criteria: [{ dealStage: 'offer', needs: ['amount', 'closeDate'] }],
      },
    ]);
    const { rows } = readCsv(stageCriteria(versions).text);
    expect(rows.map((row) => row.map((value) => value ?? '-').join(' '))).toEqual([
      'a 1 my_crm x demo contact - 2026-02-28',
      'a 2 my_crm y demo contact - 2026-02-28',
      'a 3 my_crm x offer contact - 2026-02-28',
      'a 4 my_crm y offer contact - 2026-02-28',
      'b 1 - - offer amount 2026-03-01 -',
      'b 2 - - offer close_date 2026-03-01 -',
    ]);
  });

  it('is the shipped list where nothing is asked', async () => {
    const shipped = await readFile(join(root, 'models/reference/stage_criteria.csv'), 'utf8');
    expect(readCsv(stageCriteria(pipelineVersions.parse({ version: 1, stages: [] })).text)).toEqual(readCsv(shipped));
  });
});

describe('stageDefinitions', () => {
  it('without versions is the shipped list', async () => {
    const shipped = await readFile(join(root, 'models/reference/stage_definitions.csv'), 'utf8');
    expect(readCsv(stageDefinitions([]).text)).toEqual(readCsv(shipped));
  });

  it('gives a row for each stage and pipeline named; types left out are as shipped, an empty list has no row', () => {
    expect(
      rowsFor({
        version: 3,
        stages: [
          { name: 'lead', when: [] },
          {
            name: 'mql',
            when: [{ lifecycleStage: ['hot', 'very "hot", and more'] }, { contact: 'created', source: 'my-crm' }],
          },
          { name: 'opportunity', when: { dealStage: 'demo', pipeline: ['new', 'partners'] } },
          { name: 'customer', when: { deal: 'won', pipeline: 'new', source: 'hubspot' } },
        ],
      }),
    ).toEqual([
      '3 mql 1 contact stage - - hot - -',
      '3 mql 2 contact stage - - very "hot", and more - -',
      '3 mql 3 contact created my_crm - - - -',
      '3 sql 1 contact stage - - salesqualifiedlead - -',
      '3 opportunity 1 deal stage - new demo - -',
      '3 opportunity 2 deal stage - partners demo - -',
      '3 customer 1 deal outcome hubspot new won - -',
    ]);
  });

  it('takes events, forms and payments; what makes customers follows the declared truth where the version does not say', () => {
    const version = {
      version: 4,
      stages: [
        { name: 'lead', when: [{ contact: 'form' }, { form: 'submitted', source: 'my-site' }] },
        { name: 'mql', when: { event: [' Demo   Requested', 'trial'] } },
        { name: 'customer', when: { payment: 'first' } },
      ],
    };
    expect(rowsFor(version).filter((row) => !/ (sql|opportunity) /.test(row))).toEqual([
      '4 lead 1 contact form - - - - -',
      '4 lead 2 event form my_site - - - -',
      '4 mql 1 event event - - demo requested - -',
      '4 mql 2 event event - - trial - -',
      '4 customer 1 payment first - - - - -',
    ]);
    const customers = (truth: 'orders' | 'events'): string[] =>
      readCsv(stageDefinitions([], truth).text)
        .rows.filter((row) => row[1] === 'customer')
        .map((row) => row.map((value) => value ?? '-').join(' '));
    expect(customers('orders')).toEqual(['shipped customer 1 payment each - - - - -']);
    expect(customers('events')).toEqual([
      'shipped customer 1 event event - - purchase - -',
      'shipped customer 2 event event - - order completed - -',
      'shipped customer 3 event event - - order_completed - -',
    ]);
  });

  it('lets a version hold until the day before the next, the shipped one before the first', () => {
    const of = (name: string): unknown => ({
      version: name,
      stages: [{ name: 'mql', when: { lifecycleStage: name } }],
    });
    const mql = (pipeline: unknown): string[] => rowsFor(pipeline).filter((row) => row.includes(' mql '));
    expect(
      mql([
        { ...(of('a') as object), effectiveFrom: '2026-01-01' },
        { ...(of('b') as object), effectiveFrom: '2026-03-01' },
      ]),
    ).toEqual([
      'shipped mql 1 contact stage - - marketingqualifiedlead - 2025-12-31',
      'a mql 1 contact stage - - a 2026-01-01 2026-02-28',
      'b mql 1 contact stage - - b 2026-03-01 -',
    ]);
    expect(mql([of('a'), { ...(of('b') as object), effectiveFrom: '2026-03-01' }])).toEqual([
      'a mql 1 contact stage - - a - 2026-02-28',
      'b mql 1 contact stage - - b 2026-03-01 -',
    ]);
  });

  it('is a part of the attribution lock, stage by stage', { timeout: 60_000 }, async () => {
    const folder = { origin: 'revops', models: join(root, 'models'), sql: join(root, 'sql') };
    const partsWith = async (pipeline: unknown, truth?: 'orders'): Promise<Record<string, string>> => {
      const list = stageDefinitions(pipelineVersions.parse(pipeline), truth);
      const configured = { origin: 'config', models: [list], duckdb: [], postgres: [], checks: [] };
      const compiled = await compileProject(await readModelProject([folder, configured]), 'duckdb');
      return attributionDefinition(compiled, lockedSettings).parts;
    };
    const shipped = await partsWith([]);
    const declared = await partsWith({
      version: '2',
      effectiveFrom: '2026-01-01',
      stages: [{ name: 'mql', when: { lifecycleStage: 'hot' } }],
    });
    const changed = partDifferences(shipped, declared);
    expect(changed.find(({ part }) => part === 'list stage_definitions: 2 / mql / 1')).toMatchObject({
      locked: null,
      now: expect.stringContaining('stage_id hot, valid_from 2026-01-01'),
    });
    expect(changed.every(({ part }) => part.startsWith('list stage_definitions: '))).toBe(true);
    // another source of truth is another definition
    const orders = partDifferences(shipped, await partsWith([], 'orders'));
    expect(orders.map(({ part }) => part)).toEqual(['list stage_definitions: shipped / customer / 1']);
  });
});
