/**
 * What people filled in, form by form.
 */
import { createHash } from 'node:crypto';

import type { Cursor, Partition, ReadContext, SourceRecord, UpsertStream } from 'revops/connector';
import { column, RevopsError } from 'revops/connector';

import type { HubspotClient } from './client.ts';
import { HubspotError } from './faults.ts';
import { areFormsRead, listForms } from './forms.ts';
import { INDEX_LAG_MS } from './walk.ts';

/** Fields that tell who filled in a form, and hidden ones that tell where the person came from. */
const KNOWN_FIELDS = [
  'email',
  'phone',
  'utm_source',
  'utm_medium',
  'utm_campaign',
  'utm_content',
  'utm_term',
  'gclid',
  'fbclid',
  'msclkid',
  'li_fat_id',
] as const;

/**
 * The platform gives the newest first and takes no lower limit, so reading ends where the last read began. Each form has
 * a state of its own. Forms can be filled in for a time in the past, so everything is read again each week; what is gone
 * by then was deleted on request.
 */
export const formSubmissions: UpsertStream<HubspotClient> = {
  name: 'form_submissions',
  description: 'Forms that people filled in. One row per submission.',
  mode: 'upsert',
  schema: {
    form_id: column.text(),
    submission_id: column.text(),
    form_name: column.text(),
    submitted_at: column.timestamp(),
    page_url: column.text(),
    ...Object.fromEntries(KNOWN_FIELDS.map((name) => [name, column.text()])),
    fields: column.json(),
  },
  primaryKey: ['form_id', 'submission_id'],
  snapshot: true,
  fullEvery: 7,
  partitions: formPartitions,
  async *read({ client }, { partition, since }) {
    const formId = partition.key['form_id'] ?? '';
    const seen = newestOf(since);
    const until = seen === null ? Number.NEGATIVE_INFINITY : seen - INDEX_LAG_MS;
    let newest = seen;
    let after: string | undefined;
    do {
      const page = await readPage(client, formId, after);
      const fresh = page.results.filter(({ submittedAt }) => submittedAt >= until);
      for (const { submittedAt } of fresh) newest = Math.max(newest ?? submittedAt, submittedAt);
      after = fresh.length < page.results.length ? undefined : page.paging?.next?.after;
      yield {
        records: fresh.map((submission) => sourceRecord(submission, formId, partition.label)),
        // Only then is nothing newer than the last one left out.
        ...(after === undefined ? { cursor: { newest } } : {}),
      };
    } while (after !== undefined);
  },
};

// --- internal ---

const LIST_PAGE = 50;

interface Submission {
  conversionId?: string;
  /** Milliseconds. */
  submittedAt: number;
  pageUrl?: string;
  values: { name: string; value: string; objectTypeId?: string }[];
}

interface SubmissionPage {
  results: Submission[];
  paging?: { next?: { after?: string } };
}

async function formPartitions(context: ReadContext<HubspotClient>): Promise<Partition[]> {
  if (!(await areFormsRead(context))) return [];
  const { client } = context;
  const found: Partition[] = [];
  for await (const page of listForms(client)) {
    found.push(...page.map(({ id, name }) => ({ key: { form_id: id }, label: name })));
  }
  return found;
}

/** A form that is gone since it was listed has nothing to give. */
async function readPage(client: HubspotClient, formId: string, after: string | undefined): Promise<SubmissionPage> {
  const query = new URLSearchParams({ limit: String(LIST_PAGE), ...(after === undefined ? {} : { after }) });
  try {
    return await client.get<SubmissionPage>(
      'form submissions',
      `/form-integrations/v1/submissions/forms/${encodeURIComponent(formId)}?${query.toString()}`,
    );
  } catch (error) {
    if (isMissing(error)) return { results: [] };
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof RevopsError && error.cause instanceof HubspotError && error.cause.status === 404;
}

function sourceRecord(submission: Submission, formId: string, formName: string): SourceRecord {
  const valueOf = (wanted: string): string | null =>
    submission.values.find(({ name, value }) => name.toLowerCase() === wanted && value !== '')?.value ?? null;
  return {
    form_id: formId,
    submission_id: submission.conversionId ?? digest(submission),
    form_name: formName,
    submitted_at: submission.submittedAt,
    page_url: submission.pageUrl || null,
    ...Object.fromEntries(KNOWN_FIELDS.map((name) => [name, valueOf(name)])),
    fields: submission.values.map(({ name, value, objectTypeId }) => ({
      name,
      value,
      objectTypeId: objectTypeId ?? null,
    })),
  };
}

/** Old submissions have no id of their own. */
function digest({ submittedAt, values, pageUrl }: Submission): string {
  return createHash('sha256')
    .update(JSON.stringify([submittedAt, pageUrl, values]))
    .digest('hex')
    .slice(0, 32);
}

function newestOf(cursor: Cursor | null): number | null {
  if (cursor === null) return null;
  const newest = typeof cursor === 'object' && !Array.isArray(cursor) ? cursor['newest'] : undefined;
  if (newest === null || typeof newest === 'number') return newest;
  throw new RevopsError('STREAM_CONTRACT', `hubspot: the stored cursor cannot be read: ${JSON.stringify(cursor)}`, {
    hint: 'Read the stream from the beginning with `revops sync --full`.',
  });
}
