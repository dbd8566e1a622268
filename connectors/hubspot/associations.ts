/**
 * Who belongs to which deal and company. Neither search nor lists give it completely, so it is read by itself.
 */
import type { Page, SetStream, SourceRecord } from 'revops/connector';
import { column } from 'revops/connector';

import { wholeBatch } from './batch.ts';
import type { HubspotClient } from './client.ts';
import type { ObjectType } from './records.ts';
import { type Visit, walk } from './walk.ts';

/** The number is the platform's own type of the link to the one primary company. */
export const dealContacts = associationStream(
  'deal_contacts',
  'Contacts of deals.',
  ['deals', 'deal_id'],
  ['contacts', 'contact_id'],
  null,
);
export const dealCompanies = associationStream(
  'deal_companies',
  'Companies of deals.',
  ['deals', 'deal_id'],
  ['companies', 'company_id'],
  5,
);
export const contactCompanies = associationStream(
  'contact_companies',
  'Companies of contacts.',
  ['contacts', 'contact_id'],
  ['companies', 'company_id'],
  1,
);

// --- internal ---

/** What one request takes. */
const MOST_OWNERS = 1_000;

/** Linking and unlinking does not mark the owner as modified, so everything is read anew each week. */
function associationStream(
  name: string,
  description: string,
  [from, owner]: [ObjectType, string],
  [to, other]: [ObjectType, string],
  primaryType: number | null,
): SetStream<HubspotClient> {
  return {
    name,
    description: `${description} One row per ${owner} and ${other}.`,
    mode: 'set',
    schema: {
      [owner]: column.text(),
      [other]: column.text(),
      is_primary: column.boolean(),
      label: column.text(),
      association_types: column.json(),
    },
    primaryKey: [owner, other],
    partitionBy: [owner],
    fullEvery: 7,
    async *read(context, slice) {
      const route = { type: from, reading: { properties: [], history: [] }, archived: false };
      for await (const visit of gathered(walk(context, route, slice.since))) {
        const ids = visit.records.map((record) => record.id);
        const links = ids.length === 0 ? [] : await readLinks(context.client, from, to, ids);
        const page: Page = {
          records: links.map((link) => sourceRecord(link, owner, other, primaryType)),
          replaces: ids.map((id) => ({ [owner]: id })),
        };
        yield visit.cursor === undefined ? page : { ...page, cursor: visit.cursor };
      }
    },
  };
}

interface AssociationType {
  category: string;
  typeId: number;
  label?: string | null;
}

interface Link {
  ownerId: string;
  otherId: string;
  types: AssociationType[];
}

/** All links of these records, however many answers they take: an answer gives 500 per record and says where to go on. */
async function readLinks(
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
        const types = [...(known?.types ?? []), ...target.associationTypes];
        links.set(`${ownerId} ${otherId}`, { ownerId, otherId, types });
      }
      const after = paging?.next?.after;
      if (after !== undefined) inputs.push({ id: ownerId, after });
    }
  }
  return [...links.values()];
}

function sourceRecord(link: Link, owner: string, other: string, primaryType: number | null): SourceRecord {
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
