/**
 * Publication on DuckDB: views replaced in the transaction given.
 */
import type { Publication, Session } from '../contract.ts';
import { identifier, literal, qualified } from '../sql.ts';
import type { RelationName } from '../sql.ts';
import { replaceView } from './replace-view.ts';

/** Points the views at what they show from now on. */
export async function publish(session: Session, publications: readonly Publication[]): Promise<{ recreated: RelationName[] }> {
  const recreated: RelationName[] = [];
  for (const schema of new Set(publications.map((publication) => publication.view.schema))) {
    await session.execute(`create schema if not exists ${identifier(schema)}`);
  }
  for (const publication of publications) {
    if (!(await replaceView(session, publication))) recreated.push(publication.view);
    await session.execute(`comment on view ${qualified(publication.view)} is ${literal(publication.description)}`);
  }
  return { recreated };
}
