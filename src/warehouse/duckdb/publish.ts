/**
 * Publication on DuckDB: views replaced in the transaction given.
 */
import type { Publication, Session } from '../contract.ts';
import { identifier, literal, qualified } from '../sql.ts';
import type { RelationName } from '../sql.ts';

/** Points the views at what they show from now on. */
export async function publish(session: Session, publications: readonly Publication[]): Promise<{ recreated: RelationName[] }> {
  const recreated: RelationName[] = [];
  for (const schema of new Set(publications.map((publication) => publication.view.schema))) {
    await session.execute(`create schema if not exists ${identifier(schema)}`);
  }
  for (const { view, sql, columns, description } of publications) {
    const before = await session.describe(view);
    if (before?.some((old, index) => columns[index]?.name !== old.name || columns[index].type !== old.type) === true) recreated.push(view);
    await session.execute(`create or replace view ${qualified(view)} as ${sql}`);
    await session.execute(`comment on view ${qualified(view)} is ${literal(description)}`);
  }
  return { recreated };
}
