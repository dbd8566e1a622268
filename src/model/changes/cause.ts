/**
 * What had changed when a relation came out otherwise than before, as far as a build can tell.
 */
import type { BuildWork } from '../build/build-work.ts';
import { mergesName } from '../compile/companions.ts';
import { changedParts, differences } from '../compile/parts.ts';
import { isView, type Relation } from '../relation.ts';
import { TIME } from '../build/time-part.ts';

/** Causes in the order in which they are told. */
const CAUSES = ['definition', 'setting', 'merge', 'late data', 'time'] as const;
type Cause = (typeof CAUSES)[number];

/** The causes, with commas, and the same in full: `late data`, `new data in raw_crm.deals`. */
export function causeOf(work: BuildWork, relation: Relation): { cause: string; because: string } {
  const causes = new Set<Cause>();
  const because = new Set<string>();
  const seen = new Set<string>();
  const visit = (name: string): void => {
    const own = work.compiled.byName.get(name);
    if (own === undefined || seen.has(name)) return;
    seen.add(name);
    const before = work.prepared.published.get(name)?.parts;
    const now = work.parts.get(name);
    if (before === undefined || now === undefined || own.kind === 'input') return;
    const { definition, data } = changedParts(before, now);
    for (const part of [...definition, ...data]) {
      const cause = causeOfPart(part, definition.includes(part));
      if (cause !== null) causes.add(cause);
    }
    for (const reason of differences(before, now)) {
      if (!reason.startsWith('parent ')) because.add(definition.length > 0 ? `${name}: ${reason}` : reason);
    }
    if (own.kind === 'components' && work.states.get(mergesName(name))?.kind === 'updated') causes.add('merge');
    for (const parent of own.parents) if (isChanged(work, parent)) visit(parent);
  };
  visit(relation.name);
  // the clock moves in every build: it is the cause where nothing else is
  if (causes.size > 1) causes.delete('time');
  return {
    cause: CAUSES.filter((cause) => causes.has(cause)).join(', ') || 'unknown',
    because: [...because].toSorted().join('; '),
  };
}

// --- internal ---

function isChanged({ compiled, states }: BuildWork, name: string): boolean {
  const relation = compiled.byName.get(name);
  if (relation === undefined) return false;
  const state = states.get(name);
  return isView(relation) || (state !== undefined && state.kind !== 'kept');
}

function causeOfPart(part: string, isDefinition: boolean): Cause | null {
  if (isDefinition) return part.startsWith('definition of ') ? null : 'definition';
  if (part === TIME || part.startsWith('clock.')) return 'time';
  if (part.startsWith('build of ')) return null;
  return part.startsWith('raw_') ? 'late data' : 'setting';
}
