/**
 * What a model sees of its parents while it is computed for some of its keys: of those that carry the key the rows of
 * these keys, of lookups with a way to the key the rows that those look at, of all others everything.
 */
import { identifier } from '../../warehouse/sql.ts';
import type { Shadow } from './bind.ts';
import type { BuildWork } from './build-work.ts';
import { rowsOfKeys, type KeyTable } from './key-sql.ts';
import { carriedKey } from '../compile/keys.ts';
import type { ModelRelation, Relation } from '../relation.ts';

/** All parents of a model for the keys given; a lookup stands after the parents that lead to it. */
export function parentsOfKeys(
  { options, compiled, selects }: BuildWork,
  relation: ModelRelation,
  keys: KeyTable,
): Shadow[] {
  const { warehouse } = options;
  const shadows = new Map<string, Shadow>();

  function add(name: string): void {
    if (shadows.has(name)) return;
    const parent = compiled.byName.get(name);
    const names = parent === undefined ? null : carriedKey(relation, parent);
    const ways = names === null ? (relation.model.lookups?.[name] ?? []) : [];
    for (const way of ways) add(way.parent);
    const all = selects.reading(name);
    if (parent !== undefined && names !== null)
      shadows.set(name, { name, sql: rowsOfKeys(warehouse, all, parent.columns, keys, names), isShared: true });
    else if (parent !== undefined && ways.length > 0)
      shadows.set(name, { name, sql: lookedAt(parent, all, ways), isShared: true });
    else shadows.set(name, { name, sql: all });
  }

  /** Rows that several ways lead to come once: by the first of them. */
  function lookedAt({ columns }: Relation, all: string, ways: readonly Way[]): string {
    let left = all;
    const found: string[] = [];
    for (const [index, way] of ways.entries()) {
      const own = columns.filter((column) => way.columns[column.name] !== undefined);
      const names = own.map((column) => column.name);
      const there = own.map(({ name }) => `${identifier(way.columns[name] ?? '')} as ${identifier(name)}`);
      const table = { table: `(select distinct ${there.join(', ')} from ${identifier(way.parent)})`, columns: own };
      found.push(rowsOfKeys(warehouse, left, columns, table, names));
      if (index < ways.length - 1) left = rowsOfKeys(warehouse, left, columns, table, names, false);
    }
    return found.join('\nunion all\n');
  }

  relation.parents.forEach(add);
  return [...shadows.values()];
}

// --- internal ---

type Way = NonNullable<ModelRelation['model']['lookups']>[string][number];
