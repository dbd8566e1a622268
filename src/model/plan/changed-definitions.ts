import type { InputRow } from '../contract.ts';
import { changedParts, partsOf, testsPart } from '../compile/parts.ts';
import type { RawTable } from '../build/raw-tables.ts';
import type { CompiledProject, Relation } from '../relation.ts';
import type { Parts, PublishedRelation } from '../store/state.ts';

/**
 * Relations that the project defines otherwise than what is published was: by their own SQL, header, functions, arms or data
 * tests, or by the rows of a list or of the settings. What only reads such a one is not among them, and neither is new data.
 */
export function changedDefinitions(
  compiled: CompiledProject,
  state: {
    rows: ReadonlyMap<string, readonly InputRow[]>;
    rawTables: ReadonlyMap<string, RawTable>;
    published: ReadonlyMap<string, PublishedRelation>;
  },
): Set<string> {
  const buildOf = (name: string): string => state.published.get(name)?.buildId ?? '';
  const parts = new Map<string, Parts>();
  const changed = new Set<string>();
  for (const relation of compiled.relations) {
    const now = partsOf(relation, parts, { ...state, compiled, buildOf });
    parts.set(relation.name, now);
    const before = state.published.get(relation.name);
    if (before === undefined || before.schema !== relation.schema) changed.add(relation.name);
    else if (before.tests !== testsPart(relation) || isDefinedAnew(relation, before.parts, now))
      changed.add(relation.name);
  }
  return changed;
}

// --- internal ---

function isDefinedAnew(relation: Relation, before: Parts, now: Parts): boolean {
  const { definition, data } = changedParts(before, now);
  const isOwn = (part: string): boolean => !part.startsWith('definition of ') && !part.startsWith('columns of ');
  // the clock and what syncs reached are no choice of the project
  const isChosen = relation.kind === 'input' && (relation.input.filledBy === 'file' || relation.name === 'settings');
  return definition.some(isOwn) || (isChosen && data.length > 0);
}
