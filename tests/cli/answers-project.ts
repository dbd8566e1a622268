/**
 * A company of three customers in files, small enough to compute every number by hand: what answers are tested on.
 *
 * Anna (deal 10, 1,200 EUR, won 2025-10-20): a newsletter in June, an ad of google on 1 October, her form on 5 October,
 * a newsletter on 19 October, a visit after the win. Bob (deal 20, 2,000 USD at 0.8, won 2025-11-20): an ad of meta on
 * 1 November, his form on 3 November. Eve (deal 50, 500 EUR, won 2025-11-25): nothing is known of her ways. Deal 30 is
 * open and Eve's too (won for two days), deal 40 is nobody's, deal 60 was won and deleted two days later, deal 70 is
 * what Anna's company bought next. In December an account reports its spend by the week.
 */
export const NOW = '2026-01-10T06:00:00Z';

/** In the environment, and so nowhere else. */
export const IDENTITY_SECRET = 'canary51d0-identity-secret';

export const FILES: Record<string, string> = {
  'revops.config.ts': `import { defineConfig, env } from 'revops';
import { files } from 'revops/connectors/files';
export default defineConfig({
  warehouse: process.env.DATABASE_URL === undefined ? { type: 'duckdb', path: 'warehouse.duckdb' } : { type: 'postgres', url: env('DATABASE_URL') },
  connectors: {
    files: files({
      feeds: {
        contacts: 'contacts.csv',
        events: 'events.csv',
        deals: 'deals.csv',
        deal_contacts: 'deal_contacts.csv',
        deal_stage_changes: 'deal_stage_changes.csv',
        pipeline_stages: 'pipeline_stages.csv',
        ad_spend: 'ad_spend.csv',
        ad_clicks: 'ad_clicks.csv',
        ad_claims: 'ad_claims.csv',
        fixed_costs: 'fixed_costs.csv',
      },
    }),
  },
  start: '2025-09-01',
  timeZone: 'Europe/Berlin',
  currency: 'EUR',
  pipeline: { version: 3, stages: [] },
  identity: { secret: env('REVOPS_IDENTITY_SECRET') },
});
`,
  'models/reference/exchange_rates.csv': `rate_date,currency,rate
2025-10-10,USD,0.9
2025-11-10,USD,0.8
2025-11-20,USD,0.8
`,
  'contacts.csv': `source,contact_id,company_id,email,created_at
crm,1,c1,anna@acme.io,2025-10-05T10:00:00Z
crm,2,c2,bob@bolt.io,2025-11-03T10:00:00Z
crm,3,c3,eve@echo.io,2025-11-10T10:00:00Z
`,
  'events.csv': `source,event_id,event_name,occurred_at,anonymous_id,email,utm_source,utm_medium,utm_campaign,gclid
site,e0,page_view,2025-06-01T09:00:00Z,m,,newsletter,email,,
site,e1,page_view,2025-10-01T09:00:00Z,m,,,,,g1
site,e2,form_submit,2025-10-05T09:59:00Z,m,anna@acme.io,,,,
site,e3,page_view,2025-10-19T09:00:00Z,m,,newsletter,email,,
site,e4,page_view,2025-10-25T09:00:00Z,m,,,,,
site,b1,page_view,2025-11-01T09:00:00Z,n,,facebook,paid_social,Bolts,
site,b2,form_submit,2025-11-03T09:59:00Z,n,bob@bolt.io,,,,
`,
  'deals.csv': `source,deal_id,company_id,stage_id,amount,currency,close_date_at,created_at,updated_at,is_deleted
crm,10,c1,won,1200,EUR,2025-10-31T12:00:00Z,2025-10-10T10:00:00Z,2025-10-20T10:00:00Z,
crm,20,c2,won,2000,USD,2025-11-20T10:00:00Z,2025-11-05T10:00:00Z,2025-11-20T10:00:00Z,
crm,30,c3,new,900,EUR,,2025-12-05T10:00:00Z,2025-12-05T10:00:00Z,
crm,40,,new,,,,2025-12-06T10:00:00Z,2025-12-06T10:00:00Z,
crm,50,c3,won,500,EUR,2025-11-25T10:00:00Z,2025-11-12T10:00:00Z,2025-11-25T10:00:00Z,
crm,60,c4,won,700,EUR,2026-01-05T10:00:00Z,2025-12-20T10:00:00Z,2026-01-07T10:00:00Z,true
crm,70,c1,won,300,EUR,2025-12-04T10:00:00Z,2025-12-02T10:00:00Z,2025-12-04T10:00:00Z,
`,
  'deal_contacts.csv': `source,deal_id,contact_id,is_primary
crm,10,1,true
crm,20,2,true
crm,30,3,true
crm,50,3,true
`,
  'deal_stage_changes.csv': `source,deal_id,stage_id,entered_at,actor,recorded_at
crm,10,new,2025-10-10T10:00:00Z,manual,2025-10-10T10:00:00Z
crm,10,won,2025-10-20T10:00:00Z,manual,2025-10-22T10:00:00Z
crm,20,won,2025-11-20T10:00:00Z,manual,2025-11-20T10:00:00Z
crm,30,won,2025-12-06T10:00:00Z,automation,2025-12-06T10:00:00Z
crm,30,new,2025-12-08T10:00:00Z,manual,2025-12-08T10:00:00Z
`,
  'pipeline_stages.csv': `source,stage_id,stage_label,stage_order,is_closed,is_won
crm,new,New,0,false,false
crm,won,Won,1,true,true
crm,lost,Lost,2,true,false
`,
  'ad_spend.csv': `platform,account_id,account_name,account_time_zone,currency,campaign_id,campaign_name,campaign_type,spend_date,spend,source_grain
google_ads,A,Acme DE,Europe/Berlin,EUR,100,Generic > Screws,search,2025-09-01,200,
google_ads,A,Acme DE,Europe/Berlin,EUR,100,Generic > Screws,search,2025-10-01,300,
google_ads,A,Acme DE,Europe/Berlin,EUR,100,Generic > Screws,search,2025-10-15,100.25,
google_ads,A,Acme DE,Europe/Berlin,EUR,100,Generic > Screws,search,2025-11-01,500,
google_ads,A,Acme DE,Europe/Berlin,EUR,100,Generic > Screws,search,2025-12-31,50,
meta_ads,M,Acme US,America/New_York,USD,200,Bolts,social,2025-10-10,100,
meta_ads,M,Acme US,America/New_York,USD,200,Bolts,social,2025-11-10,200,
linkedin_ads,L,Acme Posts,Europe/Berlin,EUR,300,Posts,display,2025-12-01,70,week
`,
  'fixed_costs.csv': `cost_id,category,channel,from_date,to_date,amount,currency
team,salaries,,2025-10-01,2025-10-31,3100,EUR
seo,agency,Paid Search,2025-10-01,2025-10-31,310,EUR
podcast,agency,Podcast,2025-10-01,2025-10-31,31,EUR
`,
  'ad_clicks.csv': `platform,account_id,account_time_zone,click_id_type,click_id,campaign_id,click_date
google_ads,A,Europe/Berlin,gclid,g1,100,2025-10-01
`,
  'ad_claims.csv': `platform,account_id,account_time_zone,currency,campaign_id,action,action_name,action_category,is_canonical,claim_date,claimed_conversions,claimed_value
google_ads,A,Europe/Berlin,EUR,100,buy,Purchase,purchase,true,2025-10-01,1,1200
google_ads,A,Europe/Berlin,EUR,100,view,Pricing page,page_view,false,2025-10-01,40,
google_ads,A,Europe/Berlin,EUR,100,buy,Purchase,purchase,true,2025-11-01,2,2000
meta_ads,M,America/New_York,USD,200,omni_purchase,omni_purchase,purchase,true,2025-11-10,1,2000
meta_ads,M,America/New_York,USD,200,omni_purchase,omni_purchase,purchase,true,2025-12-31,0,0
`,
};
