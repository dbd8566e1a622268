/**
 * The incremental key of a model, and which of the relations it reads carry it. A parent that carries the key gives a
 * row of key k only to rows of key k; the others are lookups, read whole.
 */
import type { Column, LogicalType } from '../../warehouse/types.ts';
import { didYouMean } from '../../nearest.ts';
import type { Problem } from '../problems.ts';
import type { Relation } from '../relation.ts';

/** The key's columns under their own names, with their types; empty where the model has no key. */
export function keyColumns(relation: Relation): Column[] {
  const names = relation.kind === 'model' ? Object.keys(relation.model.key) : componentsKey(relation);
  return names.flatMap((name) => relation.columns.find((column) => column.name === name) ?? []);
}

/** What the parent calls the key's columns, in the key's order; null where it does not carry the key. */
export function carriedKey(relation: Relation, parent: Relation): string[] | null {
  if (relation.kind !== 'model' || parent.kind === 'input') return null;
  const names: string[] = [];
  for (const { name, type } of keyColumns(relation)) {
    const there = nameIn(relation.model.key[name], parent.name, name);
    if (there === null || !parent.columns.some((column) => column.name === there && column.type === type)) return null;
    names.push(there);
  }
  return names.length === 0 ? null : names;
}

/** Adds a problem per key that cannot be used. */
export function checkKeys(relations: readonly Relation[], problems: Problem[]): void {
  const byName = new Map(relations.map((relation) => [relation.name, relation]));
  for (const relation of relations) {
    if (relation.kind !== 'model') continue;
    const report = (message: string): void => {
      problems.push({ code: 'MODEL_INVALID', file: relation.file, line: 1, message });
    };
    const columns = keyColumns(relation);
    for (const { name, type } of columns)
      if (INEXACT.has(type)) report(`key ${name} is ${type}: a key needs a type whose values are equal or not`);
    const mapped = new Set(Object.values(relation.model.key).flatMap(Object.keys));
    for (const name of mapped) {
      const parent = byName.get(name);
      if (parent === undefined || !relation.parents.includes(name))
        report(`key: ${relation.name} does not read ${name}${didYouMean(name, relation.parents)}`);
      else for (const message of unusable(relation, parent, columns)) report(message);
    }
  }
}

// --- internal ---

/** Components are brought up to date node by node. */
function componentsKey({ kind }: Relation): string[] {
  return kind === 'components' ? ['node'] : [];
}

const INEXACT: ReadonlySet<LogicalType> = new Set(['double', 'json']);

/** Null: declared a lookup. */
function nameIn(mapping: Record<string, string | null> | undefined, parent: string, name: string): string | null {
  const mapped = mapping?.[parent];
  return mapped === undefined ? name : mapped;
}

/** Why a parent that the header maps the key to does not carry it. */
function unusable(
  relation: Extract<Relation, { kind: 'model' }>,
  parent: Relation,
  columns: readonly Column[],
): string[] {
  const names = columns.map(({ name }) => nameIn(relation.model.key[name], parent.name, name));
  if (names.includes(null)) return [];
  if (parent.kind === 'input') return [`key: ${parent.name} is an input, which is always read whole`];
  return columns.flatMap(({ name, type }, index) => {
    const there = names[index] ?? '';
    const found = parent.columns.find((column) => column.name === there);
    if (found === undefined) {
      const known = parent.columns.map((column) => column.name);
      return [`key ${name}: ${parent.name} has no column ${there}${didYouMean(there, known)}`];
    }
    return found.type === type ? [] : [`key ${name} is ${type}, but ${parent.name}.${there} is ${found.type}`];
  });
}
