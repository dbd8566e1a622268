/**
 * Options of the connector: `pipedrive({ apiToken: env('PIPEDRIVE_API_TOKEN') })`.
 */
import { z } from 'zod';

import { endpointOption, secretOption } from 'revops/connector';

const oauth = z.strictObject({
  /** Client id of the app. */
  clientId: secretOption(),
  clientSecret: secretOption(),
  /** From the installation of the app; it ends when it is not used for 60 days. */
  refreshToken: secretOption(),
});

/** Columns of persons that only custom fields can fill. */
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

export type OwnColumn = (typeof OWN_COLUMNS)[number];

export const options = z
  .strictObject({
    /** Personal API token of a user who sees all deals. This or `oauth`. */
    apiToken: secretOption().optional(),
    /** An OAuth app; access tokens are renewed during the run. */
    oauth: oauth.optional(),
    /** Base URL of the API. */
    endpoint: endpointOption('https://api.pipedrive.com'),
    /** Base URL of the token service. */
    tokenEndpoint: endpointOption('https://oauth.pipedrive.com'),
    /** Which custom fields of persons hold click ids and first visits, by key (40 digits) or name: `{ gclid: 'Google click id' }`. */
    fields: z.partialRecord(z.enum(OWN_COLUMNS), z.string().min(1)).default({}),
    /** Whether users, who own records, are read; an app needs the scope `users:read`, without which they are left out. */
    users: z.boolean().default(true),
    /** Stop once all apps together have used this share of the company's tokens of the day. */
    dailyTokenShare: z.number().positive().max(1).default(0.8),
    /** What the plan allows in any two seconds: 20 for an API token on the smallest. */
    requestsPerTwoSeconds: z.number().int().positive().default(20),
  })
  .refine((given) => (given.apiToken === undefined) !== (given.oauth === undefined), {
    message: 'give either apiToken or oauth',
    path: ['apiToken'],
  });

export type PipedriveOptions = z.output<typeof options>;
