/** Files of two feeds: rows come, change and go, a file is added and one is removed. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { files } from '../../../connectors/files/index.ts';
import type { ConnectorUnderTest } from '../../../src/testing/index.ts';
import { FEEDS } from '../../connectors/files/folder.ts';

const NO_REQUESTS = 'files are read from the disk: there is nobody to answer';
const NO_CREDENTIALS = 'there are no credentials';

export const filesUnderTest: ConnectorUnderTest = {
  name: 'files',
  without: {
    'every record twice':
      'a row that comes twice in a file is one, or refused: tests/connectors/files/refusals.test.ts',
    'records in another order': NO_REQUESTS,
    'fields nobody knows': 'tests/connectors/files/load.test.ts',
    'a row is missing': 'a file tells no total',
    'ten times the records': 'tests/connectors/files/memory.test.ts',
    'nothing there yet': 'a file that is not there is refused: tests/connectors/files/refusals.test.ts',
    merged: 'a file tells what is, not what became of what',
    '502 in HTML': NO_REQUESTS,
    '200 in HTML': NO_REQUESTS,
    'connection reset': NO_REQUESTS,
    'answer cut off': 'tests/connectors/files/refusals.test.ts',
    'no answer': NO_REQUESTS,
    'told to wait': NO_REQUESTS,
    'told to slow down': NO_REQUESTS,
    'token ends in mid-run': NO_CREDENTIALS,
    'quota used up': NO_REQUESTS,
    'credentials refused': NO_CREDENTIALS,
    'secrets nowhere': NO_CREDENTIALS,
    'the platform is strict': NO_REQUESTS,
  },
  async start() {
    const folder = mkdtempSync(join(tmpdir(), 'revops-contract-files-'));
    const write = (name: string, lines: readonly string[]): void =>
      writeFileSync(join(folder, 'data', name), `${lines.join('\n')}\n`);
    mkdirSync(join(folder, 'data'));
    write('spend-1.csv', [SPEND, ...days(1, 9).map((day) => `meta,9007199254740993,${day},12.345678,EUR`)]);
    write('spend-2.csv', [SPEND, ...days(10, 12).map((day) => `meta,9007199254740993,${day},1500,JPY`)]);
    write('deals.csv', [DEAL, '1,"Deal ""1"",', '✓ Ünïcode",1234.56,EUR', '2,Two,1500,JPY', '3,Three,,EUR']);
    const connector = (): ReturnType<typeof files> => {
      const made = files({ feeds: { ad_spend: 'data/spend-*.csv', deals: 'data/deals.csv' } });
      return made.inProject?.({ folder, feeds: FEEDS }) ?? made;
    };
    let now = '2026-03-20T08:00:00.000Z';
    return {
      connector: connector(),
      refused: connector(),
      select: ['files.ad_spend', 'files.deals'],
      start: '2026-03-01',
      now: () => new Date(now),
      secrets: [],
      inject() {
        throw new Error(NO_REQUESTS);
      },
      clearFaults: () => undefined,
      // The files.
      requests: () => 3,
      later() {
        now = '2026-03-21T08:00:00.000Z';
        rmSync(join(folder, 'data', 'spend-2.csv'));
        write('spend-3.csv', [SPEND, ...days(13, 14).map((day) => `meta,9007199254740993,${day},1,EUR`)]);
        write('deals.csv', [DEAL, '1,Renamed,1234.56,EUR', '3,Three,7,EUR', '4,Four,1,EUR']);
      },
      says: {},
      truth: {
        sql: `select campaign_id, cast(spend_date as text), cast(cast(spend as decimal(18,6)) as text), currency
          from "raw_files".ad_spend order by 2`,
        rows: [
          ...days(1, 9).map((day) => `9007199254740993 ${day} 12.345678 EUR`),
          ...days(10, 12).map((day) => `9007199254740993 ${day} 1500.000000 JPY`),
        ],
      },
      close: async () => rmSync(folder, { recursive: true, force: true }),
    };
  },
};

// --- internal ---

const SPEND = 'platform,campaign_id,spend_date,spend,currency';
const DEAL = 'deal_id,deal_name,amount,currency';

function days(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => `2026-03-${String(from + index).padStart(2, '0')}`);
}
