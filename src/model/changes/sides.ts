/**
 * The rows that builds took out of a relation and put in, in columns that all of them have.
 */
import type { Session } from '../../warehouse/contract.ts';
import { identifier, qualified, type RelationName } from '../../warehouse/sql.ts';
import type { Column } from '../../warehouse/types.ts';
import { DELTA, deltaColumns, deltaSides } from '../build/delta-table.ts';
import type { Change } from './changes.ts';
import { netOf, type Sides } from './diff-sql.ts';
import type { PublishedRelation } from '../store/state.ts';
import { STORE, workName } from '../store/store.ts';

/** What one build took out and put in. */
export interface BuildSides {
  buildId: string;
  sides: Sides;
  /** Columns of both SELECTs; json is text. */
  columns: Column[];
  /** Of the two tables that were compared, columns that only one has, or that have another type there. */
  differing: string[];
}

/** A column that cannot be compared, since these builds do not have it, or have it with another type. */
export interface LeftOut {
  column: string;
  builds: string[];
}

/** The rows of one build's change; null where they are not kept and cannot be found by comparing its two tables. */
export async function sidesOf(
  session: Session,
  change: Change,
  current: PublishedRelation | undefined,
): Promise<BuildSides | null> {
  const { buildId, name, before } = change;
  if (change.hasRows) {
    const table = workName(name, buildId, DELTA);
    const columns = deltaColumns(await session.describe({ schema: STORE, name: table }));
    if (columns === null) return null;
    const sides = deltaSides(
      table,
      columns.map((column) => column.name),
    );
    return { buildId, sides, columns, differing: [] };
  }
  // the table before stays for one more build, the new one is as it was made until the next
  const physical = current?.buildId === buildId ? current.physical : null;
  if (before === null || before.physical === null || physical === null) return null;
  return compared(session, buildId, { schema: STORE, name: before.physical }, { schema: STORE, name: physical });
}

/** What the builds did together, in the columns that have one name and type in all of them. */
export function sharedSides(parts: readonly BuildSides[]): { sides: Sides; columns: Column[]; leftOut: LeftOut[] } {
  const last = parts.at(-1)?.columns ?? [];
  const has = ({ columns }: BuildSides, { name, type }: Column): boolean =>
    columns.some((column) => column.name === name && column.type === type);
  const columns = last.filter((column) => parts.every((part) => has(part, column)));
  const names = new Set(parts.flatMap((part) => [...part.columns.map((column) => column.name), ...part.differing]));
  const leftOut = [...names]
    .filter((name) => !columns.some((column) => column.name === name))
    .map((name) => {
      const here = parts.flatMap((part) => part.columns.find((column) => column.name === name) ?? []).at(-1);
      const without = parts.filter((part) => here === undefined || !has(part, here));
      return { column: name, builds: without.map(({ buildId }) => buildId) };
    });
  const sides = netOf(
    parts.map((part) => part.sides),
    columns,
  );
  return { sides, columns, leftOut };
}

// --- internal ---

async function compared(
  session: Session,
  buildId: string,
  old: RelationName,
  now: RelationName,
): Promise<BuildSides | null> {
  const [before, after] = [await session.describe(old), await session.describe(now)];
  if (before === null || after === null) return null;
  const isShared = ({ name, type }: Column): boolean =>
    [before, after].every((side) => side.some((column) => column.name === name && column.type === type));
  const shared = after.filter(isShared);
  // json has no equality on Postgres
  const outputs = shared.map(({ name, type }) =>
    type === 'json' ? `cast(${identifier(name)} as text) as ${identifier(name)}` : identifier(name),
  );
  const read = (relation: RelationName): string => `select ${outputs.join(', ')} from ${qualified(relation)}`;
  return {
    buildId,
    sides: {
      removed: `${read(old)} except all ${read(now)}`,
      added: `${read(now)} except all ${read(old)}`,
    },
    columns: shared.map(({ name, type }) => ({ name, type: type === 'json' ? 'text' : type })),
    differing: [...new Set([...before, ...after].filter((column) => !isShared(column)).map(({ name }) => name))],
  };
}
