/**
 * Why a number changed: the rows that builds took out of a relation and put in, paired by its grain, with what caused it.
 */
import { RevopsError } from '../../errors.ts';
import type { Session } from '../../warehouse/contract.ts';
import { identifier, identifiers, qualified } from '../../warehouse/sql.ts';
import { state, statement } from '../../warehouse/state/index.ts';
import type { Column, ResultValue, Row } from '../../warehouse/types.ts';
import { causesOf, type Cause } from './causes.ts';
import { buildNumber, readChanges, type Change } from './changes.ts';
import { netOf, pairedSelect, type Sides } from './diff-sql.ts';
import { didYouMean } from '../nearest.ts';
import { readPublished, type PublishedRelation } from '../store/state.ts';
import { STORE, workName } from '../store/store.ts';

export interface DiffOptions {
  /** `cac` or `marts.cac`. */
  relation: string;
  /** `b12`; default the last build that changed the relation. */
  build?: string;
  /** All builds after this one, or after this instant (ISO 8601), taken together. */
  since?: string;
  /** Keys at most. Default: all. */
  limit?: number;
}

export interface DiffBuild {
  buildId: string;
  startedAt: string;
  publishedAt: string | null;
  /** The time that models saw. */
  clockAt: string | null;
  /** `published`, or `rolled_back` where it was taken back. */
  status: string;
  kind: string;
  /** How it was built: `full` or `incremental`. */
  mode: string | null;
  causes: Cause[];
}

export interface KeyChange {
  change: 'changed' | 'removed' | 'added';
  key: Record<string, ResultValue>;
  /** Of a changed row the cells that differ, else the whole row. */
  before: Record<string, ResultValue>;
  after: Record<string, ResultValue>;
}

export interface ColumnChange {
  column: string;
  /** Keys whose value differs, of those that were and are there. */
  changed: number;
  /** The sum over the removed and over the added rows, of numbers. */
  before: ResultValue;
  after: ResultValue;
}

export interface ModelDiff {
  relation: string;
  builds: DiffBuild[];
  counts: { changed: number; removed: number; added: number };
  columns: ColumnChange[];
  rows: KeyChange[];
  /** Why there are no rows to show, where there are none. */
  note?: string;
}

/** Throws USAGE where there is no such relation, build or record. */
export async function diffModel(session: Session, options: DiffOptions): Promise<ModelDiff> {
  const all = await readChanges(session);
  const published = await readPublished(session);
  const name = nameOf(options.relation, published, all);
  const chosen = await chosenBuilds(session, name, all, options);
  const builds: DiffBuild[] = [];
  for (const change of chosen) builds.push(await describeBuild(session, change, all));
  const relation = `${published.get(name)?.schema ?? chosen[0]?.schema ?? ''}.${name}`;
  const nothing = { relation, builds, counts: { changed: 0, removed: 0, added: 0 }, columns: [], rows: [] };
  if (chosen.length === 0) return { ...nothing, note: 'no build changed it' };
  const sides: Sides[] = [];
  for (const change of chosen) {
    const found = await sidesOf(session, change, published.get(name));
    if (found === null) return { ...nothing, note: summaryOf(change) };
    sides.push(found.sides);
    if (sides.length === chosen.length) {
      const { columns } = found;
      const grain = chosen.at(-1)?.grain ?? [];
      const paired = await pair(session, netOf(sides, columns), columns, grain, options.limit);
      return { ...nothing, ...paired };
    }
  }
  return nothing;
}

// --- internal ---

function nameOf(written: string, published: ReadonlyMap<string, PublishedRelation>, all: readonly Change[]): string {
  const [name = '', schema] = written.split('.').toReversed();
  const names = new Set([...published.keys(), ...all.map((change) => change.name)]);
  const found = published.get(name);
  if (!names.has(name) || (schema !== undefined && found !== undefined && found.schema !== schema)) {
    throw new RevopsError('USAGE', `nothing published is called ${written}${didYouMean(name, names)}`, {
      hint: '`revops list models` shows what the project has; a build publishes it.',
    });
  }
  if (found !== undefined && found.physical === null) {
    throw new RevopsError('USAGE', `${found.schema}.${name} is a view: builds do not change its rows, loads do`, {
      hint: 'Ask for a table that reads it. Replaced versions of raw rows are in raw_<connector>.<table>__history.',
    });
  }
  return name;
}

