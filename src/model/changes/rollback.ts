/**
 * The last published build taken back: what people see, and what the next build starts from, is that of the build before.
 */
import { RevopsError } from '../../errors.ts';
import type { Publication, Session, Warehouse } from '../../warehouse/contract.ts';
import { identifier, identifiers, literal, qualified, type RelationName } from '../../warehouse/sql.ts';
import type { Column } from '../../warehouse/types.ts';
import { readChanges, type Change } from './changes.ts';
import { DELTA, deltaSides } from '../build/delta-table.ts';
import { keyIn, rowsOfKeys, distinctKeys, type KeyTable } from '../build/key-sql.ts';
import { lastPublished } from '../store/kept-builds.ts';
import { markRolledBack, readBuilds, readPublished, writePublished, type PublishedRelation } from '../store/state.ts';
import { keptName, STORE, workName } from '../store/store.ts';

export interface RollbackOptions {
  warehouse: Warehouse;
  /** Take back the rest where the build wrote into ledgers, whose rows stay. Default false: refused. */
  keepLedgers?: boolean;
  /** Called between statements, with where the rollback stands. */
  onStep?(step: string): void | Promise<void>;
}

export interface RollbackReport {
  /** The build that was taken back. */
  buildId: string;
  /** The one that is shown now; null where nothing is. */
  shown: string | null;
  /** Tables changed back in place, views that show other tables again, relations that are gone. */
  relations: { schema: string; name: string; how: 'rows' | 'view' | 'dropped' }[];
  /** Ledgers that keep what the build wrote. */
  ledgers: string[];
}

/**
 * Takes the last published build back, all in one transaction. Call it under the lease. Throws ROLLBACK_REFUSED, with every
 * reason, where what was before is not there any more, or where a ledger would keep rows of that build.
 */
export async function rollback(options: RollbackOptions): Promise<RollbackReport> {
  const { warehouse, onStep } = options;
  const builds = await readBuilds(warehouse);
  const [last, previous] = lastPublished(builds);
  if (last === undefined) {
    throw new RevopsError('ROLLBACK_REFUSED', 'there is no published build to take back', {
      hint: '`revops runs` shows what ran.',
    });
  }
  const buildId = `b${last}`;
  const changes = await readChanges(warehouse, buildId);
  const tables = new Set((await warehouse.relations(STORE)).map(({ name }) => name));
  const ledgers = changes.filter(wroteToLedger);
  const undone = changes.filter((change) => !ledgers.includes(change));
  refuse(buildId, changes, undone, options.keepLedgers === true ? [] : ledgers, tables);

  const inverses: Inverse[] = [];
  const updated = undone.filter(({ kind }) => kind === 'updated');
  const logs = updated.filter(({ materialized }) => materialized === 'log');
  for (const change of updated.filter(({ before, materialized }) => before !== null && !isForGood(materialized))) {
    inverses.push(await computeInverse(warehouse, change));
    await onStep?.(`computed ${change.name}`);
  }
  const { publications, dropped } = viewsOf(undone, await readPublished(warehouse));
  await warehouse.transaction(async (session) => {
    await onStep?.('rolling back');
    for (const inverse of inverses) await apply(session, warehouse, inverse);
    for (const { name } of logs) await unlog(session, name, buildId);
    await warehouse.publish(session, publications, dropped);
    const gone = undone.filter(({ before, schema }) => before === null || before.schema !== schema);
    await writePublished(session, restoredOf(undone), gone);
    await markRolledBack(session, buildId);
    await onStep?.('before commit');
  });
  return {
    buildId,
    shown: previous === undefined ? null : `b${previous}`,
    relations: [
      ...[...inverses.map(({ change }) => change), ...logs].map(({ schema, name }) => ({
        schema,
        name,
        how: 'rows' as const,
      })),
      ...publications.map(({ view }) => ({ ...view, how: 'view' as const })),
      ...dropped.map((view) => ({ ...view, how: 'dropped' as const })),
    ],
    ledgers: ledgers.map(({ schema, name }) => `${schema}.${name}`),
  };
}

// --- internal ---

interface Inverse {
  change: Change;
  physical: string;
  columns: readonly Column[];
  keys: KeyTable;
  /** The rows of these keys as they were. */
  rows: string;
}

/** Of a ledger that is taken back nothing was written; of a log every row says which build wrote it. */
function isForGood(materialized: string): boolean {
  return materialized === 'ledger' || materialized === 'log';
}

/** Rows of a ledger, and of its restatements, are put in for good. */
function wroteToLedger({ kind, materialized, rows }: Change): boolean {
  return materialized === 'ledger' && (kind === 'updated' || kind === 'rebuilt') && rows.added !== 0;
}

function refuse(
  buildId: string,
  changes: readonly Change[],
  undone: readonly Change[],
  ledgers: readonly Change[],
  tables: ReadonlySet<string>,
): void {
  const reasons = changes.length === 0 ? ['what it changed is not recorded'] : [];
  for (const change of undone) {
    const reason = obstacleOf(change, tables);
    if (reason !== undefined) reasons.push(`${change.schema}.${change.name}: ${reason}`);
  }
  if (reasons.length > 0) {
    throw new RevopsError('ROLLBACK_REFUSED', `build ${buildId} cannot be taken back\n${reasons.join('\n')}`, {
      hint: 'Nothing was changed. Correct the model or the data and build; `revops build --full-refresh` makes everything anew.',
    });
  }
  if (ledgers.length > 0) {
    const names = ledgers.map(({ schema, name }) => `${schema}.${name}`).join(', ');
    throw new RevopsError('ROLLBACK_REFUSED', `build ${buildId} wrote rows into ${names}, and rows of a ledger stay`, {
      hint: 'Nothing was changed. --keep-ledgers takes the rest back and leaves those rows.',
    });
  }
}

