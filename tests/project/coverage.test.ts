import { describe, expect, it } from 'vitest';

import { coverageRows } from '../../src/project/coverage.ts';
import type { Project } from '../../src/project/load.ts';
import { migrateState } from '../../src/warehouse/state/index.ts';
import { engines, openTestWarehouse } from '../support/warehouses.ts';

const AT = '2026-03-01T08:00:00.000Z';

/** What coverage reads of a project. */
function project(slaHours: Record<string, number | null>): Project {
  const streams = [{ name: 'deals' }, { name: 'days', slaHours: null }, { name: 'owners', slaHours: 50 }];
  return {
    timeZone: 'UTC',
    checks: { freshnessHours: 26, slaHours },
    connectors: [{ name: 'crm', streams }],
  } as unknown as Project;
}

for (const engine of engines) {
  describe(`the coverage of sources on ${engine}`, () => {
    it('has no row for a stream in which the last complete sync found nothing to read, and one for what never came', async () => {
      const { warehouse, dispose } = await openTestWarehouse(engine);
      try {
        await migrateState(warehouse, () => new Date(AT));
        const streams = ['tracks', 'pages', 'screens'].map((name) => ({ name, reach: () => ({ until: AT }) }));
        const tracker = { ...project({}), connectors: [{ name: 'tracker', streams }] } as unknown as Project;
        const summary = { streams: { 'tracker.tracks': 'ok', 'tracker.pages': 'ok', 'tracker.screens': 'failed' } };
        await warehouse.execute(`insert into revops.runs (run_id, command, started_at, status, version, summary)
          values ('r', 'sync', '${AT}', 'ok', '0', '${JSON.stringify(summary)}')`);
        await warehouse.execute(`insert into revops.partitions (connector, stream, partition_key, label, seen_at)
          values ('tracker', 'tracks', '{}', '', '${AT}')`);
        const rows = await coverageRows(tracker, { models: [] }, warehouse);
        expect(rows.map((row) => [row['stream'], row['covered_until']])).toEqual([
          ['tracks', null],
          ['screens', null],
        ]);
      } finally {
        await dispose();
      }
    });

    it.each([
      ['what the source says of itself, else of all', {}, [26, null, 50]],
      ['what the config says of the connector before that', { crm: 10 }, [10, 10, 10]],
      ['what the config says of the stream before all', { crm: null, 'crm.days': 5 }, [null, 5, null]],
    ])('has the hours that each may be behind: %s', async (_, slaHours, expected) => {
      const { warehouse, dispose } = await openTestWarehouse(engine);
      try {
        const rows = await coverageRows(project(slaHours), { models: [] }, warehouse);
        expect(rows.map((row) => row['sla_hours'])).toEqual(expected);
      } finally {
        await dispose();
      }
    });
  });
}
