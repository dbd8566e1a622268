/**
 * Forms of the site.
 */
import type { ReadContext, UpsertStream } from 'revops/connector';
import { column } from 'revops/connector';

import type { HubspotClient } from './client.ts';
import { isGranted } from './optional.ts';
import { FORMS_VERSION } from './versions.ts';

export interface Form {
  id: string;
  name: string;
  formType: string;
  createdAt: string;
  updatedAt: string;
  archived: boolean;
}

/** Read whole each time: there is no cursor. */
export const forms: UpsertStream<HubspotClient> = {
  name: 'forms',
  description: 'Forms made at the platform, and forms of the site that it listens to. One row per form.',
  mode: 'upsert',
  schema: {
    id: column.text(),
    name: column.text(),
    form_type: column.text(),
    is_archived: column.boolean(),
    created_at: column.timestamp(),
    updated_at: column.timestamp(),
  },
  primaryKey: ['id'],
  snapshot: true,
  partitions: async (context) => ((await areFormsRead(context)) ? [{ key: {}, label: '' }] : []),
  async *read({ client }) {
    for await (const page of listForms(client)) {
      yield {
        records: page.map((form) => ({
          id: form.id,
          name: form.name,
          form_type: form.formType,
          is_archived: form.archived,
          created_at: form.createdAt,
          updated_at: form.updatedAt,
        })),
      };
    }
  },
};

/** Whether forms and what was filled in are read: wanted, and granted to the token. */
export async function areFormsRead(context: ReadContext<HubspotClient>): Promise<boolean> {
  const { client } = context;
  return client.options.forms && (await isGranted(context, 'forms', () => listForms(client).next()));
}

/**
 * Every form of the kinds that people fill in, archived ones too: what was filled in before stays. As the wire carries
 * them, because the SDK knows the shape of one kind only.
 */
export async function* listForms(client: HubspotClient): AsyncGenerator<Form[]> {
  for (const archived of [false, true]) {
    let after: string | undefined;
    do {
      const query = new URLSearchParams({ limit: String(LIST_PAGE), archived: String(archived) });
      for (const kind of KINDS) query.append('formTypes', kind);
      if (after !== undefined) query.set('after', after);
      const page = await client.get<{ results: Form[]; paging?: { next?: { after?: string } } }>(
        'forms',
        `/marketing/forms/${FORMS_VERSION}?${query.toString()}`,
      );
      yield page.results;
      after = page.paging?.next?.after;
    } while (after !== undefined);
  }
}

// --- internal ---

const LIST_PAGE = 50;
/** The platform keeps what was filled in of these. Without the parameter it lists the first only. */
const KINDS = ['hubspot', 'captured', 'flow'];
