/**
 * When deals entered their stages and were won or lost: the platform's changelog, one request per deal that changed.
 */
import type { SetStream, SourceRecord } from 'revops/connector';
import { column } from 'revops/connector';

import type { PipedriveClient } from './client.ts';
import { eachDeal } from './each-deal.ts';
import { PAGE, wholeList, type WireRecord } from './lists.ts';
import { type Change, type DealState, statesOf } from './states.ts';

/** A changelog is read whole, so what it says replaces what was known of the deal. */
export const dealHistory: SetStream<PipedriveClient> = {
  name: 'deal_history',
  description: 'Stage and status of deals, as they were made and after each change. One row per deal and position.',
  mode: 'set',
  schema: {
    deal_id: column.text(),
    position: column.bigint(),
    stage_id: column.text(),
    status: column.text(),
    changed_at: column.timestamp(),
    recorded_at: column.timestamp(),
    change_source: column.text(),
    origin: column.text(),
    is_bulk_update: column.boolean(),
  },
  primaryKey: ['deal_id', 'position'],
  partitionBy: ['deal_id'],
  read: eachDeal(async (client, deal) => statesOf(deal, await changesOf(client, deal)).map(rowOf(deal))),
};

// --- internal ---

async function changesOf(client: PipedriveClient, { id }: WireRecord): Promise<Change[]> {
  const changes: Change[] = [];
  for await (const page of wholeList<Change>(client, 'changelog of deals', (sdk, cursor) =>
    sdk.formerDeals.getDealChangelog({ id, limit: PAGE, ...(cursor === null ? {} : { cursor }) }),
  )) {
    changes.push(...page);
  }
  return changes;
}

function rowOf(deal: WireRecord) {
  return (state: DealState, position: number): SourceRecord => ({
    deal_id: String(deal.id),
    position,
    stage_id: state.stageId,
    status: state.status,
    changed_at: state.changedAt,
    recorded_at: state.recordedAt,
    change_source: state.source,
    origin: position === 0 ? (deal['origin'] ?? null) : null,
    is_bulk_update: state.isBulk,
  });
}
