/**
 * Who belongs to which deal and company. Neither search nor lists give it completely, so it is read by itself.
 */
import type { Page, Partition, ReadContext, SetStream, SourceRecord } from 'revops/connector';
import { column } from 'revops/connector';

import { wholeBatch } from './batch.ts';
import type { HubspotClient } from './client.ts';
import type { ObjectType } from './object-types.ts';
import { type Visit, walk } from './walk.ts';

export const dealContacts = linkStream({
  name: 'deal_contacts',
  description: 'Contacts of deals. One row per deal_id and contact_id.',
  owner: 'deal_id',
  to: 'contacts',
  other: 'contact_id',
  typeOf: () => 'deals',
});
export const dealCompanies = linkStream({
  name: 'deal_companies',
  description: 'Companies of deals. One row per deal_id and company_id.',
  owner: 'deal_id',
  to: 'companies',
  other: 'company_id',
  typeOf: () => 'deals',
  primaryType: 5,
});
export const contactCompanies = linkStream({
  name: 'contact_companies',
  description: 'Companies of contacts. One row per contact_id and company_id.',
  owner: 'contact_id',
  to: 'companies',
  other: 'company_id',
  typeOf: () => 'contacts',
  primaryType: 1,
});

export interface Links {
  name: string;
  description: string;
  /** The column with the record that has the links, and which type of record that is. */
  owner: string;
  typeOf(partition: Partition): ObjectType;
  /** The type at the other end, and its column. */
  to: ObjectType;
  other: string;
  /** The platform's own type of the link to the one primary company. */
  primaryType?: number;
  /** Where there are several types of owner: a partition each, by `kind`. */
  partitions?: (context: ReadContext<HubspotClient>) => Promise<Partition[]>;
}

export interface AssociationType {
  category: string;
  typeId: number;
  label?: string | null;
}

export interface Link {
  ownerId: string;
  otherId: string;
  types: AssociationType[];
}

/** Linking and unlinking does not mark the owner as modified, so everything is read anew each week. */
export function linkStream(links: Links): SetStream<HubspotClient> {
  const { name, description, owner, other, partitions } = links;
  const key = [...(partitions === undefined ? [] : ['kind']), owner];
  return {
    name,
    description,
    mode: 'set',
    schema: {
      ...Object.fromEntries([...key, other].map((text) => [text, column.text()])),
      is_primary: column.boolean(),
      label: column.text(),
      association_types: column.json(),
    },
    primaryKey: [...key, other],
    partitionBy: key,
    fullEvery: 7,
    ...(partitions === undefined ? {} : { partitions }),
    async *read(context, slice) {
      const from = links.typeOf(slice.partition);
      const route = { type: from, reading: { properties: [], history: [] }, archived: false };
      for await (const visit of gathered(walk(context, route, slice.since))) {
        const ids = visit.records.map((record) => record.id);
        const found = ids.length === 0 ? [] : await readLinks(context.client, from, links.to, ids);
        const page: Page = {
          records: found.map((link) => ({ ...slice.partition.key, ...sourceRecord(link, links) })),
          replaces: ids.map((id) => ({ ...slice.partition.key, [owner]: id })),
        };
        yield visit.cursor === undefined ? page : { ...page, cursor: visit.cursor };
      }
    },
  };
}

/** All links of these records, however many answers they take: an answer gives 500 per record and says where to go on. */
export async function readLinks(
  client: HubspotClient,
  from: ObjectType,
  to: ObjectType,
  ids: readonly string[],
): Promise<Link[]> {
  const links = new Map<string, Link>();
  let inputs: { id: string; after?: string }[] = ids.map((id) => ({ id }));
  while (inputs.length > 0) {
    const asked = inputs;
    const answer = await client.call(`${to} of ${from}`, async (sdk) =>
      wholeBatch(await sdk.associations.getPage(from, to, { inputs: asked })),
    );
    inputs = [];
    for (const { _from: owner, to: targets, paging } of answer.results) {
      const ownerId = owner.id;
      for (const target of targets) {
        const otherId = idOf(target.toObjectId);
        const known = links.get(`${ownerId} ${otherId}`);
        const types = eachOnce([...(known?.types ?? []), ...target.associationTypes]);
        links.set(`${ownerId} ${otherId}`, { ownerId, otherId, types });
      }
      const after = paging?.next?.after;
      if (after !== undefined) inputs.push({ id: ownerId, after });
    }
  }
  return [...links.values()];
}

// --- internal ---

/** What one request takes. */
const MOST_OWNERS = 1_000;

/** A link may be given twice. */
function eachOnce(types: readonly AssociationType[]): AssociationType[] {
  return [...new Map(types.map((type) => [`${type.category} ${type.typeId}`, type])).values()];
}

function sourceRecord(link: Link, { owner, other, primaryType }: Links): SourceRecord {
  const types = link.types.map((type) => ({ category: type.category, typeId: type.typeId, label: type.label ?? null }));
  return {
    [owner]: link.ownerId,
    [other]: link.otherId,
    is_primary: types.some((type) => type.category === 'HUBSPOT_DEFINED' && type.typeId === primaryType),
    label: types.find((type) => type.label !== null)?.label ?? null,
    association_types: types,
  };
}

/** The SDK's types say text; on the wire it is a number. */
function idOf(id: string | number): string {
  return String(id);
}

/** Visits joined until they fill a request. */
async function* gathered(visits: AsyncIterable<Visit>): AsyncGenerator<Visit> {
  let gathering: Visit = { records: [], archived: false };
  for await (const visit of visits) {
    if (gathering.records.length + visit.records.length > MOST_OWNERS) {
      yield gathering;
      gathering = { records: [], archived: false };
    }
    gathering = { ...gathering, ...visit, records: [...gathering.records, ...visit.records] };
  }
  yield gathering;
}
