import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { RevopsError } from '../../../src/errors.ts';
import type { ModelProject } from '../../../src/model/contract.ts';
import type { Warehouse } from '../../../src/warehouse/contract.ts';
import { openWarehouse } from '../../../src/warehouse/index.ts';
import { engines, openTestWarehouse } from '../../support/warehouses.ts';
import { everything, run } from '../building.ts';
import { model, projectOf, writeFiles, type Files } from '../project.ts';

const files = (value: number): Files => ({
  'models/core/codes.sql': model(['code text'], `select '${value}' as code`),
  'models/core/numbers.sql': model(['code text', 'value integer'], `select code, ${value} as value from codes`),
  'models/marts/totals.sql': model(['value bigint'], 'select cast(sum(value) as bigint) as value from numbers'),
});

describe.each(engines)('%s', (engine) => {
  it('A test that cannot run on the data is told with its place; nothing is published, and the next build is as ever', async () => {
    const { warehouse, dispose } = await openTestWarehouse(engine);
    try {
      await run(warehouse, await projectOf(files(1)));
      const before = await everything(warehouse);
      const erring = await projectOf({
        ...files(2),
        'models/core/codes.sql': model(
          ['code text'],
          "select 'x' as code",
          'tests:\n  - expression: cast(code as integer) > 0',
        ),
      });
      await expect(run(warehouse, erring)).rejects.toMatchObject({
        code: 'BUILD_FAILED',
        exitCode: 1,
        message: expect.stringMatching(
          /^models\/core\/codes\.sql:5: the test expression \(cast\(code as integer\) > 0\) of codes cannot run: /,
        ),
      });
      expect(await everything(warehouse)).toEqual(before);
      expect((await run(warehouse, await projectOf(files(3)))).status).toBe('published');
      expect((await everything(warehouse))['marts.totals']).toEqual([{ value: 3 }]);
    } finally {
      await dispose();
    }
  });

  it('A check whose findings are no findings fails the build: their severity is one of three words, what they say is there', async () => {
    const { warehouse, dispose } = await openTestWarehouse(engine);
    const finding = (severity: string, detail = "'late'"): Files => ({
      'models/quality/late.sql': model(
        ['subject text', 'day date', 'severity text', 'detail text'],
        `select 'crm' as subject, cast(null as date) as day, ${severity} as severity, ${detail} as detail`,
        'check: { gates: coverage, remedy: Run it. }',
      ),
    });
    try {
      const failing = async (own: Files): Promise<string> =>
        run(warehouse, await projectOf(own)).then(
          () => 'published',
          (error: unknown) => (error as Error).message,
        );
      expect(await failing(finding("'critical'"))).toMatch(/quality\.late fails accepted_values severity: 1 rows/);
      expect(await failing(finding('cast(null as text)'))).toMatch(/quality\.late fails not_null severity: 1 rows/);
      expect(await failing(finding("'error'", 'cast(null as text)'))).toMatch(
        /quality\.late fails not_null detail: 1 rows/,
      );
      for (const severity of ['error', 'investigate', 'warning']) {
        // oxlint-disable-next-line no-await-in-loop -- one warehouse
        expect(await failing(finding(`'${severity}'`))).toBe('published');
      }
    } finally {
      await dispose();
    }
  });
});

describe('a server that ends every connection', () => {
  it.each([
    ['started', false],
    ['made codes', false],
    ['tested numbers', false],
    ['publishing', true],
    ['before commit', true],
  ])(
    'after "%s" fails the build with one error that may be tried again, or, between two transactions, is only connected to again',
    async (moment, mustFail) => {
      const { warehouse, config, dispose } = await openTestWarehouse('postgres');
      const other = await openWarehouse(config);
      try {
        await run(warehouse, await projectOf(files(1)));
        const before = await everything(other);
        const error = await buildUntil(warehouse, await projectOf(files(2)), moment, async () => {
          await other.query(
            'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
          );
        });
        if (mustFail) expect(error).toBeInstanceOf(RevopsError);
        if (error !== null) {
          expect(error).toMatchObject({ retryable: true, exitCode: 1 });
          expect(error).toMatchObject({
            code: expect.stringMatching(/^(WAREHOUSE_UNREACHABLE|WAREHOUSE_FAILED|BUILD_FAILED)$/),
          });
          expect(await everything(other)).toEqual(before);
          expect((await run(warehouse, await projectOf(files(2)))).status).toBe('published');
        }
        expect((await everything(other))['marts.totals']).toEqual([{ value: 2 }]);
      } finally {
        await other.close();
        await dispose();
      }
    },
  );
});

describe('a disk that is full', () => {
  it('fails the build with the model’s file; readers keep the old state, and there is a next build', () => {
    const of = (rows: number): string =>
      model(
        ['id bigint', 'noise text'],
        `select id, md5(cast(id as text)) || md5(cast(id + 1 as text)) as noise from generate_series(1, ${rows}) as ids(id)`,
      );
    const folder = writeFiles({
      'small/core/big.sql': of(10),
      'large/core/big.sql': of(2_000_000),
      'next/core/big.sql': of(20),
    });
    const child = join(import.meta.dirname, '../full-disk-child.ts');
    // a real limit of the system on the size of files: 24 MB
    const ended = spawnSync(
      'bash',
      [
        '-c',
        'ulimit -f 24576; exec "$0" "$@"',
        process.execPath,
        '--conditions=source',
        child,
        folder,
        ...['small', 'large', 'next'],
      ],
      { encoding: 'utf8' },
    );
    expect(ended.stderr).toBe('');
    expect(ended.stdout.trim().split('\n')).toEqual([
      'published',
      expect.stringMatching(/^BUILD_FAILED: large\/core\/big\.sql: core\.big cannot be built: /),
      'published',
      '20 rows',
    ]);
  });
});

// --- internal ---

/** Builds, and does something once at a moment; gives the error it ends with. */
async function buildUntil(
  warehouse: Warehouse,
  project: ModelProject,
  moment: string,
  once: () => Promise<void>,
): Promise<unknown> {
  let isDone = false;
  const onStep = async (step: string): Promise<void> => {
    if (step !== moment || isDone) return;
    isDone = true;
    await once();
  };
  try {
    await run(warehouse, project, {}, { onStep });
    return null;
  } catch (error) {
    return error;
  } finally {
    expect(isDone).toBe(true);
  }
}
