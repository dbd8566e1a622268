/**
 * RudderStack's warehouse tables as events: calls of tracks, pages, screens and identifies that it has loaded into the warehouse, or
 * exported to files.
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

import { callStream, TABLES } from './calls.ts';

const options = z
  .strictObject({
    ...placeOptions(TABLES),
    /** The events' source: one for each workspace that is read. */
    source: z.string().min(1).default('rudderstack'),
    /** How much later than others a row may be loaded and still be found. */
    overlapHours: z.number().min(0).default(72),
  })
  .refine(isOnePlace, { error: ONE_PLACE });

export const rudderstack = defineConnector({
  name: 'rudderstack',
  title: 'RudderStack (tables in a warehouse or files)',
  options,
  limits: () => ({ requests: 1000, perMilliseconds: 1000, concurrency: 4 }),
  streams: (given, { feeds }) => TABLES.map((table) => callStream(table, feedNamed(feeds, 'events'), given)),
  connect: async (given, context, project): Promise<Tables> => tablesAt(given, context, project),
  classify: () => ({ kind: 'rejected', message: 'cannot read the tables' }),
  check: ({ client }) => checkTables(client, TABLES),
});
