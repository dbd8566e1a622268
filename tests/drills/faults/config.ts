/** What the company's project says. */
import type { EngineName } from '../../../src/warehouse/types.ts';

/** The config of a project whose data begins on a day. Definitions are looked at twice a year. */
export function configText(firstDay: string, engine: EngineName): string {
  return `import { defineConfig, env } from 'revops';
import { files } from 'revops/connectors/files';
import { googleAds } from 'revops/connectors/google-ads';
import { hubspot } from 'revops/connectors/hubspot';

const stages = [
  { name: 'opportunity', when: { dealStage: 'qualified', pipeline: 'sales' } },
  { name: 'customer', when: { deal: 'won' } },
];

export default defineConfig({
  warehouse: ${engine === 'duckdb' ? "{ type: 'duckdb', path: 'warehouse.duckdb' }" : "{ type: 'postgres', url: env('DATABASE_URL') }"},
  connectors: {
    'google-ads': googleAds({
      developerToken: env('GOOGLE_ADS_DEVELOPER_TOKEN'),
      clientId: env('GOOGLE_ADS_CLIENT_ID'),
      clientSecret: env('GOOGLE_ADS_CLIENT_SECRET'),
      refreshToken: env('GOOGLE_ADS_REFRESH_TOKEN'),
      requestsPerSecond: 1000,
      canonicalConversionAction: 'Demo request',
    }),
    hubspot: hubspot({ accessToken: env('HUBSPOT_ACCESS_TOKEN') }),
    files: files({
      feeds: {
        events: 'data/events/*.jsonl',
        ad_spend: 'data/ad_spend/*.jsonl',
        invoices: 'data/invoices/*.jsonl',
        fx_rates: 'data/fx_rates/*.jsonl',
        fixed_costs: 'data/costs.csv',
      },
    }),
  },
  start: '${firstDay}',
  timeZone: 'Europe/Berlin',
  currency: 'EUR',
  identity: { secret: env('REVOPS_IDENTITY_SECRET') },
  attribution: { primaryModel: 'first_touch', lookbackDays: 180 },
  checks: { slaHours: { files: 26 } },
  pipeline: [
    { version: 1, effectiveFrom: '2025-04-01', stages },
    { version: 2, effectiveFrom: '2025-09-01', stages },
    { version: 3, effectiveFrom: '2026-02-01', stages },
    { version: 4, effectiveFrom: '2026-07-01', stages },
  ],
});
`;
}

export const TRACKING_PLAN = `version: 1
sources: { site: client, server: server, forms: server }
events:
  page_view: { purpose: Touchpoints., identifiers: [anonymous_id], properties: { device_type: text } }
  form_submit:
    purpose: Says whose visits those before it were.
    priority: critical
    identifiers: [anonymous_id, email]
    properties: { device_type: text, form_id: text }
  form_submission: { purpose: Leads of the fair's tablets., identifiers: [email] }
  mail_opened: { purpose: Says whose device it is. }
  login: { purpose: Says whose device it is., identifiers: [user_id] }
`;

/** The podcast that the company sponsors. */
export const OWN_RULES = `rule,alternative,channel,source,medium,campaign,source_category,click_id_type,referrer
1,1,Audio,^podcast$,^sponsoring$,,,,
`;
