/**
 * The layers that revenue numbers rest on, and which one a check is of.
 */
import type { KnownCheck } from './findings.ts';

/** Each rests on the one before. */
export const LAYERS = ['data', 'pipeline', 'attribution', 'forecasting', 'experimentation'] as const;
export type LayerName = (typeof LAYERS)[number];

/** The layer whose name is a tag of the check; checks without one, and those that are no model, are about the data. */
export function layerOf(check: string, checks: readonly KnownCheck[]): LayerName {
  const tags = checks.find(({ name }) => name === check)?.tags ?? [];
  return LAYERS.find((layer) => tags.includes(layer)) ?? 'data';
}
