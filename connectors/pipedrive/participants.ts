/**
 * The people of deals: the one a deal names, and its participants.
 */
import type { SetStream, SourceRecord } from 'revops/connector';
import { column } from 'revops/connector';

import type { PipedriveClient } from './client.ts';
import { eachDeal } from './each-deal.ts';
import type { WireRecord } from './lists.ts';

/** A participant who comes or goes may not mark the deal as changed, so everything is read anew each week. */
export const dealPersons: SetStream<PipedriveClient> = {
  name: 'deal_persons',
  description: 'People of deals. One row per deal and person.',
  mode: 'set',
  schema: { deal_id: column.text(), person_id: column.text(), is_primary: column.boolean() },
  primaryKey: ['deal_id', 'person_id'],
  partitionBy: ['deal_id'],
  fullEvery: 7,
  read: eachDeal(async (client, deal) => (await peopleOf(client, deal)).map((person) => rowOf(deal, person))),
};

// --- internal ---

/** A page of the former version. */
const PARTICIPANT_PAGE = 500;

interface Participants {
  data?: { person_id?: { value?: number } | number | null }[] | null;
  additional_data?: { pagination?: { more_items_in_collection?: boolean; next_start?: number } } | null;
}

/** The person a deal names is a participant, too: only where there are more does it take a request. */
async function peopleOf(client: PipedriveClient, deal: WireRecord): Promise<string[]> {
  const named = typeof deal['person_id'] === 'number' ? [String(deal['person_id'])] : [];
  const count = deal['participants_count'];
  if (typeof count === 'number' && count <= named.length) return named;
  const found = new Set(named);
  let start: number | undefined = 0;
  while (start !== undefined) {
    const from: number = start;
    const page = (await client.call('participants of deals', (sdk) =>
      sdk.formerDeals.getDealParticipants({ id: deal.id, start: from, limit: PARTICIPANT_PAGE }),
    )) as unknown as Participants;
    for (const { person_id: person } of page.data ?? []) {
      const id = typeof person === 'object' ? person?.value : person;
      if (id !== undefined) found.add(String(id));
    }
    const { pagination } = page.additional_data ?? {};
    start =
      pagination?.more_items_in_collection === true ? (pagination.next_start ?? from + PARTICIPANT_PAGE) : undefined;
  }
  return [...found];
}

function rowOf(deal: WireRecord, person: string): SourceRecord {
  return { deal_id: String(deal.id), person_id: person, is_primary: String(deal['person_id']) === person };
}