/** The changes of the relation that are asked for, oldest first. */
async function chosenBuilds(
  session: Session,
  name: string,
  all: readonly Change[],
  { build, since }: DiffOptions,
): Promise<Change[]> {
  const own = all.filter((change) => change.name === name && (change.kind === 'updated' || change.kind === 'rebuilt'));
  if (build !== undefined) {
    const found = own.filter((change) => change.buildId === build);
    if (found.length > 0) return found;
    const known = own.map((change) => change.buildId).join(', ');
    throw new RevopsError('USAGE', `there is no record that build ${build} changed ${name}`, {
      hint: `Changes of the last 7 builds are kept; those that changed it: ${known === '' ? 'none' : known}.`,
    });
  }
  const times = await session.query<{ build_id: string; status: string; published_at: string | null }>(
    ...statement(state('builds').select('build_id', 'status', 'published_at')),
  );
  const byId = new Map(times.map((row) => [row.build_id, row]));
  const standing = own.filter((change) => byId.get(change.buildId)?.status === 'published');
  if (since === undefined) return standing.slice(-1);
  const isAfter = (id: string): boolean =>
    /^b\d+$/.test(since)
      ? buildNumber(id) > buildNumber(since)
      : (byId.get(id)?.published_at ?? '') > new Date(since).toISOString();
  const oldest = Math.min(...all.map((change) => buildNumber(change.buildId)));
  const forgotten = times.find(
    (row) => row.status === 'published' && buildNumber(row.build_id) < oldest && isAfter(row.build_id),
  );
  if (forgotten !== undefined) {
    throw new RevopsError('USAGE', `what builds before b${oldest} changed is not kept any more`, {
      hint: `Changes of the last 7 builds are kept: --since b${oldest - 1} is the earliest.`,
    });
  }
  return standing.filter((change) => isAfter(change.buildId));
}

async function describeBuild(session: Session, change: Change, all: readonly Change[]): Promise<DiffBuild> {
  const { buildId, kind } = change;
  const [build] = await session.query<{
    started_at: string;
    published_at: string | null;
    clock_at: string | null;
    status: string;
  }>(...statement(state('builds').where({ build_id: buildId }).select()));
  const [run] = await session.query<{ mode: string | null }>(
    ...statement(state('model_runs').where({ build_id: buildId, model: change.name }).select('mode')),
  );
  return {
    buildId,
    startedAt: build?.started_at ?? '',
    publishedAt: build?.published_at ?? null,
    clockAt: build?.clock_at ?? null,
    status: build?.status ?? 'unknown',
    kind,
    mode: run?.mode ?? null,
    causes: await causesOf(session, change, all),
  };
}

/** The rows of one build's change; null where they are not kept and cannot be found by comparing its two tables. */
async function sidesOf(
  session: Session,
  change: Change,
  current: PublishedRelation | undefined,
): Promise<{ sides: Sides; columns: Column[] } | null> {
  const table = (side: keyof Sides): string => workName(change.name, change.buildId, side);
  if (change.hasRows) {
    const columns = await session.describe({ schema: STORE, name: table('added') });
    if (columns === null) return null;
    const select = (side: keyof Sides): string =>
      `select ${identifiers(columns.map((column) => column.name))} from ${qualified({ schema: STORE, name: table(side) })}`;
    return { sides: { removed: select('removed'), added: select('added') }, columns };
  }
  // the table before stays for one more build, the new one is as it was made until the next
  if ((change.before?.physical ?? null) === null || current?.buildId !== change.buildId || current.physical === null)
    return null;
  const old = { schema: STORE, name: change.before?.physical ?? '' };
  const now = { schema: STORE, name: current.physical };
  const before = await session.describe(old);
  const after = await session.describe(now);
  const shared = (after ?? []).filter((column) =>
    before?.some(({ name, type }) => name === column.name && type === column.type),
  );
  if (before === null || shared.length === 0) return null;
  const read = (relation: { schema: string; name: string }): string =>
    `select ${shared.map(({ name, type }) => (type === 'json' ? `cast(${identifier(name)} as text) as ${identifier(name)}` : identifier(name))).join(', ')} from ${qualified(relation)}`;
  return {
    sides: { removed: `${read(old)} except all ${read(now)}`, added: `${read(now)} except all ${read(old)}` },
    columns: shared.map(({ name, type }) => ({ name, type: type === 'json' ? 'text' : type })),
  };
}

