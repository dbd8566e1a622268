import type { Publication, Session } from '../contract.ts';
import type { RelationName } from '../sql.ts';
export async function publish(_session: Session, _publications: readonly Publication[]): Promise<{ recreated: RelationName[] }> {
  throw new Error('not yet');
}
