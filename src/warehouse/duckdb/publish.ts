/**
 * Publication on DuckDB: views replaced in the transaction given.
 */
import type { Publication, Session } from '../contract.ts';
import { identifier, literal, qualified } from '../sql.ts';
import type { RelationName } from '../sql.ts';
import { makeView, replaceView } from './replace-view.ts';

/** Points the views at what they show from now on, and drops those that show nothing any more. */
export async function publish(
  session: Session,
  publications: readonly Publication[],
  removed: readonly RelationName[] = [],
): Promise<{ recreated: RelationName[] }> {
  const recreated: RelationName[] = [];
  const schemas = new Set(publications.map((publication) => publication.view.schema));
  for (const schema of schemas) await session.execute(`create schema if not exists ${identifier(schema)}`);
  // one look at all of them: asking the catalog for a view that is not there costs as much
  const existing = new Set((await session.relations(...schemas)).map(qualified));
  for (const publication of publications) {
    if (!existing.has(qualified(publication.view))) await makeView(session, publication);
    else if (!(await replaceView(session, publication))) recreated.push(publication.view);
    await session.execute(`comment on view ${qualified(publication.view)} is ${literal(publication.description)}`);
  }
  for (const view of removed) await session.execute(`drop view if exists ${qualified(view)}`);
  return { recreated };
}
