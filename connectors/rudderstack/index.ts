/**
 * RudderStack's warehouse tables as events: calls of every kind that it has loaded into the warehouse, or
 * exported to files. https://www.rudderstack.com/docs/destinations/warehouse-destinations/warehouse-schema/
 */
import {
  CALL_TABLES,
  callStream,
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

/** When a row was loaded, else when it was received. */
const ARRIVAL = ['uuid_ts', 'loaded_at', 'received_at'];

const options = z
  .strictObject({
    ...placeOptions(CALL_TABLES),
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
  streams: (given, { feeds }) =>
    CALL_TABLES.map((table) => callStream(table, feedNamed(feeds, 'events'), { ...given, arrival: ARRIVAL })),
  connect: async (given, context, project): Promise<Tables> => tablesAt(given, context, project),
  classify: () => ({ kind: 'rejected', message: 'cannot read the tables' }),
  check: ({ client }) => checkTables(client, CALL_TABLES),
});
