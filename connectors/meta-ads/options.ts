/**
 * What a project gives: `metaAds({ … })`.
 */
import { z } from 'zod';

import { endpointOption, secretOption } from 'revops/connector';

import { API_VERSION } from './version.ts';

export const options = z.strictObject({
  /** Of a system user (does not expire) or a user, with the permission `ads_read`. */
  accessToken: secretOption(),
  /** Of the app the token belongs to: needed where the app requires proof for server calls. */
  appSecret: secretOption().optional(),
  /** Only these accounts. Default: all that the token reaches. */
  accountIds: z.array(accountId()).min(1).optional(),
  /** The action type by which claims are counted, for all accounts or by account id. Default `lead`. */
  canonicalAction: z.union([z.string().min(1), z.record(accountId(), z.string().min(1))]).default('lead'),
  /** What `revops activate conversions` is for: the dataset (pixel), and the event that each type of conversion is. */
  conversions: z
    .strictObject({
      datasetId: z.string().regex(/^\d+$/, { error: 'expected the id of a dataset: digits' }),
      events: z
        .partialRecord(z.enum(['lead', 'mql', 'sql', 'opportunity', 'customer']), z.string().min(1))
        .default({ lead: 'Lead', customer: 'Purchase' }),
      /** Where they happened. Default `system_generated`: a CRM or billing tells of them. */
      actionSource: z
        .enum(['system_generated', 'website', 'email', 'phone_call', 'chat', 'physical_store', 'other'])
        .default('system_generated'),
    })
    .optional(),
  /** Days back that figures still change. Default 28: the platform's longest window. */
  restatementDays: z.number().int().min(0).max(120).default(28),
  /** Default: the version this connector is written for. */
  apiVersion: z
    .string()
    .regex(/^v\d+\.\d+$/, { error: 'expected a version of the API: v26.0' })
    .default(API_VERSION),
  /** Seconds between questions whether a report is ready; they grow to a minute. Default 5. */
  pollSeconds: z.number().positive().max(600).default(5),
  /** A report that takes longer is given up and asked for in smaller parts. Default 60. */
  reportMinutes: z.number().positive().max(1440).default(60),
  endpoint: endpointOption('https://graph.facebook.com'),
});

export type MetaAdsOptions = z.output<typeof options>;

/** The action type by which an account's claims are counted; undefined where the options name other accounts only. */
export function canonicalActionOf({ canonicalAction }: MetaAdsOptions, account: string): string | undefined {
  return typeof canonicalAction === 'string' ? canonicalAction : canonicalAction[account];
}

// --- internal ---

/** `act_123` as the platform writes it in places, or digits. */
function accountId(): z.ZodPipe<z.ZodPipe<z.ZodString, z.ZodTransform<string, string>>, z.ZodString> {
  return z
    .string()
    .transform((written) => written.replace(/^act_/, ''))
    .pipe(z.string().regex(/^\d+$/, { error: 'expected an account id: act_123 or 123' }));
}
