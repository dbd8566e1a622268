/**
 * One view's new query.
 */
import type { Publication, Session } from '../contract.ts';
import { qualified } from '../sql.ts';
import type { Column } from '../types.ts';

/** Replaces one view that exists; false where columns that it had are gone or have another type. */
export async function replaceView(session: Session, publication: Publication): Promise<boolean> {
  const before = await session.describe(publication.view);
  await makeView(session, publication);
  return before === null || extendedBy(before, await session.describe(publication.view));
}

/** Makes a view. */
export async function makeView(session: Session, { view, sql }: Publication): Promise<void> {
  await session.execute(`create or replace view ${qualified(view)} as ${sql}`);
}

// --- internal ---

/** Whether the old columns are all there, in place and with their types: then nobody who reads the view can notice. */
function extendedBy(before: readonly Column[], after: readonly Column[] | null): boolean {
  return before.every((column, index) => after?.[index]?.name === column.name && after[index].type === column.type);
}
