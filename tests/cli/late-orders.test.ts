/**
 * An order that a shop tells by webhook, and tells again and again because it heard no answer: from the collector to the
 * conversion it is one, at the time at which it happened.
 */
import { expect, test } from 'vitest';

import { event, startCollecting } from '../connectors/collector/collecting.ts';
import { KEY } from '../connectors/collector/connector.ts';
import { projectFolder, revops } from '../support/cli.ts';

const CONFIG = `import { defineConfig, env } from 'revops';
import { collector } from 'revops/connectors/collector';

export default defineConfig({
  warehouse: { type: 'duckdb', path: 'warehouse.duckdb' },
  connectors: { collector: collector({ writeKeys: { website: env('WEBSITE_KEY') } }) },
  conversions: { truth: 'events' },
  start: '2026-09-01',
  timeZone: 'Europe/Berlin',
  currency: 'EUR',
});
`;

test('An order that is delivered three times more, hours and days late, is one customer at its own time.', async () => {
  const project = projectFolder({ 'revops.config.ts': CONFIG });
  const cwd = project.folder;
  let now = new Date('2026-09-30T21:59:58Z');
  const running = await startCollecting({}, { now: () => now, folder: cwd });
  try {
    // two seconds before midnight in Berlin: each delivery but the first is of another day and month
    const order = event('delivery-1', {
      event_name: 'Order Completed',
      occurred_at: '2026-09-30T21:59:58Z',
      email: 'ann@acme.io',
      properties: { order_id: 'A-1', value: 120, currency: 'EUR' },
    });
    for (const hours of [0, 1, 26, 70]) {
      now = new Date(Date.UTC(2026, 8, 30, 21, 59, 58) + hours * 3_600_000);
      expect((await running.post('/v1/events', order)).status).toBe(200);
      // a shop that numbers its deliveries anew names the order all the same
      expect((await running.post('/v1/events', { ...order, event_id: `again-${hours}` })).status).toBe(200);
      if (hours === 1 || hours === 26) continue;
      const env = { WEBSITE_KEY: KEY, REVOPS_NOW: now.toISOString() };
      expect((await revops(['run', '--quiet'], { cwd, env })).code).toBe(0);
      const asked = await revops(
        [
          ...['query', '--json'],
          `select amount, evidence, converted_date, converted_at, recorded_at, drift_seconds from conversions where conversion_type = 'customer'`,
        ],
        { cwd, env },
      );
      expect(JSON.parse(asked.stdout)).toEqual([
        {
          amount: '120.000000',
          evidence: 'event',
          converted_date: '2026-09-30',
          converted_at: '2026-09-30T21:59:58.000000Z',
          recorded_at: '2026-09-30T21:59:58.000000Z',
          drift_seconds: 0,
        },
      ]);
    }
  } finally {
    await running.dispose();
    project.remove();
  }
}, 240_000);
