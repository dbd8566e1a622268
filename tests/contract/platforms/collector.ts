/** What a collector has on its disk: events come, some of them again. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Entry } from '../../../connectors/collector/spool/line.ts';
import { openSpool } from '../../../connectors/collector/spool/writer.ts';
import type { ConnectorUnderTest } from '../../../src/testing/index.ts';
import { collectorIn } from '../../connectors/collector/connector.ts';
import { WITHOUT_REQUESTS } from './without-requests.ts';

const ONCE = 'it compares two warehouses, and a spool belongs to one: tests/connectors/collector/sync.test.ts';

export const collectorUnderTest: ConnectorUnderTest = {
  name: 'collector',
  without: {
    ...WITHOUT_REQUESTS,
    'changed, restated, gone': ONCE,
    'clock ahead': ONCE,
    'clock behind': ONCE,
    'nothing there yet': ONCE,
  },
  async start() {
    const folder = mkdtempSync(join(tmpdir(), 'revops-contract-collector-'));
    const now = new Date('2026-03-20T08:00:00.000Z');
    const limits = { segmentBytes: 300, segmentSeconds: 60, spoolBytes: 1 << 20, pendingBytes: 1 << 20 };
    const writer = await openSpool(join(folder, '.revops/collector/events'), limits, () => now);
    for (const number of [1, 2, 3, 4, 5, 2]) await writer.append([entry(number)]);
    await writer.close();
    return {
      connector: collectorIn(folder),
      refused: collectorIn(folder),
      select: ['collector.events'],
      start: '2026-03-16',
      now: () => now,
      secrets: [],
      inject() {
        throw new Error('there are no requests');
      },
      clearFaults: () => undefined,
      requests: () => 3,
      later: () => undefined,
      says: {},
      truth: {
        sql: 'select event_id, event_name, user_id from raw_collector.events order by event_id',
        rows: [1, 2, 3, 4, 5].map((number) => `e${number} Ünïcode ✓ 9007199254740993`),
      },
      close: async () => rmSync(folder, { recursive: true, force: true }),
    };
  },
};

// --- internal ---

function entry(number: number): Entry {
  const at = '2026-03-20T07:00:00.000Z';
  return {
    record: {
      source: 'website',
      event_id: `e${number}`,
      event_name: 'Ünïcode ✓',
      user_id: '9007199254740993',
      occurred_at: at,
      received_at: at,
    },
  };
}
