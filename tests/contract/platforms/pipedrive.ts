/** Pipedrive by an OAuth app. */
import { pipedrive } from '../../../connectors/pipedrive/index.ts';
import { startPipedriveEmulator } from '../../../fixtures/emulators/pipedrive/index.ts';
import type { ConnectorUnderTest } from '../../../src/testing/index.ts';
import { A_WEEK_AFTER_MERGE, at, BEFORE, changedCrm, dealsOf, FIRST, LATER, NO_TOTALS } from './changed-crm.ts';
import { again, onEmulator } from './on-emulator.ts';

const DEALS = /\/v2\/deals$/;

export const pipedriveUnderTest: ConnectorUnderTest = {
  name: 'pipedrive',
  without: { 'a row is missing': NO_TOTALS },
  async start() {
    let now = FIRST;
    let crm = changedCrm();
    const emulator = await startPipedriveEmulator({ world: { at: (instant) => crm.at(instant) }, now: () => now });
    const { clientId, clientSecret, refreshToken } = emulator.knobs;
    const connectorWith = (secret: string) =>
      pipedrive({
        oauth: { clientId, clientSecret: secret, refreshToken },
        endpoint: emulator.url,
        tokenEndpoint: emulator.url,
        requestsPerTwoSeconds: 1_000_000,
      });
    return {
      ...onEmulator(emulator, /^GET \/api\/v\d\/(deals|pipelines|stages|users)/),
      connector: connectorWith(clientSecret),
      refused: connectorWith('a-wrong-client-secret'),
      select: [
        'pipedrive.deals',
        'pipedrive.deal_history',
        'pipedrive.deal_persons',
        'pipedrive.pipeline_stages',
        'pipedrive.users',
      ],
      start: '2026-01-01',
      now: () => new Date(now),
      secrets: [clientSecret, refreshToken, 'a-wrong-client-secret', 'emulated:access:1'],
      setPageSize: (records) => void (emulator.knobs.largestPage = records ?? 500),
      grow(times) {
        crm = changedCrm(times);
        now = at(120 + times);
      },
      beforeAnything: () => void (now = BEFORE),
      later: () => void (now = LATER),
      merge: {
        select: ['pipedrive.persons', 'pipedrive.deal_persons'],
        sql: `select id, _deleted, cast(null as text) from "raw_pipedrive".persons where id in ('2', '3')
          union all select 'deal', false, person_id from "raw_pipedrive".deal_persons where deal_id = '3' order by 1, 3`,
        before: ['2 false null', '3 false null', 'deal false 1', 'deal false 2', 'deal false 3'],
        // Nobody is told of it: it shows when all is read again.
        happens: () => void (now = A_WEEK_AFTER_MERGE),
        after: ['2 false null', '3 true null', 'deal false 1', 'deal false 2'],
      },
      truth: {
        sql: `select id, currency, cast(cast(value as decimal(18,2)) as text) from "raw_pipedrive".deals order by cast(id as bigint)`,
        rows: dealsOf(FIRST),
      },
      refuses: {
        'an unknown field to sort by': () => again(emulator, DEALS, { query: { sort_by: 'unknown' } }),
        'too large a page': () => again(emulator, DEALS, { query: { limit: '501' } }),
        'a version that ended': () => again(emulator, DEALS, { path: (path) => path.replace('/v2/', '/v1/') }),
        'a missing permission': async () => {
          emulator.knobs.hiddenPaths = ['/deals'];
          const status = await again(emulator, DEALS);
          emulator.knobs.hiddenPaths = [];
          return status;
        },
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
