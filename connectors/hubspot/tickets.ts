/**
 * Tickets: what customers asked for help with, by category and stage. What they wrote is not read.
 */
import type { Partition, ReadContext, SourceRecord, UpsertStream } from 'revops/connector';
import { column } from 'revops/connector';

import { readLinks } from './associations.ts';
import type { HubspotClient } from './client.ts';
import { isGranted } from './optional.ts';
import type { WireRecord } from './records.ts';
import { walk } from './walk.ts';

const PROPERTIES = ['hs_pipeline', 'hs_pipeline_stage', 'hs_ticket_category', 'hs_ticket_priority', 'hubspot_owner_id'];

/** Linking does not mark a ticket as modified, so everything is read anew each week. */
export const tickets: UpsertStream<HubspotClient> = {
  name: 'tickets',
  description: 'Tickets with whom they belong to, without their contents. One row per ticket.',
  mode: 'upsert',
  schema: {
    id: column.text(),
    ...Object.fromEntries(PROPERTIES.map((name) => [name, column.text()])),
    closed_date: column.timestamp(),
    contact_id: column.text(),
    contact_ids: column.json(),
    company_id: column.text(),
    company_ids: column.json(),
    deal_id: column.text(),
    deal_ids: column.json(),
    created_at: column.timestamp(),
    updated_at: column.timestamp(),
  },
  primaryKey: ['id'],
  snapshot: true,
  fullEvery: 7,
  partitions: ticketPartitions,
  async *read(context, slice) {
    const reading = { properties: [...PROPERTIES, 'closed_date'], history: [] };
    for await (const visit of walk(context, { type: 'tickets', reading, archived: true }, slice.since)) {
      yield {
        records: visit.archived ? [] : await sourceRecords(context.client, visit.records),
        deleted: visit.archived ? visit.records.map(({ id }) => ({ id })) : [],
        ...(visit.cursor === undefined ? {} : { cursor: visit.cursor }),
      };
    }
  },
};

// --- internal ---

/** The platform's own type of the link from a ticket to its primary company. */
const PRIMARY_COMPANY = 26;

/** None where the token may not read them. */
async function ticketPartitions(context: ReadContext<HubspotClient>): Promise<Partition[]> {
  const { client } = context;
  const ask = (): Promise<unknown> => client.call('tickets', (sdk) => sdk.objects.getPage('tickets', 1));
  return client.options.tickets && (await isGranted(context, 'tickets', ask)) ? [{ key: {}, label: '' }] : [];
}

async function sourceRecords(client: HubspotClient, records: readonly WireRecord[]): Promise<SourceRecord[]> {
  const ids = records.map(({ id }) => id);
  if (ids.length === 0) return [];
  const [people, companies, deals] = await Promise.all([
    readLinks(client, 'tickets', 'contacts', ids),
    readLinks(client, 'tickets', 'companies', ids),
    readLinks(client, 'tickets', 'deals', ids),
  ]);
  return records.map((record) => {
    const own = companies.filter(({ ownerId }) => ownerId === record.id);
    const primary = own.find(({ types }) => types.some(({ typeId }) => typeId === PRIMARY_COMPANY));
    const contactIds = othersOf(people, record.id);
    const companyIds = othersOf(companies, record.id);
    const dealIds = othersOf(deals, record.id);
    const property = (name: string): string | null => record.properties[name] || null;
    return {
      id: record.id,
      ...Object.fromEntries(PROPERTIES.map((name) => [name, property(name)])),
      closed_date: property('closed_date'),
      contact_id: contactIds[0] ?? null,
      contact_ids: contactIds,
      company_id: primary?.otherId ?? companyIds[0] ?? null,
      company_ids: companyIds,
      deal_id: dealIds[0] ?? null,
      deal_ids: dealIds,
      created_at: record.createdAt.toISOString(),
      updated_at: record.updatedAt.toISOString(),
    };
  });
}

/** Oldest first: ids grow. */
function othersOf(links: readonly { ownerId: string; otherId: string }[], ticket: string): string[] {
  return links
    .filter(({ ownerId }) => ownerId === ticket)
    .map(({ otherId }) => otherId)
    .toSorted((one, other) => Number(BigInt(one) - BigInt(other)));
}
