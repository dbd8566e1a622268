/**
 * The records of a query: by the REST API where they are few, by the Bulk API where they are many.
 */
import { bulkPages } from './bulk.ts';
import type { SalesforceClient } from './client.ts';
import { SalesforceError } from './faults.ts';
import type { Query, RawRecord } from './record.ts';
import { DATA_PATH } from './version.ts';

/**
 * Pages in the order of the query. The first answer of the REST API says how many records there are; so the choice costs
 * no call where it falls on REST. A query too long for a URL goes to the Bulk API, which takes it in the body.
 */
export async function* recordPages(client: SalesforceClient, query: Query): AsyncGenerator<RawRecord[]> {
  const path = `${DATA_PATH}/${query.withDeleted ? 'queryAll' : 'query'}?q=${encodeURIComponent(query.soql)}`;
  if (path.length > LONGEST_PATH) {
    yield* bulkPages(client, query);
    return;
  }
  let page = await restPage(client, query.object, path);
  if (page.totalSize > client.options.bulkAbove) {
    yield* bulkPages(client, query);
    return;
  }
  const announced = page.totalSize;
  let given = 0;
  for (;;) {
    given += page.records.length;
    yield page.records;
    if (page.done) break;
    if (page.nextRecordsUrl === undefined)
      throw new SalesforceError(`a page of ${query.object} names no next one and is not the last`, { status: 502 });
    page = await restPage(client, query.object, page.nextRecordsUrl);
  }
  if (given !== announced) {
    throw new SalesforceError(`${given} records of ${query.object} were given and ${announced} announced`, {
      status: 502,
    });
  }
}

// --- internal ---

/** Longer URLs are refused at about 16,000 characters. */
const LONGEST_PATH = 12_000;

interface RestPage {
  totalSize: number;
  done: boolean;
  nextRecordsUrl?: string;
  records: RawRecord[];
}

async function restPage(client: SalesforceClient, object: string, path: string): Promise<RestPage> {
  const page = await client.get<RestPage>(object, path);
  if (!Array.isArray(page.records) || typeof page.totalSize !== 'number')
    throw new SalesforceError(`a page of ${object} has no records`, { status: 502 });
  return page;
}
