/**
 * Option types that connectors share.
 */
import { z } from 'zod';

import { Secret } from '../secret.ts';

/** A credential: `env('NAME')` in the config. Plain text is accepted and made opaque at once. */
export function secretOption(): z.ZodType<Secret, Secret | string> {
  return z.union(
    [
      z.instanceof(Secret),
      z
        .string()
        .min(1)
        .transform((value) => new Secret(value, 'config')),
    ],
    { error: "expected a credential: env('NAME')" },
  );
}

/** A base URL without a trailing slash, the platform's own by default. */
export function endpointOption(standard: string): z.ZodDefault<z.ZodPipe<z.ZodURL, z.ZodTransform<string, string>>> {
  return z
    .url({ protocol: /^https?$/, error: 'expected an http(s) URL' })
    .transform((url) => url.replace(/\/+$/, ''))
    .default(standard);
}
