/**
 * Columns of a raw table that a staging model gives as they are.
 */
import type { ModelRelation } from '../relation.ts';
import { shapeOfQuery } from './query-shape.ts';
import type { Shape } from './scope.ts';

/** Whether each of these columns of the model is the column of that name of `source`, through whatever it passes. */
export function passesOn({ model, parsed, columns }: ModelRelation, names: readonly string[]): boolean {
  const source: Shape = {
    columns: Object.keys(model.source?.columns ?? {}).map((name) => ({
      name: name.toLowerCase(),
      from: new Map([[name, 'passed']]),
    })),
    filters: new Map(),
    relations: new Set(['source']),
  };
  const { statements } = JSON.parse(parsed.canonical) as { statements: { node: Record<string, unknown> }[] };
  const shape = shapeOfQuery(statements[0]?.node ?? {}, { relation: () => source, unresolved: () => undefined });
  if (shape.any !== undefined || shape.columns.length !== columns.length) return false;
  return names.every((name) => {
    const from = shape.columns[columns.findIndex((column) => column.name === name)]?.from ?? new Map<string, string>();
    return from.size === 1 && from.get(name) === 'passed';
  });
}
