/**
 * Credits as of another moment, or of another knowledge, as SELECTs that stand for the relations marts read.
 */
import { RevopsError } from '../errors.ts';
import { ledgerAt, type CompiledProject } from '../model/index.ts';
import { castTo, type EngineSpelling } from '../model/build/bind.ts';
import type { Session } from '../warehouse/contract.ts';
import { identifier, literal } from '../warehouse/sql.ts';
import { state, statement } from '../warehouse/state/index.ts';

/** A build that was shown. */
export interface ShownBuild {
  /** `b12` */
  build_id: string;
  /** Its clock, ISO 8601 UTC. */
  clock_at: string;
}

/** The last build shown whose clock `isBefore` accepts; `asked` is for the message. USAGE where there is none. */
export async function lastBuildAt(
  session: Session,
  isBefore: (clock: Date) => boolean,
  asked: string,
): Promise<ShownBuild> {
  const rows = await session.query<ShownBuild>(
    ...statement(state('builds').whereNotNull('published_at').whereNotNull('clock_at').select('build_id', 'clock_at')),
  );
  const number = ({ build_id: id }: ShownBuild): number => Number(id.slice(1));
  const last = rows
    .filter(({ clock_at: at }) => isBefore(new Date(at)))
    .toSorted((one, other) => number(one) - number(other))
    .at(-1);
  if (last !== undefined) return { ...last, clock_at: new Date(last.clock_at).toISOString() };
  throw new RevopsError('USAGE', `nothing had been built by ${asked}`, {
    hint: '`revops runs` lists what was built, and when.',
  });
}

/** `attribution_credits` with everything recomputed: what is known now of settled conversions, too. */
export function creditsKnownNow(engine: EngineSpelling, compiled: CompiledProject): Map<string, string> {
  return new Map([[CREDITS, asCredits(engine, compiled, `select * from core.${CURRENT} where reversed_at is null`)]]);
}

/**
 * The credits of conversions that had settled by a build, and what marts read beside them as of its day. `today` is the
 * build's day in the project's zone; up to `settledTo`, the day before those that had not settled, periods are complete.
 * Spend is what is known now.
 */
export function creditsAt(
  engine: EngineSpelling,
  compiled: CompiledProject,
  build: ShownBuild,
  at: { state: 'reported' | 'known'; today: string; settledTo: string },
): Map<string, string> {
  const ledger = compiled.byName.get(SETTLED);
  if (ledger?.kind !== 'model') throw unknown(SETTLED);
  const rows = ledgerAt(engine, ledger, Number(build.build_id.slice(1)), at.state);
  return new Map([
    [CREDITS, asCredits(engine, compiled, rows)],
    // what ended later was not known to have ended
    [
      REVERSALS,
      `select * from core.${REVERSALS} where coalesce(recorded_at, reversed_at) <= cast(${literal(build.clock_at)} as timestamptz)`,
    ],
    ['spend_daily', `select * from core.spend_daily where spend_date <= date ${literal(at.today)}`],
    [
      'clock',
      `select cast(${literal(build.clock_at)} as timestamptz) as now_at, date ${literal(at.settledTo)} + 1 as today`,
    ],
  ]);
}

// --- internal ---

const CREDITS = 'attribution_credits';
const CURRENT = 'current_credits';
const SETTLED = 'settled_credits';
const REVERSALS = 'conversion_reversals';

/** Rows with the columns of the credits that people read; those they have not are NULL. */
function asCredits(engine: EngineSpelling, compiled: CompiledProject, rows: string): string {
  const credits = compiled.byName.get(CREDITS);
  const own = new Set(compiled.byName.get(CURRENT)?.columns.map(({ name }) => name));
  if (credits === undefined || own.size === 0) throw unknown(CREDITS);
  const columns = credits.columns.map(({ name, type }) => {
    const value = own.has(name) ? identifier(name) : 'null';
    return `${castTo(engine, value, type)} as ${identifier(name)}`;
  });
  return `select ${columns.join(', ')} from (${rows}) as credits`;
}

function unknown(name: string): RevopsError {
  return new RevopsError('MODEL_UNKNOWN_RELATION', `the project has no model ${name}`, {
    hint: 'Credits as of another moment need the packaged models of attribution.',
  });
}
