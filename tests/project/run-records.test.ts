import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { rollback } from '../../src/model/changes/rollback.ts';
import { readRun, readRuns } from '../../src/project/run-records.ts';
import { beginRun, endRun, forgetRuns, lastCompleteReads, noteRun, recorded } from '../../src/project/runs.ts';
import type { Warehouse } from '../../src/warehouse/contract.ts';
import { migrateState } from '../../src/warehouse/state/index.ts';
import { loadRaw, run } from '../model/building.ts';
import { projectOf } from '../model/project.ts';
import { DEAL_COLUMNS, INPUTS, LIBRARY } from '../model/small-library.ts';
import { engines, openTestWarehouse, type TestWarehouse } from '../support/warehouses.ts';

const NOW = new Date('2026-03-01T12:00:00Z');
const later = (minutes: number): Date => new Date(NOW.getTime() + minutes * 60_000);

describe.each(engines)('on %s', (engine) => {
  let opened: TestWarehouse;
  let warehouse: Warehouse;
  beforeEach(async () => {
    opened = await openTestWarehouse(engine);
    warehouse = opened.warehouse;
    await migrateState(warehouse, () => NOW);
  });
  afterEach(() => opened.dispose());

  it('a run is told with its streams, models, rows, reasons and tests', async () => {
    const project = await projectOf({
      ...LIBRARY,
      'models/marts/won.sql': (LIBRARY['models/marts/won.sql'] ?? '').replace(
        'columns:',
        'tests:\n  - { expression: deals > 5, severity: warning }\ncolumns:',
      ),
    });
    await beginRun(warehouse, { runId: 'run', command: 'run', startedAt: NOW, keepDays: 180 });
    await loadRaw(warehouse, 'crm', 'deals', DEAL_COLUMNS, [
      ['a', '1', 'true'],
      ['b', '2', 'true'],
    ]);
    if (engine === 'postgres') await warehouse.execute('analyze raw_crm.deals');
    await run(warehouse, project, INPUTS, { runId: 'run' });
    await endRun(warehouse, 'run', later(2), 'published');
    const [summary] = await readRuns(warehouse, 10, false);
    expect(summary).toMatchObject({
      runId: 'run',
      command: 'run',
      status: 'published',
      builds: [{ buildId: 'b1', status: 'published' }],
      rowsLoaded: 2,
    });
    expect(summary?.rowsWritten).toBeGreaterThan(4);
    for (const id of ['run', 'ru', 'b1']) expect((await readRun(warehouse, id, false)).runId).toBe('run');
    const { streams, models } = await readRun(warehouse, 'b1', false);
    expect(streams).toEqual([
      {
        stream: 'crm.deals',
        loads: 1,
        read: 2,
        loaded: 2,
        unchanged: 5,
        rejected: 0,
        deleted: 0,
        vanished: 0,
        requests: null,
      },
    ]);
    const model = (name: string): unknown => models.find((one) => one.model === name);
    expect(model('deals')).toMatchObject({
      status: 'ok',
      mode: 'full',
      reason: 'never built',
      rowsRead: 3,
      written: 2,
      startedAt: '2026-03-01T12:00:00.000000Z',
    });
    expect(model('won')).toMatchObject({
      status: 'warned',
      rowsRead: 2,
      tests: ['warning: expression (deals > 5) found 1'],
    });
    await expect(readRun(warehouse, 'b7', false)).rejects.toMatchObject({ code: 'USAGE' });
  });

  it('a run without an end was killed, unless it is the newest and the warehouse is held', async () => {
    await beginRun(warehouse, { runId: 'one', command: 'build', startedAt: NOW, keepDays: 180 });
    expect((await readRuns(warehouse, 10, true)).map(({ status }) => status)).toEqual(['running']);
    expect((await readRuns(warehouse, 10, false)).map(({ status }) => status)).toEqual(['killed']);
    await beginRun(warehouse, { runId: 'two', command: 'sync', startedAt: later(1), keepDays: 180 });
    expect((await readRuns(warehouse, 10, true)).map(({ status }) => status)).toEqual(['running', 'killed']);
    expect((await readRuns(warehouse, 1, true)).map(({ runId }) => runId)).toEqual(['two']);
  });

  it('who holds the warehouse is known while they do', async () => {
    expect(await warehouse.holder()).toBeNull();
    const lease = await warehouse.lease('revops sync', 0);
    expect(await warehouse.holder()).toMatchObject({ pid: process.pid, command: 'revops sync' });
    await lease.release();
    expect(await warehouse.holder()).toBeNull();
  });

  it('records of long ago are forgotten, but for what says when a stream was last read', async () => {
    for (const [id, days, streams] of [
      ['old', 400, {}],
      ['read', 300, { 'crm.deals': 'ok' }],
      ['new', 1, {}],
    ] as const) {
      const at = new Date(NOW.getTime() - days * 86_400_000);
      await beginRun(warehouse, { runId: id, command: 'sync', startedAt: at, keepDays: 1000 });
      await noteRun(warehouse, id, { streams });
      await endRun(warehouse, id, at, 'ok');
    }
    await forgetRuns(warehouse, new Date(NOW.getTime() - 30 * 86_400_000));
    expect((await readRuns(warehouse, 10, false)).map(({ runId }) => runId)).toEqual(['new', 'read']);
    expect([...(await lastCompleteReads(warehouse)).keys()]).toEqual(['crm.deals']);
  });

  it('a run forgets the records that are older than the config keeps them', async () => {
    const days = (count: number): Date => new Date(NOW.getTime() - count * 86_400_000);
    for (const [id, count] of [
      ['a', 9],
      ['b', 5],
    ] as const) {
      await beginRun(warehouse, { runId: id, command: 'sync', startedAt: days(count), keepDays: 30 });
      await endRun(warehouse, id, days(count), 'ok');
    }
    await recorded(warehouse, { command: 'build', now: () => NOW }, { keepDays: 7 }, () =>
      Promise.resolve({ result: null, status: 'published' }),
    );
    expect((await readRuns(warehouse, 10, false)).map(({ runId }) => runId)).toEqual([expect.any(String), 'b']);
  });

  it('a command that fails is recorded as failed', async () => {
    const context = { command: 'rollback', now: () => NOW };
    const work = recorded(warehouse, context, { keepDays: 180 }, async ({ note }) => {
      await note({ streams: { 'crm.deals': 'ok' } });
      await note({ more: 1 });
      return { result: await rollback({ warehouse }), status: 'ok' };
    });
    await expect(work).rejects.toMatchObject({ code: 'ROLLBACK_REFUSED' });
    expect(await readRuns(warehouse, 10, false)).toMatchObject([{ command: 'rollback', status: 'failed' }]);
    // what it achieved before it failed is kept
    expect([...(await lastCompleteReads(warehouse)).keys()]).toEqual(['crm.deals']);
  });
});
