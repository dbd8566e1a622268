/**
 * What a model sees of its parents while it is computed for some of its keys: of those that carry the key the rows of
 * these keys, of lookups with a way to the key the rows that those look at, of all others everything.
 */
import { identifiers } from '../../warehouse/sql.ts';
import type { BuildWork } from './build-work.ts';
import { rowsOfKeys, type KeyTable } from './key-sql.ts';
import { carriedKey } from '../compile/keys.ts';
import type { ModelRelation, Relation } from '../relation.ts';

/** The SELECT of a parent's rows, by the parent's name, for the keys given. */
export function parentsOfKeys(
  { options, compiled, selects }: BuildWork,
  relation: ModelRelation,
  keys: KeyTable,
): (parent: string) => string {
  const { warehouse } = options;

  function rowsOf(name: string): string {
    const parent = compiled.byName.get(name);
    const all = selects.reading(name);
    if (parent === undefined) return all;
    const names = carriedKey(relation, parent);
    if (names !== null) return rowsOfKeys(warehouse, all, parent.columns, keys, names);
    const ways = relation.model.lookups?.[name] ?? [];
    return ways.length === 0 ? all : lookedAt(parent, all, ways);
  }

  /** Rows that several ways lead to come once: by the first of them. */
  function lookedAt(lookup: Relation, all: string, ways: readonly Way[]): string {
    const { columns } = lookup;
    let left = all;
    const found: string[] = [];
    for (const [index, way] of ways.entries()) {
      const own = columns.filter((column) => way.columns[column.name] !== undefined);
      const names = own.map((column) => column.name);
      const there = identifiers(own.map((column) => way.columns[column.name] ?? ''));
      const values = `(select distinct * from (select ${there} from (${rowsOf(way.parent)}\n) as looking) as given(${identifiers(names)}))`;
      const table = { table: values, columns: own };
      found.push(rowsOfKeys(warehouse, left, columns, table, names));
      if (index < ways.length - 1) left = rowsOfKeys(warehouse, left, columns, table, names, false);
    }
    return found.join('\nunion all\n');
  }

  return rowsOf;
}

// --- internal ---

type Way = NonNullable<ModelRelation['model']['lookups']>[string][number];
