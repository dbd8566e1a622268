/**
 * Google Analytics 4: the events of its export to BigQuery, as a table of the warehouse or as files (Parquet, JSON).
 */
import {
  checkTables,
  defineConnector,
  feedNamed,
  isOnePlace,
  ONE_PLACE,
  placeOptions,
  tablesAt,
  type Tables,
} from 'revops/connector';
import { z } from 'zod';

import { eventStream } from './events.ts';

const TABLES = ['events'] as const;

const options = z
  .strictObject({
    ...placeOptions(TABLES),
    /** The events' source: one for each property that is read. */
    source: z.string().min(1).default('ga4'),
    /** The property's reporting time zone, in which its days begin. */
    timeZone: z.string().refine(isTimeZone, { error: "expected an IANA time zone such as 'Europe/Berlin'" }),
  })
  .refine(isOnePlace, { error: ONE_PLACE });

export const ga4 = defineConnector({
  name: 'ga4',
  title: 'Google Analytics 4 (BigQuery export)',
  options,
  limits: () => ({ requests: 1000, perMilliseconds: 1000, concurrency: 4 }),
  streams: (given, { feeds }) => [eventStream(feedNamed(feeds, 'events'), given)],
  connect: async (given, context, project): Promise<Tables> => tablesAt(given, context, project),
  classify: () => ({ kind: 'rejected', message: 'cannot read the tables' }),
  check: ({ client }) => checkTables(client, TABLES),
});

// --- internal ---

function isTimeZone(zone: string): boolean {
  try {
    Intl.DateTimeFormat('en', { timeZone: zone });
    return zone.includes('/') || zone === 'UTC';
  } catch {
    return false;
  }
}
