/**
 * What a relation's fingerprint consists of, and which parts are not those of what is published.
 */
import { RevopsError } from '../../errors.ts';
import { didYouMean } from '../../nearest.ts';
import { reasonOf, testsPart } from '../compile/parts.ts';
import type { PlannedRelation, PreparedBuild } from './plan.ts';
import type { CompiledProject } from '../relation.ts';

export interface ExplainedPart {
  of: 'definition' | 'data' | 'tests';
  /** `SQL`, `header`, `function f`, `raw_crm.deals`, `settings.x`, `build of deals`, … */
  part: string;
  /** The value published, and the one a build would publish; null where there is none. Digests, versions and builds. */
  published: string | null;
  now: string | null;
  isDifferent: boolean;
  /** The reason it gives for a build, where it differs. */
  reason?: string;
}

export interface Explanation extends PlannedRelation {
  /** The build that made what is published; null where nothing is. */
  buildId: string | null;
  parts: ExplainedPart[];
}

/** Explains one relation (`cac`, `marts.cac`) of a plan. USAGE where the project has none of that name. */
export function explainRelation(compiled: CompiledProject, prepared: PreparedBuild, written: string): Explanation {
  const [name = '', schema] = written.split('.').toReversed();
  const relation = compiled.byName.get(name);
  const planned = prepared.plan.relations.find((one) => one.name === name);
  if (relation === undefined || planned === undefined || (schema !== undefined && schema !== relation.schema)) {
    throw new RevopsError('USAGE', `no model ${written}${didYouMean(name, compiled.byName.keys())}`, {
      hint: '`revops list models` shows all.',
    });
  }
  const before = prepared.published.get(name);
  const now = prepared.parts.get(name) ?? { definition: {}, data: {} };
  const parts = (['definition', 'data'] as const).flatMap((of) => {
    const [old, own] = [before?.parts[of] ?? {}, now[of]];
    return [...new Set([...Object.keys(own), ...Object.keys(old)])]
      .toSorted()
      .map((part) => explained(of, part, old[part], own[part]));
  });
  return {
    ...planned,
    buildId: before?.buildId ?? null,
    parts: [...parts, explained('tests', 'tests', before?.tests, testsPart(relation))],
  };
}

// --- internal ---

function explained(
  of: ExplainedPart['of'],
  part: string,
  published: string | undefined,
  now: string | undefined,
): ExplainedPart {
  const isDifferent = published !== now;
  const reason = of === 'tests' ? 'tests changed' : reasonOf(part);
  const values = { published: published ?? null, now: now ?? null, isDifferent };
  return { of, part, ...values, ...(isDifferent ? { reason } : {}) };
}
