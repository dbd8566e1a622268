/**
 * What every connector must do, as cases with names that say so.
 */
import {
  credentialsRefused,
  HTML,
  quotaUsedUp,
  said,
  secretsNowhere,
  strict,
  unanswered,
  waitedOut,
} from './cases-of-refusals.ts';
import {
  answered,
  changed,
  dyingAt,
  interrupted,
  merged,
  nothingYet,
  pagesOfAnySize,
  readTwice,
  rowMissing,
  stoppingAt,
  tenTimes,
  trueToThePlatform,
} from './cases-of-rows.ts';
import type { ConnectorCase } from './connector-case.ts';

/** The names are those of the matrix; `without` of a connector names them. */
export const CONNECTOR_CASES: readonly ConnectorCase[] = [
  { name: 'read twice, nothing changes', run: readTwice },
  { name: 'pages of any size', run: pagesOfAnySize },
  { name: 'ten times the records', run: tenTimes },
  { name: 'stopped anywhere', run: (given) => interrupted(given, stoppingAt) },
  { name: 'dead anywhere', run: (given) => interrupted(given, dyingAt) },
  { name: 'nothing there yet', run: nothingYet },
  { name: 'changed, restated, gone', run: (given) => changed(given) },
  { name: 'merged', run: merged },
  { name: 'clock ahead', run: (given) => changed(given, 4) },
  { name: 'clock behind', run: (given) => changed(given, -4) },
  {
    name: 'every record twice',
    run: (given) => answered(given, (records) => (records.length > 1 ? records.flatMap((one) => [one, one]) : records)),
  },
  { name: 'records in another order', run: (given) => answered(given, (records) => records.toReversed()) },
  {
    name: 'fields nobody knows',
    run: (given) => answered(given, (records) => records.map((one) => ({ ...one, revops_unknown: { a: [1] } }))),
  },
  { name: 'a row is missing', run: rowMissing },
  { name: 'amounts, days and long ids', run: trueToThePlatform },
  { name: '502 in HTML', run: (given) => waitedOut(given, { ...HTML, status: 502 }) },
  { name: '200 in HTML', run: (given) => waitedOut(given, { ...HTML, status: 200 }) },
  { name: 'connection reset', run: (given) => waitedOut(given, { reset: true }) },
  { name: 'answer cut off', run: (given) => waitedOut(given, { resetAfterBytes: 40 }) },
  { name: 'no answer', run: unanswered },
  { name: 'told to wait', run: (given) => waitedOut(given, said(given, 'wait')) },
  { name: 'told to slow down', run: (given) => waitedOut(given, said(given, 'slower')) },
  { name: 'token ends in mid-run', run: (given) => waitedOut(given, said(given, 'expired')) },
  { name: 'quota used up', run: quotaUsedUp },
  { name: 'credentials refused', run: credentialsRefused },
  { name: 'secrets nowhere', run: secretsNowhere },
  { name: 'the platform is strict', run: strict },
];
