/** Pipedrive by an OAuth app. */
import { pipedrive } from '../../../connectors/pipedrive/index.ts';
import { startPipedriveEmulator } from '../../../fixtures/emulators/pipedrive/index.ts';
import type { ConnectorUnderTest } from '../../../src/testing/index.ts';
import { changedCrm, dealsOf, FIRST, LATER, NO_TOTALS } from './changed-crm.ts';
import { again, onEmulator } from './on-emulator.ts';

const DEALS = /\/v2\/deals$/;

export const pipedriveUnderTest: ConnectorUnderTest = {
  name: 'pipedrive',
  without: { 'a row is missing': NO_TOTALS },
  async start() {
    let now = FIRST;
    const emulator = await startPipedriveEmulator({ world: changedCrm(), now: () => now });
    const { clientId, clientSecret, refreshToken } = emulator.knobs;
    const connectorWith = (secret: string) =>
      pipedrive({
        oauth: { clientId, clientSecret: secret, refreshToken },
        endpoint: emulator.url,
        tokenEndpoint: emulator.url,
        requestsPerTwoSeconds: 1_000_000,
      });
    return {
      ...onEmulator(emulator, /^GET \/api\/v\d\/(deals|pipelines|stages)/),
      connector: connectorWith(clientSecret),
      refused: connectorWith('a-wrong-client-secret'),
      select: ['pipedrive.deals', 'pipedrive.deal_history', 'pipedrive.deal_persons', 'pipedrive.pipeline_stages'],
      start: '2026-01-01',
      now: () => new Date(now),
      secrets: [clientSecret, refreshToken, 'a-wrong-client-secret', 'emulated:access:1'],
      setPageSize: (records) => void (emulator.knobs.largestPage = records ?? 500),
      later: () => void (now = LATER),
      truth: {
        sql: `select id, currency, cast(cast(value as decimal(18,2)) as text) from "raw_pipedrive".deals order by cast(id as bigint)`,
        rows: dealsOf(FIRST),
      },
      refuses: {
        'an unknown field to sort by': () => again(emulator, DEALS, { query: { sort_by: 'unknown' } }),
        'too large a page': () => again(emulator, DEALS, { query: { limit: '501' } }),
        'a token of others': () => again(emulator, DEALS, { headers: { authorization: 'Bearer other' } }),
      },
      says: {
        wait: { special: 'BURST' },
        slower: {
          status: 429,
          headers: { 'content-type': 'application/json' },
          body: '{"success":false,"error":"request over limit"}',
        },
        expired: { special: 'UNAUTHORIZED' },
        quota: {
          status: 429,
          headers: { 'content-type': 'application/json', 'x-daily-ratelimit-token-remaining': '0', 'retry-after': '3' },
          body: '{"success":false,"error":"daily token limit exceeded"}',
        },
      },
    };
  },
};
