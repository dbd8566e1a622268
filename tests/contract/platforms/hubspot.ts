/** HubSpot by an OAuth app. */
import { hubspot } from '../../../connectors/hubspot/index.ts';
import { startHubspotEmulator } from '../../../fixtures/emulators/hubspot/index.ts';
import type { ConnectorUnderTest } from '../../../src/testing/index.ts';
import { A_WEEK_AFTER_MERGE, at, BEFORE, changedCrm, dealsOf, FIRST, LATER, NO_TOTALS } from './changed-crm.ts';
import { again, onEmulator } from './on-emulator.ts';

const DEALS = /objects\/2026-09\/deals$/;
const SEARCH = /POST .*\/objects\/.*\/search$/;

export const hubspotUnderTest: ConnectorUnderTest = {
  name: 'hubspot',
  without: { 'a row is missing': NO_TOTALS },
  async start() {
    let now = FIRST;
    let crm = changedCrm();
    const emulator = await startHubspotEmulator({
      world: { at: (instant) => crm.at(instant) },
      now: () => now,
      knobs: {
        callsPerTenSeconds: Number.POSITIVE_INFINITY,
        searchesPerSecond: Number.POSITIVE_INFINITY,
        indexLagMs: 0,
        retryAfterSeconds: 1,
      },
    });
    const { clientId, clientSecret, refreshToken } = emulator.knobs;
    const connectorWith = (secret: string) =>
      hubspot({
        oauth: { clientId, clientSecret: secret, refreshToken },
        endpoint: emulator.url,
        requestsPerTenSeconds: 1_000_000,
        searchesPerSecond: 1_000_000,
      });
    return {
      ...onEmulator(emulator, /^\w+ \/crm\//),
      connector: connectorWith(clientSecret),
      refused: connectorWith('a-wrong-client-secret'),
      select: [
        'hubspot.deals',
        'hubspot.deal_stage_history',
        'hubspot.deal_contacts',
        'hubspot.deal_pipeline_stages',
        'hubspot.owners',
        'hubspot.lists',
        'hubspot.list_memberships',
      ],
      start: '2026-01-01',
      now: () => new Date(now),
      secrets: [clientSecret, refreshToken, 'a-wrong-client-secret'],
      setPageSize: (records) => void (emulator.knobs.largestPage = records ?? 100),
      gathers: { deal_contacts: 1_000 },
      grow(times) {
        crm = changedCrm(times);
        now = at(120 + times);
      },
      beforeAnything: () => void (now = BEFORE),
      later: () => void (now = LATER),
      merge: {
        select: ['hubspot.contacts', 'hubspot.deal_contacts'],
        sql: `select id, _deleted, cast(null as text) from "raw_hubspot".contacts where id in ('2', '3')
          union all select 'deal', false, contact_id from "raw_hubspot".deal_contacts where deal_id = '3' order by 1, 3`,
        before: ['2 false null', '3 false null', 'deal false 1', 'deal false 2', 'deal false 3'],
        // The links of a deal that did not change itself show when all is read again.
        happens: () => void (now = A_WEEK_AFTER_MERGE),
        after: ['2 false null', '3 true null', 'deal false 1', 'deal false 2'],
      },
      truth: {
        sql: `select id, deal_currency_code, cast(cast(amount as decimal(18,2)) as text) from "raw_hubspot".deals order by cast(id as bigint)`,
        rows: dealsOf(FIRST),
      },
      refuses: {
        'a version that ended': () => again(emulator, DEALS, { path: (path) => path.replace('2026-09', 'v3') }),
        'an unknown field to filter by': () =>
          again(emulator, SEARCH, { body: (body) => body.replaceAll('"propertyName":"', '"propertyName":"unknown_') }),
        'too large a page': () => again(emulator, DEALS, { query: { limit: '101' } }),
        'a missing permission': () => {
          emulator.knobs.scopes = ['oauth'];
          return again(emulator, DEALS);
        },
      },
      says: {
        wait: { special: 'TEN_SECONDLY_ROLLING' },
        slower: {
          status: 429,
          headers: { 'content-type': 'application/json' },
          body: '{"status":"error","policyName":"SECONDLY","message":"You have reached your secondly limit."}',
        },
        expired: { special: 'EXPIRED' },
        quota: { special: 'DAILY' },
      },
    };
  },
};
