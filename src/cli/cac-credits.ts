/**
 * Which credits `revops cac` counts: those of the last build, all as known now, or as of another day.
 */
import { creditsAt, creditsKnownNow, lastBuildAt } from '../attribution/index.ts';
import { RevopsError } from '../errors.ts';
import type { CompiledProject } from '../model/index.ts';
import type { Project } from '../project/load.ts';
import { addDays, dayOf } from '../sync/days.ts';
import type { Warehouse } from '../warehouse/contract.ts';
import type { Options } from './context.ts';
import { parseInstant } from './instant.ts';

/** `published`: frozen credits of settled conversions, current ones of open ones. */
export type CreditsAsked =
  | { kind: 'published' }
  | { kind: 'known now' }
  | { kind: 'at'; state: 'reported' | 'known'; asOf: string };

/** Credits in the place of the published ones, and what they are. */
export interface OtherCredits {
  /** SELECTs that stand for relations, by name. */
  given: Map<string, string>;
  /** For people; none of the published ones. */
  line?: string;
  /** For JSON. */
  about: Record<string, string | null>;
}

/** What the options ask for. USAGE where they contradict each other. */
export function creditsAsked(options: Options): CreditsAsked {
  const asOf = options['asOf'] as string | undefined;
  const isReported = options['asReported'] === true;
  if (options['asKnownNow'] === true) {
    if (!isReported && asOf === undefined) return { kind: 'known now' };
    throw new RevopsError('USAGE', '--as-known-now: not with --as-reported or --as-of', {
      hint: '--as-of DATE gives what was known then, with --as-reported what was reported.',
    });
  }
  if (asOf === undefined) return { kind: 'published' };
  if (!isDay(asOf)) parseInstant(asOf, '--as-of');
  return { kind: 'at', state: isReported ? 'reported' : 'known', asOf };
}

/** The credits asked for. */
export async function otherCredits(
  warehouse: Warehouse,
  project: Project,
  compiled: CompiledProject,
  asked: CreditsAsked,
): Promise<OtherCredits> {
  if (asked.kind === 'published') return { given: new Map(), about: { as: 'reported' } };
  if (asked.kind === 'at') return await creditsOf(warehouse, project, compiled, asked);
  return {
    given: creditsKnownNow(warehouse, compiled),
    line: 'Credits as known now, of settled conversions too.',
    about: { as: 'known now' },
  };
}

// --- internal ---

async function creditsOf(
  warehouse: Warehouse,
  project: Project,
  compiled: CompiledProject,
  { state, asOf }: Extract<CreditsAsked, { kind: 'at' }>,
): Promise<OtherCredits> {
  const { timeZone, attribution } = project;
  const limit = isDay(asOf) ? null : parseInstant(asOf, '--as-of');
  const isBefore = (clock: Date): boolean => (limit === null ? dayOf(clock, timeZone) <= asOf : clock <= limit);
  const build = await lastBuildAt(warehouse, isBefore, asOf);
  const today = dayOf(new Date(build.clock_at), timeZone);
  const bySettling = addDays(today, -attribution.settleDays - 1);
  const closed = attribution.closedTo ?? bySettling;
  const settledTo = closed > bySettling && closed < today ? closed : bySettling;
  return {
    given: creditsAt(warehouse, compiled, build, { state, today, settledTo }),
    line: `Credits as ${state} at build ${build.build_id} of ${build.clock_at.slice(0, 16).replace('T', ' ')} UTC: conversions settled by then, complete to ${settledTo}. Spend as known now.`,
    about: { as: state, build_id: build.build_id, clock_at: build.clock_at, settled_to: settledTo },
  };
}

function isDay(written: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(written) && !Number.isNaN(Date.parse(written));
}
