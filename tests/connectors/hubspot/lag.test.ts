import { expect, test } from 'vitest';

import { hubspot } from '../../../connectors/hubspot/index.ts';
import { openBench } from '../../sync/support.ts';
import { emulate } from './reading.ts';
import { tinyCrm } from './tiny-crm.ts';

const START = Date.parse('2026-03-01T08:00:00.000Z');
const at = (minutes: number): string => new Date(START + minutes * 60_000).toISOString();
const TURN = 5;
/** The emulator's index knows of a change half a minute after it was made. */
const INDEX_LAG = 0.5;

test('Synced every five minutes, a change is in the warehouse after five minutes and what the platform takes, while changes go on.', async () => {
  const crm = tinyCrm();
  const made: { id: string; at: number }[] = [];
  for (let minute = 0; minute < 60; minute += 0.7) {
    const id = 1 + (made.length % 25);
    crm.put('deals', id, at(minute), { properties: { name: String(minute) } });
    made.push({ id: String(id), at: START + minute * 60_000 });
  }
  const emulator = await emulate(crm, at(0), { indexLagMs: INDEX_LAG * 60_000 });
  const connector = hubspot({
    ...{ accessToken: emulator.knobs.accessToken, endpoint: emulator.url },
    ...{ requestsPerTenSeconds: 1_000_000, searchesPerSecond: 1_000_000 },
  });
  const bench = await openBench('duckdb');
  const lags = new Map<number, number>();
  for (let minute = TURN; minute <= 70; minute += TURN) {
    emulator.setNow(at(minute));
    await bench.sync([connector], { now: () => new Date(at(minute)), select: ['hubspot.deals'] });
    const rows = await bench.query('select id, updated_at from raw_hubspot.deals');
    const known = new Map(rows.map((row) => [String(row['id']), Date.parse(String(row['updated_at']))]));
    for (const change of made)
      if (!lags.has(change.at) && (known.get(change.id) ?? 0) >= change.at)
        lags.set(change.at, START + minute * 60_000 - change.at);
  }
  await bench.dispose();
  expect(lags.size).toBe(made.length);
  expect(Math.max(...lags.values()) / 60_000).toBeLessThanOrEqual(TURN + INDEX_LAG);
});
