/**
 * Bulk API 2.0: a query becomes a job of the platform, its results are pages of CSV.
 */
import { RevopsError } from 'revops/connector';

import type { SalesforceClient } from './client.ts';
import type { Query, RawRecord } from './record.ts';
import { DATA_PATH } from './version.ts';

export async function* bulkPages(client: SalesforceClient, query: Query): AsyncGenerator<RawRecord[]> {
  const operation = query.withDeleted ? 'queryAll' : 'query';
  const { id } = await client.post<JobInfo>(`bulk job for ${query.object}`, JOBS, {
    operation,
    query: query.soql,
    contentType: 'CSV',
  });
  const announced = await finished(client, id, query.object);
  const { bulkPageRecords } = client.options;
  let given = 0;
  let locator: string | null = null;
  do {
    const place: string = locator === null ? '' : `&locator=${encodeURIComponent(locator)}`;
    const page = await client.csvPage(
      `results for ${query.object}`,
      `${JOBS}/${id}/results?maxRecords=${bulkPageRecords}${place}`,
    );
    given += page.records.length;
    if (page.locator !== null && page.locator === locator) throw incomplete(query, 'the results do not go on');
    locator = page.locator;
    yield page.records;
  } while (locator !== null);
  if (announced !== undefined && given !== announced)
    throw incomplete(query, `${given} records were given and ${announced} announced`);
}

// --- internal ---

const JOBS = `${DATA_PATH}/jobs/query`;

interface JobInfo {
  id: string;
  state: 'UploadComplete' | 'InProgress' | 'JobComplete' | 'Failed' | 'Aborted';
  errorMessage?: string;
  numberRecordsProcessed?: number;
}

/** Waits for the end of a job and gives the number of its records. */
async function finished(client: SalesforceClient, id: string, object: string): Promise<number | undefined> {
  const { pollSeconds, jobMinutes } = client.options;
  for (let waited = 0; waited <= jobMinutes * 60; waited += pollSeconds) {
    const job = await client.get<JobInfo>(`bulk job for ${object}`, `${JOBS}/${id}`);
    if (job.state === 'JobComplete') return job.numberRecordsProcessed;
    if (job.state === 'Failed' || job.state === 'Aborted') throw failed(object, job);
    await client.pause(pollSeconds);
  }
  throw new RevopsError(
    'SOURCE_UNAVAILABLE',
    `salesforce: the bulk job for ${object} was not done after ${jobMinutes} minutes`,
    {
      hint: 'The organisation may have many jobs waiting (Setup, Bulk Data Load Jobs). `jobMinutes` sets how long to wait.',
      retryable: true,
    },
  );
}

/** The reason is in the job's information only. */
function failed(object: string, job: JobInfo): RevopsError {
  const reason = (job.errorMessage ?? 'no reason given').replace(/\s+/g, ' ').slice(0, 400);
  const isPassing = /time(d )?out|unexpected|internal|unavailable|unknown_exception/i.test(reason);
  return new RevopsError(
    isPassing ? 'SOURCE_UNAVAILABLE' : 'REQUEST_REJECTED',
    `salesforce: the bulk job for ${object} ended as ${job.state}: ${reason}`,
    { retryable: isPassing },
  );
}

function incomplete(query: Query, reason: string): RevopsError {
  return new RevopsError(
    'SOURCE_UNAVAILABLE',
    `salesforce: bulk results for ${query.object} are incomplete: ${reason}`,
    { retryable: true },
  );
}
