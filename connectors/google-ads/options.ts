/**
 * What a project gives: `googleAds({ … })`.
 */
import { z } from 'zod';

import { endpointOption, secretOption } from 'revops/connector';

export const PLATFORM = 'https://googleads.googleapis.com';

export const options = z.strictObject({
  /** OAuth client of a Google Cloud project with the Google Ads API enabled. */
  clientId: secretOption(),
  clientSecret: secretOption(),
  /** Of a user with access to the accounts, for the scope `adwords`. */
  refreshToken: secretOption(),
  developerToken: secretOption(),
  /** The manager account through which everything is reached. Default: every account the user reaches directly. */
  loginCustomerId: customerId().optional(),
  /** Only these accounts. Default: all client accounts found. */
  customerIds: z.array(customerId()).min(1).optional(),
  /** Days back that conversions still change. Default: the longest click-through window of an account's actions, and 3. */
  restatementDays: z.number().int().min(0).max(120).optional(),
  /** Id or name of the conversion action by which claims are counted. Default: chosen per account. */
  canonicalConversionAction: z.string().min(1).optional(),
  /** What `revops activate conversions` is for: the account, and the id of the conversion action of each type. */
  conversions: z
    .strictObject({
      customerId: customerId(),
      actions: z.partialRecord(
        z.enum(['lead', 'mql', 'sql', 'opportunity', 'customer']),
        z.string().regex(/^\d+$/, { error: 'expected the id of a conversion action: digits' }),
      ),
    })
    .optional(),
  /** The platform publishes no rate, only a number of requests per day; the default is well below what it throttles. */
  requestsPerSecond: z.number().int().min(1).default(10),
  endpoint: endpointOption(PLATFORM),
  /** Where access tokens come from: its path `/token` is called. */
  tokenEndpoint: endpointOption('https://oauth2.googleapis.com'),
});

export type GoogleAdsOptions = z.output<typeof options>;

// --- internal ---

/** `123-456-7890` as people write it, or digits. */
function customerId(): z.ZodType<string, string> {
  return z
    .string()
    .transform((written) => written.replaceAll('-', ''))
    .pipe(z.string().regex(/^\d+$/, { error: 'expected a customer id: 123-456-7890' }));
}
