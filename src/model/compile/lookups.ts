/**
 * Lookups with a way to the key: which keys of a model look at which rows of a parent that does not carry the key.
 */
import { qualified, identifiers } from '../../warehouse/sql.ts';
import type { Column } from '../../warehouse/types.ts';
import type { BuildWork } from '../build/build-work.ts';
import { rowsOfKeys } from '../build/key-sql.ts';
import { carriedKey } from './keys.ts';
import { didYouMean } from '../../nearest.ts';
import type { Problem } from '../problems.ts';
import type { ModelRelation, Relation } from '../relation.ts';
import { STORE, workName } from '../store/store.ts';
import type { Delta } from '../build/table-state.ts';
import { makeWorkTable } from '../build/work-table.ts';

/** Rows of a parent that carries the key, and what it calls the key's columns. */
export interface KeyedRows {
  sql: string;
  names: readonly string[];
}

/**
 * The rows whose keys look at what changed in a lookup, in columns that the model names; `unmapped` where it did change
 * and the header tells no way from there to the key. `source`: the lookup, or the arm of it that changed.
 */
export async function rowsLookingAt(
  work: BuildWork,
  relation: ModelRelation,
  lookup: Relation,
  source: Relation,
  delta: Delta,
): Promise<KeyedRows[] | 'unmapped'> {
  const { options } = work;
  const columns = readColumns(relation, lookup);
  const place = [relation.parents.indexOf(lookup.name), lookup.parents.indexOf(source.name) + 1].join('_');
  const name = workName(relation.name, work.buildId, `sees_${place}`);
  const changed = await makeWorkTable(options.warehouse, name, differenceOf(columns, delta));
  if (changed === 0) return [];
  const ways = waysFrom(work, relation, lookup.name, `select * from ${qualified({ schema: STORE, name })}`, columns);
  return ways.length === 0 ? 'unmapped' : ways;
}

/** Adds a problem per way that leads nowhere. */
export function checkLookups(relations: readonly Relation[], problems: Problem[]): void {
  const byName = new Map(relations.map((relation) => [relation.name, relation]));
  for (const relation of relations) {
    if (relation.kind !== 'model') continue;
    for (const [name, ways] of Object.entries(relation.model.lookups ?? {})) {
      const report = (message: string): void => {
        problems.push({ code: 'MODEL_INVALID', file: relation.file, line: 1, message: `lookups ${name}: ${message}` });
      };
      const lookup = byName.get(name);
      if (Object.keys(relation.model.key).length === 0)
        report(`${relation.name} has no key, and is always built whole`);
      else if (lookup === undefined || !relation.parents.includes(name))
        report(`${relation.name} does not read ${name}${didYouMean(name, relation.parents)}`);
      else if (lookup.kind === 'input') report('it is an input: a change there rebuilds the model whole');
      else if (carriedKey(relation, lookup) !== null) report('it carries the key, and is no lookup');
      else for (const way of ways) checkWay(relation, lookup, way, byName, report);
    }
  }
}

// --- internal ---

type Way = NonNullable<ModelRelation['model']['lookups']>[string][number];

/** The columns of a lookup that the model's SQL names, or all where it may read more. */
function readColumns({ parsed, model }: ModelRelation, lookup: Relation): Column[] {
  const { columnNames, readsUnnamedColumns } = parsed.analysis;
  const mapped = new Set((model.lookups?.[lookup.name] ?? []).flatMap((way) => Object.keys(way.columns)));
  const named = lookup.columns.filter((column) => columnNames.has(column.name));
  if (readsUnnamedColumns || named.length === 0) return lookup.columns;
  return lookup.columns.filter((column) => columnNames.has(column.name) || mapped.has(column.name));
}

function differenceOf(columns: readonly Column[], { removed, added }: Delta): string {
  const names = identifiers(columns.map((column) => column.name));
  const part = (select: string): string => `select ${names} from (${select}\n) as part`;
  const without = (one: string, other: string): string => `(${part(one)}\nexcept all\n${part(other)})`;
  return `select * from (${without(removed, added)}\nunion all\n${without(added, removed)}\n) as difference`;
}

/** Way by way to the parents that carry the key; a step over another lookup goes on from its rows. */
function waysFrom(
  work: BuildWork,
  relation: ModelRelation,
  lookup: string,
  rows: string,
  columns: readonly Column[],
): KeyedRows[] {
  const { compiled, selects, options } = work;
  return (relation.model.lookups?.[lookup] ?? []).flatMap((way) => {
    const parent = compiled.byName.get(way.parent);
    if (parent === undefined) return [];
    const keys = columns.filter((column) => way.columns[column.name] !== undefined);
    const values = identifiers(keys.map((column) => column.name));
    const table = `(select distinct ${values} from (${rows}\n) as rows)`;
    const there = keys.map((column) => way.columns[column.name] ?? column.name);
    const looking = rowsOfKeys(
      options.warehouse,
      selects.reading(way.parent),
      parent.columns,
      { table, columns: keys },
      there,
    );
    const names = carriedKey(relation, parent);
    return names === null ? waysFrom(work, relation, way.parent, looking, parent.columns) : [{ sql: looking, names }];
  });
}

function checkWay(
  relation: ModelRelation,
  lookup: Relation,
  way: Way,
  byName: ReadonlyMap<string, Relation>,
  report: (message: string) => void,
): void {
  const parent = byName.get(way.parent);
  if (parent === undefined || !relation.parents.includes(way.parent))
    return report(`${relation.name} does not read ${way.parent}${didYouMean(way.parent, relation.parents)}`);
  for (const [here, there] of Object.entries(way.columns)) {
    const [own, other] = [typeIn(lookup, here), typeIn(parent, there)];
    if (own === undefined) report(noColumn(lookup, here));
    else if (other === undefined) report(noColumn(parent, there));
    else if (own !== other) report(`${here} is ${own}, but ${way.parent}.${there} is ${other}`);
    else if (own === 'json' || own === 'double')
      report(`${here} is ${own}: a way needs a type whose values are equal or not`);
  }
  if (!endsAtKey(relation, way.parent, byName, new Set([lookup.name])))
    report(`${way.parent} does not carry the key of ${relation.name}, and has no way of its own to one that does`);
}

function endsAtKey(
  relation: ModelRelation,
  name: string,
  byName: ReadonlyMap<string, Relation>,
  passed: ReadonlySet<string>,
): boolean {
  const parent = byName.get(name);
  if (parent === undefined || passed.has(name)) return false;
  if (carriedKey(relation, parent) !== null) return true;
  const ways = relation.model.lookups?.[name] ?? [];
  return ways.length > 0 && ways.every((way) => endsAtKey(relation, way.parent, byName, new Set([...passed, name])));
}

function typeIn(relation: Relation, column: string): string | undefined {
  return relation.columns.find(({ name }) => name === column)?.type;
}

function noColumn(relation: Relation, column: string): string {
  const names = relation.columns.map(({ name }) => name);
  return `${relation.name} has no column ${column}${didYouMean(column, names)}`;
}
