/**
 * Snowplow's events: the table that its loaders fill in the warehouse, or files of the same shape.
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
    /** The events' source: one for each pipeline that is read. */
    source: z.string().min(1).default('snowplow'),
    /** How much later than others a row may be loaded and still be found. */
    overlapHours: z.number().min(0).default(72),
  })
  .refine(isOnePlace, { error: ONE_PLACE });

export const snowplow = defineConnector({
  name: 'snowplow',
  title: 'Snowplow (table in a warehouse or files)',
  options,
  limits: () => ({ requests: 1000, perMilliseconds: 1000, concurrency: 4 }),
  streams: (given, { feeds }) => [eventStream(feedNamed(feeds, 'events'), given)],
  connect: async (given, context, project): Promise<Tables> => tablesAt(given, context, project),
  classify: () => ({ kind: 'rejected', message: 'cannot read the tables' }),
  check: ({ client }) => checkTables(client, TABLES),
});
