/**
 * Since when what a row reports is known: `_as_of` stays while the figures do, whatever else of the row changes (a name, a
 * number of conversions). The versions in the history keep theirs.
 */
import type { Session } from '../warehouse/contract.ts';
import { identifier, literal, qualified } from '../warehouse/sql.ts';
import { AS_OF, type StreamShape } from './shape.ts';
import { STAGED } from './staging.ts';

/**
 * Remembers the time of staged rows that report what is there already; the statements that take these rows away follow.
 * `joined`: a staged row `s` and the row `t` of its key.
 */
export async function rememberReported(session: Session, shape: StreamShape, joined: string): Promise<void> {
  const key = shape.primaryKey.map((name) => `s.${identifier(name)}`);
  const same = shape.reported.map((name) => `t.${identifier(name)} is not distinct from s.${identifier(name)}`);
  await session.execute(
    `create temporary table ${REMEMBERED} as
     select ${[...key, `t.${AS_OF.name}`].join(', ')} from ${STAGED} as s join ${qualified(shape.table)} as t
     on ${[joined, ...same].join(' and ')}`,
  );
}

/** Where staged rows `s` are inserted from, and their time: the remembered one, else `at`. */
export function reportedSource(shape: StreamShape, at: string): { from: string; asOf: string } {
  const same = shape.primaryKey.map((name) => `r.${identifier(name)} = s.${identifier(name)}`).join(' and ');
  const [first = ''] = shape.primaryKey;
  return {
    from: `${STAGED} as s left join ${REMEMBERED} as r on ${same}`,
    asOf: `case when r.${identifier(first)} is null then cast(${literal(at)} as timestamptz) else r.${AS_OF.name} end`,
  };
}

export async function forgetReported(session: Session): Promise<void> {
  await session.execute(`drop table ${REMEMBERED}`);
}

// --- internal ---

const REMEMBERED = 'revops_reported';
