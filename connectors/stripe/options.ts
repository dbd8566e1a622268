/**
 * What a project gives: `stripe({ apiKey: env('STRIPE_API_KEY') })`.
 */
import { z } from 'zod';

import { endpointOption, secretOption } from 'revops/connector';

export const options = z.strictObject({
  /** A restricted key (`rk_live_…`) with read permissions. A secret key (`sk_live_…`) works and may do far more. */
  apiKey: secretOption(),
  /** The platform allows 25 in test mode and 100 in live mode, more on request, to all that use the account together. */
  requestsPerSecond: z.number().int().min(1).default(20),
  /** Base URL of the API, without a path. */
  endpoint: endpointOption('https://api.stripe.com').refine((url) => new URL(url).pathname === '/', {
    error: 'expected a URL without a path: the SDK adds its own',
  }),
});

export type StripeOptions = z.output<typeof options>;
