import { describe, expect, it } from 'vitest';

import { coverageRows } from '../../src/project/coverage.ts';
import type { Project } from '../../src/project/load.ts';
import { engines, openTestWarehouse } from '../support/warehouses.ts';

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
