/**
 * Publication on DuckDB: views replaced in the transaction given.
 */
import type { Publication, Session } from '../contract.ts';
import { identifier, literal, qualified } from '../sql.ts';
import type { RelationName } from '../sql.ts';
import type { Column } from '../types.ts';

/** Points the views at what they show from now on. */
export async function publish(session: Session, publications: readonly Publication[]): Promise<{ recreated: RelationName[] }> {
  const recreated: RelationName[] = [];
  for (const schema of new Set(publications.map((publication) => publication.view.schema))) {
    await session.execute(`create schema if not exists ${identifier(schema)}`);
  }
  for (const { view, sql, description } of publications) {
    const before = await session.describe(view);
    await session.execute(`create or replace view ${qualified(view)} as ${sql}`);
    await session.execute(`comment on view ${qualified(view)} is ${literal(description)}`);
    if (before !== null && !extendedBy(before, await session.describe(view))) recreated.push(view);
  }
  return { recreated };
}

// --- internal ---

/** Whether the old columns are all there, in place and with their types: then nobody who reads the view can notice. */
function extendedBy(before: readonly Column[], after: readonly Column[] | null): boolean {
  return before.every((column, index) => after?.[index]?.name === column.name && after[index].type === column.type);
}
