/**
 * Options of the connector: `hubspot({ accessToken: env('HUBSPOT_TOKEN') })`.
 */
import { z } from 'zod';

import { endpointOption, secretOption } from 'revops/connector';

const PLATFORM = 'https://api.hubapi.com';

const oauth = z.strictObject({
  /** Client id of the app. */
  clientId: secretOption(),
  clientSecret: secretOption(),
  /** From the installation of the app into the account; it does not expire. */
  refreshToken: secretOption(),
});

const names = z.array(z.string().regex(/^[a-z0-9_]+$/, 'expected the internal name of a property')).default([]);

export const options = z
  .strictObject({
    /** Token of a service key or private app. This or `oauth`. */
    accessToken: secretOption().optional(),
    /** An OAuth app; access tokens are renewed during the run. */
    oauth: oauth.optional(),
    /** Base URL of the API. */
    endpoint: endpointOption(PLATFORM),
    /** Base URL of the token service. Default: the same as `endpoint`. */
    tokenEndpoint: z.url({ protocol: /^https?$/ }).optional(),
    /** Further properties to read, by internal name. They land in `_extra`. */
    properties: z.strictObject({ contacts: names, companies: names, deals: names }).partial().default({}),
    /** Whether the people that records belong to are read; needs the scope `crm.objects.owners.read`. */
    owners: z.boolean().default(true),
    /** Whether forms and what people filled in are read; needs the scope `forms`. */
    forms: z.boolean().default(true),
    /** Whether lists and what is on them are read; needs the scope `crm.lists.read`. */
    lists: z.boolean().default(true),
    /** Whether tickets are read, without what customers wrote; needs the scope `tickets`. */
    tickets: z.boolean().default(true),
    /** Which of the things that sales did are read. `emails` needs the scope `sales-email-read`. */
    activities: z.array(z.enum(['calls', 'emails', 'meetings', 'notes', 'tasks'])).default(['calls', 'meetings']),
    /** What the account allows this app, searches excluded: 100 per ten seconds on every plan, 190 on the larger ones. */
    requestsPerTenSeconds: z.number().int().min(11).default(100),
    /** Searches are limited apart, for all apps of the account together: 5 per second. */
    searchesPerSecond: z.number().positive().default(4),
  })
  .refine((given) => (given.accessToken === undefined) !== (given.oauth === undefined), {
    message: 'give either accessToken or oauth',
    path: ['accessToken'],
  });

export type HubspotOptions = z.output<typeof options>;
