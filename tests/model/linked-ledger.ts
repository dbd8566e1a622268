/**
 * Connected components with a ledger that reads them, and two loads of links.
 */
import type { Warehouse } from '../../src/warehouse/contract.ts';
import { DENIED, LINKED, LINKS } from './linked.ts';
import { model, type Files } from './project.ts';
import { makeRaw, sync } from './synced.ts';

/** `core.kept` freezes how many nodes a component had. */
export const LINKED_LEDGER: Files = {
  ...LINKED,
  'models/core/kept.sql': model(
    ['component text', 'nodes bigint'],
    'select component, count(*) as nodes from people group by component having count(*) > 1',
    'key: component\nmaterialized: ledger',
  ),
};

/** Three pairs. */
export async function firstLinks(warehouse: Warehouse): Promise<void> {
  for (const shape of [LINKS, DENIED]) await makeRaw(warehouse, shape);
  const seen_at = '2026-03-02T00:00:00Z';
  await sync(warehouse, LINKS, {
    rows: ['ab', 'cd', 'ef'].map((pair) => ({ id: pair, one: pair.slice(0, 1), other: pair.slice(1), seen_at })),
  });
}

/** A link that merges two components, one that makes a new one, one that goes. */
export async function secondLinks(warehouse: Warehouse): Promise<void> {
  await sync(warehouse, LINKS, {
    rows: [
      { id: 'bc', one: 'b', other: 'c', seen_at: '2026-03-03T00:00:00Z' },
      { id: 'xy', one: 'x', other: 'y', seen_at: '2026-03-01T00:00:00Z' },
    ],
    vanished: [{ id: 'ef' }],
  });
}
