/**
 * A page of a bulk job's results. The SDK's own reader pipes all pages into one stream and loses rows between them, so
 * pages are read here, one at a time, each counted against what the platform says it holds.
 */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { refusalOf, SalesforceError } from './faults.ts';
import type { Session } from './session.ts';

export interface CsvPage {
  records: Record<string, string>[];
  /** Where the next page begins; null at the end. */
  locator: string | null;
}

export async function readCsvPage(
  session: Session,
  path: string,
  now: Date,
  signal: AbortSignal,
  observe: (headers: Record<string, string>) => void,
): Promise<CsvPage> {
  const { CsvError, parse } = await import('csv-parse');
  const response = await fetch(`${session.instanceUrl}${path}`, {
    headers: { authorization: `Bearer ${session.accessToken}`, accept: 'text/csv' },
    signal,
  });
  const headers = Object.fromEntries(response.headers);
  observe(headers);
  const isPage = response.ok && (headers['content-type'] ?? '').includes('csv');
  const refusal = refusalOf(response.status, headers, isPage ? '' : await response.text(), now, 'csv');
  if (refusal !== null) throw refusal;
  const records: Record<string, string>[] = [];
  if (response.body !== null) {
    try {
      await pipeline(
        Readable.fromWeb(response.body),
        parse({ columns: true, bom: true }),
        async (rows: AsyncIterable<Record<string, string>>) => {
          for await (const row of rows) records.push(row);
        },
      );
    } catch (error) {
      if (!(error instanceof CsvError)) throw error;
      throw new SalesforceError(`a page of results cannot be read as CSV (${error.code})`, { status: 0 });
    }
  }
  const told = Number(headers['sforce-numberofrecords'] ?? Number.NaN);
  if (told !== records.length) {
    throw new SalesforceError(
      `a page of results holds ${records.length} records, and ${Number.isNaN(told) ? 'no number' : told} were announced`,
      { status: 0 },
    );
  }
  const locator = headers['sforce-locator'] ?? 'null';
  return { records, locator: locator === 'null' || locator === '' ? null : locator };
}
