import { defineConfig, env } from 'revops';
import { googleAds } from 'revops/connectors/google-ads';
import { hubspot } from 'revops/connectors/hubspot';

/** This repository as a project: its own models on its own simulated platforms (`npm run demo` shows them at work). */
export default defineConfig({
  name: 'revops',
  warehouse: { type: 'duckdb', path: '.revops/warehouse.duckdb' },
  connectors: {
    'google-ads': googleAds({
      developerToken: env('GOOGLE_ADS_DEVELOPER_TOKEN'),
      clientId: env('GOOGLE_ADS_CLIENT_ID'),
      clientSecret: env('GOOGLE_ADS_CLIENT_SECRET'),
      refreshToken: env('GOOGLE_ADS_REFRESH_TOKEN'),
    }),
    hubspot: hubspot({ accessToken: env('HUBSPOT_ACCESS_TOKEN') }),
  },
  start: '2025-05-01',
  timeZone: 'Europe/Berlin',
  currency: 'EUR',
});
