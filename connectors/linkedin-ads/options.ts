/**
 * What a project gives: `linkedinAds({ … })`.
 */
import { z } from 'zod';

import { endpointOption, secretOption } from 'revops/connector';

import { API_VERSION } from './version.ts';

export const options = z
  .strictObject({
    /** Of a member with a role on the accounts, for `r_ads` and `r_ads_reporting`. It lives for 60 days. */
    accessToken: secretOption().optional(),
    /** The app. With it, `revops doctor` tells when tokens end. */
    clientId: secretOption().optional(),
    clientSecret: secretOption().optional(),
    /** Instead of an access token, for apps the platform lets renew them. It lives for a year from the consent on. */
    refreshToken: secretOption().optional(),
    /** Only these accounts. Default: all that the member has a role on. */
    accountIds: z.array(accountId()).min(1).optional(),
    /**
     * By what claims are counted: the id of a conversion rule or `one_click_leads`, for all accounts or by account id.
     * Default: chosen per account.
     */
    canonicalConversion: z.union([conversion(), z.record(accountId(), conversion())]).optional(),
    /** What `revops activate conversions` is for: the id of the conversion rule of each type. */
    conversions: z
      .strictObject({
        rules: z.partialRecord(
          z.enum(['lead', 'mql', 'sql', 'opportunity', 'customer']),
          z.string().regex(/^\d+$/, { error: 'expected the id of a conversion rule: digits' }),
        ),
      })
      .optional(),
    /** Days back that figures still change. Default 30, and for conversions the longest window of an account's rules. */
    restatementDays: z.number().int().min(0).max(400).optional(),
    /** Default: the version this connector is written for. */
    apiVersion: z
      .string()
      .regex(/^\d{4}(0[1-9]|1[0-2])$/, { error: 'expected a version of the API: 202610' })
      .default(API_VERSION),
    /** The platform publishes no rate; the default is below what it has been seen to refuse. */
    requestsPerSecond: z.number().int().min(1).default(2),
    endpoint: endpointOption('https://api.linkedin.com'),
    /** Where tokens come from: its paths `/accessToken` and `/introspectToken` are called. */
    tokenEndpoint: endpointOption('https://www.linkedin.com/oauth/v2'),
  })
  .superRefine((given, context) => {
    const issue = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
    if ((given.accessToken === undefined) === (given.refreshToken === undefined))
      issue('accessToken', 'give either accessToken or refreshToken');
    if ((given.clientId === undefined) !== (given.clientSecret === undefined))
      issue('clientId', 'clientId and clientSecret belong together');
    else if (given.refreshToken !== undefined && given.clientId === undefined)
      issue('refreshToken', 'a refresh token needs clientId and clientSecret');
  });

export type LinkedinAdsOptions = z.output<typeof options>;

/** The name under which leads of the platform's own forms are claimed. */
export const LEAD_FORMS = 'one_click_leads';

// --- internal ---

/** `urn:li:sponsoredAccount:123` as the platform writes it in places, or digits. */
function accountId(): z.ZodPipe<z.ZodPipe<z.ZodString, z.ZodTransform<string, string>>, z.ZodString> {
  return z
    .string()
    .transform((written) => written.replace(/^urn:li:sponsoredAccount:/, ''))
    .pipe(z.string().regex(/^\d+$/, { error: 'expected an account id: digits' }));
}

function conversion(): z.ZodString {
  return z
    .string()
    .regex(/^(\d+|one_click_leads)$/, { error: 'expected the id of a conversion rule, or one_click_leads' });
}
