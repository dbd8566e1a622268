/**
 * The build that the checks shown are of, and whether the numbers shown are of the same.
 */
import type { Session } from '../warehouse/contract.ts';
import { state, statement } from '../warehouse/state/index.ts';
import type { KnownCheck } from './findings.ts';

export interface CheckedBuild {
  buildId: string;
  /** Its clock, ISO 8601 UTC. */
  builtAt: string;
  checks: KnownCheck[];
  /** The build after it that brought some checks or marts up to date, and left others as they were; null where none did. */
  mixedBy: Pick<CheckedBuild, 'buildId' | 'builtAt'> | null;
}

/** The last build that brought all checks and shipped marts up to date; null where none did, or an earlier version built. */
export async function readCheckedBuild(session: Session): Promise<CheckedBuild | null> {
  const description = await session.describe({ schema: 'revops', name: 'builds' });
  if (description === null || !description.some(({ name }) => name === 'answers')) return null;
  const whole = await lastBuild(session, ['published', 'unchanged'], 'whole');
  if (whole === null) return null;
  const part = await lastBuild(session, ['published'], 'part');
  const isLater = part !== null && numberOf(part) > numberOf(whole);
  return {
    buildId: whole.build_id,
    builtAt: clockOf(whole),
    checks: JSON.parse(whole.checks ?? '[]') as KnownCheck[],
    mixedBy: isLater ? { buildId: part.build_id, builtAt: clockOf(part) } : null,
  };
}

// --- internal ---

interface BuildRow {
  build_id: string;
  started_at: string;
  clock_at: string | null;
  checks: string | null;
}

async function lastBuild(session: Session, statuses: string[], answers: string): Promise<BuildRow | null> {
  const [last] = await session.query<BuildRow>(
    ...statement(
      state('builds')
        .whereIn('status', statuses)
        .where({ answers })
        // `b12` is the twelfth: the order of builds, whatever their clocks say
        .orderByRaw('length(build_id) desc, build_id desc')
        .limit(1)
        .select('build_id', 'started_at', 'clock_at', 'checks'),
    ),
  );
  return last ?? null;
}

function numberOf({ build_id: id }: BuildRow): number {
  return Number(id.slice(1));
}

function clockOf({ clock_at: clock, started_at: started }: BuildRow): string {
  return clock ?? started;
}
