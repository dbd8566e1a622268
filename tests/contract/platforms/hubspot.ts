/** HubSpot by an OAuth app. */
import { hubspot } from '../../../connectors/hubspot/index.ts';
import { startHubspotEmulator } from '../../../fixtures/emulators/hubspot/index.ts';
import type { ConnectorUnderTest } from '../../../src/testing/index.ts';
import { changedCrm, FIRST, LATER } from './changed-crm.ts';
import { onEmulator } from './on-emulator.ts';

export const hubspotUnderTest: ConnectorUnderTest = {
  name: 'hubspot',
  async start() {
    let now = FIRST;
    const emulator = await startHubspotEmulator({
      world: changedCrm(),
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
      select: ['hubspot.deals', 'hubspot.deal_stage_history', 'hubspot.deal_contacts', 'hubspot.deal_pipeline_stages'],
      start: '2026-01-01',
      now: () => new Date(now),
      secrets: [clientSecret, refreshToken, 'a-wrong-client-secret'],
      setPageSize: (records) => void (emulator.knobs.largestPage = records ?? 100),
      later: () => void (now = LATER),
      says: {
        wait: { special: 'TEN_SECONDLY_ROLLING' },
        expired: { special: 'EXPIRED' },
        quota: { special: 'DAILY' },
      },
    };
  },
};
