/**
 * Option types that connectors share.
 */
import { z } from 'zod';

import { Secret } from '../secret.ts';

/** A credential: `env('NAME')` in the config. Plain text is accepted and made opaque at once. */
export function secretOption(): z.ZodType<Secret, Secret | string> {
  return z.union([
    z.instanceof(Secret),
    z.string().min(1).transform((value) => new Secret(value, 'config')),
  ]);
}

/** A base URL without a trailing slash, the platform's own by default. */
export function endpointOption(standard: string): z.ZodType<string, string | undefined> {
  return z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ''))
    .default(standard) as unknown as z.ZodType<string, string | undefined>;
}
