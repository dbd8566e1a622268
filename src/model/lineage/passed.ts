/**
 * Columns of a raw table that a staging model gives as they are.
 */
import { rawTableName } from '../build/raw-tables.ts';
import type { ModelRelation } from '../relation.ts';
import { modelShape, tableShape } from './model-shape.ts';

/** Whether each of these columns of the model is the column of that name of `source`, through whatever it passes. */
export function passesOn(relation: ModelRelation, names: readonly string[]): boolean {
  const { source } = relation.model;
  if (source === undefined) return false;
  const shape = modelShape(
    relation,
    (name) => tableShape(name, []),
    () => undefined,
  );
  if (shape.any !== undefined || shape.columns.length !== relation.columns.length) return false;
  return names.every((name) => {
    const from = shape.columns[relation.columns.findIndex((column) => column.name === name)]?.from ?? new Map();
    return from.size === 1 && from.get(`${rawTableName(source)}.${name}`) === 'passed';
  });
}