/** Why a change cannot be taken back. */
function obstacleOf(
  { kind, before, name, buildId, hasRows, keyColumns, materialized }: Change,
  tables: ReadonlySet<string>,
): string | undefined {
  if (kind === 'kept' || kind === 'tested' || before === null) return undefined;
  if (kind === 'updated') {
    if (isForGood(materialized)) return undefined;
    if (!hasRows || !tables.has(workName(name, buildId, DELTA))) return 'the rows it removed and added are not kept';
    return keyColumns.length === 0 ? 'it was updated without a key' : undefined;
  }
  if (before.physical === null) {
    return before.shown === null ? 'what its view showed before was not recorded' : undefined;
  }
  return tables.has(before.physical) ? undefined : `its table before, ${STORE}.${before.physical}, is gone`;
}

/** Computes what the rows of the changed keys were: those that are, less what the build added, with what it removed. */
async function computeInverse(warehouse: Warehouse, change: Change): Promise<Inverse> {
  const { name, buildId, keyColumns, before } = change;
  const physical = before?.physical ?? '';
  const columns = before?.columns ?? [];
  const names = keyColumns.map((column) => column.name);
  const table = (kind: string): string => qualified({ schema: STORE, name: workName(name, buildId, kind) });
  const outputs = identifiers(columns.map((column) => column.name));
  const { removed, added } = deltaSides(
    workName(name, buildId, DELTA),
    columns.map((column) => column.name),
  );
  const sides = [removed, added].map((sql) => ({ sql, names }));
  await warehouse.execute(`drop table if exists ${table('undo_keys')}`);
  await warehouse.execute(`create table ${table('undo_keys')} as ${distinctKeys(keyColumns, sides)}`);
  const keys = { table: table('undo_keys'), columns: keyColumns };
  const shown = `select ${outputs} from ${qualified({ schema: STORE, name: physical })}`;
  const current = rowsOfKeys(warehouse, shown, columns, keys, names);
  const isJson = ({ type }: Column): boolean => type === 'json';
  // as the kept rows have it: json has no equality on Postgres
  const comparable = columns.map((column) => {
    const one = identifier(column.name);
    return isJson(column) ? `cast(${one} as text) as ${one}` : one;
  });
  const typed = columns.map((column) => {
    const one = identifier(column.name);
    return isJson(column) ? `cast(${one} as ${warehouse.typeName('json')}) as ${one}` : one;
  });
  const rows = `select ${comparable.join(', ')} from (${current}\n) as present
except all select ${outputs} from (${added}) as added`;
  await warehouse.execute(`drop table if exists ${table('undo_rows')}`);
  await warehouse.execute(
    `create table ${table('undo_rows')} as select ${typed.join(', ')} from (select * from (${rows}) as remaining union all ${removed}) as earlier`,
  );
  return { change, physical, columns, keys, rows: table('undo_rows') };
}

async function apply(
  session: Session,
  warehouse: Warehouse,
  { change, physical, columns, keys, rows }: Inverse,
): Promise<void> {
  const target = qualified({ schema: STORE, name: physical });
  const names = change.keyColumns.map((column) => column.name);
  const outputs = identifiers(columns.map((column) => column.name));
  await session.execute(`delete from ${target} as published where ${keyIn(warehouse, keys, 'published', names)}`);
  await session.execute(`insert into ${target} (${outputs}) select ${outputs} from ${rows}`);
}

async function unlog(session: Session, name: string, buildId: string): Promise<void> {
  const table = qualified({ schema: STORE, name: keptName(name) });
  await session.execute(`delete from ${table} where build_id = ${literal(buildId)}`);
}

/** The views that show something else again, and those that were not there. */
function viewsOf(
  undone: readonly Change[],
  shown: ReadonlyMap<string, PublishedRelation>,
): { publications: Publication[]; dropped: RelationName[] } {
  const publications = new Map<string, Publication>();
  const dropped: RelationName[] = [];
  for (const { kind, before, schema, name } of undone) {
    if (kind === 'kept' || kind === 'tested') continue;
    // a table that stays can have got other columns
    if (kind === 'updated' && before !== null && isShownAs(before, shown.get(name))) continue;
    if (before === null || before.schema !== schema) dropped.push({ schema, name });
    if (before !== null) publications.set(`${before.schema}.${name}`, publicationOf(before));
  }
  return { publications: [...publications.values()], dropped };
}

function isShownAs(before: PublishedRelation, now: PublishedRelation | undefined): boolean {
  const columnsOf = ({ columns }: PublishedRelation): string =>
    JSON.stringify(columns.map(({ name, type }) => [name, type]));
  return now !== undefined && columnsOf(now) === columnsOf(before);
}

function publicationOf({ schema, name, physical, columns, shown }: PublishedRelation): Publication {
  const table = (stored: string): string =>
    `select ${identifiers(columns.map((column) => column.name))} from ${qualified({ schema: STORE, name: stored })}`;
  const sql = shown?.sql ?? table(physical ?? '');
  return { view: { schema, name }, sql, columns, description: shown?.description ?? '' };
}

/** What is published again, once each: a relation that moved to another schema is told twice. */
function restoredOf(undone: readonly Change[]): PublishedRelation[] {
  return [
    ...new Map(undone.flatMap(({ before }) => (before === null ? [] : [[before.name, before] as const]))).values(),
  ];
}
