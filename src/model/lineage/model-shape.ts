/**
 * What each column of a model is made of, by the columns of the relations it reads.
 */
import { rawTableName } from '../build/raw-tables.ts';
import type { ModelRelation } from '../relation.ts';
import { shapeOfQuery } from './query-shape.ts';
import type { Shape } from './scope.ts';

/** `shapeOf` knows the relations; `unresolved` is told the names that mean no column. `source` is the raw table. */
export function modelShape(
  { model, parsed }: ModelRelation,
  shapeOf: (name: string) => Shape,
  unresolved: (name: string) => void,
): Shape {
  const { source } = model;
  const { statements } = JSON.parse(parsed.canonical) as { statements: { node: Record<string, unknown> }[] };
  const relation = (name: string): Shape =>
    source !== undefined && name === 'source'
      ? tableShape(rawTableName(source), Object.keys(source.columns))
      : shapeOf(name);
  return shapeOfQuery(statements[0]?.node ?? {}, { relation, unresolved });
}

/** A table whose columns come from nothing else: `{ columns: [{ name: 'spend', from: spend_daily.spend }] }`. */
export function tableShape(name: string, columns: readonly string[]): Shape {
  return {
    columns: columns.map((column) => ({
      name: column.toLowerCase(),
      from: new Map([[`${name}.${column}`, 'passed']]),
    })),
    filters: new Map(),
    relations: new Set([name]),
  };
}
