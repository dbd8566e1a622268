/**
 * Options of the connector: `salesforce({ endpoint: 'https://acme.my.salesforce.com', clientCredentials: { … } })`.
 */
import { z } from 'zod';

import { secretOption } from 'revops/connector';

/** A base URL without a trailing slash. */
const baseUrl = z
  .url({ protocol: /^https?$/, error: "expected the organisation's My Domain URL, https://<name>.my.salesforce.com" })
  .transform((url) => url.replace(/\/+$/, ''));

const clientCredentials = z.strictObject({
  /** Consumer key of an external client app with a run-as user. */
  clientId: secretOption(),
  clientSecret: secretOption(),
});

const jwt = z.strictObject({
  clientId: secretOption(),
  /** The user the app acts for. */
  username: z.string().min(1),
  /** PEM of the key whose certificate the app holds. */
  privateKey: secretOption(),
  /** `https://test.salesforce.com` for a sandbox. */
  audience: z.url().default('https://login.salesforce.com'),
});

const refreshToken = z.strictObject({
  clientId: secretOption(),
  /** Not needed for an app that does not require it. */
  clientSecret: secretOption().optional(),
  refreshToken: secretOption(),
});

const fieldName = z.string().regex(/^[A-Za-z]\w*$/, 'expected the API name of a field');

/** Columns of contacts and leads that only fields of the organisation's own can fill. */
export const OWN_COLUMNS = [
  'gclid',
  'fbclid',
  'first_page_url',
  'first_referrer',
  'first_seen_at',
  'original_source',
  'original_source_detail_1',
  'original_source_detail_2',
  'latest_source',
  'latest_source_detail_1',
  'latest_source_detail_2',
  'latest_seen_at',
] as const;

export const STREAM_NAMES = [
  'accounts',
  'contacts',
  'leads',
  'opportunities',
  'opportunity_history',
  'opportunity_contact_roles',
  'opportunity_stages',
  'campaigns',
  'campaign_members',
  'users',
] as const;

export const options = z
  .strictObject({
    /** My Domain URL of the organisation. */
    endpoint: baseUrl,
    /** Base URL of the token service. Default: the same as `endpoint`. */
    tokenEndpoint: baseUrl.optional(),
    clientCredentials: clientCredentials.optional(),
    jwt: jwt.optional(),
    refreshToken: refreshToken.optional(),
    /** Which of the organisation's own fields of contacts and leads hold click ids and first visits: `{ gclid: 'GCLID__c' }`. */
    fields: z.partialRecord(z.enum(OWN_COLUMNS), fieldName).default({}),
    /** Further standard fields to read, by API name and stream; they land in `_extra`. Custom fields do without being named. */
    standardFields: z.partialRecord(z.enum(STREAM_NAMES), z.array(fieldName)).default({}),
    /** Stop once all apps together have used this share of the organisation's calls of the last 24 hours. */
    dailyLimitShare: z.number().positive().max(1).default(0.8),
    /** More records than this are read by the Bulk API. */
    bulkAbove: z.number().int().min(0).default(20_000),
    /** Records of a page of the Bulk API; a page is held in memory. */
    bulkPageRecords: z.number().int().positive().default(10_000),
    /** How often a bulk job is asked whether it is done. */
    pollSeconds: z.number().positive().default(5),
    /** How long a bulk job may take. */
    jobMinutes: z.number().positive().default(120),
    /** Calls begun per second at most. */
    requestsPerSecond: z.number().int().positive().default(10),
  })
  .refine(
    (given) => [given.clientCredentials, given.jwt, given.refreshToken].filter((way) => way !== undefined).length === 1,
    {
      message: 'give exactly one of clientCredentials, jwt and refreshToken',
      path: ['clientCredentials'],
    },
  );

export type SalesforceOptions = z.output<typeof options>;
