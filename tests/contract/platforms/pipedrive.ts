/** Pipedrive by an OAuth app. */
import { pipedrive } from '../../../connectors/pipedrive/index.ts';
import { startPipedriveEmulator } from '../../../fixtures/emulators/pipedrive/index.ts';
import type { ConnectorUnderTest } from '../../../src/testing/index.ts';
import { changedCrm, FIRST, LATER } from './changed-crm.ts';
import { onEmulator } from './on-emulator.ts';

export const pipedriveUnderTest: ConnectorUnderTest = {
  name: 'pipedrive',
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
      says: {
        wait: { special: 'BURST' },
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
