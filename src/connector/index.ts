/** The public kit a connector is written with: `revops/connector`. */
export * as column from './columns.ts';
export type { ColumnSchema } from './columns.ts';
export type * from './contract.ts';
export { defineConnector } from './define.ts';
export { type Fault, type FaultKind, isNetworkError, retryAfterMs } from './faults.ts';
export type { Gateway } from './gateway.ts';
export { inWholeDays } from './whole-days.ts';
export { secretOption, endpointOption } from './options.ts';
export { headerOf, isSameText } from './webhook.ts';
export type * from './tables/contract.ts';
export { checkTables } from './tables/check-tables.ts';
export { isOnePlace, ONE_PLACE, placeOptions, tablesAt } from './tables/place.ts';
export { instantText } from './tables/read-row.ts';
export { feedNamed, feedSchema, firstOf, tableStream } from './tables/table-stream.ts';
export type * from './webhook.ts';
export { RevopsError } from '../errors.ts';
export { didYouMean } from '../nearest.ts';
export { redact, remember, Secret } from '../secret.ts';
