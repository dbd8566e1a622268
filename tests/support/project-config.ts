/**
 * The text of a config on the simulated company's two platforms. Nothing of the test runner: drills and benches use it too.
 */
import type { EngineName } from '../../src/warehouse/types.ts';

/** File of a DuckDB project's warehouse, in its folder. */
export const DUCKDB_FILE = 'warehouse.duckdb';

/** `start` is the first day it syncs; `lines` are further ones of the config's object. */
export function projectConfig(engine: EngineName, start: string, lines: readonly string[] = []): string {
  const warehouse =
    engine === 'duckdb'
      ? `{ type: 'duckdb', path: '${DUCKDB_FILE}' }`
      : `{ type: 'postgres', url: env('DATABASE_URL') }`;
  return `import { defineConfig, env } from 'revops';
import { googleAds } from 'revops/connectors/google-ads';
import { hubspot } from 'revops/connectors/hubspot';

export default defineConfig({
  warehouse: ${warehouse},
  connectors: {
    'google-ads': googleAds({
      developerToken: env('GOOGLE_ADS_DEVELOPER_TOKEN'),
      clientId: env('GOOGLE_ADS_CLIENT_ID'),
      clientSecret: env('GOOGLE_ADS_CLIENT_SECRET'),
      refreshToken: env('GOOGLE_ADS_REFRESH_TOKEN'),
      requestsPerSecond: 1000,
    }),
    hubspot: hubspot({ accessToken: env('HUBSPOT_ACCESS_TOKEN') }),
  },
  start: '${start}',
  timeZone: 'Europe/Berlin',
  currency: 'EUR',
${lines.map((line) => `  ${line}\n`).join('')}});
`;
}
