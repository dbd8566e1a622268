/**
 * Whether a table that has to be built is brought up to date in part. Decided before the build as far as that goes
 * without looking at data; the build falls back to the whole table where the data says so.
 */
import { carriedKey, keyColumns } from '../compile/keys.ts';
import { changedParts } from '../compile/parts.ts';
import type { RawTable } from '../build/raw-tables.ts';
import { isView, type CompiledProject, type Relation } from '../relation.ts';
import type { Parts, PublishedRelation } from '../store/state.ts';
import { TIME } from '../build/time-part.ts';

/** `full`, with the reason where the model has a key; nothing for a view. */
export type Mode = { mode: 'incremental' } | { mode: 'full'; because?: string };

export function modeOf(
  relation: Relation,
  before: PublishedRelation,
  now: Parts,
  context: {
    compiled: CompiledProject;
    rawTables: ReadonlyMap<string, RawTable>;
    published: ReadonlyMap<string, PublishedRelation>;
  },
): Mode {
  if (relation.kind === 'log') return { mode: 'incremental' };
  if (isView(relation) || keyColumns(relation).length === 0) return { mode: 'full' };
  const full = (because: string): Mode => ({ mode: 'full', because });
  const { definition, data } = changedParts(before.parts, now);
  if (definition.length > 0) return full('its definition changed');
  const isCarried =
    relation.kind !== 'model' ||
    relation.parents.some((name) => {
      const parent = context.compiled.byName.get(name);
      return parent !== undefined && carriedKey(relation, parent) !== null;
    });
  if (!isCarried && relation.kind === 'model' && relation.model.source === undefined)
    return full('nothing it reads carries its key');
  for (const part of data) {
    if (part === TIME) continue;
    if (part.startsWith(BUILD_OF)) {
      const parent = part.slice(BUILD_OF.length);
      if (context.published.get(parent)?.buildId !== before.parts.data[part])
        return full(`${parent} was built without it`);
    } else if (part.startsWith('raw_')) {
      if (context.rawTables.get(part)?.isTracked !== true) return full(`${part} keeps no history`);
    } else return full(`${part} changed, and is read whole`);
  }
  return { mode: 'incremental' };
}

// --- internal ---

const BUILD_OF = 'build of ';
