/**
 * The rows that a test has to look at, where those that are published have passed it: what is about rows by themselves
 * looks at those that come, what must be there once at those that come with a value.
 */
import type { BuildWork } from './build-work.ts';
import { distinctKeys, rowsOfKeys } from './key-sql.ts';
import { keyColumns } from '../compile/keys.ts';
import { changedParts } from '../compile/parts.ts';
import { isView, type CompiledTest, type Relation } from '../relation.ts';

/** A SELECT of them; null: all rows. Warnings tell of all rows each time. */
export async function rowsToTest(
  work: BuildWork,
  relation: Relation,
  { test, whereCalls }: CompiledTest,
): Promise<string | null> {
  if (test.severity !== 'error' || whereCalls.length > 0) return null;
  const isOfRows = ['not_null', 'accepted_values', 'between'].includes(test.kind);
  if (!isOfRows && test.kind !== 'unique') return null;
  const { selects, options } = work;
  const names = Array.isArray(test.arguments) ? (test.arguments as string[]) : [test.column ?? ''];
  const keys = keyColumns(relation);
  const isOfKeys = isOfRows || (keys.length > 0 && keys.every(({ name }) => names.includes(name)));
  const come = isOfKeys ? selects.come(relation.name) : null;
  if (come !== null) return come;
  const added = await rowsAdded(work, relation);
  if (added === null || isOfRows) return added;
  const columns = relation.columns.filter(({ name }) => names.includes(name));
  const table = `(${distinctKeys(columns, [{ sql: added, names: columns.map(({ name }) => name) }])}\n)`;
  const own = columns.map(({ name }) => name);
  const tested = { table, columns, withoutNull: neverNull(relation) };
  return rowsOfKeys(options.warehouse, selects.reading(relation.name), relation.columns, tested, own);
}

// --- internal ---

/** Columns in which a NULL fails the build, whatever else is tested. */
function neverNull({ tests }: Relation): ReadonlySet<string> {
  const strict = tests.filter(
    ({ test }) => test.kind === 'not_null' && test.severity === 'error' && test.where === undefined,
  );
  return new Set(strict.flatMap(({ test }) => test.column ?? []));
}

/**
 * The rows that came since it was published: of a table brought up to date in part; of a view where this build finds them
 * out anyway, for a model with a key.
 */
async function rowsAdded(work: BuildWork, relation: Relation): Promise<string | null> {
  const { prepared, deltas, parts, states } = work;
  const state = states.get(relation.name);
  if (state?.kind === 'updated') return state.delta.added;
  const before = prepared.published.get(relation.name)?.parts;
  const now = parts.get(relation.name);
  if (!isView(relation) || before === undefined || now === undefined || !isAsked(work, relation, before.data))
    return null;
  if (changedParts(before, now).definition.length > 0) return null;
  const change = await deltas.of(relation.name, before);
  return typeof change === 'string' ? null : change.added;
}

/** Whether a model that is brought up to date in part asks what changed in the view since that state, by itself or by a feed. */
function isAsked({ prepared, compiled }: BuildWork, view: Relation, since: Readonly<Record<string, string>>): boolean {
  const feeds = compiled.relations.filter(({ kind, parents }) => kind === 'feed' && parents.includes(view.name));
  const names = new Set([view, ...feeds].map(({ name }) => name));
  return prepared.plan.relations.some((planned) => {
    if (planned.action !== 'run' || planned.mode !== 'incremental') return false;
    const before = prepared.published.get(planned.name)?.parts.data ?? {};
    return (
      compiled.byName.get(planned.name)?.parents.some((name) => names.has(name)) === true &&
      Object.entries(since).every(([part, value]) => before[part] === value)
    );
  });
}
