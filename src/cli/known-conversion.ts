/**
 * From what somebody wrote to the one conversion they mean.
 */
import { RevopsError } from '../errors.ts';
import type { Session } from '../warehouse/contract.ts';
import { shownId } from './shown-id.ts';

/**
 * The id of the conversion: as written, or by the id that its record has in its source where that is one conversion's.
 * Settled conversions and wins that ended are known for good. USAGE with what is like it.
 */
export async function conversionMeant(session: Session, asked: string): Promise<string> {
  const found = await session.query<{ conversion_id: string }>(
    `with known as (${KNOWN})
     select conversion_id from known
     where conversion_id = $1
        or right(conversion_id, length($1) + 1) = ':' || $1
        or strpos(conversion_id, ':' || $1 || ':') > 0
     order by case when conversion_id = $1 then 0 else 1 end, byte_order(conversion_id)
     limit 20`,
    [asked],
  );
  const [first] = found;
  if (first === undefined) {
    await refuseDeleted(session, asked);
    const near = await neighbours(session, asked);
    throw new RevopsError('USAGE', `there is no conversion ${shownId(asked)}`, {
      hint:
        near.length === 0
          ? 'No conversion is known yet; `revops run` brings them.'
          : `Give the id of a conversion, or of its deal or contact; near it: ${near.join(', ')}.`,
    });
  }
  if (first.conversion_id !== asked && found.length > 1) {
    throw new RevopsError('USAGE', `several conversions are known under ${shownId(asked)}`, {
      hint: `Give one of: ${found.map(({ conversion_id: id }) => id).join(', ')}.`,
    });
  }
  return first.conversion_id;
}

// --- internal ---

/** USAGE where it is a win whose deal was deleted before it settled: such a win is no conversion, and somebody saw it. */
async function refuseDeleted(session: Session, asked: string): Promise<void> {
  const [deal] = await session.query<{ deal_id: string }>(
    `select deal_id from deals
     where is_deleted and outcome = 'won'
       and $1 in (deal_id, source || ':' || deal_id, 'customer:' || source || ':' || deal_id)
     order by byte_order(source) limit 1`,
    [asked],
  );
  if (deal === undefined) return;
  throw new RevopsError(
    'USAGE',
    `there is no conversion ${shownId(asked)}: its deal was deleted or merged before its credits settled, which leaves none`,
    { hint: `What is known of the deal: \`revops trace deal ${deal.deal_id}\`.` },
  );
}

const KNOWN = `select conversion_id from conversions union select conversion_id from settled_credits
  union select conversion_id from conversion_reversals`;

/** The ids before and after it in the order of their bytes. */
async function neighbours(session: Session, asked: string): Promise<string[]> {
  const written = /^[a-z]+:/.test(asked) ? asked : `customer:${asked}`;
  const rows = await session.query<{ conversion_id: string }>(
    `with known as (${KNOWN}),
     before as (
       select conversion_id from known where byte_order(conversion_id) < byte_order($1)
       order by byte_order(conversion_id) desc limit 2
     ),
     after as (
       select conversion_id from known where byte_order(conversion_id) > byte_order($1)
       order by byte_order(conversion_id) limit 2
     )
     select conversion_id from before union all select conversion_id from after`,
    [written],
  );
  return rows.map(({ conversion_id: id }) => id).toSorted();
}
