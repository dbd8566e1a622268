/** Salesforce by client credentials, through the REST API. */
import { salesforce } from '../../../connectors/salesforce/index.ts';
import { startSalesforceEmulator } from '../../../fixtures/emulators/salesforce/index.ts';
import type { ConnectorUnderTest } from '../../../src/testing/index.ts';
import { AFTER_MERGE, at, BEFORE, changedCrm, FIRST, LATER } from './changed-crm.ts';
import { again, onEmulator } from './on-emulator.ts';

const QUERY = /\/query(All)?$/;

export const salesforceUnderTest: ConnectorUnderTest = {
  name: 'salesforce',
  without: { 'every record twice': 'the platform announces how many records it gives: more is a fault' },
  async start() {
    let now = FIRST;
    let crm = changedCrm();
    const emulator = await startSalesforceEmulator({ world: { at: (instant) => crm.at(instant) }, now: () => now });
    const { clientId, clientSecret } = emulator.knobs;
    const connectorWith = (secret: string) =>
      salesforce({
        clientCredentials: { clientId, clientSecret: secret },
        endpoint: emulator.url,
        requestsPerSecond: 100_000,
        pollSeconds: 0.005,
      });
    return {
      ...onEmulator(emulator, /^GET \/services\/data\/.*\/query/),
      connector: connectorWith(clientSecret),
      refused: connectorWith('a-wrong-client-secret'),
      select: [
        'salesforce.opportunities',
        'salesforce.opportunity_history',
        'salesforce.opportunity_contact_roles',
        'salesforce.opportunity_stages',
        'salesforce.users',
      ],
      start: '2026-01-01',
      now: () => new Date(now),
      secrets: [clientSecret, 'a-wrong-client-secret'],
      setPageSize: (records) => void (emulator.knobs.largestPage = records ?? 2_000),
      grow(times) {
        crm = changedCrm(times);
        now = at(120 + times);
      },
      beforeAnything: () => void (now = BEFORE),
      later: () => void (now = LATER),
      merge: {
        select: ['salesforce.contacts'],
        sql: `select email, _deleted, master_record_id is not null from "raw_salesforce".contacts
          where email in ('p2@c2.example', 'p3@c3.example') order by 1`,
        before: ['p2@c2.example false false', 'p3@c3.example false false'],
        happens: () => void (now = AFTER_MERGE),
        after: ['p2@c2.example false false', 'p3@c3.example true true'],
      },
      // Ids are the organisation's own.
      truth: {
        sql: `select currency_iso_code, cast(cast(amount as decimal(18,2)) as text), cast(count(*) as text)
          from "raw_salesforce".opportunities group by 1, 2 order by 1`,
        rows: ['EUR 1234.56 4', 'JPY 1234.56 5'],
      },
      refuses: {
        'a version that ended': () => again(emulator, QUERY, { path: (path) => path.replace(/v\d+\.\d/, 'v20.0') }),
        'an unknown field': () => again(emulator, QUERY, { query: { q: 'SELECT Id, Unknown__c FROM Opportunity' } }),
        'a session of others': () => again(emulator, QUERY, { headers: { authorization: 'Bearer other' } }),
        'a missing permission': () => {
          emulator.knobs.hiddenObjects = ['Opportunity'];
          return again(emulator, QUERY, { query: { q: 'SELECT Id FROM Opportunity' } });
        },
      },
      says: {
        slower: { special: 'CONCURRENT' },
        wait: { status: 429, headers: { 'retry-after': '1', 'content-type': 'application/json' }, body: '[]' },
        expired: { special: 'INVALID_SESSION_ID' },
        quota: { special: 'REQUEST_LIMIT_EXCEEDED' },
      },
    };
  },
};
