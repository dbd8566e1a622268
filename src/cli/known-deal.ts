/**
 * From what somebody wrote to the one deal they mean.
 */
import { RevopsError } from '../errors.ts';
import type { Session } from '../warehouse/contract.ts';
import { shownId } from './shown-id.ts';

export interface DealId {
  source: string;
  deal_id: string;
}

/** The deal of an id, of `source:id`, or of the id of its conversion. USAGE with what is like it. */
export async function dealMeant(session: Session, asked: string): Promise<DealId> {
  const written = asked.replace(/^(?:customer|opportunity):/, '');
  const found = await session.query<DealId>(
    `select source, deal_id from deals where deal_id = $1 or source || ':' || deal_id = $1
     order by byte_order(source) limit 20`,
    [written],
  );
  const [first] = found;
  if (first !== undefined && found.length === 1) return first;
  if (first !== undefined) {
    throw new RevopsError('USAGE', `several deals are known under ${shownId(asked)}`, {
      hint: `Give one of: ${found.map(nameOf).join(', ')}.`,
    });
  }
  const near = await neighbours(session, written);
  throw new RevopsError('USAGE', `there is no deal ${shownId(asked)}`, {
    hint: near.length === 0 ? 'No deal is known yet; `revops run` brings them.' : `Near it: ${near.join(', ')}.`,
  });
}

// --- internal ---

function nameOf({ source, deal_id: id }: DealId): string {
  return `${source}:${id}`;
}

/** The deals before and after it in the order of their ids' bytes. */
async function neighbours(session: Session, written: string): Promise<string[]> {
  const id = written.slice(written.indexOf(':') + 1);
  const rows = await session.query<DealId>(
    `with before as (
       select source, deal_id from deals where byte_order(deal_id) <= byte_order($1)
       order by byte_order(deal_id) desc, byte_order(source) limit 2
     ),
     after as (
       select source, deal_id from deals where byte_order(deal_id) > byte_order($1)
       order by byte_order(deal_id), byte_order(source) limit 2
     )
     select source, deal_id from before union all select source, deal_id from after`,
    [id],
  );
  return rows.map(nameOf).toSorted();
}