function summaryOf({ buildId, kind, before, parts, rows }: Change): string {
  if (before === null) return `build ${buildId} made it for the first time: ${String(rows.after ?? '?')} rows`;
  const counts = `${String(rows.before ?? '?')} rows before, ${String(rows.after ?? '?')} after`;
  const why = parts.some((part) => part.of === 'definition') ? 'its definition changed' : `it was ${kind}`;
  return `the rows that build ${buildId} changed are not kept, since ${why}: ${counts}`;
}

async function pair(
  session: Session,
  sides: Sides,
  columns: readonly Column[],
  grain: readonly string[],
  limit: number | undefined,
): Promise<Pick<ModelDiff, 'counts' | 'columns' | 'rows'>> {
  const key = columns.filter(({ name }) => grain.includes(name));
  const others = columns.filter(({ name }) => !grain.includes(name));
  const paired = pairedSelect(sides, key, others);
  const differing = others.map(
    (_, index) =>
      `cast(sum(case when was = 1 and is_now = 1 and b${index} is distinct from a${index} then 1 else 0 end) as bigint) as c${index}`,
  );
  const counted = await session.query<Record<string, number>>(
    `select ${['cast(sum(was * is_now) as bigint) as changed', 'cast(sum(was * (1 - is_now)) as bigint) as removed', 'cast(sum((1 - was) * is_now) as bigint) as added', ...differing].join(', ')} from (${paired}) as paired`,
  );
  const order = ['was * is_now desc', 'is_now', ...key.map((_, index) => `k${index} nulls first`)].join(', ');
  const found = await session.query(
    `select * from (${paired}) as paired order by ${order}${limit === undefined ? '' : ` limit ${limit}`}`,
  );
  const numbers = others.filter(({ type }) => /^(integer|bigint|double|decimal)/.test(type));
  const sums = async (sql: string): Promise<Row> =>
    numbers.length === 0
      ? {}
      : ((
          await session.query(
            `select ${numbers.map(({ name }) => `cast(sum(${identifier(name)}) as double precision) as ${identifier(name)}`).join(', ')} from (${sql}\n) as side`,
          )
        )[0] ?? {});
  const [before, after] = [await sums(sides.removed), await sums(sides.added)];
  const totals = counted[0] ?? {};
  return {
    counts: { changed: totals['changed'] ?? 0, removed: totals['removed'] ?? 0, added: totals['added'] ?? 0 },
    columns: others.map(({ name }, index) => ({
      column: name,
      changed: totals[`c${index}`] ?? 0,
      before: before[name] ?? null,
      after: after[name] ?? null,
    })),
    rows: found.map((row) => keyChange(row, key, others)),
  };
}

function keyChange(row: Row, key: readonly Column[], others: readonly Column[]): KeyChange {
  const value = (name: string, type: string): ResultValue => {
    const found = row[name] ?? null;
    return type === 'boolean' && found !== null ? found === 'true' : found;
  };
  const [was, is] = [row['was'] === 1, row['is_now'] === 1];
  const side = (letter: 'a' | 'b', isThere: boolean): Record<string, ResultValue> =>
    Object.fromEntries(
      others.flatMap(({ name, type }, index) => {
        if (!isThere) return [];
        const [before, after] = [value(`b${index}`, type), value(`a${index}`, type)];
        return was && is && before === after ? [] : [[name, letter === 'b' ? before : after]];
      }),
    );
  return {
    change: was && is ? 'changed' : was ? 'removed' : 'added',
    key: Object.fromEntries(key.map(({ name, type }, index) => [name, value(`k${index}`, type)])),
    before: side('b', was),
    after: side('a', is),
  };
}
