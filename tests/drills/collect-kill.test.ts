/**
 * A collector that is killed under load loses nothing that it has acknowledged (`npm run drill:collect` does it longer).
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { randomFor } from '../../fixtures/world/random.ts';
import { collectorIn } from '../connectors/collector/connector.ts';
import { engines } from '../support/warehouses.ts';
import { openBench } from '../sync/support.ts';
import { killCollectors } from './collect-drill.ts';

test('Every event that was acknowledged before a SIGKILL is in both warehouses, once, and nothing that nobody sent.', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'revops-collect-drill-'));
  const random = randomFor('collect');
  const sent = await killCollectors(folder, 3, () => random.unit());
  expect(sent.acknowledged.size).toBeGreaterThan(20);
  expect(sent.acknowledged.size).toBeLessThan(sent.all.size);
  for (const engine of engines) {
    const copy = mkdtempSync(join(tmpdir(), 'revops-collect-drill-'));
    const bench = await openBench(engine);
    try {
      cpSync(join(folder, '.revops'), join(copy, '.revops'), {
        recursive: true,
        filter: (name) => !name.endsWith('.sock'),
      });
      const report = await bench.sync([collectorIn(copy)]);
      expect(report.status).toBe('ok');
      const rows = await bench.query('select event_id from raw_collector.events');
      const ids = new Set(rows.map(({ event_id: id }) => String(id)));
      expect(ids.size).toBe(rows.length);
      expect([...sent.acknowledged].filter((id) => !ids.has(id))).toEqual([]);
      expect([...ids].filter((id) => !sent.all.has(id))).toEqual([]);
    } finally {
      await bench.dispose();
      rmSync(copy, { recursive: true });
    }
  }
  rmSync(folder, { recursive: true });
});
