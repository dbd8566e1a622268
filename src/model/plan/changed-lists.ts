import { digest } from '../compile/digest.ts';
import type { InputRelation } from '../contract.ts';
import type { Session } from '../../warehouse/contract.ts';
import { readPublished } from '../store/state.ts';

/** Lists whose rows are others by now than those a relation was last built from, by name; none where it never was. */
export async function changedLists(
  session: Session,
  relation: string,
  inputs: readonly InputRelation[],
): Promise<string[]> {
  const built = (await readPublished(session)).get(relation)?.parts.data ?? {};
  return inputs
    .filter(({ name, filledBy, rows }) => {
      const before = built[`rows of ${name}`];
      return filledBy === 'file' && before !== undefined && before !== digest(rows);
    })
    .map(({ name }) => name);
}
