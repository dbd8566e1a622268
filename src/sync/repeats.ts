/**
 * Keys that come twice in one place of the source (a file) with different content: one of the rows would be lost.
 */
import { RevopsError } from '../errors.ts';
import type { Session } from '../warehouse/contract.ts';
import { identifier, identifiers } from '../warehouse/sql.ts';
import { streamLabel, type StreamShape } from './shape.ts';
import { STAGED } from './staging.ts';

/** Throws REQUEST_REJECTED where staged rows of one place contradict each other; the message names their lines. */
export async function checkRepeats(session: Session, shape: StreamShape): Promise<void> {
  if (shape.origin === null) return;
  const place = identifier(shape.origin.place);
  const line = identifier(shape.origin.line);
  const repeats = `select ${place} as place, min(${line}) as first, max(${line}) as last from ${STAGED}
     where not _gone group by ${place}, ${identifiers(shape.primaryKey)} having count(distinct _row_hash) > 1`;
  const [found] = await session.query<{ n: number }>(`select count(*) as n from (${repeats}) as repeats`);
  const count = found?.n ?? 0;
  if (count === 0) return;
  const shown = await session.query<{ place: string; first: number; last: number }>(
    `select place, first, last from (${repeats}) as repeats order by place, first limit 3`,
  );
  const lines = shown.map(({ place: where, first, last }) => `${where} lines ${first} and ${last}`);
  const more = count > shown.length ? `, and ${count - shown.length} more` : '';
  throw new RevopsError(
    'REQUEST_REJECTED',
    `${streamLabel(shape)}: the same key with different values: ${lines.join(', ')}${more}`,
    { hint: shape.origin.hint },
  );
}
