/**
 * Errors both engines give in the same words.
 */
import { RevopsError } from '../errors.ts';
import type { LeaseHolder } from './contract.ts';

/** A column whose type has no logical type. */
export function unsuitableType(column: string, type: string): RevopsError {
  return new RevopsError(
    'WAREHOUSE_FAILED',
    `column ${JSON.stringify(column)} has type ${type}, which is not supported`,
    {
      hint: 'Cast it to text, integer, bigint, double, boolean, date, timestamptz, json or decimal(p,s).',
    },
  );
}

/** Work in a transaction caught the error of a statement and went on: nothing of it is kept. */
export function ignoredFailure(): RevopsError {
  return new RevopsError(
    'WAREHOUSE_FAILED',
    'the transaction was rolled back: one of its statements failed and was ignored',
  );
}

/** Another process holds the lease; `holder` is null where it could not be read. */
export function leaseBusy(location: string, holder: LeaseHolder | null, waitedMs: number): RevopsError {
  const who =
    holder === null
      ? 'another process'
      : `process ${holder.pid} on ${holder.host} (${holder.command}, since ${holder.since})`;
  return new RevopsError('LEASE_BUSY', `${location} is in use by ${who}; waited ${(waitedMs / 1000).toFixed(1)} s`, {
    hint: 'Wait for it to end, or give a longer --lock-timeout. A lease ends with its process, also when that is killed.',
    retryable: true,
  });
}

/** The lease is gone while its holder still works: it must stop at once. */
export function leaseLost(location: string, reason: string): RevopsError {
  return new RevopsError('LEASE_LOST', `the lease on ${location} was lost: ${reason}`, {
    hint: 'What was committed stays. Run the same command again.',
    retryable: true,
  });
}
